"""Matches, their events, and what staff were shown."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, json_list, primary_key
from webapp.matches.lifecycle import MatchOrigin, MatchState, WishState
from webapp.matches.reason_codes import AskedHow, RemarkVerdict


class Match(SQLModel, table=True):
    """One resident and one opening, through its whole life.

    ``score`` (0 to 1), ``reasons``, ``gaps`` (lists of ``{"code", "text"}``), ``position``
    (1 is the resident's best) and ``model_version`` are what the ranking said when it was
    last computed as a suggestion; from then on they stand. ``rank`` is the place the ranking gave
    it, and ``propensity`` the chance that this rank stands at ``position``: a small random share
    changes places. ``previous_state`` is where it stood
    before a hire (its own or another) that can be undone. ``asked_at`` is when the employer was
    last asked for an answer, ``chases`` how often silence was noted since (the last time the
    resident was told). ``pick``, one of :class:`webapp.matches.lifecycle.Pick`, says why a
    suggestion is in the staff's queue.
    """

    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("resident_id", "opening_id"),
        CheckConstraint("position >= 1", name="position_from_one"),
        CheckConstraint("chases >= 0", name="chases_not_negative"),
        CheckConstraint("pick BETWEEN 1 AND 3", name="pick_known"),
        CheckConstraint("state <> 'hired' OR start_date IS NOT NULL", name="hired_has_start"),
        # All that the staff's queue asks of a match, so that it is read from the index alone.
        Index(
            "ix_match_queue",
            "state",
            "position",
            "score",
            "resident_id",
            "opening_id",
            "postponed_until",
        ),
        Index(
            "ix_match_picked",
            "state",
            "pick",
            "score",
            "resident_id",
            "opening_id",
            "postponed_until",
            sqlite_where=text("pick IS NOT NULL"),
            postgresql_where=text("pick IS NOT NULL"),
        ),
        # A person stands in the queue with one first suggestion and one second.
        Index(
            "uq_match_pick_once",
            "resident_id",
            "pick",
            unique=True,
            sqlite_where=text("pick < 3 AND state = 'suggested'"),
            postgresql_where=text("pick < 3 AND state = 'suggested'"),
        ),
        Index(
            "ix_match_opening_picked",
            "opening_id",
            "state",
            sqlite_where=text("pick IS NOT NULL"),
            postgresql_where=text("pick IS NOT NULL"),
        ),
        # Of a hundred rows some ninety-nine are suggestions that nobody has looked at yet.
        Index(
            "ix_match_acted_on",
            "state",
            "since",
            sqlite_where=text("state <> 'suggested'"),
            postgresql_where=text("state <> 'suggested'"),
        ),
        Index("ix_match_computed_at", "computed_at"),
        Index("ix_match_resident_state", "resident_id", "state"),
        Index("ix_match_opening_state", "opening_id", "state"),
    )

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    opening_id: int = Field(foreign_key="opening.id", index=True)
    state: MatchState = Field(sa_column=enum_column(MatchState, index=True))
    origin: MatchOrigin = Field(sa_column=enum_column(MatchOrigin))
    score: float | None = None
    position: int | None = None
    rank: int | None = None
    propensity: float | None = None
    pick: int | None = None
    reasons: list[dict[str, str]] = json_list()
    gaps: list[dict[str, str]] = json_list()
    model_version: str = Field(default="", max_length=64)
    computed_at: datetime | None = None
    since: datetime
    postponed_until: date | None = None
    offered_until: date | None = None
    channel: str = Field(default="", max_length=20)
    note: str = Field(default="", max_length=300)
    interview_at: datetime | None = None
    interview_place: str = Field(default="", max_length=120)
    interview_contact: str = Field(
        default="", max_length=60, sa_column_kwargs={"server_default": ""}
    )
    interview_bring: str = Field(
        default="", max_length=120, sa_column_kwargs={"server_default": ""}
    )
    start_date: date | None = None
    evidence: str = Field(default="", max_length=200)
    asked_at: datetime | None = None
    chases: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    previous_state: MatchState | None = Field(
        default=None, sa_column=enum_column(MatchState, nullable=True, name="previous_matchstate")
    )


class MatchEvent(SQLModel, table=True):
    """One step of a match: who, from where to where, why.

    ``code`` is from the short lists of :mod:`webapp.matches.reason_codes`, ``reason`` free words.
    ``shown`` keeps, for decisions on suggestions, the position and model version they were
    shown with, so that the ranking can be judged by them. ``before_it`` keeps, for an offer of
    what was no suggestion, the columns of the match that taking it back puts in place again.
    """

    __tablename__ = "match_event"

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", index=True, ondelete="CASCADE")
    at: datetime = Field(index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    action: str = Field(max_length=32)
    from_state: str = Field(max_length=32)
    to_state: str = Field(max_length=32)
    code: str = Field(default="", max_length=32)
    reason: str = Field(default="", max_length=300)
    shown: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    before_it: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )


class InterviewWish(SQLModel, table=True):
    """Somebody cannot come to an interview as agreed and names other times, or wants a call.

    ``interview_at`` is the time it is about, ``halves`` the half days that would suit
    (``"2026-12-03 am"``, see :mod:`webapp.matches.half_days`). One of a match is open at a time.
    """

    __tablename__ = "interview_wish"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_moment"),
        CheckConstraint(
            "settled_by_id IS NULL OR settled_at IS NOT NULL", name="settled_by_somebody"
        ),
        CheckConstraint("asked_at < interview_at", name="asked_before_it"),
        Index(
            "uq_interview_wish_open",
            "match_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", index=True, ondelete="CASCADE")
    interview_at: datetime
    halves: list[str] = json_list()
    wants_call: bool = False
    state: WishState = Field(sa_column=enum_column(WishState))
    asked_at: datetime
    asked_by_id: int | None = Field(default=None, foreign_key="account.id")
    settled_at: datetime | None = None
    settled_by_id: int | None = Field(default=None, foreign_key="account.id")


class OfferEvidence(SQLModel, table=True):
    """How an offer stood towards the person when it was made; ``content`` never changes.

    Read by the resident, and by staff whom the resident asked; on no list and in no file of
    anybody else. See :mod:`webapp.matches.services.offer_evidence`.
    """

    __tablename__ = "offer_evidence"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="whole_digest"),)

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", index=True, ondelete="CASCADE")
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    offered_at: datetime
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    digest: str = Field(max_length=64)


class EvidenceRequest(SQLModel, table=True):
    """A resident asked a member of staff to print what was kept of an offer."""

    __tablename__ = "evidence_request"

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", index=True, ondelete="CASCADE")
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id")
    how: AskedHow = Field(sa_column=enum_column(AskedHow))
    asked_at: datetime


class RefusalRemark(SQLModel, table=True):
    """What an employer says beside the code of a refusal; held until staff have read it."""

    __tablename__ = "refusal_remark"
    __table_args__ = (
        CheckConstraint(
            "(verdict IS NULL) = (read_at IS NULL) AND (verdict IS NULL) = (read_by_id IS NULL)",
            name="read_by_somebody",
        ),
    )

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", index=True, ondelete="CASCADE")
    text: str = Field(max_length=300)
    written_by_id: int | None = Field(default=None, foreign_key="account.id")
    written_at: datetime
    verdict: RemarkVerdict | None = Field(
        default=None, sa_column=enum_column(RemarkVerdict, nullable=True)
    )
    read_by_id: int | None = Field(default=None, foreign_key="account.id")
    read_at: datetime | None = None


class Impression(SQLModel, table=True):
    """A member of staff saw a suggestion: where it stood, and which model had put it there.

    ``position`` is its place among the resident's suggestions and ``rank`` the one the model
    gave it, both from 1; ``propensity`` the chance that this rank stood there. ``place`` is the
    row on the page, ``in_full`` whether it was open with both sides or a line in the list.
    """

    __tablename__ = "impression"
    __table_args__ = (
        UniqueConstraint(
            "resident_id",
            "opening_id",
            "account_id",
            "model_version",
            "position",
            "in_full",
            name="uq_impression_once",
        ),
        CheckConstraint("position >= 1", name="position_from_one"),
    )

    id: int = primary_key()
    at: datetime = Field(index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    resident_id: int = Field(foreign_key="resident.id", ondelete="CASCADE")
    opening_id: int = Field(foreign_key="opening.id", index=True)
    position: int
    rank: int
    propensity: float
    place: int
    in_full: bool
    model_version: str = Field(max_length=64)
