"""Trial days: a short agreement of work before the hire, and what came of it."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.employment.lifecycle import ContractKind
from webapp.trials.lifecycle import (
    AgreementKind,
    Cause,
    Heard,
    InjuryCover,
    Outcome,
    Party,
    TrialState,
)

# One that was called off, or did not take place, is not the one that a person has at an employer.
_COUNTS = text("state <> 'cancelled' AND (outcome IS NULL OR outcome <> 'not_held')")
_TERMS = (
    "starts_at <> '' AND ends_at <> '' AND address <> '' AND contact <> '' AND duties <> ''"
    " AND pay_day_fen IS NOT NULL AND cover IS NOT NULL AND agreement IS NOT NULL"
)


class TrialDay(SQLModel, table=True):
    """One to three days of work in a row at an employer, agreed before they begin.

    The terms are empty until the employer or staff have written them; ``version`` counts their
    changes, and who agrees names the one they read. Times are "08:30", pay is fen a day. What a
    side says came of it stands beside that side: ``employer_why`` and ``resident_why`` are a code
    of :mod:`webapp.matches.reason_codes` or a :class:`Cause`, and a no or a cause of the person's
    stands as the outcome only when their own word says the same. Branch staff alone read it.
    ``…_how`` is how a yes or a word reached us.
    """

    __tablename__ = "trial_day"
    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 3", name="one_to_three_days"),
        CheckConstraint("pay_day_fen > 0", name="is_paid"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint(f"state IN ('proposed', 'cancelled') OR ({_TERMS})", name="terms_whole"),
        CheckConstraint(
            "state IN ('proposed', 'cancelled')"
            " OR (employer_agreed_at IS NOT NULL AND resident_agreed_at IS NOT NULL)",
            name="agreed_by_both",
        ),
        CheckConstraint(
            "agreement <> 'labour' OR cover = 'work_injury'", name="covered_as_the_law_asks"
        ),
        CheckConstraint("(state = 'settled') = (outcome IS NOT NULL)", name="settled_has_outcome"),
        CheckConstraint(
            "(outcome IS NOT NULL AND outcome = 'not_held') = (cause IS NOT NULL)",
            name="not_held_has_cause",
        ),
        CheckConstraint(
            "state NOT IN ('proposed', 'cancelled')"
            " OR (employer_outcome IS NULL AND resident_outcome IS NULL)",
            name="words_after_agreement",
        ),
        # Never put down to the person without their own word.
        CheckConstraint(
            "outcome <> 'resident_no'"
            " OR (resident_outcome IS NOT NULL AND resident_outcome = 'resident_no')",
            name="no_by_own_word",
        ),
        CheckConstraint(
            "cause NOT IN ('resident', 'illness')"
            " OR (resident_outcome IS NOT NULL AND resident_why = cause)",
            name="cause_by_own_word",
        ),
        CheckConstraint(
            "(employer_agreed_at IS NULL) = (employer_agreed_how IS NULL)"
            " AND (resident_agreed_at IS NULL) = (resident_agreed_how IS NULL)",
            name="yes_has_its_way",
        ),
        CheckConstraint(
            "(employer_outcome IS NULL) = (employer_told_how IS NULL)"
            " AND (resident_outcome IS NULL) = (resident_told_how IS NULL)",
            name="word_has_its_way",
        ),
        CheckConstraint("(decided_by_id IS NULL) = (decision = '')", name="decided_with_a_note"),
        Index(
            "uq_trial_day_once",
            "resident_id",
            "employer_id",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
        Index("ix_trial_day_state", "state", "first_day"),
    )

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", index=True, ondelete="CASCADE")
    resident_id: int = Field(foreign_key="resident.id", ondelete="CASCADE")
    employer_id: int = Field(foreign_key="employer.id", index=True)
    state: TrialState = Field(sa_column=enum_column(TrialState))
    proposed_by: Party = Field(sa_column=enum_column(Party))
    first_day: date
    days: int = 1
    version: int = 1
    starts_at: str = Field(default="", max_length=5)
    ends_at: str = Field(default="", max_length=5)
    address: str = Field(default="", max_length=120)
    contact: str = Field(default="", max_length=60)
    duties: str = Field(default="", max_length=200)
    pay_day_fen: int | None = None
    cover: InjuryCover | None = Field(
        default=None, sa_column=enum_column(InjuryCover, nullable=True)
    )
    cover_note: str = Field(default="", max_length=120)
    agreement: AgreementKind | None = Field(
        default=None, sa_column=enum_column(AgreementKind, nullable=True)
    )
    employer_agreed_at: datetime | None = None
    employer_agreed_how: Heard | None = Field(
        default=None, sa_column=enum_column(Heard, nullable=True, name="employer_agreed_how")
    )
    resident_agreed_at: datetime | None = None
    resident_agreed_how: Heard | None = Field(
        default=None, sa_column=enum_column(Heard, nullable=True, name="resident_agreed_how")
    )
    employer_outcome: Outcome | None = Field(
        default=None, sa_column=enum_column(Outcome, nullable=True, name="employer_outcome")
    )
    employer_told_how: Heard | None = Field(
        default=None, sa_column=enum_column(Heard, nullable=True, name="employer_told_how")
    )
    employer_why: str = Field(default="", max_length=32)
    employer_words: str = Field(default="", max_length=200)
    resident_outcome: Outcome | None = Field(
        default=None, sa_column=enum_column(Outcome, nullable=True, name="resident_outcome")
    )
    resident_told_how: Heard | None = Field(
        default=None, sa_column=enum_column(Heard, nullable=True, name="resident_told_how")
    )
    resident_why: str = Field(default="", max_length=32)
    resident_words: str = Field(default="", max_length=200)
    starts_on: date | None = None
    contract: ContractKind | None = Field(
        default=None, sa_column=enum_column(ContractKind, nullable=True)
    )
    outcome: Outcome | None = Field(default=None, sa_column=enum_column(Outcome, nullable=True))
    cause: Cause | None = Field(default=None, sa_column=enum_column(Cause, nullable=True))
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decision: str = Field(default="", max_length=200)
    reminded_at: datetime | None = None
    asked_at: datetime | None = None
    since: datetime
    created_at: datetime

    @property
    def last_day(self) -> date:
        """The last of its days."""
        return self.first_day + timedelta(days=self.days - 1)
