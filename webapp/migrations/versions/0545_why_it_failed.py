"""Say why a job failed and why a backup does not restore; remind of figures nobody has set."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0545"
down_revision: str | None = "0535"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TROUBLES = "'disk_full', 'database_away', 'went_wrong'"
REASONS = "'unreadable', 'damaged', 'other_keys', 'other_schema', 'rows_missing', 'does_not_hold'"
MATTERS = "'job_late', 'backup_old', 'backup_broken', 'disk_low', 'figure_due'"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("job_run") as table:
        table.add_column(sa.Column("trouble", sa.String(length=32), nullable=True))
        table.create_check_constraint(op.f("ck_job_run_jobtrouble"), f"trouble IN ({TROUBLES})")
    with op.batch_alter_table("backup_copy") as table:
        table.add_column(sa.Column("why", sa.String(length=32), nullable=True))
        table.create_check_constraint(op.f("ck_backup_copy_trialfault"), f"why IN ({REASONS})")
        table.create_check_constraint(
            op.f("ck_backup_copy_why_it_failed"), "why IS NULL OR faults > 0"
        )
    _allow(f"{MATTERS}, 'figure_unset'")


def downgrade() -> None:
    """Undo; why something failed is lost."""
    op.execute("DELETE FROM upkeep_notice WHERE matter = 'figure_unset'")
    _allow(MATTERS)
    with op.batch_alter_table("backup_copy") as table:
        table.drop_constraint(op.f("ck_backup_copy_why_it_failed"), type_="check")
        table.drop_constraint(op.f("ck_backup_copy_trialfault"), type_="check")
        table.drop_column("why")
    with op.batch_alter_table("job_run") as table:
        table.drop_constraint(op.f("ck_job_run_jobtrouble"), type_="check")
        table.drop_column("trouble")


def _allow(matters: str) -> None:
    """Set what may be noticed; the table has no triggers to lose."""
    with op.batch_alter_table("upkeep_notice") as table:
        table.drop_constraint(op.f("ck_upkeep_notice_upkeepmatter"), type_="check")
        table.create_check_constraint(
            op.f("ck_upkeep_notice_upkeepmatter"), f"matter IN ({matters})"
        )
