"""Saved filters of the lists that staff use."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import FilteredList, SavedFilter


def saved_filters(session: Session, account_id: int | None, shown: FilteredList) -> list[Any]:
    """Return one member's saved filters of one list, by name."""
    return list(
        session.execute(
            select(col(SavedFilter.id), col(SavedFilter.name), col(SavedFilter.query))
            .where(col(SavedFilter.account_id) == account_id, col(SavedFilter.list) == shown)
            .order_by(col(SavedFilter.name))
        )
    )
