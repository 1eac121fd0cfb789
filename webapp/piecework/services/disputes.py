"""Disagreements: a household or a company says so, staff who had no part in it decide."""

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.piecework.lifecycle import CLAIMABLE, AssignmentHold, AssignmentState, OrderHold
from webapp.piecework.models.assignment import Assignment, Dispute, DisputeAbout, Inspection
from webapp.piecework.services import order_review, validation
from webapp.piecework.services.access import lock, lock_assignment, lock_order, require_staff
from webapp.piecework.services.transitions import note_event, state_conflict


def open_dispute(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    about: DisputeAbout,
    words: str,
    idempotency_key: str,
    assignment_id: int | None = None,
) -> Dispute:
    """Open a dispute, of a household about its assignment or of a company about its order.

    Nothing is deducted and nothing closes until it is decided; what is accepted is still paid.
    """
    if assignment_id is not None:
        order, assignment = lock_assignment(session, actor, assignment_id)
        if order.id != order_id:
            raise NotFound
        if assignment.state in {AssignmentState.CLOSED, AssignmentState.WITHDRAWN}:
            raise state_conflict(assignment)
    else:
        order = lock_order(session, actor, order_id)
    known = session.execute(
        select(Dispute).where(col(Dispute.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    text = validation.words(words, "words", most=1000)
    dispute = Dispute(
        order_id=order.id,
        assignment_id=assignment_id,
        about=about,
        words=text,
        opened_by_id=actor.account_id,
        opened_at=clock.now(),
        idempotency_key=idempotency_key,
    )
    session.add(dispute)
    session.flush()
    audit.record(session, "piecework.open_dispute", dispute, about=about)
    note_event(session, actor, order.id, "dispute", assignment_id=assignment_id, reason=text[:300])
    if assignment_id is not None:
        _hold_assignment(session, assignment_id, AssignmentHold.DISPUTED, text[:200])
    elif order.hold is None and order.state in CLAIMABLE:
        order_review.hold(session, actor, order, OrderHold.DISPUTED, text)
    return dispute


def decide_dispute(session: Session, actor: Actor, *, dispute_id: int, outcome: str) -> Dispute:
    """Decide: by staff who neither opened it nor inspected the pieces it is about."""
    require_staff(actor)
    dispute = session.get(Dispute, dispute_id)
    if dispute is None:
        raise NotFound
    order = lock(session, dispute.order_id)
    session.refresh(dispute)
    if dispute.decided_at is not None:
        raise Conflict(_("这件事已经有结果了"))
    outcome = validation.words(outcome, "outcome")
    if dispute.assignment_id is not None:
        inspected = session.execute(
            select(col(Inspection.id)).where(
                col(Inspection.assignment_id) == dispute.assignment_id,
                col(Inspection.inspector_id) == actor.account_id,
            )
        ).first()
        if inspected is not None:
            raise Forbidden(_("您验过这家的货，请换一位工作人员来处理"))
    dispute.outcome = outcome
    dispute.decided_by_id = actor.account_id
    dispute.decided_at = clock.now()
    session.add(dispute)
    session.flush()
    audit.record(session, "piecework.decide_dispute", dispute)
    note_event(
        session, actor, order.id, "decide_dispute",
        assignment_id=dispute.assignment_id, reason=outcome,
    )  # fmt: skip
    left = session.execute(
        select(col(Dispute.id)).where(
            col(Dispute.order_id) == order.id,
            col(Dispute.assignment_id).is_(None)
            if dispute.assignment_id is None
            else col(Dispute.assignment_id) == dispute.assignment_id,
            col(Dispute.decided_at).is_(None),
        )
    ).first()
    if left is None and dispute.assignment_id is not None:
        _hold_assignment(session, dispute.assignment_id, None, "")
    elif left is None and order.hold is OrderHold.DISPUTED:
        order_review.release_hold(session, actor, order, outcome)
    return dispute


def _hold_assignment(
    session: Session, assignment_id: int, hold: AssignmentHold | None, reason: str
) -> None:
    session.execute(
        update(Assignment)
        .where(col(Assignment.id) == assignment_id)
        .values(hold=hold, hold_reason=reason, updated_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(session.get_one(Assignment, assignment_id))
