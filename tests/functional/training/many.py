"""Very many courses with people in them, written in bulk: what a list costs when it is long."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from tests import factories
from tests.functional.training.world import BEGINS
from webapp.core import clock
from webapp.core.vocabulary import Kind
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident
from webapp.training.lifecycle import EnrolmentOrigin, EnrolmentState, RunState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun, CourseSeat
from webapp.training.models.enrolments import Enrolment

SEATS = 45


def write_many(session: Session, *, courses: int, people: int, meetings: int = 5) -> list[int]:
    """Write so many courses, each with one run in which so many people have a seat.

    Returns the ids of the people. Each id is one more than the last, from above those in use.
    """
    example = factories.make_opening(session, kind=Kind.COURSE, title="课", employer_id=None)
    someone = factories.make_resident(session)
    course = _add(session, Course(opening_id=example.id, created_at=clock.now()))
    run = _add(session, CourseRun(**_run(course.id, 0)))
    first = {Opening: example.id, Course: course.id, CourseRun: run.id, Resident: someone.id}
    opening, household = _plain(example), session.get_one(Household, someone.household_id)
    home, person = _plain(household), _plain(someone)
    ids = {table: [id_ + n for n in range(1, courses + 1)] for table, id_ in first.items()}
    ids[Resident] = [someone.id + n for n in range(1, people + 1)]
    homes = [household.id + n for n in range(1, people + 1)]
    _write(session, Household, [
        {**home, "id": id_, "unit_address": f"多{id_}"} for id_ in homes
    ])  # fmt: skip
    _write(session, Resident, [
        {**person, "id": id_, "household_id": at, "name": f"学员{id_}"}
        for id_, at in zip(ids[Resident], homes, strict=True)
    ])  # fmt: skip
    _write(session, Opening, [
        {**opening, "id": id_, "title": f"课{n}"} for n, id_ in enumerate(ids[Opening])
    ])  # fmt: skip
    _write(session, Course, [
        {**_plain(course), "id": id_, "opening_id": at}
        for id_, at in zip(ids[Course], ids[Opening], strict=True)
    ])  # fmt: skip
    runs = list(zip(ids[CourseRun], ids[Course], strict=True))
    _write(session, CourseRun, [
        {**_plain(run), **_run(of, id_), "id": id_} for id_, of in runs
    ])  # fmt: skip
    _write(session, ClassMeeting, [
        {"run_id": id_, "starts_at": start, "ends_at": start + timedelta(hours=2)}
        for id_, _of in runs
        for start in (BEGINS + timedelta(days=7 * n) for n in range(meetings))
    ])  # fmt: skip
    _write(session, CourseSeat, [
        {"run_id": id_, "number": n} for id_, _of in runs for n in range(1, SEATS + 1)
    ])  # fmt: skip
    _write(session, Enrolment, [
        {"course_id": of, "run_id": id_, "resident_id": who, "seat": n, "since": clock.now(),
         "state": EnrolmentState.ACCEPTED, "origin": EnrolmentOrigin.SELF,
         "created_at": clock.now()}
        for id_, of in runs
        for n, who in enumerate(ids[Resident], 1)
    ])  # fmt: skip
    return ids[Resident]


def _run(course_id: int, number: int) -> dict[str, Any]:
    return {
        "course_id": course_id, "number": 1, "state": RunState.ENROLLING, "seats": SEATS,
        "starts_at": BEGINS, "ends_at": BEGINS + timedelta(days=40),
        "enrol_until": (BEGINS - timedelta(days=1)).date(),
        "idempotency_key": f"{0xAAAA000000 + number:032x}", "created_at": clock.now(),
    }  # fmt: skip


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def _plain(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(exclude={"id"})


def _write(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(table), rows)
