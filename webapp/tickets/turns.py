"""Whose turn it is in a ticket, and its road, as its reporter reads them."""

from collections.abc import Sequence

from flask_babel import gettext as _

from webapp.core.turns import Road, Turn, Waiting
from webapp.tickets.lifecycle import BEFORE_REPLY, TicketState
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.presentation import reporter
from webapp.tickets.services.calling import can_be_reached

S = TicketState
_ANSWERED = (S.REPLIED, S.CALLBACK)


def waiting_of(ticket: Ticket) -> Waiting | None:
    """Return whose turn it is; ``None`` once nothing more is owed."""
    if ticket.state is S.WAITING_REPORTER:
        return Waiting(Turn.YOU)
    if ticket.state in _ANSWERED and not can_be_reached(ticket):
        return Waiting(Turn.YOU)  # nobody can ring them
    if ticket.state not in {*BEFORE_REPLY, *_ANSWERED, S.REFERRED_OUT}:
        return None
    return Waiting(Turn.BRANCH, reporter.last_day(ticket.due_at) if ticket.due_at else None)


def road_of(ticket: Ticket, events: Sequence[TicketEvent]) -> Road:
    """Return the road of a ticket; ``events`` are its steps, oldest first."""
    done = list(reversed(reporter.steps(ticket, list(events))))
    return Road(done, reporter.heading(ticket), waiting_of(ticket), _ahead(ticket))


def _ahead(ticket: Ticket) -> list[str]:
    """Return the steps that usually come, in words; none of what is over."""
    asked = _("办完打电话问您") if can_be_reached(ticket) else _("您在这里说办得怎样")
    says = _("您说解决了，才算办好")
    if ticket.state in BEFORE_REPLY:
        first = [_("您回了话，接着办")] if ticket.state is S.WAITING_REPORTER else []
        return [*first, _("社区答复您"), asked, says]
    if ticket.state is S.REFERRED_OUT:
        return [_("那边的回音到了，社区接着办"), asked, says]
    return [says] if ticket.state in _ANSWERED else []
