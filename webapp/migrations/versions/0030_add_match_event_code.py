"""Keep which of the listed reasons a step of a match was taken for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("match_event") as batch_op:
        # Steps from before this column named no listed reason.
        batch_op.add_column(
            sa.Column("code", sa.String(length=32), nullable=False, server_default="")
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("match_event") as batch_op:
        batch_op.drop_column("code")
