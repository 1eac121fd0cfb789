"""Spreadsheets handed in, and what came in with each."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, json_list, primary_key
from webapp.imports.lifecycle import ImportState, Readiness


class ImportKind(StrEnum):
    """What the rows are."""

    RESIDENTS = "residents"
    VACANCIES = "vacancies"


class ImportBatch(SQLModel, table=True):
    """One file handed in by one member of staff, or on the command line (no account).

    It is seen by the staff of ``branch_id``. ``stored`` names the encrypted copy among the
    uploads, empty once that is deleted. ``columns`` maps fields to column numbers from 0 as
    confirmed on the page; ``options`` is JSON of what holds for all rows (consent, defaults).
    ``header_row`` of ``header_sheet`` is the row of the headers where a person said so.
    ``running_since`` is when the latest run began, and tells runs apart. ``report`` holds the
    counts, the refused rows and the notes once it has run (``done_at``), or why it could not be
    read; ``undone_at`` and ``report["kept"]`` tell of the undoing.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint("state <> 'done' OR done_at IS NOT NULL", name="done_has_date"),
        CheckConstraint("state <> 'undone' OR undone_at IS NOT NULL", name="undone_has_date"),
    )

    id: int = primary_key()
    kind: ImportKind = Field(sa_column=enum_column(ImportKind))
    filename: str = Field(max_length=200)
    digest: str = Field(max_length=64, index=True)
    stored: str = Field(default="", max_length=40)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    branch_id: int | None = Field(default=None, foreign_key="branch.id", index=True)
    state: ImportState = Field(
        default=ImportState.UPLOADED, sa_column=enum_column(ImportState, index=True)
    )
    created_at: datetime
    running_since: datetime | None = None
    done_at: datetime | None = None
    undone_at: datetime | None = None
    columns: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    header_sheet: str = Field(default="", max_length=60)
    header_row: int | None = None
    options: str | None = Field(default=None, sa_type=EncryptedText)
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class ImportedRow(SQLModel, table=True):
    """One thing that a file brought in, from its row ``row`` (0 for what several rows share).

    Of an opening it holds what a look through it found: ``readiness``, the fields it ``lacks``
    (each between spaces), the ``flags`` that a person has to look at, all as it was when its
    ``updated_at`` was ``seen``. ``held``: staff keep it from going out with the others.
    ``repaired_at`` is its ``updated_at`` after the latest repair of the whole file, which is no
    work of its own on it.
    """

    __tablename__ = "imported_row"
    __table_args__ = (
        CheckConstraint(
            " + ".join(
                f"CASE WHEN {name}_id IS NULL THEN 0 ELSE 1 END"
                for name in ("resident", "opening", "household", "employer")
            )
            + " = 1",
            name="names_one",
        ),
        CheckConstraint("readiness IS NULL OR opening_id IS NOT NULL", name="openings_are_ready"),
        CheckConstraint("(readiness IS NULL) = (seen IS NULL)", name="ready_when_seen"),
    )

    id: int = primary_key()
    batch_id: int = Field(foreign_key="import_batch.id", index=True, ondelete="CASCADE")
    row: int = 0
    resident_id: int | None = Field(
        default=None, foreign_key="resident.id", unique=True, ondelete="CASCADE"
    )
    opening_id: int | None = Field(
        default=None, foreign_key="opening.id", unique=True, ondelete="CASCADE"
    )
    household_id: int | None = Field(
        default=None, foreign_key="household.id", unique=True, ondelete="CASCADE"
    )
    employer_id: int | None = Field(
        default=None, foreign_key="employer.id", unique=True, ondelete="CASCADE"
    )
    readiness: Readiness | None = Field(
        default=None, sa_column=enum_column(Readiness, nullable=True)
    )
    seen: datetime | None = None
    lacks: str = Field(default="", max_length=120)
    flags: list[str] = json_list()
    held: bool = False
    repaired_at: datetime | None = None
