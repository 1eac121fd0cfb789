"""A class meeting's list, and what of a run waits for a second member."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.errors import NotFound
from webapp.core.formatting import short_name
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.devices import AttendanceGrant
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Assessment, Attendance, Certificate

_LISTED = (
    EnrolmentState.ACCEPTED,
    EnrolmentState.ATTENDING,
    EnrolmentState.PASSED,
    EnrolmentState.NOT_PASSED,
)


@dataclass(frozen=True)
class ListedPerson:
    """One person of a meeting's list; ``by`` made the mark, on ``holder``'s telephone."""

    enrolment: Enrolment
    name: str
    mark: Any
    by: str | None
    holder: str | None

    @property
    def is_in_class(self) -> bool:
        """Whether they may be marked now."""
        return self.enrolment.state in {EnrolmentState.ACCEPTED, EnrolmentState.ATTENDING}

    @property
    def waits(self) -> bool:
        """Whether the mark counts only once another member has looked at it."""
        return self.mark is not None and self.mark.is_late and self.mark.seen_at is None

    @property
    def short(self) -> str:
        """The name as it may leave the house."""
        return short_name(self.name)


@dataclass(frozen=True)
class ClassList:
    """One meeting with the people of its run."""

    meeting: ClassMeeting
    run: CourseRun
    title: str
    people: list[ListedPerson]

    @property
    def unmarked(self) -> int:
        """How many have no mark yet."""
        return sum(one.mark is None for one in self.people)

    def late_of_others(self, account_id: int | None) -> int:
        """Return how many late marks wait for a look of this member: none of their own."""
        return sum(one.waits and one.mark.marked_by_id != account_id for one in self.people)


def class_list(session: Session, meeting_id: int) -> ClassList:
    """Return the list of a meeting, in the order of the seats; raise :class:`NotFound` for none."""
    found = session.execute(
        select(ClassMeeting, CourseRun, col(Opening.title))
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(col(ClassMeeting.id) == meeting_id)
    ).first()
    if found is None:
        raise NotFound
    meeting, run, title = found
    people = session.execute(
        select(
            Enrolment,
            col(Resident.name),
            Attendance,
            col(Account.name),
            col(AttendanceGrant.holder),
        )
        .join(Resident, col(Resident.id) == Enrolment.resident_id)
        .outerjoin(
            Attendance,
            (col(Attendance.enrolment_id) == col(Enrolment.id))
            & (col(Attendance.meeting_id) == meeting_id),
        )
        .outerjoin(Account, col(Account.id) == Attendance.marked_by_id)
        .outerjoin(AttendanceGrant, col(AttendanceGrant.id) == Attendance.grant_id)
        .where(col(Enrolment.run_id) == run.id, col(Enrolment.state).in_(_LISTED))
        .order_by(col(Enrolment.seat))
    ).all()
    return ClassList(meeting, run, title, [ListedPerson(*row) for row in people])


def meetings_of(session: Session, run_id: int) -> list[ClassMeeting]:
    """Return a run's meetings in order."""
    return list(
        session.scalars(
            select(ClassMeeting)
            .where(col(ClassMeeting.run_id) == run_id)
            .order_by(col(ClassMeeting.starts_at))
        )
    )


def results_of(session: Session, run_id: int) -> dict[int, tuple[Any, Any]]:
    """Return enrolment → (result typed in, certificate) of a run."""
    rows = session.execute(
        select(col(Enrolment.id), Assessment, Certificate)
        .outerjoin(Assessment, col(Assessment.enrolment_id) == Enrolment.id)
        .outerjoin(Certificate, col(Certificate.enrolment_id) == Enrolment.id)
        .where(col(Enrolment.run_id) == run_id)
    )
    return {enrolment_id: (result, paper) for enrolment_id, result, paper in rows}


def certificates_of(session: Session, resident_id: int) -> dict[int, Certificate]:
    """Return enrolment → certificate of one person."""
    rows = session.scalars(
        select(Certificate)
        .join(Enrolment, col(Enrolment.id) == Certificate.enrolment_id)
        .where(col(Enrolment.resident_id) == resident_id)
    )
    return {row.enrolment_id: row for row in rows}
