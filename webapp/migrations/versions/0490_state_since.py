"""Since when a resident has stood as they stand: seeking, paused, in work, gone.

Of those who are there already nobody kept it; it stays unknown until their state changes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0490"
down_revision: str | None = "0485"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "resident",
        sa.Column("state_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("resident", "state_since")
