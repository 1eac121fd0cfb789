"""Whether somebody wants pictures first."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0465"
down_revision: str | None = "0461"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("picture_mode", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("account", "picture_mode")
