"""The four branches that serve the community."""

from sqlalchemy import false
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key


class Branch(SQLModel, table=True):
    """A branch (支部) with its office; its members are the staff accounts bound to it.

    ``serves_all`` marks the branch for work and business (富民): its members care for every
    resident's file, those of the others for the people their own branch has registered.
    """

    __tablename__ = "branch"

    id: int = primary_key()
    name: str = Field(max_length=20, unique=True)
    purpose: str = Field(max_length=100)
    office: str = Field(max_length=100)
    phone: str = Field(max_length=20)
    serves_all: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
