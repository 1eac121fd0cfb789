"""One table of idempotency keys for all forms; those of contacts and complaints go."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0200"
down_revision: str | None = "0190"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

text = sqlmodel.sql.sqltypes.AutoString
# What each page left behind; none of these tables has triggers to lose.
OWN_KEYS = ("contact", "employer_complaint")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "request_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", text(length=64), nullable=False),
        sa.Column("key", text(length=32), nullable=False),
        sa.Column("action", text(length=200), nullable=False),
        sa.Column("digest", text(length=64), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("message", text(length=500), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(key) = 32 AND length(digest) = 64", name=op.f("ck_request_key_whole_digests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_key")),
        sa.UniqueConstraint("owner", "key", name=op.f("uq_request_key_owner_key")),
    )
    op.create_index(op.f("ix_request_key_at"), "request_key", ["at"])
    for name in OWN_KEYS:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"uq_{name}_idempotency_key"), type_="unique")
            table.drop_column("idempotency_key")


def downgrade() -> None:
    """Undo; rows from since then get a key that no page has."""
    for name in OWN_KEYS:
        op.add_column(name, sa.Column("idempotency_key", text(length=32), nullable=True))
        op.execute(f"UPDATE {name} SET idempotency_key = 'row-' || id")  # noqa: S608 - our tables
        with op.batch_alter_table(name) as table:
            table.alter_column("idempotency_key", nullable=False)
            table.create_unique_constraint(op.f(f"uq_{name}_idempotency_key"), ["idempotency_key"])
    op.drop_index(op.f("ix_request_key_at"), table_name="request_key")
    op.drop_table("request_key")
