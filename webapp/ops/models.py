"""Backups that were made, and whether restoring them was tried."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from webapp.admin.models import TrialFault
from webapp.core.db import enum_column, primary_key


class BackupCopy(SQLModel, table=True):
    """A backup in the folder of backups: the file ``name`` of ``size`` bytes with ``rows`` rows.

    ``faults`` is how many things did not hold when it was restored at ``tried_at`` into a
    database made for that, and ``why`` the gravest; 0 is a good one.
    ``deleted_at`` is when newer ones took its place.
    """

    __tablename__ = "backup_copy"
    __table_args__ = (
        CheckConstraint("size >= 0 AND rows >= 0", name="counts_not_negative"),
        CheckConstraint(
            "(tried_at IS NULL) = (faults IS NULL) AND (faults IS NULL OR faults >= 0)",
            name="tried_has_result",
        ),
        CheckConstraint("why IS NULL OR faults > 0", name="why_it_failed"),
    )

    id: int = primary_key()
    name: str = Field(max_length=60, unique=True)
    made_at: datetime = Field(index=True)
    size: int = Field(sa_type=BigInteger)
    rows: int
    tried_at: datetime | None = None
    faults: int | None = None
    why: TrialFault | None = Field(default=None, sa_column=enum_column(TrialFault, nullable=True))
    deleted_at: datetime | None = None
