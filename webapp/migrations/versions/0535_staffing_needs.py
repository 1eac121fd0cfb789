"""What employers need before there is an opening, and what they were told."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0535"
down_revision: str | None = "0526"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_BY = ("told_by_id", "answered_by_id")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "staffing_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("told_by_id", sa.Integer(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("some_fit", sa.Boolean(), nullable=False),
        sa.Column("told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "people BETWEEN 1 AND 99", name=op.f("ck_staffing_need_people_in_range")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_staffing_need_words_not_empty")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')"
            " AND (answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_staffing_need_answered_has_words"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
            name=op.f("fk_staffing_need_employer_id_employer"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["account.id"], name=op.f(f"fk_staffing_need_{name}_account")
            )
            for name in _BY
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffing_need")),
    )
    for name in ("employer_id", "told_by_id", "told_at"):
        op.create_index(op.f(f"ix_staffing_need_{name}"), "staffing_need", [name])


def downgrade() -> None:
    """Undo."""
    op.drop_table("staffing_need")
