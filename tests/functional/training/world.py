"""A course with one run, staff to keep it, and people to learn it."""

import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlmodel import Session, col, select

from tests import factories
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.openings.fields import OpeningFields
from webapp.openings.models import Opening
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment, TrainingNews
from webapp.training.services import assessment, due, enrolments, orders, posting

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)  # a Tuesday
BEGINS = datetime(2026, 12, 8, 9, 0, tzinfo=clock.LOCAL)
IN_CLASS = BEGINS + timedelta(minutes=5)
OVER = BEGINS + timedelta(days=2, hours=3)
FIRST, LAST = date(2026, 12, 11), date(2026, 12, 31)  # of a promise
_numbers = itertools.count(1)

Write = Callable[[], AbstractContextManager[Session]]


def key() -> str:
    """Return a form's key that no other form has."""
    return f"{next(_numbers):032x}"


def meetings(first: datetime = BEGINS, count: int = 3, hours: int = 2) -> list[Any]:
    """Return (start, end) of meetings on days that follow each other."""
    starts = [first + timedelta(days=n) for n in range(count)]
    return [(start, start + timedelta(hours=hours)) for start in starts]


@dataclass
class World:
    """Ids of one course and its run; what is done goes through the real services."""

    app: Flask
    db: Database
    staff: Actor
    course_id: int
    run_id: int
    opening_id: int
    learners: list[Actor] = field(default_factory=list)

    def do(self, actor: Actor, verb: Callable[..., Any], **data: Any) -> Any:
        """Call a service in a transaction of its own."""
        with self.app.test_request_context(), self.db.transaction(actor) as session:
            return verb(session, actor, **data)

    def work(self, verb: Callable[[Session], int]) -> int:
        """Do a job's work."""
        with self.app.test_request_context(), self.db.transaction(SYSTEM) as session:
            return verb(session)

    def get(self, table: type[Any], id_: int) -> Any:
        """Return a row as it stands."""
        with self.db.reader() as session:
            return session.get_one(table, id_)

    def enrolment(self, learner: Actor, course_id: int | None = None) -> Enrolment | None:
        """Return a learner's newest enrolment in the course."""
        with self.db.reader() as session:
            return session.exec(
                select(Enrolment)
                .where(
                    Enrolment.resident_id == learner.resident_id,
                    Enrolment.course_id == (course_id or self.course_id),
                )
                .order_by(col(Enrolment.id).desc())
            ).first()

    def state(self, learner: Actor) -> EnrolmentState | None:
        """Return where a learner stands."""
        found = self.enrolment(learner)
        return found.state if found else None

    def news(self, learner: Actor) -> list[str]:
        """Return what a learner was told, in order."""
        with self.db.reader() as session:
            return list(
                session.exec(
                    select(TrainingNews.kind)
                    .join(Enrolment, col(Enrolment.id) == TrainingNews.enrolment_id)
                    .where(Enrolment.resident_id == learner.resident_id)
                    .order_by(col(TrainingNews.id))
                ).all()
            )

    def meetings(self, run_id: int | None = None) -> list[ClassMeeting]:
        """Return a run's meetings in order."""
        with self.db.reader() as session:
            return list(
                session.exec(
                    select(ClassMeeting)
                    .where(ClassMeeting.run_id == (run_id or self.run_id))
                    .order_by(col(ClassMeeting.starts_at))
                ).all()
            )

    def opening_of(self, course_id: int) -> Opening:
        """Return the opening of a course."""
        return self.get(Opening, self.get(Course, course_id).opening_id)

    def learner(self, **overrides: Any) -> Actor:
        """Return one more person, who can sign in."""
        with self.db.transaction(SYSTEM) as session:
            row = factories.make_resident(
                session, with_account=True, **{"available": [], **overrides}
            )
        actor = Actor(account_id=row.account_id, role=Role.RESIDENT, resident_id=row.id)
        self.learners.append(actor)
        return actor

    def account(self, actor: Actor) -> Account:
        """Return the account to sign in with."""
        return self.get(Account, actor.account_id or 0)

    def colleague(self) -> Actor:
        """Return another member of staff, who looks a second time."""
        with self.db.transaction(SYSTEM) as session:
            row = factories.make_account(session, role=Role.STAFF)
        return Actor(account_id=row.id, role=Role.STAFF, name=row.name, serves_all=True)

    def begin(self) -> None:
        """Let the run begin."""
        with clock.frozen(BEGINS):
            self.work(due.begin_due)

    def finish(self, learner: Actor, colleague: Actor, *, passed: bool = True) -> Any:
        """Type in somebody's result and have the other member confirm it."""
        typed = self.do(
            self.staff,
            assessment.enter,
            enrolment_id=self.enrolment(learner).id,
            passed=passed,
            trainer="何老师",
        )
        return self.do(colleague, assessment.confirm, assessment_id=typed.id)

    def post_course(self, title: str = "缝纫班", **run: Any) -> CourseRun:
        """Post another course with its first run; ``run`` overrides the terms of both."""
        terms = {name: run.pop(name) for name in ("subsidised", "papers", "fee_fen") if name in run}
        return self.do(
            self.staff,
            posting.post_course,
            fields=fields(title),
            terms=posting.CourseTerms(skills=["踩缝纫机"], **terms),
            run=run_terms(**run),
            idempotency_key=key(),
        )


