"""Employment spells: dated stretches of a person's working life; what hires are signed for."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.vocabulary import PayUnit
from webapp.employment.lifecycle import (
    ContractKind,
    Evidence,
    Origin,
    SocialInsurance,
    SpellKind,
)

_OPEN_EXCLUSIVE = (
    "ends_on IS NULL AND withdrawn_at IS NULL"
    " AND kind IN ('retired', 'studying', 'unable', 'away', 'looking')"
)


def _one_open(name: str, which: str) -> Index:
    where = text(f"{_OPEN_EXCLUSIVE} AND {which}")
    return Index(name, "resident_id", unique=True, sqlite_where=where, postgresql_where=where)


class EmploymentSpell(SQLModel, table=True):
    """What a resident did from one day to another (both counted), and what shows it.

    ``ends_on`` is null while it lasts. ``words`` say where, or what the visit found; never an
    illness. ``verified_at`` is when a member saw the evidence: what only rests on the person's
    own word has none. ``match_id`` is the hire that wrote it. A mistake is withdrawn with its
    reason, never edited; ``corrects_id`` is the row that this one stands for. The rows never say
    that somebody declined anything, nor why a job ended.
    """

    __tablename__ = "employment_spell"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("verified_at IS NULL OR evidence <> 'own_word'", name="word_not_verified"),
        CheckConstraint(
            "verified_by_id IS NULL OR verified_at IS NOT NULL", name="verified_has_date"
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_has_reason"
        ),
        CheckConstraint("match_id IS NULL OR origin = 'hire'", name="match_is_a_hire"),
        Index("ix_employment_spell_resident", "resident_id", "starts_on"),
        Index("ix_employment_spell_kind", "kind", "ends_on"),
        _one_open("uq_employment_spell_open_verified", "verified_at IS NOT NULL"),
        _one_open("uq_employment_spell_open_said", "verified_at IS NULL"),
        Index(
            "uq_employment_spell_match",
            "match_id",
            unique=True,  # somebody may come back to a place they left
            sqlite_where=text("withdrawn_at IS NULL AND ends_on IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND ends_on IS NULL"),
        ),
    )

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", ondelete="CASCADE")
    kind: SpellKind = Field(sa_column=enum_column(SpellKind))
    starts_on: date
    ends_on: date | None = None
    evidence: Evidence = Field(sa_column=enum_column(Evidence))
    words: str = Field(default="", max_length=200)
    origin: Origin = Field(sa_column=enum_column(Origin))
    match_id: int | None = Field(default=None, foreign_key="match.id", ondelete="SET NULL")
    corrects_id: int | None = Field(
        default=None, foreign_key="employment_spell.id", ondelete="SET NULL"
    )
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    verified_at: datetime | None = None
    verified_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_at: datetime | None = None
    withdrawn_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_reason: str = Field(default="", max_length=200)


class HireTerms(SQLModel, table=True):
    """What a hire was signed for, as far as somebody said; its start and evidence are the match's.

    Money is fen a ``pay_unit``; ``probation_until`` is the last day of probation, which the
    service has checked against the rules in force on the first day of work.
    """

    __tablename__ = "hire_terms"
    __table_args__ = (
        CheckConstraint("months > 0", name="months_positive"),
        CheckConstraint("pay_fen > 0 AND probation_pay_fen > 0", name="pay_positive"),
        CheckConstraint("contract <> 'fixed' OR months IS NOT NULL", name="fixed_has_length"),
        CheckConstraint(
            "probation_until IS NULL OR contract IN ('fixed', 'open_ended')",
            name="probation_where_law_knows_it",
        ),
        CheckConstraint(
            "probation_pay_fen IS NULL OR probation_until IS NOT NULL", name="probation_pay_has_end"
        ),
    )

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", unique=True, ondelete="CASCADE")
    contract: ContractKind = Field(sa_column=enum_column(ContractKind))
    months: int | None = None
    pay_fen: int | None = None
    pay_unit: PayUnit = Field(sa_column=enum_column(PayUnit))
    probation_until: date | None = None
    probation_pay_fen: int | None = None
    insurance: SocialInsurance | None = Field(
        default=None, sa_column=enum_column(SocialInsurance, nullable=True)
    )
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")


class ContractPhoto(SQLModel, table=True):
    """A picture of the contract of a hire, re-encoded and encrypted in the uploads folder."""

    __tablename__ = "contract_photo"

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", index=True, ondelete="CASCADE")
    stored: str = Field(max_length=40, unique=True)
    width: int
    height: int
    added_at: datetime
    added_by_id: int | None = Field(default=None, foreign_key="account.id")

    @property
    def shown_width(self) -> int:
        """How wide its thumbnail is, in CSS pixels."""
        return 96

    @property
    def shown_height(self) -> int:
        """How high its thumbnail is, in CSS pixels."""
        return self.shown_width * self.height // self.width
