"""Count tries in one row, note signs of life, and refuse INSERT OR REPLACE on kept rows.

SQLite deletes the row that a REPLACE displaces without asking the DELETE triggers, unless the
connection has ``recursive_triggers`` on. So every table that keeps its rows also refuses an
INSERT or an UPDATE that would meet another row in its primary key or a unique index.
"""

# ruff: noqa: S608
import re
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0130"
down_revision: str | None = "0120"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.drop_table("sign_in_failure")
    op.create_table(
        "rate_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bucket", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_rate_limit_count_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limit")),
        sa.UniqueConstraint("bucket", name=op.f("uq_rate_limit_bucket")),
    )
    op.create_index(op.f("ix_rate_limit_until"), "rate_limit", ["until"])
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sa.UniqueConstraint("name", name=op.f("uq_heartbeat_name")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in kept_tables():
            meets = " OR ".join(f"({same})" for same in collisions(table))
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} o WHERE {meets}) "
                f"BEGIN SELECT RAISE(ABORT, '{table} keeps its rows'); END"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_replace_by_update BEFORE UPDATE ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} o WHERE o.id <> OLD.id AND ({meets})) "
                f"BEGIN SELECT RAISE(ABORT, '{table} keeps its rows'); END"
            )


def kept_tables() -> list[str]:
    """Return the tables with a trigger that refuses DELETE."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' "
            "AND lower(name) LIKE '%\\_no\\_delete' ESCAPE '\\' ORDER BY tbl_name"
        )
    )
    return [name for (name,) in rows]


def collisions(table: str) -> Iterator[str]:
    """Yield for each unique index of a table the condition that a row ``o`` meets NEW in it."""
    bind = op.get_bind()
    yield "o.id = NEW.id"
    for index in bind.execute(sa.text(f"PRAGMA index_list({table})")).mappings().all():
        if index["unique"] and not index["partial"]:
            columns = bind.execute(sa.text(f"PRAGMA index_info({index['name']})")).mappings().all()
            yield " AND ".join(f"o.{one['name']} = NEW.{one['name']}" for one in columns)
        elif index["unique"]:
            columns = bind.execute(sa.text(f"PRAGMA index_info({index['name']})")).mappings().all()
            sql = bind.execute(
                sa.text("SELECT sql FROM sqlite_master WHERE name = :name"),
                {"name": index["name"]},
            ).scalar_one()
            where = sql.partition(" WHERE ")[2]
            same = " AND ".join(f"o.{one['name']} = NEW.{one['name']}" for one in columns)
            yield f"{same} AND ({of_row('o', where, table)}) AND ({of_row('NEW', where, table)})"


def of_row(row: str, condition: str, table: str) -> str:
    """Return an index's condition with its columns named as those of ``row``."""
    columns = op.get_bind().execute(sa.text(f"PRAGMA table_info({table})")).mappings().all()
    for column in columns:
        condition = re.sub(rf"\b{column['name']}\b", f"{row}.{column['name']}", condition)
    return condition


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "sqlite":
        for table in kept_tables():
            op.execute(f"DROP TRIGGER {table}_no_replace")
            op.execute(f"DROP TRIGGER {table}_no_replace_by_update")
    op.drop_table("heartbeat")
    op.drop_index(op.f("ix_rate_limit_until"), table_name="rate_limit")
    op.drop_table("rate_limit")
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bucket", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_at"), "sign_in_failure", ["at"])
    op.create_index(op.f("ix_sign_in_failure_bucket"), "sign_in_failure", ["bucket"])
