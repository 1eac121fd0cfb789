"""What the clock does to courses and promises: each deadline just before it and at it.

Offers of seats, the night, the opening of runs and late marks stand with what they belong to, in
`test_enrolments.py` and `test_results.py`.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from tests.functional.training.world import (
    BEGINS,
    FIRST,
    LAST,
    NOON,
    World,
    make_firm,
    make_world,
    meetings,
    order_terms,
)
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, Gone
from webapp.matches.models import Match
from webapp.training.lifecycle import EnrolmentState, OrderCause, OrderState, RunState
from webapp.training.models.courses import CourseRun
from webapp.training.services import assessment, due, enrolments, orders, promised, reminders

S = EnrolmentState
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """Two people in a run of three days in a row, for which papers are asked."""
    with clock.frozen(NOON):
        return make_world(app, db, learners=2, enrolled=True, papers=["身份证复印件"])


def at(moment: datetime) -> Any:
    return clock.frozen(moment)


def test_the_last_day_to_enrol(world: World) -> None:
    with at(NOON):
        run = world.post_course("缝纫班", enrol_until=(BEGINS - 2 * DAY).date())
    me, other = world.learners
    over = clock.end_of_day((BEGINS - 2 * DAY).date())
    with at(over - MINUTE):
        world.do(me, enrolments.enrol, run_id=run.id, resident_id=me.resident_id)
    with at(over), pytest.raises(Gone):
        world.do(other, enrolments.enrol, run_id=run.id, resident_id=other.resident_id)


def test_a_run_begins_with_its_first_class(world: World) -> None:
    with at(BEGINS - MINUTE):
        assert world.work(due.begin_due) == 0
        assert world.state(world.learners[0]) is S.ACCEPTED
    with at(BEGINS):
        assert world.work(due.begin_due) == 1
    assert world.get(CourseRun, world.run_id).state is RunState.RUNNING


def told(world: World, moment: datetime) -> list[str]:
    """Let the job remind at a moment; return what the first learner was told then."""
    before = len(world.news(world.learners[0]))
    with at(moment):
        world.work(reminders.remind)
    return world.news(world.learners[0])[before:]


def test_a_class_is_reminded_of_a_day_before_and_not_each_day(world: World) -> None:
    assert "class" not in told(world, BEGINS - DAY - MINUTE)
    assert told(world, BEGINS - DAY) == ["class", "papers"]
    assert told(world, BEGINS - DAY + timedelta(hours=2)) == []
    world.begin()
    assert told(world, BEGINS + timedelta(hours=3)) == []  # tomorrow is the second of three days


def test_after_a_pause_a_class_is_reminded_of_again(app: Flask, db: Database) -> None:
    later = BEGINS + 7 * DAY
    with at(NOON):
        days = [*meetings(), *meetings(later, 1)]
        world = make_world(app, db, learners=1, enrolled=True, meetings=days)
    world.begin()
    assert told(world, later - DAY - MINUTE) == []
    assert told(world, later - DAY) == ["class"]


def test_a_reminder_waits_for_the_morning(app: Flask, db: Database) -> None:
    early = BEGINS.replace(hour=6)
    with at(NOON):
        world = make_world(app, db, learners=1, enrolled=True, meetings=meetings(early))
    assert told(world, early - DAY) == []
    assert told(world, (early - DAY).replace(hour=8)) == ["class"]


def test_papers_are_asked_for_three_days_before_and_on_the_last(world: World) -> None:
    assert told(world, BEGINS - 3 * DAY - MINUTE) == []
    assert told(world, BEGINS - 3 * DAY) == ["papers"]
    assert told(world, BEGINS - 2 * DAY) == []
    assert told(world, BEGINS - DAY) == ["class", "papers"]
    world.begin()
    assert told(world, BEGINS + MINUTE) == []


def test_a_result_from_the_last_class_on(world: World) -> None:
    world.begin()
    last = world.meetings()[-1].starts_at
    typed = {"enrolment_id": world.enrolment(world.learners[0]).id, "passed": True, "trainer": "何"}
    with at(last - MINUTE), pytest.raises(Conflict, match="还没有上完"):
        world.do(world.staff, assessment.enter, **typed)
    with at(last):
        assert world.do(world.staff, assessment.enter, **typed).passed


def test_a_promise_is_for_a_window_of_days(world: World, db: Database) -> None:
    with at(NOON), db.transaction(SYSTEM) as session:
        firm = make_firm(session)
    today = NOON.date()
    ahead = today + timedelta(days=orders.LONGEST_DAYS)
    for start, until, field in (
        (today - DAY, LAST, "start_from"),
        (FIRST, ahead + DAY, "start_until"),
        (FIRST, FIRST - DAY, "start_until"),
        (today, (BEGINS + DAY).date(), "start_until"),  # the course is not over then
    ):
        terms = order_terms(firm, start_from=start, start_until=until)
        with at(NOON), pytest.raises(BadField) as refused:
            world.do(firm.actor, orders.sign, course_id=world.course_id, terms=terms)
        assert refused.value.field == field
    terms = order_terms(firm, start_from=today, start_until=ahead)
    with at(NOON):
        assert world.do(firm.actor, orders.sign, course_id=world.course_id, terms=terms).id


def test_a_promise_counts_to_its_last_day_and_is_settled_after(
    world: World, db: Database, app: Flask
) -> None:
    with at(NOON):
        with db.transaction(SYSTEM) as session:
            firms = [make_firm(session) for _ in range(2)]
        for firm in firms:
            order = world.do(
                firm.actor, orders.sign, course_id=world.course_id, terms=order_terms(firm)
            )
    world.begin()
    colleague, (me, other) = world.colleague(), world.learners
    over = clock.end_of_day(LAST)
    settle = {"order_id": order.id, "cause": OrderCause.NO_AGREEMENT}
    with at(over - MINUTE):
        world.finish(me, colleague)  # the first who passes, on the last day
        assert suggested(world, me) == 2
        with pytest.raises(Conflict, match="日子还没有过"):
            world.do(world.staff, orders.settle, **settle)
    with at(over):
        world.finish(other, colleague)
        assert suggested(world, other) == 0
        assert world.do(world.staff, orders.settle, **settle).state is OrderState.NOT_KEPT


def suggested(world: World, who: Any) -> int:
    with world.db.reader() as session:
        query = select(Match).where(Match.resident_id == who.resident_id)
        return sum(one.reasons[0]["code"] == promised.REASON for one in session.exec(query))
