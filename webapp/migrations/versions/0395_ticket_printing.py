"""Blank forms and posters for tickets, and pictures that everybody may see."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0395"
down_revision: str | None = "0390"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ticket_blank_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("pin", sa.Text(), nullable=True),
        sa.Column("batch", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("printed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ticket_id IS NULL) = (pin IS NOT NULL)",
            name=op.f("ck_ticket_blank_form_pin_until_filed"),
        ),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_ticket_blank_form_whole_code")),
        sa.ForeignKeyConstraint(
            ["printed_by_id"], ["account.id"], name=op.f("fk_ticket_blank_form_printed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_blank_form_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_blank_form")),
        sa.UniqueConstraint("code", name=op.f("uq_ticket_blank_form_code")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_ticket_blank_form_ticket_id")),
    )
    with op.batch_alter_table("ticket_blank_form") as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_blank_form_batch"), ["batch"])
    op.create_table(
        "ticket_wall_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_down_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_ticket_wall_place_whole_code")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_ticket_wall_place_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_wall_place")),
        sa.UniqueConstraint("code", name=op.f("uq_ticket_wall_place_code")),
    )
    with op.batch_alter_table("ticket_wall_place") as batch_op:
        batch_op.create_index(
            "uq_ticket_wall_place_hanging",
            ["place"],
            unique=True,
            sqlite_where=sa.text("taken_down_at IS NULL"),
            postgresql_where=sa.text("taken_down_at IS NULL"),
        )
    with op.batch_alter_table("ticket_photo") as batch_op:
        batch_op.add_column(
            sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(sa.Column("published_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_ticket_photo_published_by_id"), "account", ["published_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_ticket_photo_released_by_somebody"),
            "(published_at IS NULL) = (published_by_id IS NULL)",
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("ticket_photo") as batch_op:
        batch_op.drop_constraint(op.f("ck_ticket_photo_released_by_somebody"), type_="check")
        batch_op.drop_constraint(op.f("fk_ticket_photo_published_by_id"), type_="foreignkey")
        batch_op.drop_column("published_by_id")
        batch_op.drop_column("published_at")
    op.drop_table("ticket_wall_place")
    op.drop_table("ticket_blank_form")
