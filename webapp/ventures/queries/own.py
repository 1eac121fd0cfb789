"""A person's own cases in sentences: where each stands and what comes next."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core.formatting import date_words, moment_words
from webapp.residents.models import Resident
from webapp.residents.services import phones
from webapp.ventures.lifecycle import CaseState
from webapp.ventures.models.cases import VentureCase

S = CaseState
MOST = 50
_OVER = frozenset({S.CLOSED, S.STOPPED, S.PASSED_OVER, S.LAPSED, S.REFUSED, S.WITHDRAWN})
_TONES = {S.OFFERED: "warn", S.ACTIVE: "good", S.PLANNING: "good", S.APPLIED: "wait"}


@dataclass(frozen=True)
class OwnCase:
    """One case of a person's own; ``sentence`` says where it stands and what comes next.

    ``to_prove``: they stand in no list until their number is proven.
    """

    case: VentureCase
    sentence: str
    to_prove: bool = False

    @property
    def tone(self) -> str:
        """The tone of the sentence."""
        return _TONES.get(self.case.state, "neutral")

    @property
    def is_over(self) -> bool:
        """Whether nothing comes any more."""
        return self.case.state in _OVER

    @property
    def to_answer(self) -> bool:
        """Whether a place is kept until they answer."""
        return self.case.state is S.OFFERED

    @property
    def href(self) -> str:
        """Where the person reads it."""
        return url_for("ventures.my_case", case_id=self.case.id)


def own_cases(session: Session, resident_id: int) -> list[OwnCase]:
    """Return a person's cases, what waits for them first, what is over last."""
    rows = session.scalars(
        select(VentureCase)
        .where(col(VentureCase.resident_id) == resident_id)
        .order_by(col(VentureCase.since).desc(), col(VentureCase.id).desc())
        .limit(MOST)
    )
    found = [told(session, case) for case in rows]
    return sorted(found, key=lambda one: (one.is_over, not one.to_answer))


def own_case(session: Session, resident_id: int | None, venture_id: int) -> OwnCase | None:
    """Return the person's newest case of one venture, if there is one."""
    if resident_id is None:
        return None
    case = session.scalars(
        select(VentureCase)
        .where(
            col(VentureCase.resident_id) == resident_id, col(VentureCase.venture_id) == venture_id
        )
        .order_by(col(VentureCase.id).desc())
        .limit(1)
    ).first()
    return told(session, case) if case else None


def told(session: Session, case: VentureCase) -> OwnCase:
    """Return a case as its person reads it."""
    person = session.get_one(Resident, case.resident_id)
    waits = case.state is S.APPLIED and case.round_id is None
    to_prove = waits and not phones.is_proven(session, person)
    words = (
        _("记下了，社区给您打电话。号码核对了，才进分摊位的名单") if to_prove else sentence(case)
    )
    return OwnCase(case, words, to_prove)


def sentence(case: VentureCase) -> str:
    """Return where a case stands, said to the person."""
    if case.state is S.OFFERED:
        return _("轮到您了！请在%(until)s前说要不要", until=moment_words(case.offered_until))
    if case.state is S.APPLIED and case.rank is not None:
        return _("这次排在第 %(n)d 位。前面的不要，就轮到您", n=case.rank)
    if case.state is S.APPLIED and case.round_id is not None:
        return _("名单定了，等抽签。您的凭条号在名单里")
    if case.state is S.ACTIVE:
        return _("%(day)s开的张，好好做", day=date_words(case.opened_on))
    if case.state is S.REFUSED:
        return _("这次没能报上：%(why)s", why=case.end_note)
    if case.state is S.PASSED_OVER and case.end_note:
        return _("%(why)s，这次没有分。下次再报", why=case.end_note)
    fixed = {
        S.APPLIED: _("报上了，报名截止以后一起分"),
        S.PLANNING: _("在准备了。下面一样一样来，不懂就问带您的人"),
        S.CLOSED: _("收摊了。想再做，随时来说"),
        S.STOPPED: _("这次没做成，想再做随时来说。这件事只有社区知道"),
        S.PASSED_OVER: _("这次没有轮到，下次再报"),
        S.LAPSED: _("到时间没有回话，摊位问了下一位。这件事只有社区知道"),
        S.WITHDRAWN: _("您撤回了，想要随时再报。这件事只有社区知道"),
    }
    return fixed[case.state]
