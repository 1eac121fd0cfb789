"""What a look through imported openings found, the header row a person chose, the job for both."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0505"
down_revision: str | None = "0500"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

JOBS = (
    "community_plan", "import_check", "import_read", "import_undo", "import_write",
    "piecework_plan", "plan_take_over", "rights_search", "training_demand",
)  # fmt: skip
STANDS = ("ready", "lacking", "flagged")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("import_batch") as table:
        table.add_column(
            sa.Column(
                "header_sheet",
                sqlmodel.sql.sqltypes.AutoString(length=60),
                server_default="",
                nullable=False,
            )
        )
        table.add_column(sa.Column("header_row", sa.Integer(), nullable=True))
    listed = ", ".join(f"'{one}'" for one in STANDS)
    with op.batch_alter_table("imported_row") as table:
        table.add_column(sa.Column("readiness", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("seen", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        table.add_column(
            sa.Column(
                "lacks",
                sqlmodel.sql.sqltypes.AutoString(length=120),
                server_default="",
                nullable=False,
            )
        )
        table.add_column(sa.Column("flags", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(
            sa.Column("repaired_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        table.create_check_constraint(op.f("ck_imported_row_readiness"), f"readiness IN ({listed})")
        table.create_check_constraint(
            op.f("ck_imported_row_openings_are_ready"),
            "readiness IS NULL OR opening_id IS NOT NULL",
        )
        table.create_check_constraint(
            op.f("ck_imported_row_ready_when_seen"), "(readiness IS NULL) = (seen IS NULL)"
        )
    _allow((*JOBS, "import_review"))


def _allow(kinds: Sequence[str]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("background_job") as table:
        table.drop_constraint(op.f("ck_background_job_jobkind"), type_="check")
        table.create_check_constraint(op.f("ck_background_job_jobkind"), f"kind IN ({listed})")


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM background_job WHERE kind = 'import_review'")
    _allow(JOBS)
    with op.batch_alter_table("imported_row") as table:
        for name in ("readiness", "openings_are_ready", "ready_when_seen"):
            table.drop_constraint(op.f(f"ck_imported_row_{name}"), type_="check")
        for column in ("readiness", "seen", "lacks", "flags", "held", "repaired_at"):
            table.drop_column(column)
    with op.batch_alter_table("import_batch") as table:
        table.drop_column("header_row")
        table.drop_column("header_sheet")
