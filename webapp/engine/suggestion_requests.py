"""Ask for suggestions to be computed anew; the scheduler does it soon after."""

from sqlmodel import Session, col, select, update

from webapp.core import clock
from webapp.engine.models import SuggestionRequest


def request_suggestions(session: Session, *, resident_id: int | None) -> None:
    """Have suggestions computed anew: one resident's, or everybody's for ``None``.

    One that waits already is made new instead of doubled: who is just working on it then sees
    that it is not the one they read, and leaves it for the next run. Two at once may leave two
    rows; both are served by one run.
    """
    waiting = (
        update(SuggestionRequest)
        .where(col(SuggestionRequest.resident_id).is_not_distinct_from(resident_id))
        .values(requested_at=clock.now())
    )
    if session.exec(waiting).rowcount == 0:
        session.add(SuggestionRequest(resident_id=resident_id, requested_at=clock.now()))
        session.flush()


def is_waiting(session: Session, *, resident_id: int) -> bool:
    """Return whether this resident's suggestions are about to be computed anew."""
    waiting = select(SuggestionRequest.id).where(SuggestionRequest.resident_id == resident_id)
    return session.exec(waiting).first() is not None
