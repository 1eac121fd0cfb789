"""The passbook of a household: one chained line a posting."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class PassbookKind(LabelledEnum):
    """What a line of the passbook tells."""

    CLAIM = "claim", "领一份"
    CHANGE = "change", "改件数"
    TRIAL = "trial", "试做"
    ISSUE = "issue", "领料"
    RETURN = "return", "退料"
    SPOIL = "spoil", "损坏丢失"
    SUBMIT = "submit", "交货"
    INSPECT = "inspect", "验收"
    FINDING = "finding", "损耗认定"
    WAIVE = "waive", "免收"
    ADVANCE = "advance", "预支"
    COMPENSATE = "compensate", "补偿"
    SETTLE = "settle", "结算"
    PAY_OUT = "pay_out", "付钱"
    WITHDRAW = "withdraw", "退回"
    CORRECT = "correct", "更正"


class PassbookHead(SQLModel, table=True):
    """The end of a household's passbook: its newest line's number and digest."""

    __tablename__ = "passbook_head"

    id: int = primary_key()
    household_id: int = Field(foreign_key="household.id", unique=True)
    number: int = 0
    digest: str = Field(max_length=64)


class PassbookLine(SQLModel, table=True):
    """One line of a household's passbook, chained by SHA-256 to the one before."""

    __tablename__ = "passbook_line"
    __table_args__ = (Index("uq_passbook_line", "household_id", "number", unique=True),)

    id: int = primary_key()
    household_id: int = Field(foreign_key="household.id")
    number: int
    at: datetime
    kind: PassbookKind = Field(sa_column=enum_column(PassbookKind))
    assignment_id: int = Field(foreign_key="piecework_assignment.id", index=True)
    entry_id: int | None = Field(default=None, foreign_key="ledger_entry.id", index=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64, unique=True)
