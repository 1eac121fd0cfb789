"""Settlement runs: all pay for accepted pieces, settled once and within the legal period."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import Conflict, Refused
from webapp.core.memo import built_once
from webapp.openings.models import Opening
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import AssignmentAction, AssignmentHold, AssignmentState
from webapp.piecework.models.assignment import Assignment, Inspection
from webapp.piecework.models.ledger import EntryKind, LedgerAccount
from webapp.piecework.models.money import SettlementLine, SettlementMonth, SettlementRun
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services.access import require_staff
from webapp.piecework.services.transitions import transition
from webapp.rulebook.figures import rule

#: The hour at which the daily job settles what would be late the day after.
#: How long before pay would be late it is settled by itself.
AHEAD = timedelta(days=1)


class Due(NamedTuple):
    """What a run would settle today.

    ``by`` is the last day that is in time for the oldest pay, ``late`` whether it has passed;
    ``settles_at`` is when the hourly job settles if nobody does before.
    """

    lines: int
    gross_fen: int
    oldest: date | None
    late: bool
    by: date | None
    settles_at: datetime | None


class _Owed(NamedTuple):
    assignment: Assignment
    title: str
    gross: int
    advance: int


def due(session: Session) -> Due:
    """Return what is accepted and not settled; two queries."""
    lines, gross = session.execute(_payable()).one()
    oldest = _oldest(session) if lines else None
    days = rule("piecework_settle_days", on=clock.today())
    by = oldest + timedelta(days=days) if oldest else None
    late = by is not None and by < clock.today()
    return Due(lines, int(gross), oldest, late, by, _settles_at(by) if by else None)


@built_once
def _payable() -> Any:
    return select(func.count(), func.coalesce(func.sum(-col(LedgerAccount.balance)), 0)).where(
        col(LedgerAccount.account_type) == AccountType.PAYABLE, col(LedgerAccount.balance) < 0
    )


def _settles_at(by: date) -> datetime:
    """Return when the hourly job settles pay that is in time until ``by``: the day before it."""
    now = clock.local(clock.now())
    first = clock.start_of_day(by - AHEAD)
    coming = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return max(first, coming)


def settle(session: Session, actor: Actor, *, idempotency_key: str) -> SettlementRun:
    """Settle all pay for accepted pieces: a line for each assignment, deductions within the cap.

    Two runs at once settle only once: the orders' rows are locked before anything is read. Raises
    ``Refused`` when nothing is due.
    """
    if actor is not SYSTEM:
        require_staff(actor)
    known = session.execute(
        select(SettlementRun).where(col(SettlementRun.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    owed = _owed(session, _lock_orders(session))
    if not owed:
        raise Refused(_("没有要结算的：验收合格的工钱都结过了"))
    today = clock.today()
    deductions = _deductions(session, owed, today)
    gross = sum(one.gross for one in owed)
    deducted = sum(deductions.values())
    run = SettlementRun(
        period_from=_period_from(session, today),
        period_to=today,
        lines=len(owed),
        gross_fen=gross,
        deduction_fen=deducted,
        net_fen=gross - deducted,
        made_at=clock.now(),
        made_by_id=actor.account_id,
        idempotency_key=idempotency_key,
    )
    session.add(run)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("这一次已经结算过了")) from error
    audit.record(session, "piecework.settle", run, lines=len(owed), fen=gross)
    for one in owed:
        _settle_one(session, actor, run, one, deductions[one.assignment.id])
    return run


def _settle_one(
    session: Session, actor: Actor, run: SettlementRun, owed: _Owed, deduction: int
) -> None:
    assignment = owed.assignment
    payable = Slot(AccountType.PAYABLE, assignment_id=assignment.id)
    net = owed.gross - deduction
    entry = posting.post(
        session,
        actor,
        order_id=assignment.order_id,
        kind=EntryKind.SETTLE,
        idempotency_key=f"settle-{run.id}-{assignment.id}",
        moves=[
            Move(Slot(AccountType.TO_PAY, assignment_id=assignment.id), payable, net),
            Move(Slot(AccountType.ADVANCE, assignment_id=assignment.id), payable, deduction),
        ],
        assignment_id=assignment.id,
    )
    session.add(
        SettlementLine(
            run_id=run.id,
            household_id=assignment.household_id,
            assignment_id=assignment.id,
            gross_fen=owed.gross,
            deduction_fen=deduction,
            net_fen=net,
            entry_id=entry.id,
        )
    )
    passbook.write(
        session,
        assignment,
        PassbookKind.SETTLE,
        entry_id=entry.id,
        title=owed.title,
        gross_fen=owed.gross,
        deduction_fen=deduction,
        pay_fen=net,
        period=[run.period_from.isoformat(), run.period_to.isoformat()],
    )
    if assignment.state in {AssignmentState.ACCEPTED, AssignmentState.REJECTED_FINAL}:
        transition(session, actor, assignment, AssignmentAction.SETTLE)


def _lock_orders(session: Session) -> list[int]:
    """Lock the orders that owe pay, lowest id first, against deadlocks."""
    owing = (
        select(col(LedgerAccount.order_id))
        .where(
            col(LedgerAccount.account_type) == AccountType.PAYABLE, col(LedgerAccount.balance) < 0
        )
        .distinct()
    )
    locked = session.execute(
        select(col(PieceworkOrder.id))
        .where(col(PieceworkOrder.id).in_(owing))
        .order_by(col(PieceworkOrder.id))
        .with_for_update()
    ).scalars()
    return list(locked)


def _owed(session: Session, order_ids: list[int]) -> list[_Owed]:
    rows = session.execute(
        select(Assignment, col(Opening.title), -col(LedgerAccount.balance))
        .join(LedgerAccount, col(LedgerAccount.assignment_id) == col(Assignment.id))
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .where(
            col(LedgerAccount.order_id).in_(order_ids),
            col(LedgerAccount.account_type) == AccountType.PAYABLE,
            col(LedgerAccount.balance) < 0,
        )
        .order_by(col(Assignment.household_id), col(Assignment.id))
        .execution_options(populate_existing=True)
    ).all()
    advances = dict(
        session.execute(
            select(col(LedgerAccount.assignment_id), col(LedgerAccount.balance)).where(
                col(LedgerAccount.account_type) == AccountType.ADVANCE,
                col(LedgerAccount.balance) > 0,
            )
        ).all()
    )
    return [
        _Owed(
            assignment,
            title,
            int(gross),
            0 if assignment.hold is AssignmentHold.DISPUTED else advances.get(assignment.id, 0),
        )
        for assignment, title, gross in rows
    ]


def _deductions(session: Session, owed: list[_Owed], today: date) -> dict[int, int]:
    """Return what is deducted from each assignment: within the cap of its household's month."""
    month = today.strftime("%Y-%m")
    cap = rule("piecework_deduction_permille", on=today)
    by_household: dict[int, list[_Owed]] = defaultdict(list)
    for one in owed:
        by_household[one.assignment.household_id].append(one)
    known = {
        row.household_id: row
        for row in session.execute(
            select(SettlementMonth)
            .where(
                col(SettlementMonth.household_id).in_(by_household),
                col(SettlementMonth.month) == month,
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        ).scalars()
    }
    deductions: dict[int, int] = {}
    for household_id, assignments in by_household.items():
        row = known.get(household_id) or SettlementMonth(
            household_id=household_id, month=month, cap_permille=cap
        )
        row.cap_permille = min(row.cap_permille, cap)
        row.gross_fen += sum(one.gross for one in assignments)
        left = row.gross_fen * row.cap_permille // 1000 - row.deduction_fen
        for one in assignments:
            part = max(0, min(one.advance, left, one.gross))
            deductions[one.assignment.id] = part
            left -= part
            row.deduction_fen += part
        session.add(row)
    session.flush()
    return deductions


def _oldest(session: Session) -> date | None:
    """Return the day of the oldest inspection whose pay may still be unsettled."""
    at = session.execute(_oldest_inspection()).scalar_one()
    return clock.local(at).date() if at else None


@built_once
def _oldest_inspection() -> Any:
    last = (
        select(
            col(SettlementLine.assignment_id),
            func.max(col(SettlementRun.made_at)).label("at"),
        )
        .join(SettlementRun, col(SettlementRun.id) == col(SettlementLine.run_id))
        .group_by(col(SettlementLine.assignment_id))
        .subquery()
    )
    return (
        select(func.min(col(Inspection.at)))
        .join(LedgerAccount, col(LedgerAccount.assignment_id) == col(Inspection.assignment_id))
        .outerjoin(last, last.c.assignment_id == col(Inspection.assignment_id))
        .where(
            col(LedgerAccount.account_type) == AccountType.PAYABLE,
            col(LedgerAccount.balance) < 0,
            col(Inspection.accepted) > 0,
            col(Inspection.reversed_by_id).is_(None),
            last.c.at.is_(None) | (col(Inspection.at) > last.c.at),
        )
    )


def _period_from(session: Session, today: date) -> date:
    days = rule("piecework_settle_days", on=today)
    last = session.execute(select(func.max(col(SettlementRun.period_to)))).scalar_one()
    earliest = today - timedelta(days=days - 1)
    return earliest if last is None else min(today, max(earliest, last + timedelta(days=1)))
