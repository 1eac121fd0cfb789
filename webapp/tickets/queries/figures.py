"""The figures of tickets, a month and branch each, as DOMAIN.md defines them.

Replies: of the first replies that fell due in the month, how many came before their moment. What
was merged into another follows that one and is left out, as are thanks and what stands still while
its reporter is asked. Call backs: of the answers given in the month whose reporter left a way to be
reached, how many of the reporters were heard, and how many of those called it solved and were
satisfied; an answer whose call back is not due yet is left out, one nobody called about counts as
not reached. The branch is the one in the lead.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.tickets import deadlines
from webapp.tickets.lifecycle import (
    BEFORE_REPLY,
    Outcome,
    Rating,
    TicketAction,
    TicketKind,
    TicketState,
)
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.queries.desk import overdue
from webapp.tickets.queries.scope import is_open

A, S = TicketAction, TicketState
_ENDS = (A.CLOSE, A.REOPEN, A.ERASE)
_COUNTED = (A.REPLY, *_ENDS, A.EXTEND, A.SET_OUT_OF_SCOPE)
_P90 = 0.9


@dataclass
class TicketFigures:
    """What one branch did in a month; every share stands as its two counts.

    ``on_time`` of ``due`` first replies; ``reached`` of ``eligible`` call backs, of which
    ``satisfied`` said solved and satisfied; ``no_contact`` answers whose reporter left no way to be
    asked. ``minutes`` are those from filing to first reply, of first replies given in the month.
    """

    received: int = 0
    due: int = 0
    on_time: int = 0
    eligible: int = 0
    reached: int = 0
    satisfied: int = 0
    no_contact: int = 0
    reopened: int = 0
    extended: int = 0
    out_of_scope: int = 0
    minutes: list[int] = field(default_factory=list)

    @property
    def median_minutes(self) -> int | None:
        """Half of the first replies took no longer; ``None`` where there was none."""
        return round(median(self.minutes)) if self.minutes else None

    @property
    def p90_minutes(self) -> int | None:
        """Nine of ten first replies took no longer (nearest rank); ``None`` for none."""
        if not self.minutes:
            return None
        return sorted(self.minutes)[math.ceil(_P90 * len(self.minutes)) - 1]

    def add(self, other: "TicketFigures") -> None:
        """Add another branch's figures to these."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def month(session: Session, start: datetime, end: datetime) -> dict[int | None, TicketFigures]:
    """Return branch → figures of the time from ``start`` up to, not with, ``end``.

    ``None`` is what no branch has been given; branches without a ticket are left out.
    """
    found: dict[int | None, TicketFigures] = defaultdict(TicketFigures)
    for row in _tickets(session, start, end):
        _count_ticket(found[row.branch_id], row, start, end)
    rounds: dict[int, Any] = {}
    for event in _events(session, start):
        _count_event(found[event.branch_id], rounds, event, start, end)
    for event in rounds.values():  # answered, and nobody heard from since
        if deadlines.callback_due(event.at) <= clock.now():
            _count_round(found[event.branch_id], event, None)
    return {branch: one for branch, one in found.items() if one != TicketFigures()}


def total(by_branch: dict[int | None, TicketFigures]) -> TicketFigures:
    """Return the figures of all branches together."""
    whole = TicketFigures()
    for one in by_branch.values():
        whole.add(one)
    return whole


def overdue_now(session: Session) -> dict[int | None, int]:
    """Return branch → how many open tickets are late at this moment."""
    rows = session.execute(
        select(col(Ticket.branch_id), func.count())
        .where(is_open(), overdue())
        .group_by(col(Ticket.branch_id))
    )
    return dict(rows.all())


def _tickets(session: Session, start: datetime, end: datetime) -> Any:
    due = func.coalesce(col(Ticket.first_due_at), col(Ticket.due_at))
    within = [
        (moment >= start) & (moment < end)
        for moment in (col(Ticket.received_at), col(Ticket.first_replied_at))
    ]
    # A limit runs out at midnight after its last day, and is of that day's month.
    within.append((due > start) & (due <= end))
    return session.execute(
        select(
            col(Ticket.branch_id),
            col(Ticket.kind),
            col(Ticket.state),
            col(Ticket.received_at),
            col(Ticket.first_replied_at),
            col(Ticket.first_due_at),
            col(Ticket.due_at),
            col(Ticket.paused_at),
        ).where(or_(*within))
    ).all()


def _count_ticket(one: TicketFigures, row: Any, start: datetime, end: datetime) -> None:
    if start <= row.received_at < end:
        one.received += 1
    if row.kind is TicketKind.THANKS:
        return
    if row.first_replied_at is not None:
        if start < row.first_due_at <= end:
            one.due += 1
            one.on_time += row.first_replied_at < row.first_due_at
        if start <= row.first_replied_at < end:
            taken = row.first_replied_at - row.received_at
            one.minutes.append(int(taken.total_seconds() // 60))
    elif row.state in BEFORE_REPLY and row.due_at is not None:
        moment = row.paused_at or clock.now()
        one.due += start < row.due_at <= end and row.due_at <= moment


def _events(session: Session, start: datetime) -> Any:
    can_be_asked = or_(
        col(Ticket.reporter_phone).is_not(None),
        col(Ticket.reporter_account_id).is_not(None),
        col(Ticket.resident_id).is_not(None),
    )
    return session.execute(
        select(
            col(TicketEvent.ticket_id),
            col(TicketEvent.at),
            col(TicketEvent.action),
            col(TicketEvent.outcome),
            col(TicketEvent.rating),
            col(TicketEvent.by_reporter),
            col(Ticket.branch_id),
            can_be_asked.label("can_be_asked"),
        )
        .join(Ticket, col(Ticket.id) == TicketEvent.ticket_id)
        .where(col(TicketEvent.at) >= start, col(TicketEvent.action).in_(_COUNTED))
        .order_by(col(TicketEvent.id))
    ).all()


def _count_event(
    one: TicketFigures, rounds: dict[int, Any], event: Any, start: datetime, end: datetime
) -> None:
    """Count a step of the month; an answer waits in ``rounds`` for what ends its call back."""
    within = start <= event.at < end
    if event.action is A.REPLY:
        if within:
            rounds[event.ticket_id] = event
        return
    one.reopened += within and event.action is A.REOPEN
    one.extended += within and event.action is A.EXTEND
    one.out_of_scope += within and event.action is A.SET_OUT_OF_SCOPE
    answered = rounds.pop(event.ticket_id, None) if event.action in _ENDS else None
    if answered is not None and event.action is not A.ERASE:
        _count_round(one, answered, event)


def _count_round(one: TicketFigures, answered: Any, ended: Any) -> None:
    heard = ended is not None and (
        ended.by_reporter or ended.outcome not in {None, Outcome.UNREACHABLE}
    )
    if not heard and not answered.can_be_asked:
        one.no_contact += 1
        return
    one.eligible += 1
    one.reached += heard
    one.satisfied += (
        heard and ended.outcome is Outcome.RESOLVED and ended.rating is Rating.SATISFIED
    )
