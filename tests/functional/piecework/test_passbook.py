"""The passbook as a bank book: its balances against other ways to count, whose it is, its cost."""

import re
import time
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlmodel import Session, col, select

from tests import factories
from tests.depth import examples
from tests.functional.pages import see
from tests.functional.piecework.world import World, key, make_world
from tests.functional.statements import world as earned
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind, PassbookLine
from webapp.piecework.queries import book
from webapp.piecework.services import (
    advances,
    inspections,
    material_returns,
    payouts,
    settlements,
    wastage,
)
from webapp.residents.models import Household, Resident
from webapp.statements import earnings

BOOK = "/me/piecework/passbook"
A = AccountType


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """Two households, a company and staff, each request in a context of its own."""
    return make_world(db)


@pytest.fixture
def booked(world: World) -> World:
    """A family with every kind of line that moves money, a second order, and a neighbour."""
    world.publish(rate_fen=335, price_fen=450)
    share = world.ready(40)
    world.inspect(world.submit(share, 10), accepted=8, rejected=2)
    second = world.submit(share, 5)
    wrong = world.inspect(second, accepted=5)
    world.do(world.staff, inspections.reverse_inspection, inspection_id=wrong, reason="点错了",
             idempotency_key=key())  # fmt: skip
    world.inspect(second, accepted=4, rejected=1)
    world.do(world.staff, material_returns.record_spoiled, assignment_id=share,
             lot_id=world.lot_id, amount=300, idempotency_key=key(), note="打湿")  # fmt: skip
    world.do(world.staff, wastage.sign_finding, assignment_id=share, cause="剪坏了",
             heard="认了", material_id=world.material_id, excess=100, charge_fen=350,
             idempotency_key=key())  # fmt: skip
    world.do(world.staff, advances.pay_advance, assignment_id=share, amount_fen=500,
             idempotency_key=key())  # fmt: skip
    run = world.do(world.staff, settlements.settle, idempotency_key=key())
    world.do(world.payer, payouts.pay_all, run_id=run.id, method=PaymentMethod.CASH,
             idempotency_key=key())  # fmt: skip
    world.publish(rate_fen=200, price_fen=300)
    other = world.ready(10)
    world.inspect(world.submit(other, 10), accepted=10)
    neighbour = world.ready(10, family=1)
    world.inspect(world.submit(neighbour, 4, family=1), accepted=4)
    return world


def told(lines: list[PassbookLine]) -> list[int]:
    """Return the balance after each line as its chained facts tell it, the ledger not asked."""
    inspected: dict[tuple[int, int], list[int]] = defaultdict(list)
    found, balance = [], 0
    for line in lines:
        facts, kind = line.facts, PassbookKind(line.kind)
        change = 0
        if kind is PassbookKind.INSPECT:
            change = facts["pay_fen"]
            inspected[line.assignment_id, facts["tranche"]].append(change)
        elif kind is PassbookKind.CORRECT:
            change = -inspected[line.assignment_id, facts["tranche"]].pop()
        elif kind in {PassbookKind.COMPENSATE, PassbookKind.WAIVE}:
            change = facts.get("pay_fen", 0) + facts.get("charge_fen", 0)
        elif kind in {PassbookKind.FINDING, PassbookKind.ADVANCE, PassbookKind.PAY_OUT}:
            change = -facts.get("pay_fen", 0) - facts.get("charge_fen", 0)
        balance += change
        found.append(balance)
    return found


def owed(session: Session, household_id: int, order_id: int | None = None) -> int:
    """Return what is owed to a household by its accounts in the ledger, in fen."""
    query = (
        "SELECT coalesce(-sum(a.balance), 0) FROM ledger_account a"
        " JOIN piecework_assignment s ON s.id = a.assignment_id"
        " WHERE s.household_id = :home AND (:every = 1 OR s.order_id = :one)"
        " AND a.account_type IN ('payable', 'to_pay', 'advance')"
    )
    asked = {"home": household_id, "every": int(order_id is None), "one": order_id or 0}
    return int(session.execute(text(query), asked).scalar_one())


def fen(cell: str) -> int:
    """Return the fen that a cell of money shows."""
    plain = re.sub(r"<[^>]*>", "", cell).replace(",", "").replace("−", "-").strip()
    return round(float(plain) * 100) if plain else 0


