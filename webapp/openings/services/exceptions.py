"""Exceptions from the rules of wording: one member asks on a ground of law, another answers."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.openings import policy
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import ExceptionAnswer, Opening, OpeningException
from webapp.openings.services import wording
from webapp.openings.services.editing import get_opening
from webapp.rulebook import grounds
from webapp.rulebook.models import ExceptionGround


def available_grounds(session: Session, opening: Opening) -> list[ExceptionGround]:
    """Return the grounds that fit what keeps this opening from being public."""
    codes = {one.code for one in wording.obstacles(session, opening)}
    return [one for one in grounds.in_force(session, on=clock.today()) if one.lifts in codes]


def ask_exception(
    session: Session, actor: Actor, *, opening_id: int, ground_id: int, why: str
) -> OpeningException:
    """Ask another member to let forbidden words stand on a ground of law.

    Raises :class:`BadField` for a ground that does not fit or words that say too little,
    ``Conflict`` when the same is asked already or the opening is not under review.
    """
    opening = _under_review(session, actor, opening_id)
    ground = next((one for one in available_grounds(session, opening) if one.id == ground_id), None)
    if ground is None:
        raise BadField("ground", _("这条依据对不上标出来的话，请重新选"))
    fault = policy.note_fault(why)
    if fault:
        raise BadField("why", fault)
    now = wording.digest(session, opening)
    waiting = select(OpeningException.id).where(
        OpeningException.opening_id == opening.id,
        OpeningException.code == ground.lifts,
        OpeningException.digest == now,
        col(OpeningException.answer).is_(None),
    )
    if session.exec(waiting).first() is not None:
        raise Conflict(_("已经有人提了，等另一位工作人员看"))
    row = OpeningException(
        opening_id=opening.id,
        code=ground.lifts,
        ground_id=ground.id,
        why=why,
        digest=now,
        asked_by_id=actor.account_id or 0,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, "opening.ask_exception", opening, code=ground.lifts, ground=ground.words)
    return row


def answer_exception(
    session: Session,
    actor: Actor,
    *,
    opening_id: int,
    exception_id: int,
    answer: ExceptionAnswer,
    note: str,
) -> OpeningException:
    """Answer what another member asked; never one's own.

    Raises ``Conflict`` when it is answered already or the words were changed meanwhile.
    """
    opening = _under_review(session, actor, opening_id)
    row = session.get(OpeningException, exception_id)
    if row is None or row.opening_id != opening.id:
        raise NotFound
    if row.asked_by_id == actor.account_id:
        raise Forbidden(_("是您自己提的，要另一位工作人员来看"))
    if row.digest != wording.digest(session, opening):
        raise Conflict(_("内容改过了，这一条作废，请重新提"))
    fault = policy.note_fault(note)
    if fault:
        raise BadField("note", fault)
    statement = (
        update(OpeningException)
        .where(col(OpeningException.id) == row.id, col(OpeningException.answer).is_(None))
        .values(
            answer=answer,
            answered_by_id=actor.account_id,
            answered_at=clock.now(),
            answer_note=note,
        )
    )
    if session.exec(statement).rowcount != 1:
        raise Conflict(_("刚才已经有人看过了"))
    session.refresh(row)
    audit.record(session, "opening.answer_exception", opening, code=row.code, outcome=answer)
    return row


def exceptions_of(session: Session, opening: Opening) -> list[OpeningException]:
    """Return what was asked for the words as they stand, the first asked first."""
    statement = select(OpeningException).where(
        OpeningException.opening_id == opening.id,
        OpeningException.digest == wording.digest(session, opening),
    )
    return list(session.exec(statement.order_by(col(OpeningException.id))).all())


def _under_review(session: Session, actor: Actor, opening_id: int) -> Opening:
    if not policy.can_review(actor):
        raise Forbidden
    opening = get_opening(session, actor, opening_id)
    if opening.state is not OpeningState.SUBMITTED:
        raise Conflict(_("这条机会不在审核中，请刷新后再看"))
    return opening