def fields(title: str) -> OpeningFields:
    """Return what the opening of a course says."""
    return OpeningFields(
        title=title, description="穿线、走直线、锁边。", place=factories.PLACE, headcount=0
    )


def run_terms(**overrides: Any) -> posting.RunTerms:
    """Return a run of two seats that begins in two weeks."""
    values: dict[str, Any] = {
        "meetings": meetings(),
        "seats": 2,
        "room": "二楼教室",
        "trainer": "何老师",
        "enrol_until": (BEGINS - timedelta(days=1)).date(),
        "overlap_known": True,
    }
    return posting.RunTerms(**{**values, **overrides})


def make_world(
    app: Flask, db: Database, *, learners: int = 0, enrolled: bool = False, **course: Any
) -> World:
    """Return a world at :data:`NOON`; the caller holds the clock there.

    Its learners are ``enrolled`` in the run, or not yet.
    """
    with db.transaction(SYSTEM) as session:
        account = factories.make_account(session, role=Role.STAFF)
    staff = Actor(
        account_id=account.id,
        role=Role.STAFF,
        name=account.name,
        branch_id=account.branch_id,
        serves_all=True,
    )
    world = World(app, db, staff, 0, 0, 0)
    run = world.post_course("焊工取证班", **course)
    world.run_id, world.course_id = run.id, run.course_id
    world.opening_id = world.get(Course, run.course_id).opening_id
    for _number in range(learners):
        one = world.learner()
        if enrolled:
            world.do(one, enrolments.enrol, run_id=run.id, resident_id=one.resident_id)
    return world


@dataclass
class Firm:
    """An employer with an account and one opening of four places."""

    actor: Actor
    employer_id: int
    opening_id: int


def make_firm(session: Session, **opening: Any) -> Firm:
    """Return an employer that could promise places."""
    account = factories.make_account(session, role=Role.EMPLOYER)
    employer = factories.make_employer(session, member=account)
    values = {"title": "焊工", "headcount": 4, "valid_until": date(2027, 1, 15), **opening}
    row = factories.make_opening(session, employer_id=employer.id, **values)
    return Firm(factories.acting(account, employer_id=employer.id), employer.id, row.id)


def order_terms(firm: Firm, **overrides: Any) -> orders.OrderTerms:
    """Return what a firm promises to a course: two places, from its end to :data:`LAST`."""
    values = {"opening_id": firm.opening_id, "people": 2, "pay_fen": 450000,
              "start_from": FIRST, "start_until": LAST, **overrides}  # fmt: skip
    return orders.OrderTerms(**values)
