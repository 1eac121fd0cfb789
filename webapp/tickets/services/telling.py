"""Who hears that something is new: on their pages, and outside if they wish so."""

from collections.abc import Iterable

from sqlmodel import Session

from webapp import events
from webapp.core.access import SYSTEM
from webapp.tickets.models.tickets import Ticket


def reporter(session: Session, ticket: Ticket) -> None:
    """Tell the reporter's account, in no quiet hour; who has none follows by the code."""
    if ticket.reporter_account_id is not None:
        _tell(session, ticket, [ticket.reporter_account_id])


def members(session: Session, ticket: Ticket, account_ids: Iterable[int | None]) -> None:
    """Tell members of the branches; never whoever it is about."""
    _tell(session, ticket, account_ids)


def _tell(session: Session, ticket: Ticket, account_ids: Iterable[int | None]) -> None:
    told = {one for one in account_ids if one is not None} - {ticket.about_account_id}
    if told:
        key = f"ticket:{ticket.id}:{ticket.version}"
        events.announce(session, SYSTEM, events.AccountsConcerned(tuple(sorted(told)), key))
