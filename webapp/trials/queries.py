"""What the pages of trial days show, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import and_, case, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.formatting import date_words, yuan
from webapp.core.memo import built_once
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.employers.queries import TO_CALL
from webapp.matches.lifecycle import WITH_EMPLOYER
from webapp.matches.models import Match
from webapp.matches.services.access import consent_stands
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import rule
from webapp.trials.lifecycle import ONLY_SAID, Heard, Outcome, Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services.outcome import WHY, Word, can_be_told, said

S = TrialState
# What others than the branch read of an outcome: it never says who did not want whom.
_NEUTRAL = {
    Outcome.CAME_TO_JOB: lazy_gettext("留下来上班"),
    Outcome.EMPLOYER_NO: lazy_gettext("没有接着做"),
    Outcome.RESIDENT_NO: lazy_gettext("没有接着做"),
    Outcome.NOT_HELD: lazy_gettext("没有去成"),
}


@dataclass(frozen=True)
class TrialView:
    """One trial day with the names its page needs, and its facts as (label, words)."""

    trial: TrialDay
    name: str
    phone: str
    assisted: bool
    employer: str
    title: str
    facts: list[tuple[str, str]]


def view(session: Session, trial: TrialDay) -> TrialView:
    """Return what a page shows of a trial day."""
    name, phone, account_id, employer, title = session.execute(
        select(
            col(Resident.name),
            col(Resident.phone),
            col(Resident.account_id),
            col(Employer.name),
            col(Opening.title),
        )
        .select_from(Match)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Match.id) == trial.match_id)
    ).one()
    return TrialView(trial, name, phone or "", account_id is None, employer, title, facts_of(trial))


def facts_of(trial: TrialDay) -> list[tuple[str, str]]:
    """Return the terms in the order in which a person asks for them."""
    if trial.pay_day_fen is None or trial.cover is None or trial.agreement is None:
        return [
            (_("哪天"), days_words(trial)),
            (_("时间、工钱、保险"), _("等单位写清楚")),
        ]
    return [
        (_("哪天"), f"{days_words(trial)} {trial.starts_at}–{trial.ends_at}"),
        (_("在哪里"), trial.address),
        (_("到了找谁"), trial.contact),
        (_("做什么"), trial.duties),
        (_("工钱"), _("一天 %(n)s 元", n=yuan(trial.pay_day_fen))),
        (
            _("受了伤"),
            _("%(what)s管（%(note)s）", what=trial.cover.label, note=trial.cover_note),
        ),
        (_("签什么"), trial.agreement.label),
    ]


def days_words(trial: TrialDay) -> str:
    """Return its days: 「12月3日（周四）」, 「12月3日（周四）起，连着两天」."""
    first = date_words(trial.first_day)
    if trial.days == 1:
        return first
    return _("%(first)s起，连着 %(n)d 天", first=first, n=trial.days)


def sentence(trial: TrialDay, side: Party) -> tuple[str, str]:
    """Return where it stands in words to one side, and the tone of the notice."""
    resident = side is Party.RESIDENT
    agreed = trial.resident_agreed_at if resident else trial.employer_agreed_at
    if trial.state is S.CANCELLED:
        return _("这次不去了。没关系，不算谁的不是。"), "info"
    if trial.state is S.PROPOSED:
        if trial.pay_day_fen is None:
            return (
                _("记下了您想哪天去。等单位写清楚工钱、保险，再问您行不行。")
                if resident
                else _("本人想来试试。请把时间、工钱、保险写清楚。")
            ), "info" if resident else "warn"
        if agreed:
            return _("您说了行，等对方回话。"), "info"
        return _("看看这些，行不行？"), "warn"
    if trial.state is S.AGREED:
        if trial.first_day > clock.today():
            when = _("明天") if trial.first_day == clock.today() + timedelta(days=1) else ""
            return _(
                "两边都说好了%(when)s。", when=_("，%(day)s去", day=when) if when else ""
            ), "good"
        if can_be_told(trial, side):
            return _("试得怎么样？说一声。"), "warn"
        return _("您说过了，等对方也说。"), "info"
    if trial.state is S.DISPUTED:
        return _(
            "两边说的不一样，社区会来问，最晚%(day)s定下来。", day=date_words(decide_by(trial))
        ), "warn"
    return _("办完了：%(what)s。", what=_NEUTRAL[trial.outcome or Outcome.NOT_HELD]), "good"


def neutral(word: Word | None) -> str:
    """Return what the other side reads of a word; empty when nothing was said."""
    return str(_NEUTRAL[word.outcome]) if word else ""


def word_words(trial: TrialDay, side: Party) -> str:
    """Return what a side said, with its reason, in words to branch staff; empty for nothing."""
    word = said(trial, side)
    if word is None:
        return ""
    codes = WHY.get(word.outcome)
    why = codes(word.why).label if codes and word.why else ""
    ours = side is Party.EMPLOYER
    sentence = trial.employer_words if ours else trial.resident_words
    how = trial.employer_told_how if ours else trial.resident_told_how
    return "；".join(one for one in (word.outcome.label, why, sentence, _way(how)) if one)


def signatures(trial: TrialDay) -> list[tuple[Party, str]]:
    """Return each side that has agreed with how it did, in words to branch staff."""
    ways = (
        (Party.RESIDENT, trial.resident_agreed_how),
        (Party.EMPLOYER, trial.employer_agreed_how),
    )
    return [(side, how.label) for side, how in ways if how is not None]


def to_sign(trial: TrialDay) -> list[Party]:
    """Return who has only said yes, and has still to sign the paper."""
    ways = {Party.RESIDENT: trial.resident_agreed_how, Party.EMPLOYER: trial.employer_agreed_how}
    return [] if trial.state is S.CANCELLED else [s for s, how in ways.items() if how in ONLY_SAID]


def decide_by(trial: TrialDay) -> date:
    """Return the last day on which the branch settles what two sides tell differently."""
    told = clock.local(trial.since).date()
    return told + timedelta(days=rule("trial_dispute_days", on=told))


def _way(how: Heard | None) -> str:
    return "" if how in {None, Heard.ONLINE} else _("（%(how)s）", how=how.label)


def of_match(session: Session, match_id: int) -> TrialDay | None:
    """Return the one trial day of a match that was neither called off nor failed to take place."""
    return (
        session.execute(
            select(TrialDay)
            .where(
                col(TrialDay.match_id) == match_id,
                col(TrialDay.state) != S.CANCELLED,
                or_(col(TrialDay.outcome).is_(None), col(TrialDay.outcome) != Outcome.NOT_HELD),
            )
            .order_by(col(TrialDay.id).desc())
        )
        .scalars()
        .first()
    )


def own_under_way(session: Session, resident_id: int) -> list[tuple[TrialDay, str]]:
    """Return a resident's trial days that are not over, each with the employer's name."""
    rows = session.execute(
        select(TrialDay, col(Employer.name))
        .join(Employer, col(Employer.id) == TrialDay.employer_id)
        .where(
            col(TrialDay.resident_id) == resident_id,
            col(TrialDay.state).in_([S.PROPOSED, S.AGREED, S.DISPUTED]),
        )
        .order_by(col(TrialDay.first_day), col(TrialDay.id))
    ).all()
    return [(trial, employer) for trial, employer in rows]


def of_employer(actor: Actor) -> Any:
    """Return the statement of an employer's trial days, those to come or to tell of first.

    Whose consent has ended is not on it.
    """
    open_first = case((col(TrialDay.state).in_([S.PROPOSED, S.AGREED]), 0), else_=1)
    return (
        select(TrialDay, col(Resident.name), col(Opening.title))
        .join(Resident, col(Resident.id) == TrialDay.resident_id)
        .join(Match, col(Match.id) == TrialDay.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Employer, col(Employer.id) == TrialDay.employer_id)
        .where(
            col(TrialDay.employer_id) == actor.employer_id,
            col(TrialDay.state) != S.CANCELLED,
            col(Employer.state) == EmployerState.VERIFIED,
            col(Match.state).in_(WITH_EMPLOYER),
            consent_stands(),
        )
        .order_by(open_first, col(TrialDay.first_day).desc(), col(TrialDay.id))
    )


@built_once
def for_staff(*, disputed: bool) -> Any:
    """Return the statement of what waits for the branch, the longest first.

    Those two sides tell differently; or those to agree, to come, and to ask after. What is
    settled stands on no list (the refusal firewall).
    """
    lasting = and_(
        col(TrialDay.state).in_([S.PROPOSED, S.AGREED]),
        or_(col(TrialDay.state) == S.AGREED, col(TrialDay.first_day) > clock.today()),
    )
    return (
        select(
            TrialDay,
            col(Resident.name),
            col(Resident.phone),
            col(Resident.account_id),
            *TO_CALL,
        )
        .join(Resident, col(Resident.id) == TrialDay.resident_id)
        .join(Employer, col(Employer.id) == TrialDay.employer_id)
        .where(
            col(TrialDay.state) == S.DISPUTED if disputed else lasting,
            col(Resident.state) != ResidentState.LEFT,
        )
        .order_by(col(TrialDay.since) if disputed else col(TrialDay.first_day), col(TrialDay.id))
    )


def waits_for(trial: TrialDay) -> str:
    """Return in words to staff what a trial day waits for."""
    if trial.state is S.PROPOSED:
        if trial.pay_day_fen is None:
            return _("等单位写清楚")
        return _("等本人说行不行") if trial.resident_agreed_at is None else _("等单位说行不行")
    if trial.first_day > clock.today():
        missing = to_sign(trial)
        if missing:
            who = "、".join(side.label for side in missing)
            return _("两边说好了，%(who)s的纸还没签", who=who)
        return _("两边说好了")
    silent = [side.label for side in (Party.RESIDENT, Party.EMPLOYER) if said(trial, side) is None]
    return _("等%(who)s说结果", who="、".join(silent))
