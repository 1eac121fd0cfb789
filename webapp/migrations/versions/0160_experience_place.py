"""Past jobs say where they were: the ranking's features of earlier places need it."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0160"
down_revision: str | None = "0150"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "experience",
        sa.Column(
            "place",
            sqlmodel.sql.sqltypes.AutoString(length=120),
            server_default="",
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("experience", "place")
