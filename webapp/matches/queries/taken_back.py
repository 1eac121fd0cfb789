"""Offers taken back at once: in the history of staff, and not among what a person was told."""

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from webapp.matches.lifecycle import MatchAction
from webapp.matches.models import MatchEvent


def not_taken_back() -> ColumnElement[bool]:
    """Return the condition that a step is no offer whose next step took it back."""
    undo, later = aliased(MatchEvent), aliased(MatchEvent)
    following = (
        select(func.min(later.id))
        .where(col(later.match_id) == MatchEvent.match_id, col(later.id) > MatchEvent.id)
        .correlate(MatchEvent)
        .scalar_subquery()
    )
    undone = exists().where(
        col(undo.id) == following, col(undo.action) == MatchAction.UNDO_DECISION.value
    )
    return or_(col(MatchEvent.action) != MatchAction.OFFER.value, ~undone.correlate(MatchEvent))
