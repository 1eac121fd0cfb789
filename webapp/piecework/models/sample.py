"""Pictures of an order's sealed sample: what a finished piece looks like."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key


class SamplePhoto(SQLModel, table=True):
    """A picture of the sample, kept in two sizes, encrypted among the uploads.

    ``stored`` is as large as a page shows it, ``small`` as a card does; both names are drawn by
    lot and tell nothing. Everybody may see it once staff released it, while the order is under
    way. Of one order there are at most three, and a picture never becomes another: a trigger
    each. Those of an order that is over are deleted, and triggers let none be added to it.
    """

    __tablename__ = "piecework_sample_photo"
    __table_args__ = (
        CheckConstraint(
            "width > 0 AND height > 0 AND small_width > 0 AND small_height > 0", name="has_a_size"
        ),
        CheckConstraint(
            "(released_at IS NULL) = (released_by_id IS NULL)", name="released_by_somebody"
        ),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id", index=True)
    stored: str = Field(max_length=40, unique=True)
    width: int
    height: int
    small: str = Field(max_length=40, unique=True)
    small_width: int
    small_height: int
    added_at: datetime
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
    released_at: datetime | None = None
    released_by_id: int | None = Field(default=None, foreign_key="account.id")
