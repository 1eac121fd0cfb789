"""How a ticket changes its state: once, by whoever acted on it as it stands, with its event."""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict
from webapp.tickets.lifecycle import (
    FINISHED,
    TRANSITIONS,
    Escalation,
    Outcome,
    Rating,
    TicketAction,
    TicketState,
)
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket


def move(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    action: TicketAction,
    *,
    words: str = "",
    inside_words: str = "",
    by_reporter: bool = False,
    outcome: Outcome | None = None,
    rating: Rating | None = None,
    **changes: Any,
) -> TicketEvent:
    """Change a ticket by ``action`` and note the step; ``changes`` are other columns.

    What the reporter said of it is the ticket's for as long as it is closed. Raises ``Conflict``
    when its state does not allow it, or somebody was faster.
    """
    before = ticket.state
    target = TRANSITIONS.get((before, action))
    if target is None:
        raise Conflict(
            _("这件现在是「%(state)s」，不能再做这一步。请看看最新情况。", state=before.label)
        )
    if target != before:
        changes.setdefault("since", clock.now())
    if target is not before:
        ends = target is TicketState.CLOSED
        changes |= {"outcome": outcome if ends else None, "rating": rating if ends else None}
    if target in FINISHED:
        changes |= {"due_at": None, "escalation": Escalation.NOBODY}
    done = session.exec(
        update(Ticket)
        .where(
            col(Ticket.id) == ticket.id,
            col(Ticket.state) == before,
            col(Ticket.version) == ticket.version,
        )
        .values(state=target, version=ticket.version + 1, **changes)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经有人动过这一件，请看看最新情况。"))
    session.refresh(ticket)
    return note(
        session,
        actor,
        ticket,
        action,
        from_state=before,
        words=words,
        inside_words=inside_words,
        by_reporter=by_reporter,
        outcome=outcome,
        rating=rating,
    )


def note(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    action: TicketAction,
    *,
    from_state: TicketState | None,
    **said: Any,
) -> TicketEvent:
    """Write the event of a step that was made, with its line in the audit trail."""
    event = TicketEvent(
        ticket_id=ticket.id,
        at=clock.now(),
        actor_id=actor.account_id,
        action=action,
        from_state=from_state,
        to_state=ticket.state,
        **said,
    )
    session.add(event)
    session.flush()
    audit.record(session, f"ticket.{action.value}", ticket)
    return event
