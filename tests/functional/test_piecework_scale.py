"""A large order: 10,000 pieces over 300 families, 50,000 lines, and lists as short as ever."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert
from sqlmodel import select

from tests.functional.piecework_world import World, key, make_world
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.piecework.ledger import passbook
from webapp.piecework.ledger.posting import Move, Place, Slot, ledger_of
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.ledger import EntryKind, LedgerAccount, LedgerEntry, LedgerLine
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries import assignments, detail_pages, orders
from webapp.piecework.services import capacity_planning, payouts, settlements
from webapp.residents.models import Household

FAMILIES, LINES = 300, 50_000


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with app.app_context():
        yield make_world(db)


def fill(world: World) -> None:
    """Write 300 shares and 50,000 lines of pieces handed in and accepted, in a few inserts."""
    moves = (
        Move(Slot(Place.MADE), Slot(Place.PENDING), 1),
        Move(Slot(Place.PENDING), Slot(Place.ACCEPTED), 1),
        Move(Slot(Place.PAYABLE), Slot(Place.RECEIVABLE), 300),
    )
    each = LINES // FAMILIES // len(moves) + 1
    now = clock.now()
    with world.db.transaction(SYSTEM) as session:
        home = session.get_one(Household, world.homes[0])
        session.execute(insert(Household), [
            {"door": f"8栋-{n}", "place": home.place, "tenure": "", "created_at": now}
            for n in range(FAMILIES)
        ])  # fmt: skip
        homes = session.exec(select(Household.id).order_by(Household.id.desc())).all()[:FAMILIES]
        session.execute(insert(Assignment), [
            {"order_id": world.order_id, "household_id": id_, "pieces": 33, "rate_fen": 300,
             "state": AssignmentState.WORKING, "due": clock.today(), "claimed_at": now,
             "updated_at": now, "form_key": f"share-{id_}", "hold_reason": ""}
            for id_ in homes
        ])  # fmt: skip
        shares = session.exec(select(Assignment.id)).all()
        places = [Place.MADE, Place.PENDING, Place.ACCEPTED, Place.PAYABLE, Place.RECEIVABLE]
        sums = [-each, 0, each, -each * 300, each * 300]
        session.execute(insert(LedgerAccount), [
            {"key": Slot(place, assignment_id=share).key(world.order_id),
             "ledger": ledger_of(place), "place": place, "order_id": world.order_id,
             "assignment_id": share, "balance": total}
            for share in shares for place, total in zip(places, sums, strict=True)
        ])  # fmt: skip
        entry = LedgerEntry(order_id=world.order_id, kind=EntryKind.SUBMIT, at=now, form_key=key())
        session.add(entry)
        session.flush()
        accounts = dict(session.exec(select(LedgerAccount.key, LedgerAccount.id)).all())

        def account(slot: Slot, share: int) -> int:
            return accounts[Slot(slot.place, assignment_id=share).key(world.order_id)]

        lines = [
            {"entry_id": entry.id, "from_account_id": account(move.source, share),
             "to_account_id": account(move.target, share), "amount": move.amount}
            for share in shares for move in moves for _ in range(each)
        ]  # fmt: skip
        session.execute(insert(LedgerLine), lines)
        assert len(lines) >= LINES


@pytest.mark.slow
def test_lists_take_a_fixed_number_of_queries(world: World) -> None:
    if not world.db.is_sqlite:
        pytest.skip("the same statements")
    world.publish(quantity=10_000, material=100_000)
    share = world.ready(100)
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
            "share": lambda s: detail_pages.share_page(s, s.get_one(Assignment, share)),
            "shares": lambda s: assignments.shares(s, order_id=world.order_id),
            "late": lambda s: assignments.shares(s, overdue=True),
            "board": lambda s: orders.order_board(s),
            "open": lambda s: orders.open_orders(s),
            "waiting": lambda s: assignments.waiting_inspection(s),
            "passbook": lambda s: passbook.lines(s, world.homes[0]),
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
    assert after["shares"] <= 4  # with the BEGIN of SQLite
    with world.db.reader() as session:
        assert assignments.count_shares(session, order_id=world.order_id) == FAMILIES + 1
        row = assignments.shares(session, order_id=world.order_id)[0]
        assert row.submitted == LINES // FAMILIES // 3 + 1
