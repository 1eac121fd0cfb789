"""Promises of employers to take on who passes a course.

A trigger holds what was signed: it is withdrawn or settled, never edited.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0300"
down_revision: str | None = "0290"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BEFORE = (
    "seat", "line", "offer", "lapsed", "moved", "cancelled", "full", "class", "papers",
    "passed", "not_passed", "revoked",
)  # fmt: skip
AFTER = (*BEFORE, "order")
NAME, TABLE = "training_order_fixed", "training_order"
FIXED = (
    "course_id, employer_id, opening_id, people, pay_fen, pay_unit, start_from, start_until, "
    "conditions, signed_at, signed_by_id"
)
WORDS = "what was promised never changes"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "training_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("pay_fen", sa.Integer(), nullable=False),
        sa.Column(
            "pay_unit",
            sa.Enum(
                "month",
                "day",
                "hour",
                "piece",
                name="payunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("start_from", sa.Date(), nullable=False),
        sa.Column("start_until", sa.Date(), nullable=False),
        sa.Column("conditions", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "signed",
                "kept",
                "partly",
                "not_kept",
                "withdrawn",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "cause",
            sa.Enum(
                "few_passed",
                "post_gone",
                "employer_chose",
                "terms_changed",
                "no_agreement",
                "employer_gone",
                name="ordercause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdraw_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) "
            "AND (withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) "
            "AND (withdrawn_at IS NULL) = (withdraw_reason = '')",
            name=op.f("ck_training_order_withdrawn_with_reason"),
        ),
        sa.CheckConstraint(
            "(state IN ('kept', 'partly', 'not_kept')) = (settled_at IS NOT NULL) "
            "AND (settled_at IS NULL) = (settled_by_id IS NULL)",
            name=op.f("ck_training_order_settled_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state IN ('partly', 'not_kept')) = (cause IS NOT NULL)",
            name=op.f("ck_training_order_not_kept_has_cause"),
        ),
        sa.CheckConstraint("pay_fen > 0", name=op.f("ck_training_order_pay_positive")),
        sa.CheckConstraint(
            "people BETWEEN 1 AND 200", name=op.f("ck_training_order_people_in_reason")
        ),
        sa.CheckConstraint(
            "start_until >= start_from", name=op.f("ck_training_order_window_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_training_order_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_training_order_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_training_order_opening_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_training_order_settled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_training_order_signed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_training_order_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_order")),
    )
    with op.batch_alter_table("training_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_order_course_id"), ["course_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_training_order_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_training_order_opening_id"), ["opening_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_training_order_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_training_order_signed",
            ["course_id", "opening_id"],
            unique=True,
            sqlite_where=sa.text("state = 'signed'"),
            postgresql_where=sa.text("state = 'signed'"),
        )
    _allow(AFTER)
    if op.get_bind().dialect.name == "sqlite":
        body = f"WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    else:
        op.execute(
            f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; END $$"
        )
        body = f"FOR EACH ROW EXECUTE FUNCTION {NAME}()"
    op.execute(f"CREATE TRIGGER {NAME} BEFORE UPDATE OF {FIXED} ON {TABLE} {body}")


def _allow(kinds: Sequence[str]) -> None:
    """Set which kinds of news there are; the table has no triggers to lose."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("training_news") as table:
        table.drop_constraint(op.f("ck_training_news_newskind"), type_="check")
        table.create_check_constraint(op.f("ck_training_news_newskind"), f"kind IN ({listed})")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER {NAME}" + ("" if sqlite else f" ON {TABLE}"))
    if not sqlite:
        op.execute(f"DROP FUNCTION {NAME}()")
    op.execute("DELETE FROM training_news WHERE kind = 'order'")
    _allow(BEFORE)
    op.drop_table("training_order")
