"""Invitations of the demo: to one open run, some answered; through the real services."""

from datetime import timedelta

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.errors import AppError
from webapp.demo.act_as import act_as
from webapp.demo.training import FIRST, LICENCE, staff_actor
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training.lifecycle import RunState
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.queries.candidates import candidates, invitable
from webapp.training.services import clashes, enrolments, invitations

_ASKED, _COME, _NOT = 8, 3, 2


def write(session: Session) -> None:
    """Invite those who gain most by the licence course; called once, in one transaction."""
    found = session.exec(
        select(CourseRun, Course)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(Opening.title == LICENCE, CourseRun.state == RunState.ENROLLING)
    ).first()
    if found is None:
        return
    run, course = found
    staff = staff_actor(session)
    run_id, course_id = run.id, course.id
    listed = candidates(session, course, run, free=run.seats)
    chosen = [one.resident_id for one in listed.people if not one.against][:_ASKED]
    with act_as(session, staff, clock.now() - timedelta(days=1, hours=2)):
        invited = invitations.invite(session, staff, run_id=run_id, resident_ids=chosen)
    for number, resident_id in enumerate(invited[: _COME + _NOT]):
        account_id = session.get_one(Resident, resident_id).account_id
        own = Actor(account_id=account_id, role=Role.RESIDENT, resident_id=resident_id)
        who = own if account_id else staff
        moment = clock.now() - timedelta(hours=20 - 2 * number)
        try:
            with act_as(session, who, moment):
                if number < _COME:
                    enrolments.enrol(session, who, run_id=run_id, resident_id=resident_id)
                    continue
                enrolment_id = session.exec(
                    select(Enrolment.id).where(
                        Enrolment.resident_id == resident_id, Enrolment.course_id == course_id
                    )
                ).one()
                invitations.not_this_time(session, who, enrolment_id=enrolment_id)
        except AppError:  # whose number is not proven: they have not answered yet
            continue
    _ask_first(session, staff)


def _ask_first(session: Session, staff: Actor) -> None:
    """Invite the resident of the first login to a course they can come to; not yet answered."""
    mine = session.exec(
        select(Resident.id)
        .join(Account, col(Account.id) == Resident.account_id)
        .where(Account.phone == FIRST)
    ).one()
    rows = session.exec(
        select(CourseRun, Course)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .where(CourseRun.state == RunState.ENROLLING, col(Course.subsidised).is_(False))
        .order_by(col(CourseRun.id))
    ).all()
    for run, course in rows:
        fits = not clashes.clashes_of(session, mine, run.id)
        if fits and invitable(session, course, run, [mine]):
            with act_as(session, staff, clock.now() - timedelta(hours=5)):
                invitations.invite(session, staff, run_id=run.id, resident_ids=[mine])
            return
