"""A person's own tickets: a copy for them, and what is erased when they leave the service."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, SQLModel, col, delete, select, update

from webapp.core import clock
from webapp.core.access import Actor
from webapp.tickets.lifecycle import OPEN, Outcome, TicketAction, Urgency
from webapp.tickets.models.steps import TicketEvent, TicketPhoto
from webapp.tickets.models.suggestions import TicketSuggestion
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import transitions

# Secrets, which member has it in hand, and what staff wrote among themselves.
_KEPT_BACK = {"pin_hash", "owner_id", "backup_id", "about_account_id", "filed_by_id", "version",
              "published_by_id", "actor_id", "inside_words", "stored", "source",
              "duplicates"}  # fmt: skip


def copy_for(session: Session, *, resident_id: int, account_id: int | None) -> list[dict[str, Any]]:
    """Return a person's tickets, each with all that hangs on it, as JSON values."""
    tickets = session.exec(
        select(Ticket).where(_own(resident_id, account_id)).order_by(col(Ticket.id))
    ).all()
    ids = [ticket.id for ticket in tickets]
    kept: dict[int, dict[str, list[Any]]] = {
        id_: {"steps": [], "pictures": [], "suggestions": []} for id_ in ids
    }
    tables: tuple[tuple[str, Any], ...] = (
        ("steps", TicketEvent),
        ("pictures", TicketPhoto),
        ("suggestions", TicketSuggestion),
    )
    for name, table in tables:
        rows = select(table).where(col(table.ticket_id).in_(ids)).order_by(col(table.id))
        for row in session.exec(rows):
            kept[row.ticket_id][name].append(_plain(row))
    return [{**_plain(ticket), **kept[ticket.id]} for ticket in tickets]


def erase(session: Session, actor: Actor, *, resident_id: int, account_id: int | None) -> None:
    """Take a person's name, number and links off their tickets; erase what was private.

    What they told of the community (a broken lamp) stays without them. A private one ends, but
    for a danger: whoever is in it still needs help. A nightly job deletes the files of pictures.
    """
    tickets = session.exec(select(Ticket).where(_own(resident_id, account_id))).all()
    private = [one for one in tickets if one.is_private and one.urgency is not Urgency.DANGER]
    for ticket in private:
        if ticket.state in OPEN:
            transitions.move(
                session,
                actor,
                ticket,
                TicketAction.ERASE,
                by_reporter=True,
                outcome=Outcome.UNREACHABLE,
                closed_at=clock.now(),
                paused_at=None,
            )
    ids = [ticket.id for ticket in private]
    session.exec(
        update(TicketEvent)
        .where(col(TicketEvent.ticket_id).in_(ids))
        .values(words="", inside_words="")
        .execution_options(synchronize_session=False)
    )
    session.exec(
        update(Ticket)
        .where(col(Ticket.id).in_(ids))
        .values(words="", place_words="")
        .execution_options(synchronize_session=False)
    )
    session.exec(delete(TicketPhoto).where(col(TicketPhoto.ticket_id).in_(ids)))
    session.exec(delete(TicketSuggestion).where(col(TicketSuggestion.ticket_id).in_(ids)))
    session.exec(
        update(Ticket)
        .where(col(Ticket.id).in_([ticket.id for ticket in tickets]))
        .values(reporter_name=None, reporter_phone=None, resident_id=None, reporter_account_id=None)
        .execution_options(synchronize_session=False)
    )


def _own(resident_id: int, account_id: int | None) -> ColumnElement[bool]:
    own = col(Ticket.resident_id) == resident_id
    return own if account_id is None else or_(own, col(Ticket.reporter_account_id) == account_id)


def _plain(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude=_KEPT_BACK)
