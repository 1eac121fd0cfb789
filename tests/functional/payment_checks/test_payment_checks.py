"""Whether settled pay arrived: the month's list, who may ask, the answers, what they count as."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from tests import factories
from tests.forms import press
from tests.functional.pages import see
from tests.functional.piecework.world import World, make_world, refused_by_database
from webapp import events
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import AppError, Conflict
from webapp.draws import order
from webapp.draws import service as draws
from webapp.draws.models import Draw
from webapp.ops import scheduled_jobs, scheduler, verify
from webapp.payment_checks import queries
from webapp.payment_checks.lifecycle import Answer, CheckState, Resolution
from webapp.payment_checks.models import PaymentCall, PaymentCheck, PaymentCheckLine
from webapp.payment_checks.services import calling, making
from webapp.piecework.models.ledger import EntryKind, LedgerEntry
from webapp.piecework.models.money import PaymentMethod, SettlementLine, SettlementRun
from webapp.piecework.services import payouts, settlements
from webapp.residents.models import Resident

UTC = clock.now().tzinfo
NOVEMBER = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
FIRST = datetime(2026, 12, 1, 0, 10, tzinfo=UTC)  # 08:10 here
DRAWN = datetime(2026, 12, 3, 13, 30, tzinfo=UTC)  # a Thursday, 21:30 here
MORNING = datetime(2026, 12, 4, 2, 0, tzinfo=UTC)
JOB = next(job for job in scheduled_jobs.JOBS if job.name == "payment_checks")
PHONE = "13911112222"


@dataclass
class Month:
    """A company's order, three families paid in November, and two members without a stake."""

    world: World
    callers: list[Actor]
    browse: Callable[[Actor], FlaskClient]

    def lines(self) -> list[PaymentCheckLine]:
        with self.world.db.reader() as session:
            return list(session.exec(select(PaymentCheckLine).order_by(col(PaymentCheckLine.id))))

    def check(self) -> PaymentCheck:
        with self.world.db.reader() as session:
            return session.exec(select(PaymentCheck)).one()

    def figures(self) -> queries.Figures:
        with self.world.db.reader() as session:
            return queries.figures(session)[0]

    def ask(self, line_id: int, said: Answer, fen: int | None = None, by: int = 0) -> Any:
        do, actor = self.world.do, self.callers[by]
        do(actor, calling.begin_call, line_id=line_id, no_relative=True)
        return do(actor, calling.answer, line_id=line_id, answer=said, amount_fen=fen)


@pytest.fixture
def month(app: Flask, db: Database, sign_in: Any) -> Iterator[Month]:
    """Settled and paid in November; the clock stands on the first of December."""
    with app.app_context(), clock.frozen(NOVEMBER):
        world = make_world(db, families=3)
        world.publish()
        for family in range(3):
            world.inspect(world.submit(world.ready(10, family), 10, family), accepted=10)
        run = world.do(world.staff, settlements.settle, idempotency_key="november")
        world.do(
            world.payer, payouts.pay_all,
            run_id=run.id, method=PaymentMethod.CASH, idempotency_key="paid",
        )  # fmt: skip
        with db.transaction(SYSTEM) as session:
            session.get_one(Resident, world.families[0].resident_id).phone = PHONE
            callers = [factories.make_account(session, role=Role.STAFF) for _one in range(2)]

    def browse(actor: Actor) -> FlaskClient:
        with db.reader() as session:
            return sign_in(session.get_one(Account, actor.account_id))

    with clock.frozen(FIRST):
        yield Month(world, [factories.acting(one) for one in callers], browse)


def make(month: Month) -> PaymentCheck:
    with month.world.db.transaction(SYSTEM) as session:
        making.make(session)
    return month.check()


@pytest.mark.job("payment_checks")
def test_the_job_takes_all_of_a_small_month_once(month: Month, app: Flask, db: Database) -> None:
    with clock.frozen(NOVEMBER):
        assert scheduler.run_once(db, JOB)
        assert month.lines() == []  # October had none

    def run(_number: int) -> bool:
        with app.app_context(), clock.frozen(FIRST):
            return scheduler.run_once(db, JOB)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [False, True]
    check = month.check()
    assert (check.month, check.settled, check.sample) == ("2026-11", 3, 3)
    assert check.state is CheckState.CALLING
    assert check.draw_id is None
    assert all(line.selected for line in month.lines())
    with db.transaction(SYSTEM) as session:
        assert making.make(session) is None
    assert verify.faults(db) == []