def columns(page: str, row: str) -> list[tuple[int, int, int]]:
    """Return plus, minus (negative) and balance of each row of the table in a page, in fen."""
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    found = []
    for one in body.split("<tr")[1:]:
        cells = re.findall(row, one, re.DOTALL)
        assert len(cells) == 3, one
        found.append((fen(cells[0]), fen(cells[1]), fen(cells[2])))
    return found


NUMBER = r'<td[^>]*class="number[^"]*"[^>]*>(.*?)</td>'


def lines_of(world: World, family: int = 0) -> list[PassbookLine]:
    """Return a family's lines, oldest first."""
    with world.db.reader() as session:
        query = select(PassbookLine).where(col(PassbookLine.household_id) == world.homes[family])
        return list(session.exec(query.order_by(col(PassbookLine.number))).all())


def test_balances_on_screen_and_paper_are_those_counted_otherwise(booked, browse):
    lines = lines_of(booked)
    family = browse(booked.families[0])
    kinds = {PassbookKind(line.kind) for line in lines}
    assert {PassbookKind.CORRECT, PassbookKind.FINDING, PassbookKind.ADVANCE,
            PassbookKind.PAY_OUT, PassbookKind.SETTLE} <= kinds  # fmt: skip
    expected = told(lines)
    screen, paper = (columns(see(family, BOOK + tail), NUMBER) for tail in ("", "/print"))
    assert [row[2] for row in paper] == expected
    assert [row[2] for row in screen] == expected[::-1]
    assert [plus + minus for plus, minus, _ in paper] == [
        after - before for before, after in zip([0, *expected], expected, strict=False)
    ]
    with booked.db.reader() as session:
        assert expected[-1] == owed(session, booked.homes[0]) != 0


def test_what_was_earned_is_what_a_statement_says(booked, browse):
    month = f"{clock.today():%Y-%m}"
    with booked.db.reader() as session:
        home = booked.homes[0]
        stated = earnings.of_household(session, home, [], since=clock.today().replace(day=1))
        found = book.read(session, home, book.Asked(month=clock.today().replace(day=1)))
    assert found.earned_fen == stated.piecework[month] == 12 * 335 + 10 * 200
    page = see(browse(booked.families[0]), f"{BOOK}?month={month}")
    assert re.search(r"验收合格挣的</p><p class=\"figure-value\">60\.2 元", page)


def test_a_part_of_the_book_adds_up_to_that_part(booked, browse):
    family = browse(booked.families[0])
    with booked.db.reader() as session:
        orders = [one.id for one in session.exec(select(PieceworkOrder).order_by("id")).all()]
        for order in orders:
            rows = columns(see(family, f"{BOOK}?order={order}"), NUMBER)
            assert sum(plus + minus for plus, minus, _ in rows) == rows[0][2]
            assert rows[0][2] == owed(session, booked.homes[0], order)
    money = columns(see(family, f"{BOOK}?money=1"), NUMBER)
    assert all(plus or minus for plus, minus, _ in money)
    assert money[0][2] == columns(see(family, BOOK), NUMBER)[0][2]
    for wrong in ("order=999999", "order=x", "order=-1", "month=2026-13", "month=x",
                  "month=2001-01", f"order={2**63}"):  # fmt: skip
        assert family.get(f"{BOOK}?{wrong}").status_code == 404, wrong
        assert family.get(f"{BOOK}/print?{wrong}").status_code == 404, wrong
    assert family.get(f"{BOOK}?order=&month=").status_code == 200


def test_a_month_carries_on_from_the_one_before(world, browse):
    with world.db.transaction(SYSTEM) as session:
        order = earned.make_order(session)
        resident = session.get_one(Resident, world.families[0].resident_id)
        inspector = factories.make_account(session)
        first = clock.now().replace(day=1) - timedelta(days=1)
        with clock.frozen(first - timedelta(days=20)):
            share = earned.make_assignment(session, order, [resident], rate_fen=150)
            for_claim = {"title": "花边", "pieces": 20, "unit": "条", "rate_fen": 150}
            passbook.write(session, share, PassbookKind.CLAIM, **for_claim,
                           due=clock.today().isoformat())  # fmt: skip
        earned.accept(session, inspector, share, 7, first - timedelta(days=3))
        earned.accept(session, inspector, share, 2, clock.now())
    for name in ("", "/print"):
        month = f"{BOOK}{name}?month={clock.today():%Y-%m}"
        page = see(browse(world.families[0]), month)
        assert "上个月结下来" in page
        assert "10.5" in page
    assert columns(
        see(browse(world.families[0]), f"{BOOK}?month={clock.today():%Y-%m}"), NUMBER
    ) == [(300, 0, 1350)]


