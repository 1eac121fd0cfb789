"""Use the standard terms for tables, columns and stored codes.

Rows of the audit trail keep the names they were written with: the trail is hash-chained.
``webapp/admin/presentation/audit.py`` knows the words of both.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0120"
down_revision: str | None = "0110"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MATCH_ACTIONS = {"ask_oneself": "apply_directly", "say_why": "give_decline_reason"}
CHANNELS = {"网页": "page", "电话": "phone", "当面": "in_person"}
CONSENT_CHANNELS = {**CHANNELS, "表格": "spreadsheet"}
DEMO_STEPS = {"desk work": "contacts", "talks": "messages", "judgements": "decisions"}
ADDRESS = {"door": "unit_address"}
WAITING = sa.text("handed_at IS NULL")


def upgrade() -> None:
    """Apply."""
    _rename_address("door", "unit_address")
    _create_printed_notice("printed_notice")
    _move_rows("slip", "printed_notice")
    _create_opt_in("notification_opt_in")
    _move_rows("outside_wish", "notification_opt_in")
    _recode("match_event", "action", MATCH_ACTIONS)
    _recode("match", "channel", CHANNELS)
    _recode("consent", "channel", CONSENT_CHANNELS)
    _recode("job_run", "period", DEMO_STEPS)
    _rewrite_json("import_batch", "columns", lambda value: _renamed_keys(value, ADDRESS))
    _rewrite_json("duplicate_pair", "evidence", lambda value: _renamed_items(value, ADDRESS))


def downgrade() -> None:
    """Take back."""
    _rename_address("unit_address", "door")
    _create_printed_notice("slip")
    _move_rows("printed_notice", "slip")
    _create_opt_in("outside_wish")
    _move_rows("notification_opt_in", "outside_wish")
    _recode("match_event", "action", _inverse(MATCH_ACTIONS))
    _recode("match", "channel", _inverse(CHANNELS))
    _recode("consent", "channel", _inverse(CONSENT_CHANNELS))
    _recode("job_run", "period", _inverse(DEMO_STEPS))
    back = _inverse(ADDRESS)
    _rewrite_json("import_batch", "columns", lambda value: _renamed_keys(value, back))
    _rewrite_json("duplicate_pair", "evidence", lambda value: _renamed_items(value, back))


def _rename_address(before: str, after: str) -> None:
    """Rename the column in place on both databases; a batch would drop SQLite's checks."""
    op.drop_index(f"uq_household_{before}", "household")
    op.execute(f"ALTER TABLE household RENAME COLUMN {before} TO {after}")
    op.create_index(f"uq_household_{after}", "household", ["place", after], unique=True)


def _create_printed_notice(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("printed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("handed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("handed_by_id", sa.Integer(), nullable=True),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handed_by_id"], ["account.id"], name=op.f(f"fk_{name}_handed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["message_thread.id"],
            name=op.f(f"fk_{name}_thread_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_thread_id"), name, ["thread_id"])
    op.create_index(
        f"uq_{name}_waiting",
        name,
        ["thread_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def _create_opt_in(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f(f"fk_{name}_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("account_id", name=op.f(f"uq_{name}_account_id")),
    )


def _move_rows(before: str, after: str) -> None:
    """Copy all rows with their ids and drop the old table, whose constraints bear its name."""
    connection = op.get_bind()
    columns = [column["name"] for column in sa.inspect(connection).get_columns(after)]
    names = ", ".join(f'"{name}"' for name in columns)
    op.execute(f"INSERT INTO {after} ({names}) SELECT {names} FROM {before}")  # noqa: S608 - our names
    op.drop_table(before)
    if connection.dialect.name == "postgresql":  # new ids start beyond those copied
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{after}', 'id'), max(id)) "  # noqa: S608
            f"FROM {after} HAVING max(id) IS NOT NULL"
        )


def _recode(table: str, column: str, codes: dict[str, str]) -> None:
    stored = sa.table(table, sa.column(column, sa.String))
    for before, after in codes.items():
        op.execute(sa.update(stored).where(stored.c[column] == before).values({column: after}))


def _rewrite_json(table: str, column: str, rewrite: Callable[[Any], Any]) -> None:
    stored = sa.table(table, sa.column("id", sa.Integer), sa.column(column, sa.JSON))
    connection = op.get_bind()
    for id_, value in connection.execute(sa.select(stored.c.id, stored.c[column])).all():
        changed = rewrite(value)
        if json.dumps(changed) != json.dumps(value):
            connection.execute(
                sa.update(stored).where(stored.c.id == id_).values({column: changed})
            )


def _renamed_keys(value: Any, names: dict[str, str]) -> Any:
    return {names.get(key, key): item for key, item in (value or {}).items()}


def _renamed_items(value: Any, names: dict[str, str]) -> Any:
    return [names.get(item, item) for item in value or []]


def _inverse(codes: dict[str, str]) -> dict[str, str]:
    return {after: before for before, after in codes.items()}
