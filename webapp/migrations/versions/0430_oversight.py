"""Published figures: frozen months, the month under way, signed files, columns of the report.

Editions and their figures are append-only: triggers hold it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0430"
down_revision: str | None = "0422"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SEALED = ("oversight_month", "oversight_figure")
#: When another row is the same one, ``o`` beside NEW.
SAME = {
    "oversight_month": "o.month = NEW.month AND o.edition = NEW.edition",
    "oversight_figure": "o.month_id = NEW.month_id AND o.figure = NEW.figure",
}
WORDS = "what was published is kept"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "oversight_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(edition = 0) = (reason = '')", name=op.f("ck_oversight_month_correction_has_reason")
        ),
        sa.CheckConstraint("edition >= 0", name=op.f("ck_oversight_month_edition_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_oversight_month_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_month")),
        sa.UniqueConstraint("month", "edition", name=op.f("uq_oversight_month_month_edition")),
    )
    op.create_table(
        "oversight_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("figure", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "value IS NOT NULL OR NOT shown", name=op.f("ck_oversight_figure_shown_has_value")
        ),
        sa.ForeignKeyConstraint(
            ["month_id"], ["oversight_month.id"], name=op.f("fk_oversight_figure_month_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_figure")),
        sa.UniqueConstraint("month_id", "figure", name=op.f("uq_oversight_figure_month_id_figure")),
    )
    op.create_index(op.f("ix_oversight_figure_figure"), "oversight_figure", ["figure"])
    op.create_table(
        "oversight_running",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_oversight_running_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_running")),
    )
    op.create_table(
        "oversight_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_oversight_file_whole_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_file")),
        sa.UniqueConstraint("name", name=op.f("uq_oversight_file_name")),
    )
    op.create_table(
        "report_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("figure", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("heading", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_report_column_position_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_column")),
        sa.UniqueConstraint("position", name=op.f("uq_report_column_position")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in SEALED:
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_no_{event.lower()}"
            if sqlite:
                body = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            else:
                op.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; END $$"
                )
                body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")
        if sqlite:  # INSERT OR REPLACE deletes what it meets without a word
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "  # noqa: S608
                f"(SELECT 1 FROM {table} o WHERE o.id = NEW.id OR ({SAME[table]})) "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in SEALED:
        if sqlite:
            op.execute(f"DROP TRIGGER {table}_no_replace")
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_no_{event.lower()}"
            op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
            if not sqlite:
                op.execute(f"DROP FUNCTION {name}()")
    for table in (
        "report_column",
        "oversight_file",
        "oversight_running",
        "oversight_figure",
        "oversight_month",
    ):
        op.drop_table(table)
