"""Whether settled pay arrived: a month's check, its lines, the calls about them.

A list stays as it was frozen, an answer stands, and who paid, inspected or lives there makes no
call: triggers hold it, as they hold that inspector and payer are two.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0382"
down_revision: str | None = "0381"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

RULES = (
    (
        "payment_check_fixed",
        "payment_check",
        "UPDATE OF month, settled, sample, confidence_permille, margin_permille, made_at",
        "1 = 1",
        "what a check rests on never changes",
    ),
    (
        "payment_check_list_fixed",
        "payment_check",
        "UPDATE OF draw_id, list_hash",
        "OLD.state <> 'awaiting'",
        "a list that was drawn from never changes",
    ),
    ("payment_check_kept", "payment_check", "DELETE", "1 = 1", "a check is kept"),
    (
        "payment_line_fixed",
        "payment_check_line",
        "UPDATE OF check_id, settlement_line_id",
        "1 = 1",
        "a line of a check stays what it is about",
    ),
    (
        "payment_line_drawn",
        "payment_check_line",
        "UPDATE OF code, draw_entry_id, selected",
        "NOT EXISTS (SELECT 1 FROM payment_check c WHERE c.id = OLD.check_id"
        " AND c.state = 'awaiting')",
        "a sample that was drawn never changes",
    ),
    (
        "payment_answer_stands",
        "payment_check_line",
        "UPDATE OF answer, amount_fen, answered_at, due_on",
        "OLD.answer IS NOT NULL AND OLD.answer <> 'not_reached'",
        "an answer stands",
    ),
    (
        "payment_doubt_resolved_once",
        "payment_check_line",
        "UPDATE OF resolution, resolution_words, resolved_by_id, resolved_at",
        "OLD.resolution IS NOT NULL",
        "a doubt is resolved once",
    ),
    ("payment_line_kept", "payment_check_line", "DELETE", "1 = 1", "a line of a check is kept"),
    (
        "payment_call_fixed",
        "payment_call",
        "UPDATE",
        "OLD.ended_at IS NOT NULL OR NEW.caller_id <> OLD.caller_id"
        " OR NEW.line_id <> OLD.line_id OR NEW.opened_at <> OLD.opened_at",
        "a call that ended never changes",
    ),
    ("payment_call_kept", "payment_call", "DELETE", "1 = 1", "a call is kept"),
    (
        "payment_call_no_stake",
        "payment_call",
        "INSERT",
        "EXISTS (SELECT 1 FROM payment_check_line p"
        " JOIN settlement_line s ON s.id = p.settlement_line_id WHERE p.id = NEW.line_id AND ("
        "EXISTS (SELECT 1 FROM settlement_payment y WHERE y.line_id = s.id"
        " AND y.paid_by_id = NEW.caller_id AND y.paid_at <= NEW.opened_at)"
        " OR EXISTS (SELECT 1 FROM piecework_inspection i WHERE i.assignment_id = s.assignment_id"
        " AND i.inspector_id = NEW.caller_id AND i.at <= NEW.opened_at)))",
        "who paid or inspected makes no call",
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "payment_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "awaiting",
                "calling",
                "done",
                name="checkstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("confidence_permille", sa.Integer(), nullable=False),
        sa.Column("margin_permille", sa.Integer(), nullable=False),
        sa.Column("list_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("selected_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'awaiting') = (selected_at IS NULL)",
            name=op.f("ck_payment_check_selected_has_moment"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (closed_at IS NOT NULL)",
            name=op.f("ck_payment_check_done_has_moment"),
        ),
        sa.CheckConstraint("length(list_hash) = 64", name=op.f("ck_payment_check_whole_hash")),
        sa.CheckConstraint(
            "sample = settled OR draw_id IS NOT NULL", name=op.f("ck_payment_check_a_part_is_drawn")
        ),
        sa.CheckConstraint(
            "sample BETWEEN 1 AND settled", name=op.f("ck_payment_check_sample_of_the_settled")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_payment_check_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_check")),
        sa.UniqueConstraint("draw_id", name=op.f("uq_payment_check_draw_id")),
        sa.UniqueConstraint("month", name=op.f("uq_payment_check_month")),
    )
    with op.batch_alter_table("payment_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_check_state"), ["state"], unique=False)

    op.create_table(
        "payment_check_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("settlement_line_id", sa.Integer(), nullable=False),
        sa.Column("draw_entry_id", sa.Integer(), nullable=True),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("selected", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "full",
                "late",
                "less",
                "not",
                "not_reached",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("amount_fen", sa.Integer(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "resolution",
            sa.Enum(
                "paid_since",
                "cleared_up",
                "stands",
                name="resolution",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("resolution_words", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(answer IS NOT NULL AND answer = 'less') = (amount_fen IS NOT NULL)",
            name=op.f("ck_payment_check_line_less_has_amount"),
        ),
        sa.CheckConstraint(
            "(answer IS NOT NULL AND answer IN ('less', 'not')) = (due_on IS NOT NULL)",
            name=op.f("ck_payment_check_line_doubt_has_day"),
        ),
        sa.CheckConstraint(
            "(resolution IS NULL) = (resolved_at IS NULL)"
            " AND (resolution IS NULL) = (resolved_by_id IS NULL)"
            " AND (resolution IS NULL) = (resolution_words = '')",
            name=op.f("ck_payment_check_line_resolved_whole"),
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_payment_check_line_answer_has_moment"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_check_line_amount_positive")),
        sa.CheckConstraint(
            "answer IS NULL OR selected", name=op.f("ck_payment_check_line_answers_of_the_sample")
        ),
        sa.CheckConstraint(
            "resolution IS NULL OR due_on IS NOT NULL",
            name=op.f("ck_payment_check_line_doubts_are_resolved"),
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["payment_check.id"], name=op.f("fk_payment_check_line_check_id")
        ),
        sa.ForeignKeyConstraint(
            ["draw_entry_id"], ["draw_entry.id"], name=op.f("fk_payment_check_line_draw_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["account.id"], name=op.f("fk_payment_check_line_resolved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_line_id"],
            ["settlement_line.id"],
            name=op.f("fk_payment_check_line_settlement_line_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_check_line")),
        sa.UniqueConstraint("code", name=op.f("uq_payment_check_line_code")),
        sa.UniqueConstraint("draw_entry_id", name=op.f("uq_payment_check_line_draw_entry_id")),
        sa.UniqueConstraint(
            "settlement_line_id", name=op.f("uq_payment_check_line_settlement_line_id")
        ),
    )
    with op.batch_alter_table("payment_check_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_check_line_check_id"), ["check_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_payment_check_line_due_on"), ["due_on"], unique=False)

    op.create_table(
        "payment_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "full",
                "late",
                "less",
                "not",
                "not_reached",
                name="call_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "answer IS NULL OR ended_at IS NOT NULL",
            name=op.f("ck_payment_call_answered_has_ended"),
        ),
        sa.ForeignKeyConstraint(
            ["caller_id"], ["account.id"], name=op.f("fk_payment_call_caller_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["payment_check_line.id"], name=op.f("fk_payment_call_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_call")),
    )
    with op.batch_alter_table("payment_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_call_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            "uq_payment_call_open",
            ["line_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, event, wrong, words in RULES:
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            row = "OLD" if event == "DELETE" else "NEW"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                f"END IF; RETURN {row}; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, _event, _wrong, _words in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("payment_call")
    op.drop_table("payment_check_line")
    op.drop_table("payment_check")
