"""What staff see of training: all runs, one run's people, who has to be told what."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.core import clock
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.residents.queries import people_named
from webapp.rulebook.figures import rule
from webapp.training.lifecycle import (
    LIVE,
    NEWS_OF_STANDING,
    NEWS_REMINDING,
    OVER,
    SEATED,
    EnrolmentState,
    NewsKind,
    RunState,
)
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment, TrainingNews
from webapp.training.queries.runs import RunView, places_in_line, runs_of

GOING_ON = (RunState.DRAFT, RunState.ANNOUNCED, RunState.ENROLLING, RunState.RUNNING)
MOST_FOUND = 12


@dataclass(frozen=True)
class Learner:
    """One person of a run, as its list shows them; ``place`` is that in the waiting line."""

    enrolment: Enrolment
    resident_id: int
    name: str
    phone: str
    assisted: bool
    place: int


def runs_in_order(*, over: bool) -> Any:
    """Return the statement of runs with their titles: those to come, or those that are over."""
    begins = col(CourseRun.starts_at)
    going = col(CourseRun.state).in_(GOING_ON)
    return (
        select(col(CourseRun.id), col(Opening.title), col(CourseRun.course_id))
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(~going if over else going)
        .order_by(begins.desc() if over else begins, col(CourseRun.id))
    )


def views_by_id(session: Session, run_ids: list[int]) -> dict[int, RunView]:
    """Return run → view."""
    return {run.id: run for run in runs_of(session, run_ids=run_ids)}


def wished_courses(session: Session) -> list[Any]:
    """Return (course id, title, how many) of courses that people want and no run gives now."""
    takes = (
        select(col(CourseRun.id))
        .where(
            col(CourseRun.course_id) == col(Course.id),
            col(CourseRun.state).in_([RunState.ANNOUNCED, RunState.ENROLLING]),
            col(CourseRun.starts_at) > clock.now(),
        )
        .exists()
    )
    count = func.count(col(Enrolment.id))
    return list(
        session.execute(
            select(col(Course.id), col(Opening.title), count.label("wanting"))
            .join(Opening, col(Opening.id) == Course.opening_id)
            .join(Enrolment, col(Enrolment.course_id) == Course.id)
            .where(col(Enrolment.state) == EnrolmentState.APPLIED, ~takes)
            .group_by(col(Course.id), col(Opening.title))
            .order_by(count.desc(), col(Course.id))
            .limit(MOST_FOUND)
        )
    )


def learners(session: Session, run_id: int) -> list[Learner]:
    """Return who has a seat, by name, then who waits, in line; nobody who left.

    Who took their name back, dropped out or did not come stands on no list (refusal firewall).
    """
    shown = SEATED | {EnrolmentState.WAITING}
    rows = session.execute(
        select(
            Enrolment,
            col(Resident.id),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.account_id),
        )
        .join(Resident, col(Resident.id) == Enrolment.resident_id)
        .where(col(Enrolment.run_id) == run_id, col(Enrolment.state).in_(shown))
    ).all()
    places = places_in_line(session, [row[0] for row in rows])
    found = [
        Learner(enrolment, resident_id, name, phone or "", account_id is None,
                places.get(enrolment.id, 0))
        for enrolment, resident_id, name, phone, account_id in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.place, one.enrolment.seat or 0))


def people_to_add(session: Session, course_id: int, words: str) -> list[Any]:
    """Return (id, name, phone, there) of residents by part of a name or a whole number."""
    enrolled = exists().where(
        col(Enrolment.resident_id) == col(Resident.id),
        col(Enrolment.course_id) == course_id,
        col(Enrolment.state).in_(LIVE),
        col(Enrolment.run_id).is_not(None),
    )
    return people_named(session, words, is_there=enrolled, most=MOST_FOUND)


def to_tell() -> Any:
    """Return the statement of news for those who cannot sign in, the oldest first.

    Only what still holds: of where one stands the last word, no reminder of what has been, and
    of courses that are over how they ended.
    """
    later = aliased(TrainingNews)
    overtaken = exists().where(
        col(later.enrolment_id) == col(TrainingNews.enrolment_id),
        col(later.id) > col(TrainingNews.id),
        col(later.kind).in_(NEWS_OF_STANDING),
    )
    run_over = or_(
        col(CourseRun.ends_at) < clock.now(),
        col(CourseRun.state).in_([RunState.ASSESSED, RunState.CLOSED]),
    )
    passing = NEWS_OF_STANDING | NEWS_REMINDING | {NewsKind.MOVED}
    class_was = clock.now() - timedelta(hours=rule("training_remind_hours", on=clock.today()))
    kind = col(TrainingNews.kind)
    outdated = or_(
        and_(kind.in_(NEWS_OF_STANDING), overtaken),
        and_(kind.in_(passing), or_(col(Enrolment.state).in_(OVER), run_over)),
        and_(kind == NewsKind.CLASS, col(TrainingNews.at) < class_was),
        and_(
            kind == NewsKind.PAPERS,
            or_(col(Enrolment.papers_in_at).is_not(None), col(CourseRun.starts_at) < clock.now()),
        ),
    )
    return (
        select(
            col(TrainingNews.id),
            col(TrainingNews.text),
            col(TrainingNews.kind),
            col(TrainingNews.at),
            col(Resident.id).label("resident_id"),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.contact_note),
        )
        .join(Enrolment, col(Enrolment.id) == TrainingNews.enrolment_id)
        .join(Resident, col(Resident.id) == Enrolment.resident_id)
        .outerjoin(CourseRun, col(CourseRun.id) == Enrolment.run_id)
        .where(
            col(Resident.account_id).is_(None),
            col(TrainingNews.told_at).is_(None),
            ~func.coalesce(outdated, False),
        )
        .order_by(col(TrainingNews.id))
    )


def wanting(session: Session, course_id: int) -> int:
    """Return how many want to learn this and are in no run."""
    return session.execute(
        select(func.count(col(Enrolment.id))).where(
            col(Enrolment.course_id) == course_id, col(Enrolment.state) == EnrolmentState.APPLIED
        )
    ).scalar_one()


def wishing(session: Session, course_id: int) -> list[Any]:
    """Return (id, name, phone) of who wants to learn this and is in no run, the longest first."""
    return list(
        session.execute(
            select(col(Resident.id), col(Resident.name), col(Resident.phone))
            .join(Enrolment, col(Enrolment.resident_id) == Resident.id)
            .where(
                col(Enrolment.course_id) == course_id,
                col(Enrolment.state) == EnrolmentState.APPLIED,
            )
            .order_by(col(Enrolment.since), col(Enrolment.id))
            .limit(50)
        )
    )
