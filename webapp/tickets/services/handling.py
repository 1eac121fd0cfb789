"""Work on a ticket: take it, ask its reporter, take longer once, answer, send it elsewhere.

Who could lie: whoever stops the clock to gain time (a question is asked for it, the reporter reads
it, an answer or some days start it again), and whoever answers nothing (the reporter says on the
call back what came of it, and one that is not solved opens again).
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden
from webapp.rulebook.figures import rule
from webapp.tickets import deadlines, policy
from webapp.tickets.lifecycle import Escalation, TicketAction, TicketState
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import access, telling
from webapp.tickets.services.sorting import first_reply
from webapp.tickets.services.transitions import move

A = TicketAction


def acknowledge(session: Session, actor: Actor, *, ticket_id: int) -> Ticket:
    """Say that one has it; whoever of the two in charge says so first."""
    ticket = _mine(session, actor, ticket_id)
    move(session, actor, ticket, A.ACKNOWLEDGE)
    return ticket


def start(session: Session, actor: Actor, *, ticket_id: int, words: str = "") -> Ticket:
    """Say that the work on it has begun, or how far it is, and to the reporter what comes next."""
    ticket = _mine(session, actor, ticket_id)
    if ticket.state is TicketState.IN_PROGRESS and not words:
        raise BadField("words", _("请写一句，办到哪一步了"))
    move(session, actor, ticket, A.START, words=words)
    if words:
        telling.reporter(session, ticket)
    return ticket


def ask(session: Session, actor: Actor, *, ticket_id: int, words: str) -> Ticket:
    """Ask the reporter something without which it cannot go on: the clock stands meanwhile."""
    ticket = _mine(session, actor, ticket_id)
    move(session, actor, ticket, A.ASK, words=words, paused_at=clock.now())
    telling.reporter(session, ticket)
    return ticket


def resume(session: Session, actor: Actor, *, ticket_id: int, inside_words: str) -> Ticket:
    """Go on, since the reporter answered by telephone or in person; the clock starts again."""
    ticket = _mine(session, actor, ticket_id)
    run_again(session, actor, ticket, A.RESUME, inside_words=inside_words)
    return ticket


def run_again(
    session: Session, actor: Actor, ticket: Ticket, action: TicketAction, **said: Any
) -> TicketEvent:
    """Start a clock that stood; what the pause took is given back."""
    days, seconds = deadlines.pause_of(ticket, clock.now())
    after = Ticket(
        **{
            **ticket.model_dump(),
            "paused_days": ticket.paused_days + days,
            "paused_seconds": ticket.paused_seconds + seconds,
        }
    )
    return move(
        session,
        actor,
        ticket,
        action,
        paused_at=None,
        paused_days=after.paused_days,
        paused_seconds=after.paused_seconds,
        due_at=deadlines.reply_due_of(after),
        **said,
    )


def extend(session: Session, actor: Actor, *, ticket_id: int, days: int, words: str) -> Ticket:
    """Take longer: once, before it is due, by working days, with a reason that is shown."""
    ticket = _mine(session, actor, ticket_id)
    if ticket.urgency in deadlines.BY_THE_CLOCK:
        raise Conflict(_("有危险的、停水停电停气的不能延期"))
    if ticket.extended_at is not None or ticket.first_replied_at is not None:
        raise Conflict(_("一件事只能延期一次，在头一次答复以前"))
    if deadlines.is_overdue(ticket, clock.now()):
        raise Conflict(_("已经过期了，不能再延期"))
    most = deadlines.limit_days(ticket.urgency, ticket.kind, at=ticket.clock_started_at)
    if not 1 <= days <= most:
        raise BadField("days", _("最多延 %(n)d 个工作日", n=most))
    now = clock.now()
    after = Ticket(**{**ticket.model_dump(), "extended_at": now, "extended_days": days})
    move(
        session,
        actor,
        ticket,
        A.EXTEND,
        words=words,
        extended_at=now,
        extended_days=days,
        extension_reason=words,
        due_at=deadlines.reply_due_of(after),
        escalation=Escalation.NOBODY,
    )
    telling.reporter(session, ticket)
    return ticket


def reply(
    session: Session, actor: Actor, *, ticket_id: int, words: str, inside_words: str = ""
) -> Ticket:
    """Answer: the first answer stops the clock of the reply, that of the call back begins."""
    ticket = _mine(session, actor, ticket_id)
    move(
        session,
        actor,
        ticket,
        A.REPLY,
        words=words,
        inside_words=inside_words,
        due_at=deadlines.callback_due(clock.now()),
        escalation=Escalation.NOBODY,
        **first_reply(ticket),
    )
    telling.reporter(session, ticket)
    return ticket


def refer_out(
    session: Session, actor: Actor, *, ticket_id: int, where: str, reference: str, words: str
) -> Ticket:
    """Send it to whoever can decide it; the branch stays in the lead, and it comes back by itself.

    ``reference`` is what it is found by over there: a number, or who took it.
    """
    ticket = _mine(session, actor, ticket_id)
    today = clock.today()
    days = timedelta(days=rule("ticket_referral_return_days", on=today))
    move(
        session,
        actor,
        ticket,
        A.REFER_OUT,
        words=words,
        referred_to=where,
        referral_reference=reference,
        referred_on=today,
        referral_reminded_at=None,
        due_at=clock.end_of_day(today + days),
        escalation=Escalation.NOBODY,
        **first_reply(ticket),
    )
    telling.reporter(session, ticket)
    return ticket


def take_back(session: Session, actor: Actor, *, ticket_id: int, inside_words: str) -> Ticket:
    """Note what came of a referral; the branch goes on, with a new limit for its answer."""
    ticket = _mine(session, actor, ticket_id)
    bring_back(session, actor, ticket, inside_words=inside_words)
    return ticket


def bring_back(session: Session, actor: Actor, ticket: Ticket, *, inside_words: str) -> None:
    """Bring a referral back to the branch's desk."""
    move(
        session,
        actor,
        ticket,
        A.RETURN,
        inside_words=inside_words,
        **new_clock(ticket),
    )


def new_clock(ticket: Ticket) -> dict[str, Any]:
    """Return the columns of a clock that starts now."""
    now = clock.now()
    return {
        "clock_started_at": now,
        "paused_at": None,
        "paused_days": 0,
        "paused_seconds": 0,
        "due_at": deadlines.reply_due(ticket.urgency, ticket.kind, started=now),
        "escalation": Escalation.NOBODY,
    }


def add_remark(session: Session, actor: Actor, *, ticket_id: int, inside_words: str) -> Ticket:
    """Write something down for the colleagues."""
    ticket, _standing = access.locked(session, actor, ticket_id)
    move(session, actor, ticket, A.ADD, inside_words=inside_words)
    return ticket


def _mine(session: Session, actor: Actor, ticket_id: int) -> Ticket:
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_work(actor, ticket, standing):
        raise Forbidden(_("这件不在您手上。要接过来，请让责任人或者支部书记换人"))
    return ticket
