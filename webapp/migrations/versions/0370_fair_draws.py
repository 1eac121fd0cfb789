"""Fair draws: a frozen list, a public result typed in by two, an order anybody can recompute.

What a later hand could want to change is held by triggers. That of new entries compares with the
list itself, so that a backup can be restored.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0370"
down_revision: str | None = "0340"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_FROZEN = "EXISTS (SELECT 1 FROM draw d WHERE d.id = OLD.draw_id AND d.list_hash <> '')"
RULES = (
    (
        "draw_over",
        "draw",
        "UPDATE",
        "OLD.state IN ('drawn', 'cancelled')",
        "a draw that is over never changes",
    ),
    (
        "draw_list_fixed",
        "draw",
        "UPDATE OF code, subject, title, places, list_text, list_hash, source, source_day, "
        "known_at, frozen_at",
        "OLD.list_hash <> ''",
        "a frozen list never changes",
    ),
    (
        "draw_not_reopened",
        "draw",
        "UPDATE OF state",
        "OLD.state <> 'open' AND NEW.state = 'open'",
        "a frozen draw is not opened again",
    ),
    (
        "draw_by_two",
        "draw",
        "UPDATE OF state, seed",
        "NEW.state = 'drawn' AND (SELECT count(*) FROM draw_seed_entry s WHERE s.draw_id = NEW.id"
        " AND s.round = NEW.round AND s.value = NEW.seed) <> 2",
        "two people type the same result",
    ),
    ("draw_kept", "draw", "DELETE", "OLD.list_hash <> ''", "a frozen list is kept"),
    (
        "draw_entry_listed",
        "draw_entry",
        "INSERT",
        "EXISTS (SELECT 1 FROM draw d WHERE d.id = NEW.draw_id AND d.list_hash <> ''"
        " AND instr(d.list_text, "
        "char(10) || coalesce(NEW.number, 0) || ' ' || NEW.code || char(10)) = 0)",
        "nobody enters a frozen list",
    ),
    (
        "draw_entry_fixed",
        "draw_entry",
        "UPDATE OF draw_id, code, number",
        _FROZEN,
        "entries of a frozen list never change",
    ),
    (
        "draw_entry_ranked",
        "draw_entry",
        "UPDATE OF rank",
        "NOT EXISTS (SELECT 1 FROM draw d WHERE d.id = OLD.draw_id AND d.state = 'typed')",
        "ranks come from the result alone",
    ),
    ("draw_entry_kept", "draw_entry", "DELETE", _FROZEN, "entries of a frozen list are kept"),
    (
        "draw_seed_in_time",
        "draw_seed_entry",
        "INSERT",
        "EXISTS (SELECT 1 FROM draw d WHERE d.id = NEW.draw_id AND (d.known_at IS NULL"
        " OR NEW.typed_at < d.known_at OR NEW.round > d.round))",
        "a result is typed in once it is known",
    ),
    ("draw_seed_fixed", "draw_seed_entry", "UPDATE", "1 = 1", "what was typed never changes"),
    ("draw_seed_kept", "draw_seed_entry", "DELETE", "1 = 1", "what was typed is kept"),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "frozen",
                "typed",
                "drawn",
                "cancelled",
                name="drawstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("list_text", sa.Text(), nullable=False),
        sa.Column("list_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "ssq",
                "dlt",
                name="seedsource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("source_day", sa.Date(), nullable=True),
        sa.Column("known_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("seed", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("frozen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("drawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL) AND (state = 'cancelled') = "
            "(reason <> '')",
            name=op.f("ck_draw_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'drawn') = (drawn_at IS NOT NULL)", name=op.f("ck_draw_drawn_has_moment")
        ),
        sa.CheckConstraint("(state = 'drawn') = (seed <> '')", name=op.f("ck_draw_drawn_has_seed")),
        sa.CheckConstraint(
            "state <> 'open' OR list_hash = ''", name=op.f("ck_draw_open_has_no_list")
        ),
        sa.CheckConstraint(
            "state NOT IN ('frozen', 'typed', 'drawn') OR (length(list_hash) = 64 "
            "AND list_text <> '' AND source IS NOT NULL AND source_day IS NOT NULL AND known_at "
            " IS NOT NULL AND frozen_at IS NOT NULL)",
            name=op.f("ck_draw_frozen_is_whole"),
        ),
        sa.CheckConstraint(
            "cancelled_at < known_at", name=op.f("ck_draw_cancelled_before_it_is_known")
        ),
        sa.CheckConstraint("drawn_at >= known_at", name=op.f("ck_draw_drawn_after_it_is_known")),
        sa.CheckConstraint("frozen_at < known_at", name=op.f("ck_draw_frozen_before_it_is_known")),
        sa.CheckConstraint("places >= 1", name=op.f("ck_draw_at_least_one_place")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_draw_round_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("code", name=op.f("uq_draw_code")),
    )
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_draw_subject",
            ["subject"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

    op.create_table(
        "draw_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draw_entry_number_from_one")),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_draw_entry_rank_from_one")),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_entry_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_entry")),
        sa.UniqueConstraint("code", name=op.f("uq_draw_entry_code")),
        sa.UniqueConstraint("draw_id", "number", name=op.f("uq_draw_entry_draw_id_number")),
        sa.UniqueConstraint("draw_id", "rank", name=op.f("uq_draw_entry_draw_id_rank")),
    )
    with op.batch_alter_table("draw_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_entry_draw_id"), ["draw_id"], unique=False)

    op.create_table(
        "draw_seed_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("typed_by_id", sa.Integer(), nullable=False),
        sa.Column("typed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("turn IN (1, 2)", name=op.f("ck_draw_seed_entry_first_or_second")),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_seed_entry_draw_id")),
        sa.ForeignKeyConstraint(
            ["typed_by_id"], ["account.id"], name=op.f("fk_draw_seed_entry_typed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_seed_entry")),
        sa.UniqueConstraint(
            "draw_id", "round", "turn", name=op.f("uq_draw_seed_entry_draw_id_round_turn")
        ),
        sa.UniqueConstraint(
            "draw_id",
            "round",
            "typed_by_id",
            name=op.f("uq_draw_seed_entry_draw_id_round_typed_by_id"),
        ),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, event, wrong, words in RULES:
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            row = "OLD" if event == "DELETE" else "NEW"
            wrong = wrong.replace("instr(", "strpos(").replace("char(10)", "chr(10)")
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
    op.drop_table("draw_seed_entry")
    op.drop_table("draw_entry")
    op.drop_table("draw")
