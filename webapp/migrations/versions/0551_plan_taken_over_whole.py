"""A plan in force says when the queue showed all it picks, so that a take-over cut off is finished.

Those in force so far count as done.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0551"
down_revision: str | None = "0550"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "community_plan",
        sa.Column("marked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    )
    op.execute("UPDATE community_plan SET marked_at = taken_over_at")


def downgrade() -> None:
    """Undo."""
    op.drop_column("community_plan", "marked_at")
