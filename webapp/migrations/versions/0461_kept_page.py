"""Whether a signed-in browser keeps its appointments to be read without network."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0461"
down_revision: str | None = "0460"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("login_session") as table:
        table.add_column(
            sa.Column("keeps_page", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("login_session") as table:
        table.drop_column("keeps_page")
