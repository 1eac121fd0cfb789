"""What a branch has promised and what it puts on: each with two members who answer for it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from webapp.branches.lifecycle import ActivityState, PromiseState
from webapp.core.db import enum_column, primary_key


def two_answer() -> CheckConstraint:
    """Return the constraint that owner and backup are two people.

    Triggers hold that both are members of the branch, in service, while the thing is not over.
    """
    return CheckConstraint("owner_id <> backup_id", name="two_answer")


class BranchPromise(SQLModel, table=True):
    """Something a branch will have done by a day, told to everybody.

    Words and day never change: who cannot keep it says so. ``outcome`` is the proof in words once
    it is kept, the reason otherwise; a picture is of a kept one alone, and has ``photo_alt`` for
    who does not see it. What is over stays as it is.
    """

    __tablename__ = "branch_promise"
    __table_args__ = (
        two_answer(),
        CheckConstraint("words <> ''", name="promises_something"),
        CheckConstraint(
            "(state = 'open') = (closed_at IS NULL) AND (state = 'open') = (closed_by_id IS NULL)"
            " AND (state = 'open') = (outcome = '')",
            name="over_with_an_outcome",
        ),
        CheckConstraint("photo = '' OR state = 'kept'", name="photo_of_what_was_kept"),
        CheckConstraint("(photo = '') = (photo_alt = '')", name="photo_in_words"),
        Index("ix_branch_promise_due", "state", "due_on"),
    )

    id: int = primary_key()
    branch_id: int = Field(foreign_key="branch.id", index=True)
    words: str = Field(max_length=120)
    owner_id: int = Field(foreign_key="account.id", index=True)
    backup_id: int = Field(foreign_key="account.id", index=True)
    due_on: date
    state: PromiseState = Field(sa_column=enum_column(PromiseState))
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="account.id")
    outcome: str = Field(default="", max_length=300)
    photo: str = Field(default="", max_length=40)
    photo_width: int = 0
    photo_height: int = 0
    photo_alt: str = Field(default="", max_length=100)
    closed_at: datetime | None = None
    closed_by_id: int | None = Field(default=None, foreign_key="account.id")


class BranchActivity(SQLModel, table=True):
    """Something a branch puts on: when, where, for whom, and what came of it.

    ``outcome`` says what came of it, or why it was called off; ``people`` is how many came.
    """

    __tablename__ = "branch_activity"
    __table_args__ = (
        two_answer(),
        CheckConstraint(
            "title <> '' AND place <> '' AND for_whom <> ''", name="says_what_where_for_whom"
        ),
        CheckConstraint("ends_at > starts_at", name="ends_after_its_start"),
        CheckConstraint(
            "(state = 'planned') = (closed_at IS NULL)"
            " AND (state = 'planned') = (closed_by_id IS NULL)"
            " AND (state = 'planned') = (outcome = '')",
            name="over_with_an_outcome",
        ),
        CheckConstraint(
            "(state = 'held') = (people IS NOT NULL) AND (people IS NULL OR people >= 0)",
            name="people_counted_where_held",
        ),
        CheckConstraint("photo = '' OR state = 'held'", name="photo_of_what_was_held"),
        CheckConstraint("(photo = '') = (photo_alt = '')", name="photo_in_words"),
        Index("ix_branch_activity_starts", "state", "starts_at"),
    )

    id: int = primary_key()
    branch_id: int = Field(foreign_key="branch.id", index=True)
    title: str = Field(max_length=40)
    starts_at: datetime
    ends_at: datetime
    place: str = Field(max_length=60)
    for_whom: str = Field(max_length=60)
    words: str = Field(default="", max_length=200)
    owner_id: int = Field(foreign_key="account.id", index=True)
    backup_id: int = Field(foreign_key="account.id", index=True)
    state: ActivityState = Field(sa_column=enum_column(ActivityState))
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="account.id")
    outcome: str = Field(default="", max_length=300)
    people: int | None = None
    photo: str = Field(default="", max_length=40)
    photo_width: int = 0
    photo_height: int = 0
    photo_alt: str = Field(default="", max_length=100)
    closed_at: datetime | None = None
    closed_by_id: int | None = Field(default=None, foreign_key="account.id")