def test_two_who_make_the_list_at_once_make_one(month: Month, app: Flask, db: Database) -> None:
    def run(_number: int) -> bool:
        with app.app_context(), clock.frozen(FIRST):
            try:
                return make(month) is not None
            except Exception:  # the other was first, and the database says so
                return False

    with ThreadPoolExecutor(2) as pool:
        assert True in list(pool.map(run, range(2)))
    assert len(month.lines()) == 3


def test_who_has_a_stake_does_not_ask(month: Month, write: Any) -> None:
    make(month)
    world, line = month.world, month.lines()[0]
    with write() as session:
        # A member of staff whose own household it is, known by the number alone, and who also
        # inspected and paid nothing.
        own = factories.make_account(session, role=Role.STAFF, phone="13955556666")
        resident = session.get_one(Resident, world.families[0].resident_id)
        resident.phone = own.phone
    for actor, why in (
        (factories.acting(own), "自己家"),
        (world.payer, "您付的"),
        (world.staff, "您验的"),
    ):
        with pytest.raises(AppError, match=why):
            world.do(actor, calling.begin_call, line_id=line.id, no_relative=True)
        page = see(month.browse(actor), f"/staff/payment-checks/lines/{line.id}")
        assert why in page
        assert "开始打电话" not in page
    for actor in (world.families[0], world.company):
        with pytest.raises(AppError):
            world.do(actor, calling.begin_call, line_id=line.id, no_relative=True)


def test_the_number_is_seen_only_while_calling(month: Month) -> None:
    make(month)
    line = month.lines()[0]
    page = f"/staff/payment-checks/lines/{line.id}"
    caller, other = (month.browse(actor) for actor in month.callers)
    assert "打电话问工钱到没到" in see(caller, "/staff/")
    assert PHONE not in see(caller, page)
    assert "亲戚" in press(caller, page, "/call").get_data(as_text=True)  # not ticked
    assert press(caller, page, "/call", no_relative="y").status_code == 303
    assert PHONE in see(caller, page)
    assert PHONE not in see(other, page)
    assert press(other, page, "/call", no_relative="y").status_code == 409
    assert press(caller, page, "/answer", answer="full").status_code == 303
    assert PHONE not in see(caller, page)
    assert "/answer" not in see(caller, page)
    with month.world.db.reader() as session:
        call = session.exec(select(PaymentCall)).one()
        assert (call.answer, call.ended_at) == (Answer.FULL, FIRST)


def test_a_call_that_was_left_ends_by_itself(month: Month) -> None:
    make(month)
    line = month.lines()[0]
    month.world.do(month.callers[0], calling.begin_call, line_id=line.id, no_relative=True)
    with clock.frozen(FIRST + timedelta(minutes=61)):
        month.ask(line.id, Answer.FULL, by=1)
        with pytest.raises(Conflict):
            month.world.do(
                month.callers[0], calling.answer,
                line_id=line.id, answer=Answer.NOT, amount_fen=None,
            )  # fmt: skip


def test_nobody_is_called_at_night(month: Month) -> None:
    make(month)
    line = month.lines()[0]
    for hour, minute in ((13, 0), (20, 0), (23, 59)):  # 21:00, 4:00 and 7:59 here
        with clock.frozen(FIRST.replace(hour=hour, minute=minute)):
            browser = month.browse(month.callers[0])
            answer = press(
                browser, f"/staff/payment-checks/lines/{line.id}", "/call", no_relative="y"
            )
        assert answer.status_code == 400
        assert "别打扰人家" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"answer": ""}, "请选一样"),
        ({"answer": "x"}, ""),
        ({"answer": "less", "amount": ""}, "比 30 元少"),
        ({"answer": "less", "amount": "30"}, "比 30 元少"),
        ({"answer": "less", "amount": "-1"}, "请填收到的钱数"),
        ({"answer": "less", "amount": "NaN"}, ""),
        ({"answer": "less", "amount": "x"}, "请填数字"),
    ],
)
def test_bad_answers_are_told_beside_the_field(month: Month, typed: Any, told: str) -> None:
    make(month)
    line = month.lines()[0]
    page = f"/staff/payment-checks/lines/{line.id}"
    caller = month.browse(month.callers[0])
    press(caller, page, "/call", no_relative="y")
    refused = press(caller, page, "/answer", **typed)
    assert refused.status_code == 400
    assert told in refused.get_data(as_text=True)
    assert month.lines()[0].answer is None


