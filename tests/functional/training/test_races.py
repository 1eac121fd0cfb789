"""Many at once at one course: threads against both databases, the clock running as it does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from tests.functional.racing import at_once
from tests.functional.training.world import World, make_world, meetings
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.training.lifecycle import EnrolmentState
from webapp.training.services import enrolments, runs

S = EnrolmentState


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    return make_world(app, db, learners=8, **in_time())


def in_time() -> dict[str, Any]:
    first = clock.now() + timedelta(days=30)
    return {"meetings": meetings(first), "enrol_until": clock.today() + timedelta(days=20)}


def enrol_in(run_id: int) -> Callable[[Session, Actor], Any]:
    return lambda session, actor: enrolments.enrol(
        session, actor, run_id=run_id, resident_id=actor.resident_id or 0
    )


def leave(enrolment_id: int) -> Callable[[Session, Actor], Any]:
    return lambda session, actor: enrolments.withdraw(session, actor, enrolment_id=enrolment_id)


def test_the_last_seat_by_many_at_once(world: World, app: Flask, db: Database) -> None:
    people = world.learners
    acts = [(one, enrol_in(world.run_id)) for one in (*people, people[0])]  # somebody taps twice
    assert at_once(app, db, *acts) == ["done"] * 9
    states = sorted(world.state(one) for one in people)
    assert states == [S.ACCEPTED] * 2 + [S.WAITING] * 6
    lines = sorted(world.enrolment(one).line for one in people if world.state(one) is S.WAITING)
    assert lines == [1, 2, 3, 4, 5, 6]
    # Both seats are given back in the same moment, twice each.
    seated = [one for one in people if world.state(one) is S.ACCEPTED]
    back = [(one, leave(world.enrolment(one).id)) for one in seated * 2]
    assert at_once(app, db, *back) == ["done"] * 4
    held = sorted(
        (world.enrolment(one).seat, world.state(one)) for one in people if world.enrolment(one).seat
    )
    assert held == [(1, S.OFFERED), (2, S.OFFERED)]
    with db.reader() as session:
        assert verify_chain(session) == []


def test_two_subsidised_courses_at_once_are_one(world: World, app: Flask, db: Database) -> None:
    me = world.learners[0]
    both = [
        world.post_course(title, subsidised=True, **in_time()).id for title in ("缝纫班", "月嫂班")
    ]
    assert at_once(app, db, *((me, enrol_in(id_)) for id_ in both)) == ["409", "done"]


def test_cancelling_while_people_enrol_and_leave(world: World, app: Flask, db: Database) -> None:
    first, second, third, *others = world.learners
    for one in (first, second, third):
        world.do(one, enrol_in(world.run_id))

    def cancel(session: Session, actor: Actor) -> None:
        runs.cancel_run(session, actor, run_id=world.run_id, reason="教室漏水")

    ended = at_once(
        app,
        db,
        (world.staff, cancel),
        (world.staff, cancel),
        (first, leave(world.enrolment(first).id)),
        *((one, enrol_in(world.run_id)) for one in others),
    )
    assert ended.count("409") >= 1  # of the two that cancel
    assert set(ended) <= {"done", "409", "410"}
    states = {world.state(one) for one in world.learners}
    assert states <= {S.APPLIED, S.WITHDRAWN, None}
