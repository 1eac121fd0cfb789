"""What the clock does by itself: remind, tell the next one up, end pauses, bring referrals back.

Each ticket is looked at in a transaction of its own, locked, and moved from the level it stands
at: two schedulers never tell the same person twice, and a ticket that cannot be moved holds up no
other. Owner before the due moment; backup at it; then the branch's secretary; then the public list
of what is overdue, which names branches and no people.
"""

import logging
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.rulebook.figures import rule
from webapp.rulebook.working_days import end_after
from webapp.tickets import deadlines
from webapp.tickets.lifecycle import OPEN, Escalation, TicketAction, TicketState, Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import access, alarms, hands, people, telling
from webapp.tickets.services.handling import bring_back, run_again
from webapp.tickets.services.transitions import move

log = logging.getLogger(__name__)
E, S = Escalation, TicketState
_LEVELS = tuple(Escalation)


def run(db: Database) -> int:
    """Do for each open ticket what its clock asks for; return how many were moved (a job)."""
    with db.reader() as session:
        ids = session.exec(
            select(Ticket.id).where(col(Ticket.state).in_(OPEN)).order_by(col(Ticket.due_at))
        ).all()
        present = {one.account_id for one in people.may_take(session, without=people.away(session))}
        waiting = [one for one in ids if _is_due(session.get_one(Ticket, one), present)]
    moved = 0
    for ticket_id in waiting:
        try:
            with db.transaction(SYSTEM) as session:
                ticket = access.lock(session, ticket_id)
                moved += ticket is not None and look_at(session, ticket)
        except AppError:  # nobody is left to be told, say: the others must not wait for it
            log.exception("ticket %s could not be moved on", ticket_id)
    return moved


def look_at(session: Session, ticket: Ticket) -> bool:
    """Do what is due for one locked ticket; return whether anything was."""
    now = clock.now()
    if ticket.state not in OPEN:
        return False
    covered = _cover(session, ticket)
    if ticket.state is S.WAITING_REPORTER:
        return _end_pause(session, ticket, now) or covered
    if ticket.state is S.REFERRED_OUT:
        return _follow_referral(session, ticket, now) or covered
    before = ticket.escalation
    for level in _LEVELS[_LEVELS.index(before) + 1 : _LEVELS.index(level_at(ticket, now)) + 1]:
        said = level.label
        move(session, SYSTEM, ticket, TicketAction.ESCALATE, inside_words=said, escalation=level)
        _tell(session, ticket, level)
    return covered or ticket.escalation is not before


def _cover(session: Session, ticket: Ticket) -> bool:
    """Put a ticket whose owner is on leave, or gone, into the backup's hands; the clock runs on."""
    absent = people.away(session)
    present = {one.account_id for one in people.may_take(session, without=absent)}
    if ticket.owner_id is None or ticket.owner_id in present:
        return False
    return hands.cover(session, SYSTEM, ticket, gone=absent)


def level_at(ticket: Ticket, now: datetime) -> Escalation:
    """Return how far up a ticket has to be told of at a moment."""
    if ticket.due_at is None or now < due_soon_at(ticket):
        return E.NOBODY
    if now < ticket.due_at:
        return E.OWNER
    day = clock.local(ticket.due_at).date()
    if is_by_the_clock(ticket):
        secretary = ticket.due_at + timedelta(minutes=rule("ticket_secretary_minutes", on=day))
        public = ticket.due_at + timedelta(hours=rule("ticket_public_hours", on=day))
    else:
        # A limit ends at midnight: the moment before it belongs to its last day.
        last = ticket.due_at - timedelta(microseconds=1)
        secretary = end_after(last, rule("ticket_secretary_days", on=day))
        public = end_after(last, rule("ticket_public_days", on=day))
    if now < secretary:
        return E.BACKUP
    return E.SECRETARY if now < public else E.PUBLIC


def is_by_the_clock(ticket: Ticket) -> bool:
    """Return whether what is due now is counted by the clock; a call back never is."""
    return ticket.urgency in deadlines.BY_THE_CLOCK and ticket.state not in {S.REPLIED, S.CALLBACK}


def due_soon_at(ticket: Ticket) -> datetime:
    """Return when the owner is reminded: when only a part of the time is left."""
    if ticket.due_at is None:
        raise ValueError("nothing is due")
    began = ticket.clock_started_at
    if ticket.state in {S.REPLIED, S.CALLBACK}:
        began = ticket.replied_at or began
    percent = rule("ticket_due_soon_percent", on=clock.local(began).date())
    return ticket.due_at - (ticket.due_at - began) * percent / 100


def _is_due(ticket: Ticket, present: set[int]) -> bool:
    now = clock.now()
    if ticket.owner_id is not None and ticket.owner_id not in present:
        return True
    if ticket.state is S.WAITING_REPORTER and ticket.paused_at is not None:
        return deadlines.pause_ends(ticket.paused_at) <= now
    if ticket.state is S.REFERRED_OUT:
        return (
            _reminds_at(ticket) <= now
            if ticket.referral_reminded_at is None
            else (ticket.due_at is not None and ticket.due_at <= now)
        )
    return level_at(ticket, now) is not ticket.escalation


def _tell(session: Session, ticket: Ticket, level: Escalation) -> None:
    branch = ticket.branch_id
    of_branch = people.secretaries(session)
    secretaries = [of_branch.get(branch)] if branch is not None else list(of_branch.values())
    told: list[int | None]
    if ticket.owner_id is None:  # nobody has it yet: the branch's secretary is asked each time
        told = list(secretaries)
    elif level is E.OWNER:
        told = [ticket.owner_id]
    elif level is E.BACKUP:
        told = [ticket.owner_id, ticket.backup_id]
    else:
        told = [*secretaries, ticket.owner_id]
    telling.members(session, ticket, told)
    if ticket.urgency is Urgency.DANGER and ticket.first_replied_at is None:
        alarms.ring(session, ticket, [one for one in told if one is not None])


def _end_pause(session: Session, ticket: Ticket, now: datetime) -> bool:
    if ticket.paused_at is None or deadlines.pause_ends(ticket.paused_at) > now:
        return False
    said = _("等了这么多天没有回话，接着算时间。打个电话问问")
    run_again(session, SYSTEM, ticket, TicketAction.RESUME, inside_words=said)
    telling.members(session, ticket, [ticket.owner_id])
    return True


def _reminds_at(ticket: Ticket) -> datetime:
    day = ticket.referred_on or clock.today()
    return clock.end_of_day(day + timedelta(days=rule("ticket_referral_remind_days", on=day)))


def _follow_referral(session: Session, ticket: Ticket, now: datetime) -> bool:
    if ticket.due_at is not None and ticket.due_at <= now:
        bring_back(session, SYSTEM, ticket, inside_words=_("转出去满了天数没有回音，收回来接着办"))
    elif ticket.referral_reminded_at is None and _reminds_at(ticket) <= now:
        move(
            session,
            SYSTEM,
            ticket,
            TicketAction.ESCALATE,
            referral_reminded_at=now,
            inside_words=_("转出去有些天了，问问那边办得怎么样"),
        )
    else:
        return False
    telling.members(session, ticket, [ticket.owner_id])
    return True
