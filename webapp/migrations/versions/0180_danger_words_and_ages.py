"""Danger words as dated rows of the rule book; the age of those named for piecework.

``age`` is null only in rows older than the question.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0180"
down_revision: str | None = "0170"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CODES = ("toxic", "flammable", "explosive", "corrosive")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "danger_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                *CODES, name="dangercode", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_danger_word_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_danger_word_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_danger_word_ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_danger_word")),
    )
    op.create_index(
        "uq_danger_word_in_force",
        "danger_word",
        ["word"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    # Both databases add such a column in place; a batch would lose the table's triggers.
    op.execute(
        "ALTER TABLE piecework_assignment_member ADD COLUMN age INTEGER "
        "CONSTRAINT ck_piecework_assignment_member_old_enough CHECK (age >= 16)"
    )


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("piecework_assignment_member") as batch:
            batch.drop_constraint(op.f("ck_piecework_assignment_member_old_enough"), type_="check")
            batch.drop_column("age")
    else:
        op.drop_column("piecework_assignment_member", "age")
    op.drop_index("uq_danger_word_in_force", table_name="danger_word")
    op.drop_table("danger_word")
