"""Two hundred courses of forty people: no list asks the database more often for it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import Session, col, select

from tests.functional.training.many import write_many
from tests.functional.training.test_pages import SignIn
from tests.functional.training.world import NOON, World, make_world
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.training.models.courses import CourseRun
from webapp.training.models.demand import CourseDemand, DemandGain
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import enrolments

COURSES, PEOPLE = 200, 40
MOST_QUERIES = 25
MOST_AT_HOME = 29  # one or two for each part in which a resident may wait for something


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with clock.frozen(NOON):
        yield make_world(app, db, learners=1)


def write_demand(session: Session, course_ids: list[int], people: list[int]) -> None:
    """Have each of the courses open something for everybody."""
    rows = [
        CourseDemand(
            key=f"course:{id_}", course_id=id_, title=f"课{id_}", people=len(people),
            unlocked_people=1, openings=1, places=1, placed=0, computed_at=clock.now(),
        )
        for id_ in course_ids
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    session.add_all(
        DemandGain(demand_id=row.id, resident_id=who, rank=n, unlocked=1, completed=0)
        for row in rows[:3]
        for n, who in enumerate(people, 1)
    )


def test_lists_stay_within_their_queries_at_200_courses_of_40_people(
    world: World, client: FlaskClient, sign_in: SignIn, db: Database
) -> None:
    me = world.learners[0]
    world.do(me, enrolments.enrol, run_id=world.run_id, resident_id=me.resident_id)
    with db.transaction(SYSTEM) as session:
        write_demand(session, [world.course_id], [me.resident_id or 0])
    staff, mine = sign_in(world.account(world.staff)), sign_in(world.account(me))
    pages = [
        (client, "/training/"),
        (client, "/training/?show=carers"),
        (client, f"/training/{world.course_id}"),
        (staff, "/staff/training/"),
        (staff, "/staff/training/demand"),
        (staff, f"/staff/training/runs/{world.run_id}"),
        (staff, f"/staff/training/runs/{world.run_id}/invite"),
        (mine, "/me/training/"),
        (mine, "/me/"),
    ]
    count = 0

    def note(*_given: Any) -> None:
        nonlocal count
        count += 1

    def counted() -> dict[str, int]:
        nonlocal count
        found = {}
        for browser, page in pages:
            count = 0
            assert browser.get(page).status_code == 200
            found[page] = count
        return found

    counted()  # what is read once in a process
    event.listen(db.read_engine, "before_cursor_execute", note)
    try:
        few = counted()
        with db.transaction(SYSTEM) as session:
            people = write_many(session, courses=COURSES, people=PEOPLE)
            runs = session.exec(
                select(CourseRun.id, CourseRun.course_id).where(CourseRun.id != world.run_id)
            ).all()
            # The one who looks is in very many, and forty people want the world's own run.
            for row in session.exec(
                select(Enrolment).where(Enrolment.resident_id == people[0])
            ).all():
                row.resident_id = me.resident_id or 0
            write_demand(session, [course_id for _run, course_id in runs], people)
            own = session.exec(
                select(CourseDemand.id).where(CourseDemand.course_id == world.course_id)
            ).one()
            session.add_all(
                DemandGain(demand_id=own, resident_id=who, rank=n, unlocked=1, completed=0)
                for n, who in enumerate(people, 2)
            )
        with db.reader() as session:
            written = len(session.exec(select(col(Enrolment.id))).all())
        assert written == COURSES * PEOPLE + 1
        many = counted()
    finally:
        event.remove(db.read_engine, "before_cursor_execute", note)
    for page, queries in many.items():
        assert queries <= few[page] + 4, (page, few[page], queries)
        most = MOST_AT_HOME if page == "/me/" else MOST_QUERIES
        assert queries <= most, (page, queries)
