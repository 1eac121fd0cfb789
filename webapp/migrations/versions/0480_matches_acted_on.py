"""Indexes of the few matches somebody acted on, and of when suggestions were computed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0480"
down_revision: str | None = "0466"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    acted_on = sa.text("state <> 'suggested'")
    op.create_index(
        "ix_match_acted_on",
        "match",
        ["state", "since"],
        sqlite_where=acted_on,
        postgresql_where=acted_on,
    )
    op.create_index("ix_match_computed_at", "match", ["computed_at"])


def downgrade() -> None:
    op.drop_index("ix_match_computed_at", table_name="match")
    op.drop_index("ix_match_acted_on", table_name="match")
