"""Checks of the policies' texts, counters, claims people told of, and what staff looked for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.rights.lifecycle import Answer, ClaimState, CounterCode, Verdict


class PolicyCheck(SQLModel, table=True):
    """Somebody held a policy's text and conditions against its document: the newest row holds.

    ``digest`` is of the very text: once the program ships another one, nobody has checked that.
    """

    __tablename__ = "policy_check"
    __table_args__ = (
        CheckConstraint("verdict <> 'gone' OR note <> ''", name="gone_says_why"),
        Index("ix_policy_check_policy", "policy", "id"),
    )

    id: int = primary_key()
    policy: str = Field(max_length=40)
    digest: str = Field(max_length=64)
    verdict: Verdict = Field(sa_column=enum_column(Verdict))
    note: str = Field(default="", max_length=200)
    at: datetime
    account_id: int = Field(foreign_key="account.id")


class PolicyCounter(SQLModel, table=True):
    """Where a counter is and when it is open, as the admin knows it; none is shown as a hole."""

    __tablename__ = "policy_counter"

    id: int = primary_key()
    code: CounterCode = Field(sa_column=enum_column(CounterCode))
    address: str = Field(max_length=120)
    phone: str = Field(default="", max_length=20)
    hours: str = Field(max_length=120)
    updated_at: datetime
    updated_by_id: int = Field(foreign_key="account.id")

    __table_args__ = (Index("uq_policy_counter_code", "code", unique=True),)


class PolicyClaim(SQLModel, table=True):
    """How far somebody is with a policy, as they told the branch: kept because they asked.

    One row a person and policy; who told what when stands in the audit trail.
    """

    __tablename__ = "policy_claim"
    __table_args__ = (UniqueConstraint("resident_id", "policy"),)

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", ondelete="CASCADE")
    policy: str = Field(max_length=40)
    state: ClaimState = Field(sa_column=enum_column(ClaimState))
    updated_at: datetime
    updated_by_id: int | None = Field(default=None, foreign_key="account.id")


class PolicyFinding(SQLModel, table=True):
    """One of a member's own residents may be entitled to a policy and has not claimed it.

    Worked out from the file, with the sensitive facts of whoever agreed to their being kept for
    claims; read by this member alone and gone after some days, or when the facts are erased.
    """

    __tablename__ = "policy_finding"
    __table_args__ = (UniqueConstraint("account_id", "resident_id", "policy"),)

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id")
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    policy: str = Field(max_length=40)
    answer: Answer = Field(sa_column=enum_column(Answer))
    found_at: datetime
