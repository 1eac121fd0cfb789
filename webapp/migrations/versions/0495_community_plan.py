"""The plan of the whole community in tables, and which suggestions it puts into the queue.

Until a plan is in force, each person's best suggestion stands in the queue, as before. What a
plan had stored as suggestions of staff's own making becomes an ordinary suggestion.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0495"
down_revision: str | None = "0490"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STATES = ("made", "in_force", "ended")
_GAPS = ("busy", "blank", "none_fits", "met", "contested")
_JOBS = (
    "import_check", "import_read", "import_undo", "import_write", "piecework_plan", "rights_search",
    "training_demand",
)  # fmt: skip
_NEW_JOBS = ("community_plan", "plan_take_over")
_FIGURES = ("people", "placed", "bound", "homes", "homes_reached", "same", "other", "fresh")
_FIXED = "plan_id, resident_id, rank, opening_id, score, gap, fits, needy"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "community_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *_STATES, name="planstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_over_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("taken_over_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _FIGURES),
        sa.CheckConstraint(
            "placed >= 0 AND placed <= bound AND bound <= people",
            name=op.f("ck_community_plan_placed_of"),
        ),
        sa.CheckConstraint(
            "homes_reached >= 0 AND homes_reached <= homes", name=op.f("ck_community_plan_homes_of")
        ),
        sa.CheckConstraint(
            "(state = 'made' AND taken_over_at IS NULL AND ended_at IS NULL)"
            " OR (state = 'in_force' AND taken_over_at IS NOT NULL AND ended_at IS NULL)"
            " OR (state = 'ended' AND ended_at IS NOT NULL)",
            name=op.f("ck_community_plan_state_has_moments"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_community_plan_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_over_by_id"], ["account.id"], name=op.f("fk_community_plan_taken_over_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_plan")),
    )
    standing = sa.text("state IN ('made', 'in_force')")
    op.create_index(
        "uq_community_plan_standing",
        "community_plan",
        ["state"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "plan_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column(
            "gap",
            sa.Enum(*_GAPS, name="plangap", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("fits", sa.Integer(), nullable=False),
        sa.Column("needy", sa.Boolean(), nullable=False),
        sa.Column("out_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("out_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("rank BETWEEN 0 AND 2", name=op.f("ck_plan_line_rank_known")),
        sa.CheckConstraint(
            "(rank = 0) = (opening_id IS NULL) AND (rank = 0) = (gap IS NOT NULL)",
            name=op.f("ck_plan_line_opening_or_reason"),
        ),
        sa.CheckConstraint("out_at IS NULL OR rank > 0", name=op.f("ck_plan_line_out_had_opening")),
        sa.CheckConstraint(
            "(out_at IS NULL) = (out_by_id IS NULL)", name=op.f("ck_plan_line_out_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["community_plan.id"],
            name=op.f("fk_plan_line_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_plan_line_resident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_plan_line_opening_id")
        ),
        sa.ForeignKeyConstraint(["out_by_id"], ["account.id"], name=op.f("fk_plan_line_out_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
        sa.UniqueConstraint("plan_id", "resident_id", "opening_id", name="uq_plan_line_opening"),
    )
    op.create_index(op.f("ix_plan_line_resident_id"), "plan_line", ["resident_id"])
    op.create_index(op.f("ix_plan_line_opening_id"), "plan_line", ["opening_id"])
    op.create_index("ix_plan_line_in_order", "plan_line", ["plan_id", "rank", "needy", "score"])
    stands = sa.text("out_at IS NULL")
    op.create_index(
        "uq_plan_line_rank",
        "plan_line",
        ["plan_id", "resident_id", "rank"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    _seal_lines()
    _add_pick()
    _allow_jobs((*_JOBS, *_NEW_JOBS))


def _seal_lines() -> None:
    """Let nothing of a line change but that it was taken out, and that of no ended plan."""
    wrong = "EXISTS (SELECT 1 FROM community_plan p WHERE p.id = NEW.plan_id AND p.state = 'ended')"
    words = {
        "plan_line_fixed": (f"UPDATE OF {_FIXED}", "1 = 1", "a line of a plan never changes"),
        "plan_line_of_standing_plan": (
            "UPDATE OF out_at, out_by_id",
            wrong,
            "the plan has ended",
        ),
    }
    for name, (event, condition, said) in words.items():
        if op.get_bind().dialect.name == "sqlite":
            body = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON plan_line {body}")


def _add_pick() -> None:
    # Said by hand: SQLite adds a column with its CHECK, and need not copy the table.
    op.execute(
        'ALTER TABLE "match" ADD COLUMN pick INTEGER'
        " CONSTRAINT ck_match_pick_known CHECK (pick BETWEEN 1 AND 3)"
    )
    op.execute(
        "UPDATE \"match\" SET origin = 'model' WHERE state = 'suggested' AND origin = 'staff'"
    )
    op.execute("UPDATE \"match\" SET pick = 3 WHERE state = 'suggested' AND origin = 'employer'")
    op.execute(
        'UPDATE "match" SET pick = 2 WHERE id IN (SELECT MIN(id) FROM "match"'
        " WHERE state = 'suggested' AND position = 1 AND pick IS NULL GROUP BY resident_id)"
    )
    picked = sa.text("pick IS NOT NULL")
    once = sa.text("pick < 3 AND state = 'suggested'")
    op.create_index(
        "ix_match_picked",
        "match",
        [
            "state",
            "pick",
            "score",
            "resident_id",
            "opening_id",
            "postponed_until",
        ],
        sqlite_where=picked,
        postgresql_where=picked,
    )
    op.create_index(
        "ix_match_opening_picked",
        "match",
        ["opening_id", "state"],
        sqlite_where=picked,
        postgresql_where=picked,
    )
    op.create_index(
        "uq_match_pick_once",
        "match",
        ["resident_id", "pick"],
        unique=True,
        sqlite_where=once,
        postgresql_where=once,
    )


def _allow_jobs(kinds: Sequence[str]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("background_job") as table:
        table.drop_constraint(op.f("ck_background_job_jobkind"), type_="check")
        table.create_check_constraint(op.f("ck_background_job_jobkind"), f"kind IN ({listed})")


@contextmanager
def _triggers_aside() -> Iterator[None]:
    """Take SQLite's triggers away and put them back: a rewritten table breaks those naming it."""
    bind = op.get_bind()
    found = bind.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    )
    kept = [(name, sql) for name, sql in found]
    for name, _sql in kept:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in kept:
        bind.exec_driver_sql(sql)


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM background_job WHERE kind IN ('community_plan', 'plan_take_over')")
    _allow_jobs(_JOBS)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("uq_match_pick_once", "ix_match_opening_picked", "ix_match_picked"):
        op.drop_index(name, table_name="match")
    if sqlite:  # it drops no column that a CHECK names
        with _triggers_aside(), op.batch_alter_table("match") as table:
            table.drop_constraint(op.f("ck_match_pick_known"), type_="check")
            table.drop_column("pick")
    else:
        op.drop_column("match", "pick")
    for name in ("plan_line_of_standing_plan", "plan_line_fixed"):
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else " ON plan_line"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("plan_line")
    op.drop_table("community_plan")
