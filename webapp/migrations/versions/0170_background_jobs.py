"""Background jobs; the steps of an import, what holds for all its rows, and what it brought in."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0170"
down_revision: str | None = "0160"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KINDS = ("import_check", "import_read", "import_undo", "import_write", "piecework_plan")
STATES = ("queued", "running", "done", "failed", "cancelled")
BEFORE = ("uploaded", "running", "done")
AFTER = ("uploaded", "unreadable", "read", "checked", "running", "done", "undone")
UNDER_WAY = sa.text("state IN ('queued', 'running')")
THINGS = ("resident", "opening", "household", "employer")
ONE_THING = " + ".join(f"CASE WHEN {name}_id IS NULL THEN 0 ELSE 1 END" for name in THINGS) + " = 1"


def upgrade() -> None:
    """Apply."""
    _create_background_job()
    # A file that waited, or whose run was cut off, is read anew.
    _set_states("importstate", BEFORE, AFTER)
    op.execute("UPDATE import_batch SET state = 'uploaded' WHERE state = 'running'")
    with op.batch_alter_table("import_batch") as table:
        table.add_column(sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        table.add_column(sa.Column("options", sa.Text(), nullable=True))
        table.create_check_constraint(
            op.f("ck_import_batch_undone_has_date"), "state <> 'undone' OR undone_at IS NOT NULL"
        )
    op.create_table(
        "imported_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        *(sa.Column(f"{name}_id", sa.Integer(), nullable=True) for name in THINGS),
        sa.CheckConstraint(ONE_THING, name=op.f("ck_imported_row_names_one")),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_imported_row_{column}"),
                ondelete="CASCADE",
            )
            for table, column in (
                ("import_batch", "batch_id"),
                *((name, f"{name}_id") for name in THINGS),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
        *(
            sa.UniqueConstraint(f"{name}_id", name=op.f(f"uq_imported_row_{name}_id"))
            for name in THINGS
        ),
    )
    op.create_index(op.f("ix_imported_row_batch_id"), "imported_row", ["batch_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_imported_row_batch_id"), table_name="imported_row")
    op.drop_table("imported_row")
    op.execute(
        "UPDATE import_batch SET state = 'done' WHERE state = 'undone' AND done_at IS NOT NULL"
    )
    op.execute(
        "UPDATE import_batch SET state = 'uploaded' "
        "WHERE state IN ('unreadable', 'read', 'checked')"
    )
    with op.batch_alter_table("import_batch") as table:
        table.drop_constraint(op.f("ck_import_batch_undone_has_date"), type_="check")
        table.drop_column("options")
        table.drop_column("undone_at")
    _set_states("importstate", AFTER, BEFORE)
    for name in ("state", "requested_by_id", "key"):
        op.drop_index(op.f(f"ix_background_job_{name}"), table_name="background_job")
    op.drop_index("uq_background_job_under_way", table_name="background_job")
    op.drop_table("background_job")


def _create_background_job() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "background_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("jobkind", KINDS), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("state", _enum("jobstate", STATES), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("result_url", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("message", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("started_at", moment(), nullable=True),
        sa.Column("beat_at", moment(), nullable=True),
        sa.Column("finished_at", moment(), nullable=True),
        sa.CheckConstraint(
            "done >= 0 AND total >= 0", name=op.f("ck_background_job_progress_not_negative")
        ),
        sa.CheckConstraint(
            "state <> 'running' OR (claim <> '' AND beat_at IS NOT NULL)",
            name=op.f("ck_background_job_running_is_claimed"),
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name=op.f("ck_background_job_ended_has_date"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["account.id"], name=op.f("fk_background_job_requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_job")),
    )
    for name in ("key", "requested_by_id", "state"):
        op.create_index(op.f(f"ix_background_job_{name}"), "background_job", [name])
    op.create_index(
        "uq_background_job_under_way",
        "background_job",
        ["key"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def _enum(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _set_states(name: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Change the states that ``import_batch`` allows; the table has no triggers to lose."""
    with op.batch_alter_table("import_batch") as table:
        table.drop_constraint(op.f(f"ck_import_batch_{name}"), type_="check")
        listed = ", ".join(f"'{value}'" for value in after)
        table.create_check_constraint(op.f(f"ck_import_batch_{name}"), f"state IN ({listed})")
