"""By when the next word to a reporter is due. Pure: the rule book, the calendar, the ticket.

Danger and utilities are counted by the clock, all else in working days of China, to the end of the
last one. A limit holds as it stood on the day its clock started.
"""

from datetime import datetime, timedelta
from typing import Protocol

from webapp.core import clock
from webapp.rulebook.figures import rule
from webapp.rulebook.working_days import end_after, is_estimated, working_days_between
from webapp.tickets.lifecycle import TicketKind, TicketState, Urgency

S = TicketState
BY_THE_CLOCK = (Urgency.DANGER, Urgency.UTILITIES)


class Clock(Protocol):
    """What of a ticket its clock needs; see :class:`webapp.tickets.models.tickets.Ticket`."""

    kind: TicketKind | None
    urgency: Urgency
    state: TicketState
    clock_started_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    paused_days: int
    paused_seconds: int
    extended_at: datetime | None
    extended_days: int | None


def limit_hours(urgency: Urgency, *, at: datetime) -> int:
    """Return the limit of what is counted by the clock."""
    day = clock.local(at).date()
    if urgency is Urgency.DANGER:
        return rule("ticket_danger_hours", on=day)
    return rule("ticket_utilities_hours", on=day)


def limit_days(urgency: Urgency, kind: TicketKind | None, *, at: datetime) -> int:
    """Return the limit in working days; a complaint has that of what is complex."""
    day = clock.local(at).date()
    if urgency is Urgency.COMPLEX or kind is TicketKind.COMPLAINT:
        return rule("ticket_complex_days", on=day)
    if urgency is Urgency.QUESTION:
        return rule("ticket_question_days", on=day)
    return rule("ticket_ordinary_days", on=day)


def reply_due(
    urgency: Urgency,
    kind: TicketKind | None,
    *,
    started: datetime,
    paused_days: int = 0,
    paused_seconds: int = 0,
    extended_days: int = 0,
) -> datetime:
    """Return the moment before which the reply is due."""
    if urgency in BY_THE_CLOCK:
        hours = limit_hours(urgency, at=started)
        return started + timedelta(hours=hours, seconds=paused_seconds)
    days = limit_days(urgency, kind, at=started)
    return end_after(started, days + paused_days + extended_days)


def reply_due_of(ticket: Clock) -> datetime:
    """Return :func:`reply_due` of a ticket; an extension counts for the clock it was given for."""
    extended = ticket.extended_at is not None and ticket.extended_at >= ticket.clock_started_at
    return reply_due(
        ticket.urgency,
        ticket.kind,
        started=ticket.clock_started_at,
        paused_days=ticket.paused_days,
        paused_seconds=ticket.paused_seconds,
        extended_days=(ticket.extended_days or 0) if extended else 0,
    )


def callback_due(replied: datetime) -> datetime:
    """Return by when a reporter is called back after a reply."""
    return end_after(replied, rule("ticket_callback_days", on=clock.local(replied).date()))


def pause_of(ticket: Clock, until: datetime) -> tuple[int, int]:
    """Return what a pause that ends now took: (working days, seconds).

    A clock that had run out before it was stopped gains nothing.
    """
    if ticket.paused_at is None or ticket.due_at is None or ticket.due_at <= ticket.paused_at:
        return 0, 0
    days = working_days_between(clock.local(ticket.paused_at).date(), clock.local(until).date())
    return days, int((until - ticket.paused_at).total_seconds())


def pause_ends(paused: datetime) -> datetime:
    """Return when a clock that waits for its reporter runs again although nobody answered."""
    return end_after(paused, rule("ticket_wait_days", on=clock.local(paused).date()))


def is_overdue(ticket: Clock, now: datetime) -> bool:
    """Return whether the next word is late; in a pause, whether it was when the clock stopped."""
    moment = ticket.paused_at or now
    return ticket.due_at is not None and ticket.due_at <= moment


def may_be_inexact(ticket: Clock) -> bool:
    """Return whether the due day rests on a year whose working days are not published yet."""
    if ticket.due_at is None or (
        ticket.urgency in BY_THE_CLOCK and ticket.state not in {S.REPLIED, S.CALLBACK}
    ):
        return False
    return is_estimated(ticket.clock_started_at, ticket.due_at)
