"""Backups that were made, and what came of trying to restore them."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0521"
down_revision: str | None = "0520"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "backup_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("tried_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("faults", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "size >= 0 AND rows >= 0", name=op.f("ck_backup_copy_counts_not_negative")
        ),
        sa.CheckConstraint(
            "(tried_at IS NULL) = (faults IS NULL) AND (faults IS NULL OR faults >= 0)",
            name=op.f("ck_backup_copy_tried_has_result"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_copy")),
        sa.UniqueConstraint("name", name=op.f("uq_backup_copy_name")),
    )
    op.create_index(op.f("ix_backup_copy_made_at"), "backup_copy", ["made_at"])
    _allow(_allowed() | {"backup_trial"})


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM background_job WHERE kind = 'backup_trial'")
    _allow(_allowed() - {"backup_trial"})
    op.drop_table("backup_copy")


def _allowed() -> set[str]:
    """Return the kinds of jobs there are, whichever migrations added them."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("background_job")
    (kinds,) = [one for one in checks if one["name"] == "ck_background_job_jobkind"]
    return set(re.findall(r"'([a-z_]+)'", kinds["sqltext"]))


def _allow(kinds: set[str]) -> None:
    """Set which kinds there are; the table has no triggers to lose."""
    listed = ", ".join(f"'{kind}'" for kind in sorted(kinds))
    with op.batch_alter_table("background_job") as table:
        table.drop_constraint(op.f("ck_background_job_jobkind"), type_="check")
        table.create_check_constraint(op.f("ck_background_job_jobkind"), f"kind IN ({listed})")
