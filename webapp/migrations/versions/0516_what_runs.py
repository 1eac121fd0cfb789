"""What is late is noticed once; a scheduled job can be run now; its runs are found by their job."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0516"
down_revision: str | None = "0515"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MATTERS = "'job_late', 'backup_old', 'backup_broken', 'disk_low', 'figure_due'"
STILL_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "upkeep_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=32), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("noticed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(f"matter IN ({MATTERS})", name=op.f("ck_upkeep_notice_upkeepmatter")),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= noticed_at",
            name=op.f("ck_upkeep_notice_ends_after_it_began"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_notice")),
    )
    op.create_index(
        "uq_upkeep_notice_open",
        "upkeep_notice",
        ["matter", "subject"],
        unique=True,
        sqlite_where=STILL_OPEN,
        postgresql_where=STILL_OPEN,
    )
    op.create_index("ix_job_run_of_job", "job_run", ["job", "started_at"])
    _allow(_allowed() | {"scheduled_job"})


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM background_job WHERE kind = 'scheduled_job'")
    _allow(_allowed() - {"scheduled_job"})
    op.drop_index("ix_job_run_of_job", table_name="job_run")
    op.drop_table("upkeep_notice")


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
