"""Browsers that take notices on a telephone's screen: a notice goes to a channel or to one."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

from webapp.core.crypto import EncryptedText

revision: str = "0466"
down_revision: str | None = "0465"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Make the table, and let the outbox name a row of it instead of a channel."""
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", EncryptedText(), nullable=False),
        sa.Column("endpoint_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("p256dh", EncryptedText(), nullable=False),
        sa.Column("auth", EncryptedText(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_push_subscription_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["login_session.id"],
            name=op.f("fk_push_subscription_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("session_id", name=op.f("uq_push_subscription_session_id")),
        sa.UniqueConstraint("endpoint_digest", name=op.f("uq_push_subscription_endpoint_digest")),
    )
    with op.batch_alter_table("push_subscription") as table:
        table.create_index(table.f("ix_push_subscription_account_id"), ["account_id"])
    with op.batch_alter_table("outbox") as table:
        table.alter_column("channel_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("subscription_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_outbox_subscription_id"),
            "push_subscription",
            ["subscription_id"],
            ["id"],
            ondelete="CASCADE",
        )
        table.create_check_constraint(
            op.f("ck_outbox_one_way"), "(channel_id IS NULL) <> (subscription_id IS NULL)"
        )
        table.create_index(table.f("ix_outbox_subscription_id"), ["subscription_id"])


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM outbox WHERE channel_id IS NULL")
    with op.batch_alter_table("outbox") as table:
        table.drop_index(table.f("ix_outbox_subscription_id"))
        table.drop_constraint(op.f("ck_outbox_one_way"), type_="check")
        table.drop_constraint(op.f("fk_outbox_subscription_id"), type_="foreignkey")
        table.drop_column("subscription_id")
        table.alter_column("channel_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("push_subscription")
