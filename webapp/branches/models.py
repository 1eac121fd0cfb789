"""The four branches that serve the community."""

from sqlmodel import Field, SQLModel

from webapp.db import primary_key


class Branch(SQLModel, table=True):
    """A branch (支部) with its office; its members are the staff accounts bound to it."""

    __tablename__ = "branch"

    id: int = primary_key()
    name: str = Field(max_length=20, unique=True)
    purpose: str = Field(max_length=100)
    office: str = Field(max_length=100)
    phone: str = Field(max_length=20)
