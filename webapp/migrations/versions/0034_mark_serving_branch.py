"""Mark the branch whose members care for every resident's file."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("branch") as batch_op:
        batch_op.add_column(
            sa.Column("serves_all", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    branch = sa.table("branch", sa.column("name", sa.String), sa.column("serves_all", sa.Boolean))
    op.execute(branch.update().where(branch.c.name.startswith("富民")).values(serves_all=sa.true()))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("branch") as batch_op:
        batch_op.drop_column("serves_all")
