"""Pictures of the contract of a hire."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0371"
down_revision: str | None = "0370"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "contract_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("stored", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_contract_photo_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_contract_photo_added_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_photo")),
        sa.UniqueConstraint("stored", name=op.f("uq_contract_photo_stored")),
    )
    op.create_index(op.f("ix_contract_photo_match_id"), "contract_photo", ["match_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("contract_photo")
