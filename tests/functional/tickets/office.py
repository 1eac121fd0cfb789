"""What a branch does to a ticket, by the part's own services."""

from datetime import timedelta
from typing import Any

from flask import Flask

from tests.factories import acting
from webapp.core import clock
from webapp.core.db import Database
from webapp.tickets.lifecycle import Outcome, Rating, TicketKind, Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import calling, handling, sorting


class Office:
    """A branch with its secretary, an owner and a backup."""

    def __init__(self, app: Flask, db: Database, hands: Any) -> None:
        self.app, self.db = app, db
        self.branch, self.secretary, self.owner, self.backup = hands

    def do(self, account: Any, verb: Any, **given: Any) -> None:
        """Let one of the branch call a service."""
        actor = acting(account, branch_id=self.branch.id)
        with self.app.test_request_context(), self.db.transaction(actor) as session:
            verb(session, actor, **given)

    def take(self, ticket: Ticket) -> None:
        """Sort it, give it to its owner, who says so."""
        self.do(
            self.secretary,
            sorting.classify,
            ticket_id=ticket.id,
            branch_id=self.branch.id,
            kind=TicketKind.REQUEST,
            urgency=Urgency.ORDINARY,
            is_private=ticket.is_private,
        )
        self.do(
            self.secretary,
            sorting.dispatch,
            ticket_id=ticket.id,
            owner_id=self.owner.id,
            backup_id=self.backup.id,
        )
        self.do(self.owner, handling.acknowledge, ticket_id=ticket.id)

    def ask(self, ticket: Ticket) -> None:
        """Take it and ask its reporter."""
        self.take(ticket)
        self.do(self.owner, handling.ask, ticket_id=ticket.id, words="是哪一盏灯？")

    def reply(self, ticket: Ticket, words: str = "灯换好了，请看看。") -> None:
        """Take it and answer it."""
        self.take(ticket)
        self.answer(ticket, words)

    def answer(self, ticket: Ticket, words: str = "灯换好了，请看看。") -> None:
        """Answer what was taken."""
        self.do(self.owner, handling.reply, ticket_id=ticket.id, words=words)

    def close(self, ticket: Ticket) -> None:
        """Answer it, ring up, and hear that it is solved."""
        self.reply(ticket)
        noon = clock.local(clock.now() + timedelta(days=1)).replace(hour=12)  # when one may ring
        with clock.frozen(noon):
            self.do(self.backup, calling.call, ticket_id=ticket.id)
            self.do(
                self.backup,
                calling.note_outcome,
                ticket_id=ticket.id,
                outcome=Outcome.RESOLVED,
                rating=Rating.SATISFIED,
            )
