"""Keep how a consent told to staff came about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0030"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("consent") as batch_op:
        # Consents from before this column have no note.
        batch_op.add_column(
            sa.Column("note", sa.String(length=200), nullable=False, server_default="")
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("consent") as batch_op:
        batch_op.drop_column("note")
