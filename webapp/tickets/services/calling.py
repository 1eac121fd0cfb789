"""Ask the reporter what came of it: by telephone, by somebody who did not work on it.

Who could lie: the owner who wants a good figure (somebody else asks), and a caller who never
called (nobody is unreachable before several tries on different days, each a step with its moment).
"""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, Refused
from webapp.notices import quiet_hours
from webapp.rulebook.figures import rule
from webapp.tickets import policy
from webapp.tickets.lifecycle import Outcome, Rating, TicketAction, TicketState
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import access, hands, telling
from webapp.tickets.services.handling import new_clock
from webapp.tickets.services.transitions import move

A = TicketAction
_DAYS_TRIED = 2


def call(session: Session, actor: Actor, *, ticket_id: int) -> Ticket:
    """Begin the call back: the reporter's number is shown from now on; in waking hours alone."""
    ticket = _to_call(session, actor, ticket_id)
    if quiet_hours.next_allowed(clock.now()) > clock.now():
        raise Refused(_("这会儿太早或太晚，别打扰人家，白天再打"))
    move(session, actor, ticket, A.CALL)
    return ticket


def not_reached(session: Session, actor: Actor, *, ticket_id: int) -> Ticket:
    """Note that nobody answered."""
    ticket = _to_call(session, actor, ticket_id)
    if quiet_hours.next_allowed(clock.now()) > clock.now():
        raise Refused(_("这会儿太早或太晚，没打通不能算，白天再打"))
    move(session, actor, ticket, A.NOT_REACHED)
    return ticket


def note_outcome(
    session: Session,
    actor: Actor,
    *,
    ticket_id: int,
    outcome: Outcome,
    rating: Rating | None,
    inside_words: str = "",
) -> Ticket:
    """Note what the reporter said; not solved opens it again by itself.

    Unreachable is nobody's word: it needs tries, or a reporter who left no way to be reached.
    """
    ticket = _to_call(session, actor, ticket_id)
    if outcome is Outcome.UNREACHABLE:
        if rating is not None:
            raise BadField("rating", _("没联系上，就没有满意不满意"))
        _check_tries(session, ticket)
        end(session, actor, ticket, outcome=outcome, rating=None, inside_words=inside_words)
        return ticket
    if ticket.state is not TicketState.CALLBACK:
        raise Conflict(_("先点「开始回访」，再记答复"))
    if rating is None:
        raise BadField("rating", _("请问一下满意不满意"))
    end(session, actor, ticket, outcome=outcome, rating=rating, inside_words=inside_words)
    return ticket


def end(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    *,
    outcome: Outcome,
    rating: Rating | None,
    words: str = "",
    inside_words: str = "",
    by_reporter: bool = False,
) -> None:
    """Close with an outcome, or open again what is not solved."""
    if outcome is Outcome.UNRESOLVED:
        reopen(
            session,
            actor,
            ticket,
            outcome=outcome,
            rating=rating,
            words=words,
            inside_words=inside_words,
            by_reporter=by_reporter,
        )
        return
    move(
        session,
        actor,
        ticket,
        A.CLOSE,
        words=words,
        inside_words=inside_words,
        by_reporter=by_reporter,
        outcome=outcome,
        rating=rating,
        closed_at=clock.now(),
    )


def reopen(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    *,
    words: str,
    inside_words: str = "",
    outcome: Outcome | None = None,
    rating: Rating | None = None,
    by_reporter: bool = True,
) -> None:
    """Open it again, for the same owner, with a new clock; nothing switches this off."""
    move(
        session,
        actor,
        ticket,
        A.REOPEN,
        words=words,
        inside_words=inside_words,
        by_reporter=by_reporter,
        outcome=outcome,
        rating=rating,
        reopened=ticket.reopened + 1,
        closed_at=None,
        duplicate_of_id=None,
        **new_clock(ticket),
    )
    if ticket.owner_id is not None:
        hands.cover(session, actor, ticket)
    telling.members(session, ticket, [ticket.owner_id, ticket.backup_id])


def tries(session: Session, ticket: Ticket) -> list[TicketEvent]:
    """Return the calls since the last answer that nobody took."""
    statement = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.action == A.NOT_REACHED
    )
    if ticket.replied_at is not None:
        statement = statement.where(col(TicketEvent.at) >= ticket.replied_at)
    return list(session.exec(statement.order_by(col(TicketEvent.id))))


def can_be_reached(ticket: Ticket) -> bool:
    """Return whether the reporter left a way to be asked."""
    return bool(ticket.reporter_phone or ticket.reporter_account_id or ticket.resident_id)


def _check_tries(session: Session, ticket: Ticket) -> None:
    if not can_be_reached(ticket):
        return
    made = tries(session, ticket)
    most = rule("ticket_call_tries", on=clock.today())
    days = {clock.local(one.at).date() for one in made}
    if len(made) < most or len(days) < _DAYS_TRIED:
        raise Conflict(
            _(
                "打满 %(n)d 次、不在同一天打的，才能记没联系上。现在打了 %(m)d 次",
                n=most,
                m=len(made),
            )
        )


def _to_call(session: Session, actor: Actor, ticket_id: int) -> Ticket:
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_call(actor, ticket, standing):
        raise Forbidden(_("办这件的人自己不能回访，请换一位同事打"))
    return ticket
