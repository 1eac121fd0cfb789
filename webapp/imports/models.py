"""Spreadsheets handed in: kept until a person has confirmed what each column means."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from webapp.db import enum_column, primary_key


class ImportKind(StrEnum):
    """What the rows are."""

    RESIDENTS = "residents"
    VACANCIES = "vacancies"


class ImportBatch(SQLModel, table=True):
    """One file handed in by one member of staff.

    ``columns`` maps fields to column numbers from 0 as confirmed on the page; ``report`` holds
    the counts and the refused rows once it has run (``done_at``).
    """

    __tablename__ = "import_batch"

    id: int = primary_key()
    kind: ImportKind = Field(sa_column=enum_column(ImportKind))
    filename: str = Field(max_length=200)
    digest: str = Field(max_length=64, index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime
    done_at: datetime | None = None
    columns: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
