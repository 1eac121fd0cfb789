"""What was suggested for a ticket, as its page shows it, and how often people decided so."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from webapp.branches.models import Branch
from webapp.tickets.models.suggestions import TicketSuggestion
from webapp.tickets.models.tickets import Ticket


@dataclass(frozen=True)
class Shown:
    """A suggestion with its branch, and the earlier tickets that may be the same matter."""

    row: TicketSuggestion
    branch: Branch | None
    alike: list[tuple[Ticket, list[str]]]

    @property
    def dangers(self) -> list[str]:
        """The words that tell of danger."""
        return self.row.dangers.splitlines()


def shown(session: Session, ticket_id: int) -> Shown | None:
    """Return what is shown beside a ticket, in three queries at most; None before it is made."""
    found = session.execute(
        select(TicketSuggestion, Branch)
        .outerjoin(Branch, col(Branch.id) == col(TicketSuggestion.branch_id))
        .where(TicketSuggestion.ticket_id == ticket_id)
    ).first()
    if found is None:
        return None
    row, branch = found
    why: dict[int, list[str]] = dict(json.loads(row.duplicates))
    tickets = session.exec(select(Ticket).where(col(Ticket.id).in_(why))).all() if why else []
    at = {one.id: one for one in tickets}
    return Shown(row, branch, [(at[id_], words) for id_, words in why.items() if id_ in at])


@dataclass(frozen=True)
class Agreement:
    """Of tickets that were sorted by a person: how many as suggested."""

    decided: int
    branch: int
    kind: int
    urgency: int


def agreement(session: Session, *, start: datetime) -> Agreement:
    """Return how often people have decided as suggested since ``start``."""
    s = TicketSuggestion
    counts = session.execute(
        select(
            func.count(),
            func.count().filter(col(s.branch_id) == col(s.decided_branch_id)),
            func.count().filter(col(s.kind) == col(s.decided_kind)),
            func.count().filter(col(s.urgency) == col(s.decided_urgency)),
        ).where(col(s.decided_at) >= start)
    ).one()
    return Agreement(*counts)
