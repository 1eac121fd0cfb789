"""A large order: 10,000 pieces over 300 families, 50,000 lines, and lists as short as ever."""

from typing import Any

import pytest
from sqlalchemy import event, insert
from sqlmodel import select

from tests.functional.piecework.world import World, key
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.piecework.ledger.posting import AccountType, Move, Slot, ledger_of
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.ledger import EntryKind, LedgerAccount, LedgerEntry, LedgerLine
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries import assignments, book, detail_pages, orders
from webapp.piecework.services import capacity_planning, payouts, settlements
from webapp.residents.models import Household

FAMILIES, LINES = 300, 50_000


def fill(world: World) -> None:
    """Write 300 assignments and 50,000 lines of pieces handed in and accepted, in a few inserts."""
    moves = (
        Move(Slot(AccountType.MADE), Slot(AccountType.PENDING), 1),
        Move(Slot(AccountType.PENDING), Slot(AccountType.ACCEPTED), 1),
        Move(Slot(AccountType.PAYABLE), Slot(AccountType.RECEIVABLE), 300),
    )
    each = LINES // FAMILIES // len(moves) + 1
    now = clock.now()
    with world.db.transaction(SYSTEM) as session:
        home = session.get_one(Household, world.homes[0])
        session.execute(insert(Household), [
            {"unit_address": f"8栋-{n}", "place": home.place, "tenure": "", "created_at": now}
            for n in range(FAMILIES)
        ])  # fmt: skip
        homes = session.exec(select(Household.id).order_by(Household.id.desc())).all()[:FAMILIES]
        session.execute(insert(Assignment), [
            {"order_id": world.order_id, "household_id": id_, "pieces": 33, "rate_fen": 300,
             "state": AssignmentState.WORKING, "due": clock.today(), "claimed_at": now,
             "updated_at": now, "idempotency_key": f"assignment-{id_}", "hold_reason": ""}
            for id_ in homes
        ])  # fmt: skip
        assignments = session.exec(select(Assignment.id)).all()
        account_types = [
            AccountType.MADE,
            AccountType.PENDING,
            AccountType.ACCEPTED,
            AccountType.PAYABLE,
            AccountType.RECEIVABLE,
        ]
        sums = [-each, 0, each, -each * 300, each * 300]
        session.execute(insert(LedgerAccount), [
            {"key": Slot(account_type, assignment_id=assignment).key(world.order_id),
             "ledger": ledger_of(account_type), "account_type": account_type,
             "order_id": world.order_id, "assignment_id": assignment, "balance": total}
            for assignment in assignments
            for account_type, total in zip(account_types, sums, strict=True)
        ])  # fmt: skip
        entry = LedgerEntry(
            order_id=world.order_id, kind=EntryKind.SUBMIT, at=now, idempotency_key=key()
        )
        session.add(entry)
        session.flush()
        accounts = dict(session.exec(select(LedgerAccount.key, LedgerAccount.id)).all())

        def account(slot: Slot, assignment: int) -> int:
            return accounts[Slot(slot.account_type, assignment_id=assignment).key(world.order_id)]

        lines = [
            {"entry_id": entry.id, "from_account_id": account(move.source, assignment),
             "to_account_id": account(move.target, assignment), "amount": move.amount}
            for assignment in assignments for move in moves for _ in range(each)
        ]  # fmt: skip
        session.execute(insert(LedgerLine), lines)
        assert len(lines) >= LINES


@pytest.mark.slow
def test_lists_take_a_fixed_number_of_queries(world: World) -> None:
    if not world.db.is_sqlite:
        pytest.skip("the same statements")
    world.publish(quantity=10_000, material=100_000)
    assignment = world.ready(100)
    counts: list[int] = []
    asked = 0

    def count_one(*_args: Any) -> None:
        nonlocal asked
        asked += 1

    event.listen(world.db.read_engine, "before_cursor_execute", count_one)

    def look() -> dict[str, int]:
        nonlocal asked
        found = {}
        for name, page in {
            "order": lambda s: detail_pages.order_page(
                s, s.get_one(PieceworkOrder, world.order_id)
            ),
            "share": lambda s: detail_pages.assignment_page(s, s.get_one(Assignment, assignment)),
            "assignments": lambda s: assignments.list_assignments(s, order_id=world.order_id),
            "late": lambda s: assignments.list_assignments(s, overdue=True),
            "board": lambda s: orders.order_board(s),
            "waiting": lambda s: assignments.waiting_inspection(s),
            "passbook": lambda s: book.read(s, world.homes[0], book.Asked()),
            "pay": lambda s: assignments.pay_summary(s, world.homes[0], since=clock.today()),
            "due": lambda s: settlements.due(s),
            "list": lambda s: payouts.payment_list(s, 1),
            "plan": lambda s: capacity_planning.plan_order(
                s, s.get_one(PieceworkOrder, world.order_id)
            ),
        }.items():
            with world.db.reader() as session:
                asked = 0
                page(session)
                found[name] = asked
        return found

    before = look()
    fill(world)
    after = look()
    counts = [after[name] - before[name] for name in before]
    assert max(counts) <= 1, (before, after)  # what is due is dated once there is something
    assert max(after.values()) <= 16, after
    assert after["assignments"] <= 4  # with the BEGIN of SQLite
    with world.db.reader() as session:
        assert assignments.count_assignments(session, order_id=world.order_id) == FAMILIES + 1
        row = assignments.list_assignments(session, order_id=world.order_id)[0]
        assert row.submitted == LINES // FAMILIES // 3 + 1
