"""What a telephone may keep: a person's appointments and slips, nothing else of their file."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts import sessions
from webapp.accounts.models import LoginSession
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.formatting import moment_words
from webapp.core.icalendar import CalendarEntry
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.notices.models import PushSubscription
from webapp.openings.models import Opening
from webapp.piecework.lifecycle import OVER, AssignmentState
from webapp.piecework.presentation.assignment_figures import own_row
from webapp.piecework.queries.assignments import list_assignments
from webapp.piecework.services.claims import own_membership
from webapp.training.models.courses import ClassMeeting, CourseRun
from webapp.training.queries.courses import calendar_entries
from webapp.training.queries.own import run_ids_in_class
from webapp.trials.lifecycle import TrialState
from webapp.trials.models import TrialDay
from webapp.trials.queries import days_words
from webapp.trials.services.days import LONGEST

MOST = 30
AHEAD = timedelta(days=14)  # classes further off are counted, but for a course's first


@dataclass(frozen=True)
class Appointment:
    """Something to go to: ``when`` and ``where`` in words, ``what`` says to whom or which."""

    at: datetime
    kind: str
    what: str
    when: str
    where: str
    note: str = ""


@dataclass(frozen=True)
class Slip:
    """Pieces a household has taken home: how many, by when."""

    what: str
    words: str


@dataclass(frozen=True)
class Kept:
    """All that is kept, as it stands at a moment."""

    appointments: list[Appointment] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


def kept(session: Session, actor: Actor) -> Kept:
    """Return what is ahead of a person from today on, soonest first, and what they took home."""
    resident_id = actor.resident_id
    if resident_id is None:
        return Kept()
    today = clock.start_of_day(clock.today())
    found = [
        *_interviews(session, resident_id, today),
        *_trial_days(session, resident_id),
        *_classes(session, resident_id, today),
    ]
    return Kept(sorted(found, key=lambda one: one.at)[:MOST], _slips(session, actor))


def shows_notices(session: Session, token: str) -> bool:
    """Return whether the telephone that holds this session shows notices."""
    found = (
        select(col(PushSubscription.id))
        .join(LoginSession, col(LoginSession.id) == PushSubscription.session_id)
        .where(col(LoginSession.token_digest) == sessions.digest(token))
    )
    return session.execute(found).first() is not None


def _interviews(session: Session, resident_id: int, since: datetime) -> list[Appointment]:
    rows: Any = session.execute(
        select(
            col(Match.interview_at), col(Match.interview_place), col(Opening.title),
            col(Opening.address), col(Employer.name),
        )
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(
            col(Match.resident_id) == resident_id,
            col(Match.state) == MatchState.INTERVIEW,
            col(Match.interview_at) >= since,
        )
        .order_by(col(Match.interview_at), col(Match.id))
        .limit(MOST)
    )  # fmt: skip
    return [
        Appointment(
            at=at,
            kind=_("面谈"),
            what=" · ".join(part for part in (employer, title) if part),
            when=moment_words(at),
            where=place or address,
        )
        for at, place, title, address, employer in rows
    ]


def _trial_days(session: Session, resident_id: int) -> list[Appointment]:
    rows = session.execute(
        select(TrialDay, col(Employer.name))
        .join(Employer, col(Employer.id) == TrialDay.employer_id)
        .where(
            col(TrialDay.resident_id) == resident_id,
            col(TrialDay.state) == TrialState.AGREED,
            col(TrialDay.first_day) > clock.today() - timedelta(days=LONGEST),
        )
        .order_by(col(TrialDay.first_day), col(TrialDay.id))
        .limit(MOST)
    ).all()
    return [
        Appointment(
            at=datetime.combine(one.first_day, time.fromisoformat(one.starts_at), clock.LOCAL),
            kind=_("试岗"),
            what=employer,
            when=f"{days_words(one)} {one.starts_at}–{one.ends_at}",
            where=one.address,
            note=_("到了找 %(who)s", who=one.contact),
        )
        for one, employer in rows
        if one.first_day + timedelta(days=one.days) > clock.today()
    ]


def _classes(session: Session, resident_id: int, since: datetime) -> list[Appointment]:
    ahead = col(CourseRun.id).in_(run_ids_in_class(resident_id)) & (
        col(ClassMeeting.ends_at) >= since
    )
    return class_appointments(calendar_entries(session, ahead), since)


def class_appointments(entries: list[CalendarEntry], since: datetime) -> list[Appointment]:
    """Return the next weeks' meetings of each course, or its first; the rest is a number.

    ``entries`` are soonest first, and those called off are left out.
    """
    courses: dict[str, list[tuple[datetime, CalendarEntry]]] = {}
    for one in entries:
        if isinstance(one.starts_at, datetime) and not one.cancelled:
            courses.setdefault(one.summary, []).append((one.starts_at, one))
    found = []
    for course in courses.values():
        soon = [pair for pair in course if pair[0] < since + AHEAD] or course[:1]
        for at, one in soon:
            more = len(course) - len(soon) if at == soon[-1][0] else 0
            rest = _("往后还有 %(n)d 次", n=more) if more else ""
            found.append(
                Appointment(
                    at=at,
                    kind=_("上课"),
                    what=one.summary,
                    when=moment_words(at),
                    where=one.location,
                    note=_("；").join(part for part in (one.description, rest) if part),
                )
            )
    return found


def _slips(session: Session, actor: Actor) -> list[Slip]:
    home = own_membership(session, actor)
    if home is None:
        return []
    rows = list_assignments(
        session,
        household_id=home.household_id,
        since=home.since,
        states=[state for state in AssignmentState if state not in OVER],
        limit=MOST,
    )
    return [Slip(row.title, own_row(row)) for row in rows]
