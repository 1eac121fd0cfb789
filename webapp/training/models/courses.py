"""Courses, their runs, class meetings and seats."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, json_list, primary_key
from webapp.training.lifecycle import CourseLevel, RunState

MOST_SEATS = 200


class Course(SQLModel, table=True):
    """What an opening of kind course teaches, beside what the opening says itself.

    Title, description, place and conditions are the opening's: by it a course is searched,
    matched and suggested. ``skills`` and ``certificates`` are what somebody who passes has then;
    together they are the opening's ``teaches``. ``class_hours`` are hours of teaching in all,
    ``papers`` what has to be handed in. ``fee_fen`` 0 is free; ``subsidy_note`` says who pays whom.
    """

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("fee_fen >= 0", name="fee_not_negative"),
        CheckConstraint("class_hours > 0", name="hours_positive"),
    )

    id: int = primary_key()
    opening_id: int = Field(foreign_key="opening.id", unique=True)
    level: CourseLevel | None = Field(
        default=None, sa_column=enum_column(CourseLevel, nullable=True)
    )
    class_hours: int | None = None
    provider: str = Field(default="", max_length=80)
    skills: list[str] = json_list()
    certificates: list[str] = json_list()
    papers: list[str] = json_list()
    fee_fen: int = 0
    subsidised: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    subsidy_note: str = Field(default="", max_length=200)
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="account.id")


class CourseRun(SQLModel, table=True):
    """One time a course is held (班).

    ``starts_at`` and ``ends_at`` are those of its first and last class meeting, kept here so that
    one statement can ask whether it has begun. ``enrol_from`` opens an announced run;
    ``enrol_until`` is the last day to enrol. ``change_note`` is why it was last moved or
    cancelled; ``sequence`` counts changes for calendars.
    """

    __tablename__ = "course_run"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint("seats BETWEEN 1 AND 200", name="seats_in_reason"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(
            "state <> 'cancelled' OR (cancelled_at IS NOT NULL AND change_note <> '')",
            name="cancelled_says_why",
        ),
        Index("ix_course_run_state", "state", "starts_at"),
    )

    id: int = primary_key()
    course_id: int = Field(foreign_key="course.id", index=True)
    number: int
    state: RunState = Field(sa_column=enum_column(RunState))
    seats: int
    trainer: str = Field(default="", max_length=40)
    room: str = Field(default="", max_length=60)
    starts_at: datetime
    ends_at: datetime
    enrol_from: date | None = None
    enrol_until: date
    sequence: int = 0
    change_note: str = Field(default="", max_length=200)
    moved_at: datetime | None = None
    cancelled_at: datetime | None = None
    idempotency_key: str = Field(max_length=32, unique=True)
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="account.id")


class ClassMeeting(SQLModel, table=True):
    """One meeting of a run (一次课); moved by changing it, so that its number stays the same."""

    __tablename__ = "class_meeting"
    __table_args__ = (
        UniqueConstraint("run_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_class_meeting_time", "starts_at", "ends_at"),
    )

    id: int = primary_key()
    run_id: int = Field(foreign_key="course_run.id", index=True)
    starts_at: datetime
    ends_at: datetime


class CourseSeat(SQLModel, table=True):
    """One seat of a run: an enrolment refers to it, so that no run has more people than seats."""

    __tablename__ = "course_seat"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    id: int = primary_key()
    run_id: int = Field(foreign_key="course_run.id", index=True)
    number: int
