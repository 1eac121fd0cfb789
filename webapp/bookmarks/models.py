"""Kept openings, and searches whose new answers are told."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key


class Bookmark(SQLModel, table=True):
    """An opening that an account keeps to look at again."""

    __tablename__ = "bookmark"
    __table_args__ = (UniqueConstraint("account_id", "opening_id"),)

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    opening_id: int = Field(foreign_key="opening.id", index=True, ondelete="CASCADE")
    created_at: datetime


class SearchAlert(SQLModel, table=True):
    """A search of the public list whose new answers an account is told of until ``ends_on``.

    ``query`` is the canonical query string, ``words`` what it is called on the person's page.
    Openings published after ``looked_at`` are new.
    """

    __tablename__ = "search_alert"
    __table_args__ = (UniqueConstraint("account_id", "query"),)

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    query: str = Field(max_length=400)
    words: str = Field(max_length=120)
    created_at: datetime
    ends_on: date = Field(index=True)
    looked_at: datetime