def test_a_book_is_its_familys_alone(booked, browse):
    with booked.db.reader() as session:
        orders = session.exec(select(PieceworkOrder.id).order_by("id")).all()
        address = session.get_one(Household, booked.homes[0]).unit_address
        names = [session.get_one(Resident, one.resident_id).name for one in booked.families]
    neighbour = browse(booked.families[1])
    assert neighbour.get(f"{BOOK}?order={orders[0]}").status_code == 404  # an order of the others
    assert neighbour.get(f"{BOOK}/print?order={orders[0]}").status_code == 404
    assert columns(see(neighbour, BOOK), NUMBER)[0][2] == 4 * 200
    assert address not in see(neighbour, f"{BOOK}/print")
    counter = f"/staff/piecework/households/{booked.homes[0]}/passbook"
    for stranger in (booked.families[0], booked.families[1], booked.company):
        assert browse(stranger).get(counter).status_code in {403, 404}
    staff = browse(booked.staff)
    at_counter, own = see(staff, counter), see(browse(booked.families[0]), f"{BOOK}/print")
    assert columns(at_counter, NUMBER) == columns(own, NUMBER)
    assert address in at_counter
    assert not any(name in page for name in names for page in (at_counter, own))  # masked
    assert staff.get("/staff/piecework/households/999999/passbook").status_code == 404
    origin = f"/staff/residents/{booked.families[0].resident_id}"  # the way back is the way there
    there = re.search(rf'href="({counter}[^"]*)"', staff.get(origin).text)[1]
    assert f'href="{origin}"' in staff.get(there.replace("&amp;", "&")).text
    assert "evil.example" not in see(staff, f"{counter}?next=//evil.example/")


def test_who_joined_later_sees_what_was_claimed_since(booked, browse):
    with booked.db.transaction(SYSTEM) as session:
        household = session.get_one(Household, booked.homes[0])
        late = factories.make_resident(session, with_account=True, household_id=household.id)
        late.joined_at = clock.now()
        session.add(late)
        account_id, resident_id = late.account_id, late.id
    actor = type(booked.families[0])(
        account_id, booked.families[0].role, "新来的", resident_id=resident_id
    )
    page = see(browse(actor), BOOK)
    assert "存折还是空的" in page
    assert "/openings/?kind=piecework" in page


class _Undone(Exception):
    """Ends an example, so that the next begins with the same empty book."""


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["earn", "undo", "settle", "pay", "advance", "charge", "repay", "both"]),
        st.integers(0, 2),
        st.integers(1, 5000),
    ),
    max_size=14,
)


