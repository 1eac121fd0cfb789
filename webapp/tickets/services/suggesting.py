"""Suggest for each new ticket where it goes, and keep beside it what a person decided.

Made in the background from the words alone. Nothing is sorted by it. Who could lie: whoever words
a wish as a danger; a member looks, and danger has a limit of its own at the door.
"""

import json
from datetime import timedelta

from sqlmodel import Session, col, select, update

from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.engine import triage
from webapp.tickets.lifecycle import TicketKind, TicketState, Urgency
from webapp.tickets.models.suggestions import TicketSuggestion
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import access, alarms

_AT_ONCE = 20
# Tickets that a new one is compared with: the newest of so many days.
_LOOKED_BACK = timedelta(days=30)
_COMPARED = 500


def suggest_for_new(db: Database) -> int:
    """Make the suggestions that are missing; return how many. Each in a transaction of its own."""
    with db.reader() as session:
        waiting = session.exec(
            select(Ticket.id)
            .outerjoin(TicketSuggestion, col(TicketSuggestion.ticket_id) == col(Ticket.id))
            .where(col(TicketSuggestion.id).is_(None), Ticket.state == TicketState.RECEIVED)
            .order_by(col(Ticket.id))
            .limit(_AT_ONCE)
        ).all()
    return sum(_suggest_for(db, ticket_id) for ticket_id in waiting)


def _suggest_for(db: Database, ticket_id: int) -> bool:
    """Make one suggestion; a ticket that was sorted meanwhile, or has one, is left alone."""
    with db.reader() as session:  # what takes time holds no lock
        ticket = session.get(Ticket, ticket_id)
        if ticket is None or ticket.state is not TicketState.RECEIVED:
            return False
        found = triage.suggest(ticket.words, ticket.place_words)
        alike = triage.likely_duplicates(
            ticket.words, ticket.place_words, ticket.received_at, _earlier(session, ticket)
        )
    with db.transaction(SYSTEM) as session:
        row = access.lock(session, ticket_id)
        branch_id = session.exec(
            select(Branch.id).where(col(Branch.name).startswith(found.branch))
        ).first()
        if row is None or row.state is not TicketState.RECEIVED:
            return False
        if suggestion_of(session, ticket_id) is not None:
            return False
        session.add(
            TicketSuggestion(
                ticket_id=ticket_id,
                at=clock.now(),
                branch_id=branch_id,
                also=list(found.also),
                kind=TicketKind(found.kind),
                urgency=Urgency(found.urgency),
                is_private=found.private,
                about_staff=found.about_staff,
                external=found.external or "",
                missing=list(found.missing),
                dangers="\n".join(found.dangers),
                duplicates=json.dumps([[one.id, list(one.why)] for one in alike]),
            )
        )
        if found.urgency == Urgency.DANGER and row.urgency is not Urgency.DANGER:
            alarms.ring(session, row)  # the rules at the door heard nothing
    return True


def _earlier(session: Session, ticket: Ticket) -> list[triage.Earlier]:
    rows = session.exec(
        select(Ticket)
        .where(
            Ticket.id < ticket.id,
            Ticket.received_at >= ticket.received_at - _LOOKED_BACK,
            Ticket.state != TicketState.DUPLICATE,
        )
        .order_by(col(Ticket.id).desc())
        .limit(_COMPARED)
    ).all()
    return [
        triage.Earlier(one.id, one.words, one.place_words, one.received_at)
        for one in rows
        if one.words
    ]


def suggestion_of(session: Session, ticket_id: int) -> TicketSuggestion | None:
    """Return what was suggested for a ticket, if anything was yet."""
    return session.exec(
        select(TicketSuggestion).where(TicketSuggestion.ticket_id == ticket_id)
    ).first()


def keep_decision(session: Session, ticket: Ticket) -> None:
    """Keep what a person decided beside what was suggested; the first time counts."""
    session.exec(
        update(TicketSuggestion)
        .where(
            col(TicketSuggestion.ticket_id) == ticket.id,
            col(TicketSuggestion.decided_at).is_(None),
        )
        .values(
            decided_at=clock.now(),
            decided_branch_id=ticket.branch_id,
            decided_kind=ticket.kind,
            decided_urgency=ticket.urgency,
        )
        .execution_options(synchronize_session=False)
    )
