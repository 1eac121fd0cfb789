"""Use cases of needs: an employer tells one, staff answer it."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import update
from sqlmodel import Session, col, select

from webapp.core import audit, clock, rate_limits
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden
from webapp.core.rate_limits import Limit
from webapp.core.vocabulary import Kind
from webapp.employers import policy as employers
from webapp.employers.models import Employer
from webapp.employers.services import checks
from webapp.needs import fit, policy, queries
from webapp.needs.models import StaffingNeed
from webapp.openings.policy import check_words

A_DAY = 5  # more would be trying out who lives here
DAY = timedelta(days=1)


def tell(session: Session, actor: Actor, *, words: str, people: int) -> StaffingNeed:
    """Write down what an employer needs, with whether some fit.

    Raises :class:`BadField` for words that name no work or break a rule, :class:`Conflict` for an
    employer that was not checked or told the same within a day, :class:`TooMany` beyond
    :data:`A_DAY`.
    """
    employer = session.get(Employer, actor.employer_id) if policy.can_tell(actor) else None
    if employer is None:
        raise Forbidden
    if not employers.is_checked(employer, on=clock.today(), days=checks.check_days()):
        raise Conflict(_("社区核实过单位，才能问有没有人合适"))
    read = fit.read(words)
    if read is None:
        raise BadField("words", _("没看出要做什么活。写成“会做面点，早上能来”这样"))
    blocked = [one for one in check_words(Kind.VACANCY, [words]) if one.blocks]
    if blocked:
        raise BadField("words", f"{blocked[0].says}：“{blocked[0].sentence}”")
    now = clock.now()
    before = select(StaffingNeed.id).where(
        StaffingNeed.employer_id == employer.id,
        StaffingNeed.words == words,
        col(StaffingNeed.told_at) > now - DAY,
    )
    if session.exec(before.limit(1)).first() is not None:
        raise Conflict(_("今天说过一样的了，回话在下面"))
    rate_limits.take(session, [Limit(f"need:{employer.id}", A_DAY, DAY)])
    need = StaffingNeed(
        employer_id=employer.id,
        told_by_id=actor.account_id or 0,
        words=words,
        people=people,
        some_fit=fit.some_fit(session, read.text, today=clock.today()),
        told_at=now,
    )
    session.add(need)
    session.flush()
    audit.record(session, "need.tell", need, people=people)
    return need


def answer(session: Session, actor: Actor, *, need_id: int, words: str) -> StaffingNeed:
    """Write down what an employer is told, once; no names: who fits has not agreed to anything."""
    if not policy.can_answer(actor):
        raise Forbidden
    need = queries.get(session, need_id)
    answering = (
        update(StaffingNeed)
        .where(col(StaffingNeed.id) == need_id, col(StaffingNeed.answered_at).is_(None))
        .values(answer=words, answered_at=clock.now(), answered_by_id=actor.account_id)
    )
    if session.exec(answering).rowcount != 1:
        raise Conflict(_("刚才已经有同事回过话了，刷新就能看到"))
    session.refresh(need)
    audit.record(session, "need.answer", need)
    return need
