"""What volunteers are wanted for, who was asked, and the hours they gave."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from webapp.branches.lifecycle import CallState, HelpState
from webapp.branches.models.commitments import two_answer
from webapp.core.db import enum_column, primary_key


class HelpWanted(SQLModel, table=True):
    """Something that volunteers are wanted for: the trade, the hours, for whom in plain words.

    Read by everybody who is asked, so it says nothing of anybody's health, allowance or number.
    ``wanted`` is how many people; ``outcome`` is why it was called off.
    """

    __tablename__ = "help_wanted"
    __table_args__ = (
        two_answer(),
        CheckConstraint("ends_at > starts_at", name="ends_after_its_start"),
        CheckConstraint("wanted > 0", name="somebody_is_wanted"),
        CheckConstraint(
            "trade <> '' AND words <> '' AND for_whom <> ''", name="says_what_for_whom"
        ),
        CheckConstraint(
            "(state = 'open') = (closed_at IS NULL) AND (state = 'open') = (closed_by_id IS NULL)",
            name="over_since_a_moment",
        ),
        CheckConstraint("(state = 'cancelled') = (outcome <> '')", name="called_off_for_a_reason"),
        Index("ix_help_wanted_starts", "state", "starts_at"),
    )

    id: int = primary_key()
    branch_id: int = Field(foreign_key="branch.id", index=True)
    trade: str = Field(max_length=20)
    words: str = Field(max_length=120)
    for_whom: str = Field(max_length=40)
    starts_at: datetime
    ends_at: datetime
    wanted: int
    owner_id: int = Field(foreign_key="account.id", index=True)
    backup_id: int = Field(foreign_key="account.id", index=True)
    state: HelpState = Field(sa_column=enum_column(HelpState))
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="account.id")
    outcome: str = Field(default="", max_length=120)
    closed_at: datetime | None = None
    closed_by_id: int | None = Field(default=None, foreign_key="account.id")


class HelpCall(SQLModel, table=True):
    """One person asked to help with one thing, and what they said (``by_phone``: to staff)."""

    __tablename__ = "help_call"
    __table_args__ = (
        UniqueConstraint("help_id", "account_id"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_at_a_moment"),
    )

    id: int = primary_key()
    help_id: int = Field(foreign_key="help_wanted.id")
    account_id: int = Field(foreign_key="account.id", index=True)
    state: CallState = Field(sa_column=enum_column(CallState))
    asked_at: datetime
    asked_by_id: int | None = Field(default=None, foreign_key="account.id")
    answered_at: datetime | None = None
    by_phone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class VolunteerHours(SQLModel, table=True):
    """The hours somebody gave to one thing; they count once another member has confirmed them.

    No minute of a person counts twice (a trigger), and what is confirmed stays as it is.
    """

    __tablename__ = "volunteer_hours"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_its_start"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)"
            " AND (confirmed_at IS NULL) = (thanks = '')",
            name="confirmed_with_thanks",
        ),
        CheckConstraint("confirmed_by_id <> account_id", name="confirmed_by_another"),
        Index("ix_volunteer_hours_account", "account_id", "starts_at"),
    )

    id: int = primary_key()
    call_id: int = Field(foreign_key="help_call.id", unique=True)
    account_id: int = Field(foreign_key="account.id")
    starts_at: datetime
    ends_at: datetime
    noted_at: datetime
    confirmed_at: datetime | None = None
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    thanks: str = Field(default="", max_length=120)

    @property
    def minutes(self) -> int:
        """How long it was, in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60
