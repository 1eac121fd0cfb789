"""Keep what staff are shown, with which chance, and the versions of the model that shows it."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0090"
down_revision: str | None = "0070"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = ("requested", "candidate", "current", "retired", "refused")
ONLY_ONE = sa.text("state IN ('current', 'requested')")


def upgrade() -> None:
    """Apply."""
    op.add_column("match", sa.Column("rank", sa.Integer(), nullable=True))
    op.add_column("match", sa.Column("propensity", sa.Float(), nullable=True))
    op.create_table(
        "model_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                *STATES,
                name="versionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("data_sha256", sa.String(length=64), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("fairness", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("switched_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("switched_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["switched_by_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_model_version_name", "model_version", ["name"])
    op.create_index(
        "uq_model_version_only",
        "model_version",
        ["state"],
        unique=True,
        sqlite_where=ONLY_ONE,
        postgresql_where=ONLY_ONE,
    )
    op.create_table(
        "impression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("in_full", sa.Boolean(), nullable=False),
        sa.Column("model_version", sa.String(length=64), nullable=False),
        sa.CheckConstraint("position >= 1", name="position_from_one"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "resident_id",
            "opening_id",
            "account_id",
            "model_version",
            "position",
            "in_full",
            name="uq_impression_once",
        ),
    )
    op.create_index("ix_impression_at", "impression", ["at"])
    op.create_index("ix_impression_account_id", "impression", ["account_id"])
    op.create_index("ix_impression_opening_id", "impression", ["opening_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("impression")
    op.drop_table("model_version")
    with op.batch_alter_table("match") as batch_op:
        batch_op.drop_column("propensity")
        batch_op.drop_column("rank")
