"""What a branch has to be somewhere for, or has to answer by, in a stretch of days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.icalendar import CalendarEntry, uid_of
from webapp.core.labels import LabelledEnum, label
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.queries import interviews
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident
from webapp.standing_services.lifecycle import ServiceState
from webapp.standing_services.models import StandingService
from webapp.tickets.long_case_lifecycle import LongCaseState
from webapp.tickets.models.long_cases import LongCase
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.presentation.reporter import title
from webapp.tickets.queries import scope
from webapp.tickets.services.people import standing_of
from webapp.training.lifecycle import RunState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.words import run_title
from webapp.trials.lifecycle import TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services.days import LONGEST, spans

MOST = 400  # of one kind in one stretch; a branch's week has a tenth of it


class ItemKind(LabelledEnum):
    """What kind of thing stands in a branch's calendar."""

    INTERVIEW = "interview", "面试"
    TRIAL = "trial", "试岗"
    MEETING = "meeting", "上课"
    VISIT = "visit", "上门"
    ERRAND = "errand", "跑腿"
    TICKET = "ticket", "民情该回话"


@dataclass(frozen=True)
class Item:
    """One thing; ``starts_at`` is ``None`` for a day as a whole, ``href`` leads to its page.

    ``uid`` stays the same when it is moved; ``changed_at`` is when it last changed.
    """

    kind: ItemKind
    uid: str
    day: date
    starts_at: datetime | None
    ends_at: datetime | None
    title: str
    place: str
    href: str
    changed_at: datetime

    @property
    def hours(self) -> str:
        """From when, as 「09:30」; empty for the whole day."""
        return f"{clock.local(self.starts_at):%H:%M}" if self.starts_at else ""

    @property
    def entry(self) -> CalendarEntry:
        """The same for a calendar program: its kind and place, and no name of anybody."""
        return CalendarEntry(
            uid=uid_of(self.uid),
            starts_at=self.starts_at or self.day,
            ends_at=self.ends_at or self.day + timedelta(days=1),
            summary=self.kind.label,
            location=self.place,
            description="",
            changed_at=self.changed_at,
            url=self.href,
        )


