"""Timed trials at the centre: an honest hourly rate before anyone claims."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Refused
from webapp.core.vocabulary import PayUnit
from webapp.piecework.ledger import passbook
from webapp.piecework.lifecycle import POSTABLE, AssignmentAction, AssignmentState, OrderState
from webapp.piecework.models.assignment import Assignment, AssignmentMember
from webapp.piecework.models.order import PieceworkOrder, TimedTrial
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services.access import lock_assignment, lock_order, require_staff
from webapp.piecework.services.transitions import order_state_conflict, state_conflict, transition
from webapp.piecework.services.validation import whole
from webapp.residents.models import Resident
from webapp.rulebook.figures import Rule, pay_floor

HOUR = 3600
_TIMED = (POSTABLE | {OrderState.SAFETY_REVIEW, OrderState.SAMPLE_SEALED}) - {OrderState.CANCELLED}


class Hourly(NamedTuple):
    """Fen an hour at the slowest, the middle and the fastest timing, from good pieces alone.

    ``middle_seconds`` is the time for one good piece at the middle timing, rounded up.
    """

    slow_fen: int
    middle_fen: int
    fast_fen: int
    timings: int
    middle_seconds: int


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


def hourly(session: Session, order: PieceworkOrder) -> Hourly | None:
    """Return what an hour earns on this order, ``None`` before the first timing."""
    return hourly_of(session, [order]).get(order.id)


def hourly_of(session: Session, orders: Iterable[PieceworkOrder]) -> dict[int, Hourly]:
    """Return what an hour earns on each order that was timed; one query."""
    rates = {order.id: order.rate_fen for order in orders}
    query = select(col(TimedTrial.order_id), col(TimedTrial.seconds), col(TimedTrial.passed)).where(
        col(TimedTrial.order_id).in_(rates)
    )
    timed: dict[int, list[tuple[int, int]]] = {}
    for order_id, seconds, passed in session.execute(query).all():
        timed.setdefault(order_id, []).append((seconds, passed))
    return {order_id: hourly_from(rates[order_id], found) for order_id, found in timed.items()}


def hourly_from(rate_fen: int, timings: list[tuple[int, int]]) -> Hourly:
    """Return what an hour earns at a rate, from (seconds, good pieces) of each timing."""
    earned = sorted(
        (rate_fen * passed * HOUR // seconds, seconds, passed) for seconds, passed in timings
    )
    middle = earned[(len(earned) - 1) // 2]
    return Hourly(
        slow_fen=earned[0][0],
        middle_fen=middle[0],
        fast_fen=earned[-1][0],
        timings=len(earned),
        middle_seconds=-(-middle[1] // max(middle[2], 1)),
    )


def floor(place: str, *, on: date) -> Rule | None:
    """Return the minimum wage an hour where the work is done: a dated row of the rule book."""
    return pay_floor(PayUnit.HOUR, place, on=on)


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
    audit.record(session, "piecework.time", trial, order=order.id)
    return trial