def test_a_no_is_told_on_and_looked_into_once(month: Month, monkeypatch: Any) -> None:
    make(month)
    told: list[Any] = []
    monkeypatch.setattr(
        events, "_reactions", {**events._reactions, events.PaymentDoubted: [
            lambda _session, _actor, event: told.append(event)]},
    )  # fmt: skip
    monkeypatch.setattr(
        events, "announce",
        lambda session, actor, event: sum(
            one(session, actor, event) or 0 for one in events._reactions.get(type(event), [])
        ),
    )  # fmt: skip
    lines = month.lines()
    month.ask(lines[0].id, Answer.NOT)
    month.ask(lines[1].id, Answer.LESS, 2000)
    month.ask(lines[2].id, Answer.LATE)
    assert [one.line_id for one in told] == [lines[0].id, lines[1].id]
    page = f"/staff/payment-checks/lines/{lines[0].id}"
    desk = month.browse(month.callers[1])
    assert "工钱没到、少了，要去查" in see(desk, "/staff/")
    with clock.frozen(FIRST + timedelta(days=8)):
        assert "过了日子" in see(month.browse(month.callers[1]), "/staff/payment-checks/")
    with pytest.raises(AppError, match="您付的"):
        month.world.do(
            month.world.payer, calling.resolve,
            line_id=lines[0].id, resolution=Resolution.CLEARED_UP, words="没事",
        )  # fmt: skip
    assert press(desk, page, "/resolve", resolution="paid_since", words="").status_code == 400
    done = press(desk, page, "/resolve", resolution="paid_since", words="补付了现金，本人签收")
    assert done.status_code == 303
    assert "补付了现金" in see(desk, page)
    with pytest.raises(Conflict):
        month.world.do(
            month.callers[0], calling.resolve,
            line_id=lines[0].id, resolution=Resolution.STANDS, words="再说",
        )  # fmt: skip
    assert "要去查" in see(desk, "/staff/")  # of the other one


def test_an_answer_stands_and_not_reached_is_asked_again(month: Month) -> None:
    make(month)
    first, second, third = month.lines()
    month.ask(first.id, Answer.NOT_REACHED)
    assert month.figures().reached == 0
    assert (month.figures().low, month.figures().share_of_sample) == (None, 0)
    month.ask(first.id, Answer.FULL, by=1)
    with pytest.raises(Conflict):
        month.ask(first.id, Answer.NOT)
    month.ask(second.id, Answer.NOT_REACHED)
    month.ask(third.id, Answer.LESS, 100)
    figures = month.figures()
    assert (figures.reached, figures.arrived) == (2, 1)
    assert figures.counts[Answer.NOT_REACHED] == 1
    assert figures.share_of_sample == pytest.approx(1 / 3)
    assert (figures.low, figures.high) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    page = see(month.browse(month.callers[0]), "/staff/payment-checks/")
    assert "至少有 33.3%" in page


def test_who_was_not_reached_in_time_stays_unpaid(month: Month, db: Database) -> None:
    make(month)
    first, second, _third = month.lines()
    month.ask(first.id, Answer.FULL)
    month.ask(second.id, Answer.NOT_REACHED)
    with clock.frozen(FIRST + timedelta(days=31)):
        assert scheduler.run_once(db, JOB)
        assert month.check().state is CheckState.DONE
        with pytest.raises(Conflict):
            month.ask(second.id, Answer.FULL)
        assert (month.figures().arrived, month.figures().share_of_sample) == (1, 1 / 3)
        assert verify.faults(db) == []


def test_a_household_reads_what_was_noted_for_it_alone(month: Month) -> None:
    make(month)
    month.ask(month.lines()[0].id, Answer.FULL)
    own, other = (month.browse(one) for one in month.world.families[:2])
    assert "收到了，数目对" in see(own, "/me/payment-checks/")
    assert "收到了，数目对" not in see(other, "/me/payment-checks/")
    assert "/me/payment-checks/" in see(own, "/me/piecework/passbook")


