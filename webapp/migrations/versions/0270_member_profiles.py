"""What the members of the branches know, and when they are here."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0270"
down_revision: str | None = "0260"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

words = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "member_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("volunteer", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("institution", words(length=60), nullable=False),
        sa.Column("trades", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("duty_phone", words(length=20), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_member_profile_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_profile")),
        sa.UniqueConstraint("account_id", name=op.f("uq_member_profile_account_id")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("member_profile")
