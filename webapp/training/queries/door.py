"""What a learner shows at the door: the code of a meeting that is on now."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.openings.models import Opening
from webapp.training.lifecycle import WAS_THERE, RunState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Attendance
from webapp.training.services import codes
from webapp.training.services.attendance import EARLY, IN_CLASS
from webapp.training.words import meeting_words, run_title


@dataclass(frozen=True)
class DoorCode:
    """A person's code for one meeting; ``is_there``: they are marked as present."""

    meeting_id: int
    title: str
    when: str
    code: str
    is_there: bool

    @property
    def spaced(self) -> str:
        """The code as it is read aloud: 「4821 7730」."""
        return f"{self.code[:4]} {self.code[4:]}"


def door_codes(session: Session, resident_id: int) -> list[DoorCode]:
    """Return the codes of the meetings a person may come to now, from an hour before to the end.

    Who is marked as anything but present is shown the code all the same: that is staff's to mend.
    """
    now = clock.now()
    rows = session.execute(
        select(
            ClassMeeting,
            col(Enrolment.id),
            col(Opening.title),
            col(CourseRun.number),
            col(Attendance.presence),
        )
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .join(Enrolment, col(Enrolment.run_id) == CourseRun.id)
        .outerjoin(
            Attendance,
            (col(Attendance.enrolment_id) == col(Enrolment.id))
            & (col(Attendance.meeting_id) == col(ClassMeeting.id)),
        )
        .where(
            col(Enrolment.resident_id) == resident_id,
            col(Enrolment.state).in_(IN_CLASS),
            col(CourseRun.state) != RunState.CANCELLED,
            col(ClassMeeting.starts_at) <= now + EARLY,
            col(ClassMeeting.ends_at) >= now,
        )
        .order_by(col(ClassMeeting.starts_at))
    )
    return [
        DoorCode(
            meeting_id=meeting.id,
            title=run_title(title, number),
            when=meeting_words(meeting),
            code=codes.person_code(meeting.id, enrolment_id),
            is_there=presence in WAS_THERE,
        )
        for meeting, enrolment_id, title, number, presence in rows
    ]