@dataclass(frozen=True)
class Stretch:
    """The days from ``first`` to ``last``, of everybody or of what ``member_id`` answers for."""

    first: date
    last: date
    member_id: int | None = None

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return clock.start_of_day(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return clock.end_of_day(self.last)

    def of(self, column: Any) -> ColumnElement[bool]:
        """Return the condition that the member, if one is asked for, is the one of a column."""
        return true() if self.member_id is None else col(column) == self.member_id

    @property
    def days(self) -> list[date]:
        """All its days."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def items(session: Session, actor: Actor, asked: Stretch, *, absolute: bool = False) -> list[Item]:
    """Return what a branch's calendar holds, by day and hour; seven queries.

    ``absolute``: addresses that lead here from elsewhere.
    """
    found = [
        *_interviews(session, actor, asked, absolute),
        *_trials(session, actor, asked, absolute),
        *_meetings(session, actor, asked, absolute),
        *_visits(session, actor, asked, absolute),
        *_errands(session, actor, asked, absolute),
        *_tickets(session, actor, asked, absolute),
    ]
    found.sort(key=lambda one: (one.day, one.hours, one.kind, one.uid))
    return found


def _served(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.serves_all else col(Resident.branch_id) == (actor.branch_id or 0)


def _interviews(session: Session, actor: Actor, asked: Stretch, absolute: bool) -> list[Item]:
    rows = session.execute(
        select(
            col(Match.id),
            col(Match.interview_at),
            col(Match.interview_place),
            col(Match.since),
            col(Resident.name),
            col(Opening.title),
            col(Employer.name).label("employer"),
        )
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(
            col(Match.state) == MatchState.INTERVIEW,
            col(Match.interview_at) >= asked.start,
            col(Match.interview_at) < asked.end,
            _served(actor),
            asked.of(Household.responsible_id),
        )
        .order_by(col(Match.interview_at), col(Match.id))
        .limit(MOST)
    )
    return [
        Item(
            ItemKind.INTERVIEW,
            f"interview-{row.id}",
            clock.local(row.interview_at).date(),
            row.interview_at,
            row.interview_at + interviews.LENGTH,
            _words(row.name, row.title),
            _words(row.employer or "", row.interview_place),
            url_for("matches.show", match_id=row.id, _external=absolute),
            row.since,
        )
        for row in rows
    ]


def _trials(session: Session, actor: Actor, asked: Stretch, absolute: bool) -> list[Item]:
    rows = session.execute(
        select(TrialDay, col(Resident.name), col(Employer.name).label("employer"))
        .join(Resident, col(Resident.id) == TrialDay.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .join(Employer, col(Employer.id) == TrialDay.employer_id)
        .where(
            col(TrialDay.state) == TrialState.AGREED,
            col(TrialDay.first_day) > asked.first - timedelta(days=LONGEST),
            col(TrialDay.first_day) <= asked.last,
            _served(actor),
            asked.of(Household.responsible_id),
        )
        .order_by(col(TrialDay.first_day), col(TrialDay.id))
        .limit(MOST)
    )
    found = []
    for row in rows:
        trial = row.TrialDay
        hours = (trial.starts_at, trial.ends_at)
        for number, (start, end) in enumerate(spans(trial.first_day, trial.days, hours), 1):
            day = clock.local(start).date()
            if asked.first <= day <= asked.last:
                href = url_for("trials.show", trial_id=trial.id, _external=absolute)
                found.append(
                    Item(
                        ItemKind.TRIAL,
                        f"trial-{trial.id}-{number}",
                        day,
                        start,
                        end,
                        _words(row.name, row.employer),
                        trial.address,
                        href,
                        trial.since,
                    )
                )
    return found


def _meetings(session: Session, actor: Actor, asked: Stretch, absolute: bool) -> list[Item]:
    if not actor.serves_all:  # courses are the work of the branch that serves everybody
        return []
    rows = session.execute(
        select(
            ClassMeeting,
            CourseRun,
            col(Opening.title),
            col(Opening.address),
        )
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(
            col(CourseRun.state).not_in([RunState.DRAFT, RunState.CANCELLED]),
            col(ClassMeeting.starts_at) >= asked.start,
            col(ClassMeeting.starts_at) < asked.end,
            asked.of(CourseRun.created_by_id),
        )
        .order_by(col(ClassMeeting.starts_at), col(ClassMeeting.id))
        .limit(MOST)
    )
    return [
        Item(
            ItemKind.MEETING,
            f"meeting-{row.ClassMeeting.id}",
            clock.local(row.ClassMeeting.starts_at).date(),
            row.ClassMeeting.starts_at,
            row.ClassMeeting.ends_at,
            run_title(row.title, row.CourseRun.number),
            " ".join(one for one in (row.address, row.CourseRun.room) if one),
            url_for("training.meeting", meeting_id=row.ClassMeeting.id, _external=absolute),
            row.CourseRun.moved_at or row.CourseRun.created_at,
        )
        for row in rows
    ]


def _visits(session: Session, actor: Actor, asked: Stretch, absolute: bool) -> list[Item]:
    rows = session.execute(
        select(StandingService, col(Resident.name))
        .outerjoin(Resident, col(Resident.id) == StandingService.resident_id)
        .where(
            col(StandingService.state) == ServiceState.ACTIVE,
            col(StandingService.branch_id) == (actor.branch_id or 0),
            col(StandingService.next_on) >= asked.first,
            col(StandingService.next_on) <= asked.last,
            asked.of(StandingService.owner_id),
        )
        .order_by(col(StandingService.next_on), col(StandingService.id))
        .limit(MOST)
    )
    return [
        Item(
            ItemKind.VISIT,
            f"visit-{service.id}-{service.due_on:%Y%m%d}",
            service.next_on,
            None,
            None,
            _words(name or service.outside_name or "", label(service.kind)),
            "",
            url_for("standing_services.show", service_id=service.id, _external=absolute),
            clock.start_of_day(service.agreed_on),
        )
        for service, name in rows
    ]


def _errands(session: Session, actor: Actor, asked: Stretch, absolute: bool) -> list[Item]:
    rows = session.execute(
        select(LongCase, col(Resident.name))
        .outerjoin(Resident, col(Resident.id) == LongCase.resident_id)
        .where(
            col(LongCase.state) == LongCaseState.OPEN,
            col(LongCase.branch_id) == (actor.branch_id or 0),
            col(LongCase.next_on) >= asked.first,
            col(LongCase.next_on) <= asked.last,
            asked.of(LongCase.owner_id),
        )
        .order_by(col(LongCase.next_on), col(LongCase.id))
        .limit(MOST)
    )
    return [
        Item(
            ItemKind.ERRAND,
            f"errand-{case.id}-{case.next_on:%Y%m%d}",
            case.next_on,
            None,
            None,
            _words(name or case.outside_name or "", label(case.next_kind)),
            "",
            url_for("tickets.long_case", case_id=case.id, _external=absolute),
            case.opened_at,
        )
        for case, name in rows
    ]


def _tickets(session: Session, actor: Actor, asked: Stretch, absolute: bool) -> list[Item]:
    rows = session.execute(
        select(Ticket)
        .where(
            scope.is_open(),
            scope.may_read(actor, standing_of(session, actor)),
            col(Ticket.branch_id) == (actor.branch_id or 0),
            col(Ticket.due_at) > asked.start,
            col(Ticket.due_at) <= asked.end,
            asked.of(Ticket.owner_id),
        )
        .order_by(col(Ticket.due_at), col(Ticket.id))
        .limit(MOST)
    ).scalars()
    return [
        Item(
            ItemKind.TICKET,
            f"ticket-{one.id}",
            clock.local(one.due_at - timedelta(seconds=1)).date(),
            None,
            None,
            _("有一件不公开的") if one.is_private else title(one.words),
            "",
            url_for("tickets.show", ticket_id=one.id, _external=absolute),
            one.clock_started_at,
        )
        for one in rows
        if one.due_at is not None
    ]


def _words(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
