"""Timed trials at the centre: an honest hourly rate before anyone claims."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Refused
from webapp.piecework.ledger import passbook
from webapp.piecework.lifecycle import POSTABLE, AssignmentAction, AssignmentState, OrderState
from webapp.piecework.models.assignment import Assignment, AssignmentMember
from webapp.piecework.models.order import PieceworkOrder, TimedTrial
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services import opening_sync
from webapp.piecework.services.access import lock_assignment, lock_order, require_staff
from webapp.piecework.services.transitions import order_state_conflict, state_conflict, transition
from webapp.piecework.services.validation import whole
from webapp.residents.models import Resident

_TIMED = (POSTABLE | {OrderState.SAFETY_REVIEW, OrderState.SAMPLE_SEALED}) - {OrderState.CANCELLED}


def record_timing(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    pieces: int,
    seconds: int,
    passed: int,
    idempotency_key: str,
    resident_id: int | None = None,
) -> TimedTrial:
    """Note that one person made ``pieces`` in ``seconds``, of which ``passed`` were good."""
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    known = _known(session, idempotency_key)
    if known is not None:
        return known
    if order.state not in _TIMED:
        raise order_state_conflict(order)
    if resident_id is not None and session.get(Resident, resident_id) is None:
        raise Refused(_("没有这位居民"))
    return _add(session, actor, order, pieces, seconds, passed, idempotency_key, resident_id)


def pass_trial(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    pieces: int,
    seconds: int,
    passed: int,
    idempotency_key: str,
) -> Assignment:
    """Record a household's trial at the centre; with good pieces it may get its material."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    if _known(session, idempotency_key) is not None:
        return assignment
    if assignment.state is not AssignmentState.CLAIMED:
        raise state_conflict(assignment)
    if whole(passed, "passed", least=0, most=10_000) < 1:
        raise Refused(_("还没有做出合格的，再练一练，不急"))
    member = session.execute(
        select(col(AssignmentMember.resident_id))
        .where(col(AssignmentMember.assignment_id) == assignment.id)
        .order_by(col(AssignmentMember.id))
        .limit(1)
    ).scalar_one_or_none()
    _add(session, actor, order, pieces, seconds, passed, idempotency_key, member)
    transition(session, actor, assignment, AssignmentAction.PASS_TRIAL)
    passbook.write(
        session, assignment, PassbookKind.TRIAL, pieces=pieces, seconds=seconds, passed=passed
    )
    return assignment


def _known(session: Session, idempotency_key: str) -> TimedTrial | None:
    query = select(TimedTrial).where(col(TimedTrial.idempotency_key) == idempotency_key)
    return session.execute(query).scalar_one_or_none()


def _add(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    pieces: int,
    seconds: int,
    passed: int,
    idempotency_key: str,
    resident_id: int | None,
) -> TimedTrial:
    trial = TimedTrial(
        order_id=order.id,
        resident_id=resident_id,
        pieces=whole(pieces, "pieces", most=10_000),
        seconds=whole(seconds, "seconds", most=360_000),
        passed=whole(passed, "passed", least=0, most=pieces),
        at=clock.now(),
        recorded_by_id=actor.account_id,
        idempotency_key=idempotency_key,
    )
    session.add(trial)
    session.flush()
    opening_sync.touch(session, order)
    audit.record(session, "piecework.time", trial, order=order.id)
    return trial
