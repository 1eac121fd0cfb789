"""Cards to sign in with, for people without a password."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

from webapp.core.crypto import EncryptedText

revision: str = "0421"
down_revision: str | None = "0420"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "login_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code", EncryptedText(), nullable=False),
        sa.Column("code_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("pin_hash", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_login_card_five_tries")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_login_card_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["account.id"], name=op.f("fk_login_card_issued_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_card")),
        sa.UniqueConstraint("account_id", name=op.f("uq_login_card_account_id")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_login_card_code_digest")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("login_card")
