"""Many at once at one course: threads against both databases, the clock running as it does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from tests.functional.racing import at_once
from tests.functional.training.world import (
    Firm,
    World,
    key,
    make_firm,
    make_world,
    meetings,
    order_terms,
    run_terms,
)
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.courses import CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.orders import TrainingOrder
from webapp.training.services import due, enrolments, orders, posting, runs

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


def test_employers_sign_at_once(world: World, app: Flask, db: Database) -> None:
    """Two sign for one course, one of them twice and for more places than the opening has."""
    with db.transaction(SYSTEM) as session:
        valid = clock.today() + timedelta(days=90)
        first, second = make_firm(session, valid_until=valid), make_firm(session, valid_until=valid)
    other = world.post_course("缝纫班", **in_time()).course_id
    window = {
        "start_from": clock.today() + timedelta(days=40),
        "start_until": clock.today() + timedelta(days=80),
    }

    def sign(firm: Firm, course_id: int, people: int) -> tuple[Actor, Callable[..., Any]]:
        return firm.actor, lambda session, actor: orders.sign(
            session, actor, course_id=course_id, terms=order_terms(firm, people=people, **window)
        )

    ended = at_once(
        app,
        db,
        sign(first, world.course_id, 3),
        sign(first, world.course_id, 3),  # the same promise, tapped twice
        sign(first, other, 3),  # the opening has four places
        sign(second, world.course_id, 4),
    )
    assert ended == ["400", "400", "done", "done"] or ended == ["400", "409", "done", "done"]
    with db.reader() as session:
        signed = session.exec(select(TrainingOrder.opening_id, TrainingOrder.people)).all()
    assert sorted(signed) == [(first.opening_id, 3), (second.opening_id, 4)]


def test_one_person_in_two_runs_of_a_course_at_once(world: World, app: Flask, db: Database) -> None:
    me = world.learners[0]
    second = world.do(
        world.staff, posting.add_run, course_id=world.course_id, run=run_terms(**in_time()),
        idempotency_key=key(),
    )  # fmt: skip
    acts = [(me, enrol_in(run_id)) for run_id in (world.run_id, second.id)] * 2
    ended = at_once(app, db, *acts)
    assert ended == ["409", "409", "done", "done"]  # the same run twice is the same seat
    with db.reader() as session:
        mine = select(Enrolment).where(Enrolment.resident_id == me.resident_id)
        assert len(session.exec(mine).all()) == 1


@pytest.mark.parametrize("called_off", [False, True])
def test_an_offer_runs_out_while_it_is_answered(
    world: World, app: Flask, db: Database, called_off: bool
) -> None:
    """The person gives it back, the job passes it on twice; or the run is called off."""
    people = world.learners[:5]
    for one in people:
        world.do(one, enrol_in(world.run_id))
    first, _second, asked, following, last = people
    world.do(first, leave(world.enrolment(first).id))
    offered = world.enrolment(asked)
    assert offered.state is S.OFFERED

    def pass_on(session: Session, _actor: Actor) -> None:
        due.lapse_offers(session)

    def cancel(session: Session, actor: Actor) -> None:
        runs.cancel_run(session, actor, run_id=world.run_id, reason="教室漏水")

    def accept(session: Session, actor: Actor) -> None:
        enrolments.accept_offer(session, actor, enrolment_id=offered.id)

    acts = [(asked, leave(offered.id)), (asked, accept), (SYSTEM, pass_on), (SYSTEM, pass_on)]
    with clock.frozen(offered.offered_until):
        ended = at_once(app, db, *acts, *([(world.staff, cancel)] if called_off else []))
    assert set(ended) <= {"done", "409", "410"}  # who waited while it moved on is told so
    assert world.state(asked) in {S.WITHDRAWN, S.APPLIED}  # too late for a yes
    states = [world.state(following), world.state(last)]
    assert states == ([S.APPLIED] * 2 if called_off else [S.OFFERED, S.WAITING])
    with db.reader() as session:
        taken = select(Enrolment.seat).where(
            Enrolment.run_id == world.run_id, col(Enrolment.seat).is_not(None)
        )
        assert sorted(session.exec(taken).all()) == ([] if called_off else [1, 2])
        assert verify_chain(session) == []


def test_places_are_changed_while_people_enrol_and_leave(
    world: World, app: Flask, db: Database
) -> None:
    """Whatever comes first, no more people than places, and nobody waits beside a free one."""
    for one in world.learners[:4]:
        world.do(one, enrol_in(world.run_id))

    def places(number: int) -> Callable[[Session, Actor], Any]:
        run = world.get(CourseRun, world.run_id)
        change = runs.Change({}, run.room, run.trainer, number, "", overlap_known=True)
        return lambda session, actor: runs.change_run(
            session, actor, run_id=world.run_id, change=change
        )

    leaving = [(one, leave(world.enrolment(one).id)) for one in world.learners[:2]]
    coming = [(one, enrol_in(world.run_id)) for one in world.learners[4:]]
    ended = at_once(app, db, *leaving, (world.staff, places(3)), (world.staff, places(1)), *coming)
    assert set(ended) <= {"done", "400"}  # fewer than are taken is refused
    with db.reader() as session:
        rows = session.exec(select(Enrolment).where(Enrolment.run_id == world.run_id)).all()
        number = session.get_one(CourseRun, world.run_id).seats
    seats = [row.seat for row in rows if row.seat is not None]
    waiting = [row for row in rows if row.state is S.WAITING]
    assert len(seats) == len(set(seats)) <= number
    assert len(seats) == number or not waiting
    has_seat = [world.enrolment(one).seat is not None for one in world.learners[2:]]
    assert has_seat[0] >= has_seat[1] >= max(has_seat[2:])  # who waited first is asked first
