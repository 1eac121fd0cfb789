"""An offer renewed, made again or made by hand can be taken back too: its step keeps what was."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0550"
down_revision: str | None = "0545"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column("match_event", sa.Column("before_it", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("match_event", "before_it")
