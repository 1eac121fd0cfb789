"""Keep the figure of people in work, month by month."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0033"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COUNTS = (
    "working", "able", "by_job", "by_business", "by_piecework", "in_training", "too_young",
    "too_old",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "employment_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("frozen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("working <= able", name=op.f("ck_employment_month_part_of_all")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_month")),
        sa.UniqueConstraint("month", name=op.f("uq_employment_month_month")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("employment_month")
