"""The four branches that serve the community, what they do, and what their members know.

What they promise, who is on duty and what volunteers do stands in the modules beside this one.
"""

from datetime import datetime

from sqlalchemy import UniqueConstraint, false
from sqlmodel import Field, SQLModel

from webapp.core.db import json_list, primary_key


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


class BranchDuty(SQLModel, table=True):
    """One thing a branch does, in words residents know; shown in the order of ``position``."""

    __tablename__ = "branch_duty"
    __table_args__ = (UniqueConstraint("branch_id", "title"),)

    id: int = primary_key()
    branch_id: int = Field(foreign_key="branch.id", index=True)
    position: int
    title: str = Field(max_length=20)
    words: str = Field(max_length=120)


class MemberProfile(SQLModel, table=True):
    """What a member of a branch knows and when they are here; shown to everybody on /help.

    ``broker`` marks a labour broker (劳务经纪人), who brings openings in from companies and sees
    them filled. ``institution`` is where somebody comes from who does not work for the community.
    ``trades`` are what they can show or answer for, ``languages`` what they speak beside Mandarin.
    ``hours`` are windows as in a resident's file. ``duty_phone`` is given out to everybody: a
    telephone of the office or of duty, never anybody's own.
    """

    __tablename__ = "member_profile"

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", unique=True, ondelete="CASCADE")
    volunteer: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    broker: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    institution: str = Field(default="", max_length=60)
    trades: list[str] = json_list()
    languages: list[str] = json_list()
    hours: list[dict[str, str]] = json_list()
    duty_phone: str = Field(default="", max_length=20)
    updated_at: datetime
