"""Who is enrolled in a course, what happened to it, and what people were told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.training.lifecycle import (
    IN_A_RUN,
    LIVE,
    SEATED,
    EnrolmentOrigin,
    EnrolmentState,
    NewsKind,
)


def _listed(states: frozenset[EnrolmentState]) -> str:
    return ", ".join(f"'{state.value}'" for state in EnrolmentState if state in states)


_LIVE = text(f"state IN ({_listed(LIVE)})")


class Enrolment(SQLModel, table=True):
    """One person and one course, through its whole life.

    ``run_id`` is set while the person is in a run or its waiting list. ``seat`` is the number of
    the seat they hold, ``line`` their number in the waiting list (the order, not the place
    shown), ``offered_until`` how long a free seat is kept for them. ``subsidy_year`` and
    ``subsidy_nth`` say which of the year's subsidised courses this one is. ``papers_in_at`` is
    when all papers had been handed in.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("resident_id", "run_id"),
        UniqueConstraint("run_id", "seat"),
        UniqueConstraint("run_id", "line"),
        UniqueConstraint("resident_id", "subsidy_year", "subsidy_nth"),
        ForeignKeyConstraint(
            ["run_id", "seat"],
            ["course_seat.run_id", "course_seat.number"],
            name="fk_enrolment_seat",
        ),
        Index(
            "uq_enrolment_live",
            "resident_id",
            "course_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        CheckConstraint(
            f"(state IN ({_listed(IN_A_RUN)})) = (run_id IS NOT NULL)", name="names_its_run"
        ),
        CheckConstraint(f"(state IN ({_listed(SEATED)})) = (seat IS NOT NULL)", name="has_seat"),
        CheckConstraint("(state = 'waiting') = (line IS NOT NULL)", name="stands_in_line"),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offer_ends"),
        CheckConstraint(
            "(subsidy_year IS NULL) = (subsidy_nth IS NULL)", name="subsidy_is_counted"
        ),
        Index("ix_enrolment_run_state", "run_id", "state"),
        Index("ix_enrolment_offered", "state", "offered_until"),
    )

    id: int = primary_key()
    course_id: int = Field(foreign_key="course.id", index=True)
    run_id: int | None = Field(default=None, foreign_key="course_run.id")
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    state: EnrolmentState = Field(sa_column=enum_column(EnrolmentState))
    origin: EnrolmentOrigin = Field(sa_column=enum_column(EnrolmentOrigin))
    seat: int | None = None
    line: int | None = None
    offered_until: datetime | None = None
    subsidy_year: int | None = None
    subsidy_nth: int | None = None
    papers_in_at: datetime | None = None
    papers_in_by_id: int | None = Field(default=None, foreign_key="account.id")
    since: datetime
    created_at: datetime


class EnrolmentEvent(SQLModel, table=True):
    """One step of an enrolment: who, from where to where, in which run."""

    __tablename__ = "enrolment_event"

    id: int = primary_key()
    enrolment_id: int = Field(foreign_key="enrolment.id", index=True, ondelete="CASCADE")
    at: datetime
    account_id: int | None = Field(default=None, foreign_key="account.id")
    action: str = Field(max_length=32)
    from_state: str = Field(default="", max_length=32)
    to_state: str = Field(max_length=32)
    run_id: int | None = Field(default=None, foreign_key="course_run.id")


class TrainingNews(SQLModel, table=True):
    """A sentence for a learner; ``key`` lets each thing be told once.

    ``read_at``: they saw it on their page. ``told_at``: a member told somebody who cannot sign
    in, by telephone or in person.
    """

    __tablename__ = "training_news"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "key"),
        CheckConstraint("(told_at IS NULL) = (told_by_id IS NULL)", name="told_by_somebody"),
    )

    id: int = primary_key()
    enrolment_id: int = Field(foreign_key="enrolment.id", index=True, ondelete="CASCADE")
    kind: NewsKind = Field(sa_column=enum_column(NewsKind))
    key: str = Field(max_length=60)
    text: str = Field(max_length=300)
    at: datetime
    read_at: datetime | None = None
    told_at: datetime | None = None
    told_by_id: int | None = Field(default=None, foreign_key="account.id")
