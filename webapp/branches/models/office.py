"""Where the community's office is and how one gets there, in the admin's words."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key

ONLY = 1


class OfficeGuide(SQLModel, table=True):
    """The one row of /help that is about no branch: ``directions`` has a way a line."""

    __tablename__ = "office_guide"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("address <> ''", name="has_an_address"),
    )

    id: int = primary_key()
    address: str = Field(max_length=100)
    directions: str = Field(default="", max_length=400)
    updated_at: datetime
