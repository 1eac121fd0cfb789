"""Keep what texts of work mean, by content."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0240"
down_revision: str | None = "0200"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "kept_meaning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_meaning")),
        sa.UniqueConstraint("key", name=op.f("uq_kept_meaning_key")),
    )
    op.create_index(op.f("ix_kept_meaning_created_at"), "kept_meaning", ["created_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("kept_meaning")
