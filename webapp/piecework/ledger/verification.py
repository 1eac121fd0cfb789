"""Recompute balances, counters, settlements and passbooks and report differences.

Part of ``fumin verify``.
"""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.piecework.ledger import passbook
from webapp.piecework.lifecycle import OVER, AssignmentState
from webapp.piecework.models.assignment import Assignment, WastageFinding
from webapp.piecework.models.ledger import (
    AccountType,
    EntryKind,
    Ledger,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
)
from webapp.piecework.models.money import (
    CompanyPayment,
    CompanyPaymentState,
    SettlementLine,
    SettlementMonth,
    SettlementRun,
    Shipment,
    ShipmentState,
)
from webapp.piecework.models.order import PieceworkOrder


def faults(session: Session) -> list[str]:
    """Return one line for each fault found; empty when there is none."""
    return [
        *_balances(session),
        *_units(session),
        *_pieces(session),
        *_counters(session),
        *_prices(session),
        *_settlements(session),
        *_reversals(session),
        *_charges(session),
        *passbook.chain_faults(session),
    ]


def _balances(session: Session) -> list[str]:
    """Check that every balance is the sum of its lines."""
    into = _sums(LedgerLine.to_account_id, "into")
    out = _sums(LedgerLine.from_account_id, "out")
    computed = func.coalesce(into.c.total, 0) - func.coalesce(out.c.total, 0)
    rows = session.execute(
        select(col(LedgerAccount.key), col(LedgerAccount.balance), computed)
        .outerjoin(into, into.c.account == col(LedgerAccount.id))
        .outerjoin(out, out.c.account == col(LedgerAccount.id))
        .where(col(LedgerAccount.balance) != computed)
    ).all()
    return [f"account {key}: holds {held}, its lines say {lines}" for key, held, lines in rows]


def _sums(account: Any, name: str) -> Any:
    return (
        select(col(account).label("account"), func.sum(col(LedgerLine.amount)).label("total"))
        .group_by(col(account))
        .subquery(name)
    )


def _units(session: Session) -> list[str]:
    """Check that each order, ledger and lot sums to zero: nothing vanishes (invariant 1)."""
    rows = session.execute(
        select(
            col(LedgerAccount.order_id),
            col(LedgerAccount.ledger),
            col(LedgerAccount.lot_id),
            func.sum(col(LedgerAccount.balance)),
        )
        .group_by(col(LedgerAccount.order_id), col(LedgerAccount.ledger), col(LedgerAccount.lot_id))
        .having(func.sum(col(LedgerAccount.balance)) != 0)
    ).all()
    return [
        f"order {order}, {ledger} {lot or ''}: its accounts sum to {total}, not zero"
        for order, ledger, lot, total in rows
    ]


def _pieces(session: Session) -> list[str]:
    """Check invariant 5 and that the finished goods of an order are its accepted pieces.

    Invariant 5: submitted = accepted + rework + rejected + pending, for each assignment."""
    assignments = session.execute(
        select(col(LedgerAccount.assignment_id), func.sum(col(LedgerAccount.balance)))
        .where(
            col(LedgerAccount.ledger) == Ledger.PIECES,
            col(LedgerAccount.assignment_id).is_not(None),
        )
        .group_by(col(LedgerAccount.assignment_id))
        .having(func.sum(col(LedgerAccount.balance)) != 0)
    ).all()
    goods = session.execute(
        select(col(LedgerAccount.order_id), func.sum(col(LedgerAccount.balance)))
        .where(col(LedgerAccount.account_type).in_([AccountType.ACCEPTED, AccountType.STOCK_IN]))
        .group_by(col(LedgerAccount.order_id))
        .having(func.sum(col(LedgerAccount.balance)) != 0)
    ).all()
    return [
        *(
            f"assignment {assignment}: pieces in and looked at differ by {n}"
            for assignment, n in assignments
        ),
        *(f"order {order}: goods differ from accepted pieces by {n}" for order, n in goods),
    ]


