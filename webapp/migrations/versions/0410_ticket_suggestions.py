"""What is suggested for tickets, beside what people decide."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0410"
down_revision: str | None = "0401"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ticket_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "request",
                "complaint",
                "help",
                "question",
                "thanks",
                "not_for_us",
                name="ticketkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "danger",
                "utilities",
                "question",
                "ordinary",
                "complex",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("about_staff", sa.Boolean(), nullable=False),
        sa.Column("external", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("dangers", sa.Text(), nullable=False),
        sa.Column("duplicates", sa.Text(), nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_branch_id", sa.Integer(), nullable=True),
        sa.Column(
            "decided_kind",
            sa.Enum(
                "request",
                "complaint",
                "help",
                "question",
                "thanks",
                "not_for_us",
                name="decided_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "decided_urgency",
            sa.Enum(
                "danger",
                "utilities",
                "question",
                "ordinary",
                "complex",
                name="decided_urgency",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_branch_id IS NULL)"
            " AND (decided_at IS NULL) = (decided_kind IS NULL)"
            " AND (decided_at IS NULL) = (decided_urgency IS NULL)",
            name=op.f("ck_ticket_suggestion_decided_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_ticket_suggestion_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_branch_id"],
            ["branch.id"],
            name=op.f("fk_ticket_suggestion_decided_branch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_suggestion_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_suggestion")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_ticket_suggestion_ticket_id")),
    )
    with op.batch_alter_table("ticket_suggestion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ticket_suggestion_branch_id"), ["branch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ticket_suggestion_decided_at"), ["decided_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ticket_suggestion_decided_branch_id"),
            ["decided_branch_id"],
            unique=False,
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("ticket_suggestion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_suggestion_decided_branch_id"))
        batch_op.drop_index(batch_op.f("ix_ticket_suggestion_decided_at"))
        batch_op.drop_index(batch_op.f("ix_ticket_suggestion_branch_id"))

    op.drop_table("ticket_suggestion")
