"""Pictures of the sealed sample of an order of piecework.

Two rules are triggers: an order that is not over has at most three, and a picture that staff
looked at never becomes another one.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0485"
down_revision: str | None = "0480"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# trigger → (event, what is refused, what is said)
RULES = {
    "sample_photo_of_a_living_order": (
        "INSERT",
        "EXISTS (SELECT 1 FROM piecework_order o WHERE o.id = NEW.order_id"
        " AND o.state IN ('cancelled', 'closed'))",
        "an order that is over gets no pictures",
    ),
    "sample_photo_at_most_three": (
        "INSERT",
        "(SELECT COUNT(*) FROM piecework_sample_photo p WHERE p.order_id = NEW.order_id) >= 3",
        "an order has at most three pictures",
    ),
    "sample_photo_fixed": (
        "UPDATE OF order_id, stored, width, height, small, small_width, small_height, added_at,"
        " added_by_id",
        "1 = 1",
        "a picture never becomes another",
    ),
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "piecework_sample_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("stored", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("small", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("small_width", sa.Integer(), nullable=False),
        sa.Column("small_height", sa.Integer(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "width > 0 AND height > 0 AND small_width > 0 AND small_height > 0",
            name=op.f("ck_piecework_sample_photo_has_a_size"),
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (released_by_id IS NULL)",
            name=op.f("ck_piecework_sample_photo_released_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_sample_photo_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_piecework_sample_photo_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"],
            ["account.id"],
            name=op.f("fk_piecework_sample_photo_released_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_sample_photo")),
        sa.UniqueConstraint("stored", name=op.f("uq_piecework_sample_photo_stored")),
        sa.UniqueConstraint("small", name=op.f("uq_piecework_sample_photo_small")),
    )
    op.create_index(
        op.f("ix_piecework_sample_photo_order_id"), "piecework_sample_photo", ["order_id"]
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (event, wrong, words) in RULES.items():
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON piecework_sample_photo {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else " ON piecework_sample_photo"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("piecework_sample_photo")
