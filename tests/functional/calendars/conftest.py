"""A Tuesday that stands still, and a community with something on each of its days."""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from tests import factories
from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.vocabulary import Kind
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.residents.models import Household, Resident
from webapp.standing_services.lifecycle import AgreedHow, ServiceKind
from webapp.standing_services.models import StandingService
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.services import filing
from webapp.training.lifecycle import EnrolmentOrigin, EnrolmentState, RunState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun, CourseSeat
from webapp.training.models.enrolments import Enrolment, EnrolmentEvent
from webapp.trials.lifecycle import AgreementKind, Heard, InjuryCover, Party, TrialState
from webapp.trials.models import TrialDay

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=clock.LOCAL)
TODAY = NOW.date()


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> Iterator[World]:
    """One resident with an interview, an offer, a trial day and a visit; the branch's ticket."""
    with clock.frozen(NOW):
        found = make_world(db, write, sign_in, opening_address="含谷镇兴谷路9号")
        with write() as session:
            fill(session, found)
        yield found


def fill(session: Session, world: World, *, days: int = 2) -> None:
    """Add one of each kind, ``days`` from today."""
    staff = world.accounts["staff"]
    branch = session.get_one(Branch, staff.branch_id)
    branch.serves_all = True
    session.add(branch)
    resident = session.get_one(Resident, world.resident_id)
    home = session.get_one(Household, resident.household_id)
    home.responsible_id = staff.id
    session.add(home)

    def match(state: MatchState, **more: Any) -> Match:
        opening = factories.make_opening(
            session, employer_id=world.employer_id, address="含谷镇兴谷路9号"
        )
        return factories.make_match(
            session, resident_id=world.resident_id, opening_id=opening.id, state=state, **more
        )

    at = NOW + timedelta(days=days)
    match(MatchState.INTERVIEW, interview_at=at, interview_place="二楼")
    match(MatchState.OFFERED, offered_until=at.date())
    tried = match(MatchState.SEEN)
    session.add(
        TrialDay(
            match_id=tried.id, resident_id=world.resident_id,
            employer_id=factories.make_employer(session).id, state=TrialState.AGREED,
            proposed_by=Party.STAFF, first_day=at.date(), days=2, starts_at="08:30",
            ends_at="17:00", address="1号楼", contact="周店长", duties="打扫", pay_day_fen=12000,
            cover=InjuryCover.WORK_INJURY, agreement=AgreementKind.LABOUR, employer_agreed_at=NOW,
            employer_agreed_how=Heard.ONLINE, resident_agreed_at=NOW,
            resident_agreed_how=Heard.ONLINE, since=NOW, created_at=NOW,
        )
    )  # fmt: skip
    colleague = factories.make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
    session.add(
        StandingService(
            branch_id=staff.branch_id, kind=ServiceKind.REHABILITATION, owner_id=staff.id,
            backup_id=colleague.id, resident_id=world.resident_id, every_days=7,
            due_on=at.date(), next_on=at.date(), agreed_how=AgreedHow.PAPER, agreed_on=TODAY,
            idempotency_key=secrets.token_hex(16),
            created_by_id=staff.id, created_at=NOW,
        )
    )  # fmt: skip


def make_course(session: Session, world: World) -> int:
    """Give the resident a seat in a run that meets tomorrow and the day after; return its id."""
    opening = factories.make_opening(
        session, kind=Kind.COURSE, title="残疾人手工班", address="培训楼", employer_id=None
    )
    course = Course(opening_id=opening.id, created_at=NOW)
    session.add(course)
    session.flush()
    first = NOW + timedelta(days=1)
    run = CourseRun(
        course_id=course.id, number=1, state=RunState.ENROLLING, seats=5, room="三楼",
        starts_at=first, ends_at=first + timedelta(days=1, hours=2), enrol_until=TODAY,
        idempotency_key=secrets.token_hex(16), created_at=NOW,
    )  # fmt: skip
    session.add(run)
    session.flush()
    session.add(CourseSeat(run_id=run.id, number=1))
    for days in range(2):
        start = first + timedelta(days=days)
        session.add(
            ClassMeeting(run_id=run.id, starts_at=start, ends_at=start + timedelta(hours=2))
        )
    session.flush()
    enrolment = Enrolment(
        course_id=course.id, run_id=run.id, resident_id=world.resident_id,
        state=EnrolmentState.ACCEPTED, origin=next(iter(EnrolmentOrigin)), seat=1, since=NOW,
        created_at=NOW,
    )  # fmt: skip
    session.add(enrolment)
    session.flush()
    session.add(
        EnrolmentEvent(
            enrolment_id=enrolment.id, at=NOW, action="enrol", to_state="accepted", run_id=run.id
        )
    )
    return run.id


def make_ticket(session: Session, world: World, words: str, *, private: bool) -> None:
    """File something that is dispatched to the branch of the world's member."""
    filing.file_ticket(
        session, world.actor("resident"), words=words, channel=TicketChannel.WEB,
        is_private=private,
    )  # fmt: skip