def settle_many(session: Session, count: int) -> None:
    """Write as many settlements of November; nothing but their number and month matters here."""
    line = session.exec(select(SettlementLine)).first()
    entry = session.get_one(LedgerEntry, line.entry_id)
    for number in range(count):
        run = SettlementRun(
            period_from=NOVEMBER.date(), period_to=NOVEMBER.date(), lines=1, gross_fen=100,
            deduction_fen=0, net_fen=100, made_at=NOVEMBER, idempotency_key=f"many-{number}",
        )  # fmt: skip
        own = LedgerEntry(
            order_id=entry.order_id, kind=EntryKind.SETTLE, at=NOVEMBER,
            idempotency_key=f"many-{number}",
        )  # fmt: skip
        session.add_all([run, own])
        session.flush()
        session.add(
            SettlementLine(
                run_id=run.id,
                household_id=line.household_id,
                assignment_id=line.assignment_id,
                gross_fen=100,
                deduction_fen=0,
                net_fen=100,
                entry_id=own.id,
            )
        )


def test_a_large_month_is_drawn_by_a_result_to_come(month: Month, write: Any) -> None:
    world = month.world
    with write() as session:
        settle_many(session, 77)
    check = make(month)
    assert (check.settled, check.sample, check.state) == (80, 44, CheckState.AWAITING)
    desk = month.browse(month.callers[0])
    assert "80 笔里抽 44 笔" in see(desk, "/staff/payment-checks/")
    with world.db.reader() as session:
        first = session.get_one(Draw, check.draw_id)
    assert first.list_hash == check.list_hash
    assert first.source_day == DRAWN.date()
    # A draw that is called off in time is begun anew, with the same settlements.
    world.do(month.callers[0], draws.cancel, draw_id=first.id, reason="打错了")
    check = month.check()
    assert check.draw_id != first.id
    assert not any(line.selected for line in month.lines())
    with clock.frozen(DRAWN):
        for actor in month.callers:
            world.do(
                actor, draws.type_seed,
                draw_id=check.draw_id, numbers="2 7 11 19 26 30 8", round_number=1,
            )  # fmt: skip
    assert month.check().state is CheckState.CALLING
    with world.db.reader() as session:
        drawn = draws_in_order(session, check)
    assert {line.code for line in month.lines() if line.selected} == set(drawn[:44])
    with clock.frozen(MORNING):
        chosen = next(line for line in month.lines() if line.selected)
        month.ask(chosen.id, Answer.FULL)
        left_out = next(line for line in month.lines() if not line.selected)
        assert desk.get(f"/staff/payment-checks/lines/{left_out.id}").status_code == 404
        with pytest.raises(AppError):
            month.ask(left_out.id, Answer.FULL)
        assert month.figures().low < 1
    assert "抽到的" in see(desk, f"/staff/payment-checks/{check.id}")
    for statement in (
        "UPDATE payment_check_line SET selected = TRUE",
        "UPDATE payment_check_line SET code = code",
        "UPDATE payment_check SET list_hash = list_hash",
    ):
        assert refused_by_database(world, statement), statement


def draws_in_order(session: Session, check: PaymentCheck) -> list[str]:
    draw = session.get_one(Draw, check.draw_id)
    return order.drawn_order(draw.seed, order.codes_in(draw.list_text))


def test_the_database_itself_holds_lists_answers_and_callers(month: Month) -> None:
    check = make(month)
    world, line = month.world, month.lines()[0]
    month.ask(line.id, Answer.NOT)
    month.world.do(
        month.callers[0], calling.resolve,
        line_id=line.id, resolution=Resolution.STANDS, words="再查",
    )  # fmt: skip
    call = (
        "INSERT INTO payment_call (line_id, caller_id, opened_at)"
        f" VALUES ({line.id}, {{}}, '2026-12-01 00:10:00.000000')"
    )
    for statement in (
        "UPDATE payment_check_line SET answer = 'full', due_on = NULL",
        "UPDATE payment_check_line SET answered_at = answered_at",
        "UPDATE payment_check_line SET resolution = 'paid_since'",
        "UPDATE payment_check_line SET settlement_line_id = settlement_line_id",
        "DELETE FROM payment_check_line",
        f"DELETE FROM payment_check WHERE id = {check.id}",
        "UPDATE payment_check SET sample = 1",
        "UPDATE payment_call SET answer = 'full'",
        "DELETE FROM payment_call",
        call.format(world.payer.account_id),
        call.format(world.staff.account_id),
    ):
        assert refused_by_database(world, statement), statement
    assert not refused_by_database(world, call.format(month.callers[1].account_id))
