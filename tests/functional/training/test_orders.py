"""Promises of employers to a course: signed, shown, put first for who passes, counted, ended."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from tests import factories
from tests.forms import press, submit
from tests.functional.training.test_pages import SignIn, see
from tests.functional.training.world import (
    FIRST,
    LAST,
    NOON,
    OVER,
    Firm,
    World,
    make_firm,
    make_world,
    order_terms,
)
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden
from webapp.employers.services import checks
from webapp.employment.lifecycle import Evidence, Origin, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.matches.lifecycle import MatchOrigin, MatchState
from webapp.matches.models import Match
from webapp.openings.services import editing
from webapp.training.lifecycle import OrderCause, OrderState
from webapp.training.models.orders import TrainingOrder
from webapp.training.queries import orders as queries
from webapp.training.services import orders

LATER = clock.end_of_day(LAST) + timedelta(hours=12)
Do = Callable[..., Any]


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """Two people in a run that has not begun."""
    with clock.frozen(NOON):
        return make_world(app, db, learners=2, enrolled=True)


@pytest.fixture
def firm(db: Database, world: World) -> Firm:
    with clock.frozen(NOON), db.transaction(SYSTEM) as session:
        return make_firm(session)


@pytest.fixture
def colleague(world: World) -> Actor:
    return world.colleague()


def sign(world: World, firm: Firm, **overrides: Any) -> TrainingOrder:
    with clock.frozen(NOON):
        return world.do(
            firm.actor, orders.sign, course_id=world.course_id, terms=order_terms(firm, **overrides)
        )


def finish(world: World, colleague: Actor, *who: Actor, passed: bool = True) -> None:
    """Hold the run to its end, and have these people pass."""
    world.begin()
    with clock.frozen(OVER):
        for one in who:
            world.finish(one, colleague, passed=passed)


def matches(world: World, who: Actor) -> list[Match]:
    with world.db.reader() as session:
        query = select(Match).where(Match.resident_id == who.resident_id).order_by(col(Match.id))
        return list(session.exec(query))


def hire(world: World, who: Actor, firm: Firm, starts_on: date = FIRST) -> None:
    """Write the hire of somebody as the match and the spell keep it."""
    with clock.frozen(OVER), world.db.transaction(SYSTEM) as session:
        found = session.exec(
            select(Match).where(
                Match.resident_id == who.resident_id, Match.opening_id == firm.opening_id
            )
        ).one()
        found.state, found.start_date = MatchState.HIRED, starts_on
        session.flush()
        factories.make_spell(
            session, resident_id=who.resident_id, kind=SpellKind.FOUND_HERE, starts_on=starts_on,
            evidence=Evidence.CONTRACT, origin=Origin.HIRE, match_id=found.id,
        )  # fmt: skip


def test_an_employer_signs_and_everybody_sees_it(
    world: World, firm: Firm, client: FlaskClient, sign_in: SignIn
) -> None:
    with clock.frozen(NOON):
        boss = sign_in(world.account(firm.actor))
        assert "焊工取证班" in see(boss, "/employer/training/")
        page = f"/employer/training/{world.course_id}/sign"
        assert f'href="{page}"' in boss.get(f"/training/{world.course_id}").get_data(as_text=True)
        fields = {"opening_id": firm.opening_id, "people": 3, "pay": "4500",
                  "start_from": "2026-12-11", "start_until": "2026-12-31",
                  "conditions": "要能上晚班"}  # fmt: skip
        for name, wrong, says in (
            ("people", "5", "还能说给 4 个人"),
            ("people", "0", "请填 1 到 200"),
            ("people", "三", "请填整数"),
            ("pay", "2000", "不能说得更低"),
            ("start_from", "2026-11-01", "这一天已经过了"),
            ("start_until", "2026-12-09", "要在前面那天以后"),
            ("start_until", "2028-12-09", "最多说到一年以后"),
            ("conditions", "要交押金200元", "押金"),
            ("opening_id", "999999", "Not a valid choice"),
        ):
            said = press(boss, page, **{**fields, name: wrong})
            assert said.status_code == 400, name
            if name != "opening_id":
                assert says in said.get_data(as_text=True), name
        early = press(boss, page, **{**fields, "start_from": "2026-12-01",
                                     "start_until": "2026-12-05"})  # fmt: skip
        assert "才上完" in early.get_data(as_text=True)
        with world.db.reader() as session:
            assert session.exec(select(TrainingOrder)).first() is None
        assert press(boss, page, **fields).status_code == 303
        public = see(client, f"/training/{world.course_id}")
        for words in ("1 家单位说好要 3 个人", "4,500 元/月", "要能上晚班", "头一回说好要人"):
            assert words in public
        staff = sign_in(world.account(world.staff))
        assert "要 3 个人" in see(staff, "/staff/training/orders")
        assert "要 3 个人" in see(staff, f"/staff/training/{world.course_id}")


def test_what_cannot_be_promised(world: World, firm: Firm, db: Database, sign_in: SignIn) -> None:
    order = sign(world, firm)
    with pytest.raises(Conflict, match="已经给这门课说好了"):
        sign(world, firm)
    with clock.frozen(NOON):
        other = world.post_course("缝纫班")
        with pytest.raises(Exception, match="还能说给 2 个人"):  # two of four are promised
            world.do(firm.actor, orders.sign, course_id=other.course_id,
                     terms=order_terms(firm, people=3))  # fmt: skip
        with db.transaction(SYSTEM) as session:
            stranger = make_firm(session)
        for who in (world.staff, world.learners[0]):
            with pytest.raises(Forbidden):
                world.do(who, orders.sign, course_id=world.course_id, terms=order_terms(firm))
        boss = sign_in(world.account(stranger.actor))
        see(boss, f"/employer/training/orders/{order.id}/withdraw", 404)
        see(boss, "/employer/training/999999/sign", 404)
    with pytest.raises(DBAPIError), db.transaction(SYSTEM) as session:
        session.execute(text("UPDATE training_order SET people = 1"))


def test_who_passes_is_put_first_and_staff_confirm(
    world: World, firm: Firm, colleague: Actor
) -> None:
    sign(world, firm)
    passed, failed = world.learners
    finish(world, colleague, passed)
    finish(world, colleague, failed, passed=False)
    (match,) = matches(world, passed)
    assert (match.state, match.origin) == (MatchState.SUGGESTED, MatchOrigin.EMPLOYER)
    assert (match.opening_id, match.position) == (firm.opening_id, 1)
    assert match.reasons[0]["text"].startswith("学完了「焊工取证班」，")
    assert "说好要 2 个学完的人" in match.reasons[0]["text"]
    assert matches(world, failed) == []


def test_a_promise_that_cannot_be_kept_puts_nobody_first(
    world: World, firm: Firm, colleague: Actor, db: Database
) -> None:
    sign(world, firm)
    with clock.frozen(NOON), db.transaction(SYSTEM) as session:
        gone = make_firm(session, title="电焊学徒")
    sign(world, gone)
    with clock.frozen(NOON):
        world.do(gone.actor, editing.close_opening, opening_id=gone.opening_id)
    finish(world, colleague, world.learners[0])
    assert [one.opening_id for one in matches(world, world.learners[0])] == [firm.opening_id]


def test_a_promise_withdrawn_is_told_and_forgotten(
    world: World, firm: Firm, colleague: Actor, client: FlaskClient, sign_in: SignIn
) -> None:
    order = sign(world, firm)
    finish(world, colleague, world.learners[0])
    with clock.frozen(OVER):
        boss = sign_in(world.account(firm.actor))
        page = f"/employer/training/orders/{order.id}/withdraw"
        assert press(boss, page, reason="").status_code == 400
        assert press(boss, page, reason="订单少了一半").status_code == 303
        assert matches(world, world.learners[0]) == []
        assert "order" in world.news(world.learners[0])
        me = sign_in(world.account(world.learners[1]))
        assert "因为：订单少了一半" in see(me, "/me/training/")
        assert "说好要" not in see(client, f"/training/{world.course_id}")
        again = press(boss, page, reason="再收一次")
        assert again.status_code == 409
        with world.db.reader() as session:
            record = queries.records_of(session, [firm.employer_id])[firm.employer_id]
        assert (record.promised, record.passed, record.hired) == (2, 1, 0)
        assert "收回过 1 次" in record.words


@pytest.mark.parametrize(
    ("hires", "people", "outcome"),
    [(0, 2, OrderState.NOT_KEPT), (1, 2, OrderState.PARTLY), (2, 2, OrderState.KEPT),
     (2, 4, OrderState.KEPT)],
)  # fmt: skip
def test_kept_is_counted_from_spells(
    world: World, firm: Firm, colleague: Actor, sign_in: SignIn, client: FlaskClient,
    hires: int, people: int, outcome: OrderState,
) -> None:  # fmt: skip
    order = sign(world, firm, people=people)
    finish(world, colleague, *world.learners)
    for one in world.learners[:hires]:
        hire(world, one, firm)
    page = f"/staff/training/orders/{order.id}/settle"
    if outcome is not OrderState.KEPT:
        with clock.frozen(OVER):
            browser = sign_in(world.account(world.staff))
            assert "过了再结" in see(browser, page)
            early = submit(browser, page, {"cause": "employer_chose"}, page="/staff/training/new")
            assert early.status_code == 409
    with clock.frozen(LATER):
        staff = sign_in(world.account(world.staff))
        assert "说好的日子过了" in see(staff, "/staff/training/orders")
        assert "1 条要看" in see(staff, "/staff/training/")
        assert f"学完 2 人，招了 {hires} 人：{outcome.label}" in see(staff, page)
        if outcome is not OrderState.KEPT:
            assert press(staff, page).status_code == 400
        assert press(staff, page, **(
            {} if outcome is OrderState.KEPT else {"cause": "employer_chose"}
        )).status_code == 303  # fmt: skip
        done = world.get(TrainingOrder, order.id)
        assert done.state is outcome
        assert done.cause is (None if outcome is OrderState.KEPT else OrderCause.EMPLOYER_CHOSE)
        # The next promise shows what became of the last.
        with world.db.transaction(SYSTEM) as session:
            make_again(session, order)
        public = see(client, f"/training/{world.course_id}")
        # Two learners: what became of them would name them, so promises are counted.
        assert f"以前说好 {people} 人，{outcome.label} 1 次" in public
        assert "学完 2 人" not in public
        assert ("单位没有要学完的人" in public) == (outcome is not OrderState.KEPT)


def make_again(session: Session, order: TrainingOrder) -> None:
    """Have the same employer promise once more."""
    values = order.model_dump(exclude={"id", "state"})
    values.update(signed_at=clock.now(), start_from=clock.today(),
                  start_until=clock.today() + timedelta(days=20))  # fmt: skip
    session.add(TrainingOrder(state=OrderState.SIGNED, **values))


def test_a_hire_undone_or_of_somebody_else_does_not_count(
    world: World, firm: Firm, colleague: Actor, db: Database
) -> None:
    order = sign(world, firm)
    finish(world, colleague, *world.learners)
    hire(world, world.learners[0], firm)
    hire(world, world.learners[1], firm, starts_on=LAST)  # said, not begun
    with clock.frozen(OVER + timedelta(days=2)), db.transaction(SYSTEM) as session:
        factories.make_match(
            session, opening_id=firm.opening_id, state=MatchState.HIRED, start_date=FIRST
        )
        mine = session.get_one(TrainingOrder, order.id)
        assert queries.kept_counts(session, [mine])[order.id] == (2, 1)
        for spell in session.exec(select(EmploymentSpell)):
            spell.withdrawn_at, spell.withdrawn_reason = clock.now(), "弄错了"
        session.flush()
        assert queries.kept_counts(session, [mine])[order.id] == (2, 0)


def test_an_employer_that_is_gone_is_put_before_staff_and_learners_are_told(
    world: World, firm: Firm, client: FlaskClient, sign_in: SignIn
) -> None:
    sign(world, firm)
    with clock.frozen(NOON + timedelta(days=1)):
        staff = sign_in(world.account(world.staff))
        assert "条要看" not in see(staff, "/staff/training/")
        world.do(world.staff, checks.close_employer, employer_id=firm.employer_id,
                 reason="老板回老家了")  # fmt: skip
        assert "1 条要看" in see(staff, "/staff/training/")
        assert "单位现在是「已注销」" in see(staff, "/staff/training/orders")
        assert "说好要" not in see(client, f"/training/{world.course_id}")
        for one in world.learners:  # told once, though the opening was closed with it
            assert world.news(one).count("order") == 1
        assert "现在招不了人" in see(sign_in(world.account(world.learners[0])), "/me/training/")
