"""Where the community's office is and how one gets there."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0460"
down_revision: str | None = "0456"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "office_guide",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("directions", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_guide_only_one")),
        sa.CheckConstraint("address <> ''", name=op.f("ck_office_guide_has_an_address")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_guide")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("office_guide")
