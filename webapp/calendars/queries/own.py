"""A resident's appointments and last days as calendar entries, in a fixed number of queries.

What stands in a calendar other programs and people read too: the titles are neutral, and nothing
is said of allowance, disability or pay.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.icalendar import CalendarEntry, uid_of
from webapp.matches.lifecycle import SHOWN_TO_RESIDENT, MatchState
from webapp.matches.models import Match
from webapp.matches.queries import interviews
from webapp.standing_services.lifecycle import ServiceState
from webapp.standing_services.models import StandingService
from webapp.training.lifecycle import EnrolmentState, RunState
from webapp.training.models.courses import CourseRun
from webapp.training.models.enrolments import Enrolment, EnrolmentEvent
from webapp.training.queries import courses, own
from webapp.trials import turns as trials
from webapp.trials.models import TrialDay

PAST = timedelta(days=30)  # how long ago an appointment is still handed out


def entries(session: Session, resident_id: int, *, url: str) -> list[CalendarEntry]:
    """Return what a resident has to be somewhere for, and by when an answer is due."""
    since = clock.now() - PAST
    runs = or_(
        col(CourseRun.id).in_(own.run_ids_in_class(resident_id)),
        and_(
            col(CourseRun.state) == RunState.CANCELLED,
            col(CourseRun.id).in_(
                select(col(EnrolmentEvent.run_id))
                .join(Enrolment, col(Enrolment.id) == EnrolmentEvent.enrolment_id)
                .where(col(Enrolment.resident_id) == resident_id)
            ),
        ),
    )
    found = [
        *interviews.entries(
            session,
            col(Match.resident_id) == resident_id,
            col(Match.state).in_(SHOWN_TO_RESIDENT),
            col(Match.interview_at) >= since,
        ),
        *trials.entries(
            session,
            col(TrialDay.resident_id) == resident_id,
            col(TrialDay.first_day) >= since.date(),
        ),
        *(
            replace(entry, summary=_("上课"), description="")
            for entry in courses.calendar_entries(
                session, and_(runs, col(CourseRun.ends_at) >= since)
            )
        ),
        *_visits(session, resident_id),
        *_last_days(session, resident_id),
    ]
    return [replace(entry, url=url) for entry in sorted(found, key=_when)]


def _when(entry: CalendarEntry) -> tuple[datetime, str]:
    """Return by what entries are sorted: their beginning, whole days first."""
    return beginning(entry), entry.uid


def beginning(entry: CalendarEntry) -> datetime:
    """Return the moment an entry begins, midnight for a whole day."""
    if isinstance(entry.starts_at, datetime):
        return entry.starts_at
    return clock.start_of_day(entry.starts_at)


def ends(entry: CalendarEntry) -> datetime:
    """Return the moment an entry is over."""
    if isinstance(entry.ends_at, datetime):
        return entry.ends_at
    return clock.start_of_day(entry.ends_at)


def _visits(session: Session, resident_id: int) -> list[CalendarEntry]:
    rows = session.execute(
        select(
            col(StandingService.id),
            col(StandingService.due_on),
            col(StandingService.next_on),
            col(StandingService.agreed_on),
        )
        .where(
            col(StandingService.resident_id) == resident_id,
            col(StandingService.state) == ServiceState.ACTIVE,
        )
        .order_by(col(StandingService.id))
    )
    return [
        whole_day(
            f"visit-{row.id}-{row.due_on:%Y%m%d}",
            row.next_on,
            _("社区上门"),
            changed_at=clock.start_of_day(row.agreed_on),
            sequence=(row.next_on - row.due_on).days,
        )
        for row in rows
    ]


def _last_days(session: Session, resident_id: int) -> list[CalendarEntry]:
    offers = session.execute(
        select(col(Match.id), col(Match.offered_until), col(Match.since))
        .where(
            col(Match.resident_id) == resident_id,
            col(Match.state) == MatchState.OFFERED,
            col(Match.offered_until) >= clock.today(),
        )
        .order_by(col(Match.id))
    )
    seats = session.execute(
        select(col(Enrolment.id), col(Enrolment.offered_until), col(Enrolment.since))
        .where(
            col(Enrolment.resident_id) == resident_id,
            col(Enrolment.state) == EnrolmentState.OFFERED,
            col(Enrolment.offered_until) > clock.now(),
        )
        .order_by(col(Enrolment.id))
    )
    words = _("最后一天回话")
    return [
        *(
            whole_day(f"answer-{row.id}", row.offered_until, words, changed_at=row.since)
            for row in offers
        ),
        *(
            whole_day(
                f"seat-{row.id}",
                clock.local(row.offered_until).date(),
                words,
                changed_at=row.since,
            )
            for row in seats
        ),
    ]


def whole_day(
    name: str, day: date, summary: str, *, changed_at: datetime, sequence: int = 0
) -> CalendarEntry:
    """Return an entry for a day as a whole; ``name`` is unique among all entries."""
    return CalendarEntry(
        uid=uid_of(name),
        starts_at=day,
        ends_at=day + timedelta(days=1),
        summary=summary,
        location="",
        description="",
        changed_at=changed_at,
        sequence=sequence,
    )
