"""What the admin found of the policies' texts, and where the counters are."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0373"
down_revision: str | None = "0372"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "policy_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "stands",
                "gone",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "verdict <> 'gone' OR note <> ''", name=op.f("ck_policy_check_gone_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_policy_check_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_check")),
    )
    op.create_index("ix_policy_check_policy", "policy_check", ["policy", "id"])

    op.create_table(
        "policy_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "employment",
                "civil",
                "market",
                "branch",
                name="countercode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("hours", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["account.id"], name=op.f("fk_policy_counter_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_counter")),
    )
    op.create_index("uq_policy_counter_code", "policy_counter", ["code"], unique=True)


def downgrade() -> None:
    """Undo."""
    op.drop_table("policy_counter")
    op.drop_table("policy_check")
