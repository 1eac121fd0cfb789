"""Let the staff's queue be read from its index alone."""

from collections.abc import Sequence

from alembic import op

revision: str = "0031"
down_revision: str | None = "0040"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NARROW = ["state", "position", "score"]


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_match_queue", table_name="match")
    op.create_index(
        "ix_match_queue", "match", [*NARROW, "resident_id", "opening_id", "postponed_until"]
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_match_queue", table_name="match")
    op.create_index("ix_match_queue", "match", NARROW)
