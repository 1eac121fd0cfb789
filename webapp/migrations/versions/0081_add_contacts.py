"""Keep contacts with residents, and the filters staff keep for themselves."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0081"
down_revision: str | None = "0034"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("way", _enum("contactway", "phone", "visit", "office"), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("form_key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_key", name="uq_contact_form_key"),
    )
    op.create_index("ix_contact_resident", "contact", ["resident_id", "id"])
    op.create_index("ix_contact_account_id", "contact", ["account_id"])
    op.create_index("ix_contact_next_on", "contact", ["next_on"])
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("list", _enum("filteredlist", "queue", "residents"), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("query", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "list", "name"),
    )
    op.create_index("ix_saved_filter_account_id", "saved_filter", ["account_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("saved_filter")
    op.drop_table("contact")