@settings(
    max_examples=examples(12, deep=300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_postings_end_in_what_the_ledger_holds(world: World, steps: Any) -> None:
    """Three shares of two orders: the book's end is the ledger's sum, and so order by order."""
    with suppress(_Undone), world.db.transaction(SYSTEM) as session:
        resident = session.get_one(Resident, world.families[0].resident_id)
        orders = [earned.make_order(session) for _ in range(2)]
        shares = [
            earned.make_assignment(session, orders[n % 2], [resident], rate_fen=1) for n in range(3)
        ]
        _post_all(session, shares, steps)
        whole = book.read(session, resident.household_id, book.Asked())
        assert whole.balance_fen == owed(session, resident.household_id)
        assert whole.balance_fen == sum(one.change_fen for one in whole.entries)
        for order in orders:
            part = book.read(session, resident.household_id, book.Asked(order_id=order.id))
            assert (part.balance_fen if part else 0) == owed(
                session, resident.household_id, order.id
            )
        raise _Undone


def _post_all(session: Session, shares: list[Any], steps: list[tuple[str, int, int]]) -> None:
    """Post each step that the ledger allows, with its line in the book."""
    earned_by: list[tuple[int, int, Any]] = []
    for what, n, amount in steps:
        share = shares[n]
        held = posting.totals(session, assignment_id=share.id)
        slots = {one: Slot(one, assignment_id=share.id) for one in book.OWED}
        payable, to_pay, advance = -held[A.PAYABLE], -held[A.TO_PAY], held[A.ADVANCE]
        moves: dict[str, tuple[EntryKind, PassbookKind, Slot, Slot, int]] = {
            "earn": (EntryKind.INSPECT, PassbookKind.INSPECT, slots[A.PAYABLE],
                     Slot(A.RECEIVABLE), amount),
            "settle": (EntryKind.SETTLE, PassbookKind.SETTLE, slots[A.TO_PAY],
                       slots[A.PAYABLE], payable),
            "pay": (EntryKind.PAY_OUT, PassbookKind.PAY_OUT, Slot(A.BANK), slots[A.TO_PAY], to_pay),
            "advance": (EntryKind.ADVANCE, PassbookKind.ADVANCE, Slot(A.BANK), slots[A.ADVANCE],
                        amount),
            "charge": (EntryKind.CHARGE, PassbookKind.FINDING, Slot(A.RESERVE), slots[A.ADVANCE],
                       amount),
            "repay": (EntryKind.WAIVE, PassbookKind.WAIVE, slots[A.ADVANCE], Slot(A.BANK), advance),
        }  # fmt: skip
        if what == "both":  # one posting that two families' shares have a part in
            entry = posting.post(session, SYSTEM, order_id=share.order_id,
                                 kind=EntryKind.COMPENSATE, idempotency_key=key(), moves=[
                Move(Slot(A.PAYABLE, assignment_id=one.id), Slot(A.RECEIVABLE), amount + i)
                for i, one in enumerate(shares) if one.order_id == share.order_id
            ])  # fmt: skip
            for one in shares:
                if one.order_id == share.order_id:
                    passbook.write(session, one, PassbookKind.COMPENSATE, entry_id=entry.id)
            continue
        if what == "undo":
            able = [one for one in earned_by if one[0] == n and one[1] <= payable]
            if able:
                earned_by.remove(able[0])
                entry = posting.reverse(session, SYSTEM, entry_id=able[0][2].id,
                                        idempotency_key=key(), note="点错了")  # fmt: skip
                passbook.write(session, share, PassbookKind.CORRECT, entry_id=entry.id)
            continue
        kind, line, source, target, fen_moved = moves[what]
        if not fen_moved:
            continue
        entry = posting.post(session, SYSTEM, order_id=share.order_id, kind=kind,
                             idempotency_key=key(), assignment_id=share.id,
                             moves=[Move(source, target, fen_moved)])  # fmt: skip
        passbook.write(session, share, line, entry_id=entry.id)
        if what == "earn":
            earned_by.append((n, fen_moved, entry))


def test_a_book_of_500_lines_costs_few_queries_and_little_time(world, browse):
    with world.db.transaction(SYSTEM) as session:
        order = earned.make_order(session)
        resident = session.get_one(Resident, world.families[0].resident_id)
        share = earned.make_assignment(session, order, [resident], rate_fen=150)
        for _ in range(3):
            passbook.write(session, share, PassbookKind.WITHDRAW)
    family, asked = browse(world.families[0]), []
    event.listen(world.db.read_engine, "before_cursor_execute", lambda *_a: asked.append(1))

    def queries(path: str) -> int:
        asked.clear()
        see(family, path)
        return len(asked)

    few = [queries(BOOK), queries(f"{BOOK}/print")]
    with world.db.transaction(SYSTEM) as session:
        for _ in range(497):
            passbook.write(session, share, PassbookKind.WITHDRAW)
    assert [queries(BOOK), queries(f"{BOOK}/print")] == few
    began = time.process_time()
    page = see(family, BOOK)
    spent = time.process_time() - began
    assert page.count('<th scope="row"') == 30
    assert spent < 0.25  # some 30 ms; a page that drew all 500 lines would take several times it
    assert see(family, f"{BOOK}/print").count('class="book-code"') == 500