def _counters(session: Session) -> list[str]:
    """Check the counters of each order against its assignments, payments and shipments."""
    claimed = (
        select(col(Assignment.order_id).label("id"), func.sum(col(Assignment.pieces)).label("n"))
        .where(col(Assignment.state) != AssignmentState.WITHDRAWN)
        .group_by(col(Assignment.order_id))
        .subquery()
    )
    paid = (
        select(
            col(CompanyPayment.order_id).label("id"),
            func.sum(col(CompanyPayment.amount_fen)).label("n"),
        )
        .where(col(CompanyPayment.state) == CompanyPaymentState.RECEIVED)
        .group_by(col(CompanyPayment.order_id))
        .subquery()
    )
    released = (
        select(col(Shipment.order_id).label("id"), func.sum(col(Shipment.value_fen)).label("n"))
        .where(col(Shipment.state) == ShipmentState.RELEASED)
        .group_by(col(Shipment.order_id))
        .subquery()
    )
    found = []
    for name, column, table in (
        ("claimed", col(PieceworkOrder.claimed), claimed),
        ("paid", col(PieceworkOrder.paid_fen), paid),
        ("released", col(PieceworkOrder.released_fen), released),
    ):
        counted = func.coalesce(table.c.n, 0)
        rows = session.execute(
            select(col(PieceworkOrder.id), column, counted)
            .outerjoin(table, table.c.id == col(PieceworkOrder.id))
            .where(column != counted)
        ).all()
        found += [f"order {id_}: {name} says {says}, its rows say {n}" for id_, says, n in rows]
    return found


def _prices(session: Session) -> list[str]:
    """Check that fee and margin of a piece stay within its price (invariant 14)."""
    rows = session.execute(
        select(col(Assignment.id), col(Assignment.rate_fen), col(PieceworkOrder.price_fen))
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
        .where(
            col(Assignment.state).not_in([*OVER, AssignmentState.SETTLED]),
            col(Assignment.rate_fen) + col(PieceworkOrder.margin_fen)
            > col(PieceworkOrder.price_fen),
        )
    ).all()
    return [
        f"assignment {id_}: its rate {rate} and margin pass the price {p}" for id_, rate, p in rows
    ]


def _settlements(session: Session) -> list[str]:
    """Check that settlement runs and months are the sums of their lines."""
    found = []
    lines = _line_sums(select(col(SettlementLine.run_id).label("id")), SettlementLine.run_id)
    rows = session.execute(
        select(col(SettlementRun.id))
        .outerjoin(lines, lines.c.id == col(SettlementRun.id))
        .where(
            (func.coalesce(lines.c.gross, 0) != col(SettlementRun.gross_fen))
            | (func.coalesce(lines.c.deduction, 0) != col(SettlementRun.deduction_fen))
            | (func.coalesce(lines.c.n, 0) != col(SettlementRun.lines))
        )
    ).scalars()
    found += [f"settlement run {id_}: its sums are not those of its lines" for id_ in rows]
    households = _line_sums(
        select(col(SettlementLine.household_id).label("id")), SettlementLine.household_id
    )
    months = (
        select(
            col(SettlementMonth.household_id).label("id"),
            func.sum(col(SettlementMonth.gross_fen)).label("gross"),
            func.sum(col(SettlementMonth.deduction_fen)).label("deduction"),
        )
        .group_by(col(SettlementMonth.household_id))
        .subquery()
    )
    differing = session.execute(
        select(months.c.id)
        .outerjoin(households, households.c.id == months.c.id)
        .where(
            (func.coalesce(households.c.gross, 0) != months.c.gross)
            | (func.coalesce(households.c.deduction, 0) != months.c.deduction)
        )
    ).scalars()
    return [
        *found,
        *(f"household {id_}: its months are not its settled lines" for id_ in differing),
    ]


def _line_sums(head: Select[Any], by: Any) -> Any:
    return (
        head.add_columns(
            func.sum(col(SettlementLine.gross_fen)).label("gross"),
            func.sum(col(SettlementLine.deduction_fen)).label("deduction"),
            func.count().label("n"),
        )
        .group_by(col(by))
        .subquery()
    )


def _reversals(session: Session) -> list[str]:
    """Check that a reversal moves back exactly what its entry moved."""
    original, mirror = aliased(LedgerLine), aliased(LedgerLine)
    rows = session.execute(
        select(col(LedgerEntry.id))
        .join(original, col(original.entry_id) == col(LedgerEntry.reverses_id))
        .outerjoin(
            mirror,
            (col(mirror.entry_id) == col(LedgerEntry.id))
            & (col(mirror.from_account_id) == original.to_account_id)
            & (col(mirror.to_account_id) == original.from_account_id)
            & (col(mirror.amount) == original.amount),
        )
        .where(col(mirror.id).is_(None))
        .distinct()
    ).scalars()
    return [f"entry {id_}: does not mirror what it reverses" for id_ in rows]


def _charges(session: Session) -> list[str]:
    """Check that every charge for waste has its signed finding (invariant 10)."""
    rows = session.execute(
        select(col(LedgerEntry.id))
        .outerjoin(WastageFinding, col(WastageFinding.entry_id) == col(LedgerEntry.id))
        .where(col(LedgerEntry.kind) == EntryKind.CHARGE, col(WastageFinding.id).is_(None))
    ).scalars()
    return [f"entry {id_}: a charge without a signed finding" for id_ in rows]
