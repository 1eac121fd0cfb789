"""Keep why flagged words were let through, take a form in once, find changed openings fast."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("opening") as batch_op:
        # Openings from before this column have no note.
        batch_op.add_column(
            sa.Column("review_note", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("form_key", sa.String(length=32), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_opening_form_key"), ["form_key"])
        batch_op.create_index(
            "ix_opening_changes", ["state", "updated_at", "hired_count"], unique=False
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("opening") as batch_op:
        batch_op.drop_index("ix_opening_changes")
        batch_op.drop_constraint(batch_op.f("uq_opening_form_key"), type_="unique")
        batch_op.drop_column("form_key")
        batch_op.drop_column("review_note")
