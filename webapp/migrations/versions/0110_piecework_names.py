"""Give tables and columns of piecework the names of the glossary; the rows stay as they are.

``piecework_tranche`` becomes ``piecework_shipment``, ``ledger_account.place`` becomes
``account_type``, and ``form_key`` of every table becomes ``idempotency_key``; constraints,
indexes and triggers that carry these names follow.

SQLite renames tables and columns everywhere they are used, but has no statement to rename a
constraint. Writing each table anew would copy all rows and drop its triggers, so the names are
changed in the stored schema, as its documentation allows for changes that leave the rows'
format alone (https://www.sqlite.org/lang_altertable.html, section 7).
"""

# ruff: noqa: S608
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision: str = "0110"
down_revision: str | None = "0081"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SHIPMENT = ("piecework_tranche", "piecework_shipment")
KEYED = (
    "contact", "employer_complaint", "ledger_entry", "opening", "piecework_assignment",
    "piecework_company_payment", "piecework_compensation", "piecework_dispute",
    "piecework_finding", "piecework_shipment", "piecework_trial", "settlement_run",
)  # fmt: skip
COLUMNS = (
    *((table, "form_key", "idempotency_key") for table in KEYED),
    ("ledger_account", "place", "account_type"),
)
#: (table, old name, new name).
CONSTRAINTS = (
    *(
        (table, f"uq_{table}_form_key", f"uq_{table}_idempotency_key")
        for table in KEYED
        if table != SHIPMENT[1]
    ),
    ("ledger_account", "ck_ledger_account_place", "ck_ledger_account_accounttype"),
    *(
        (SHIPMENT[1], f"{kind}_piecework_tranche{old}", f"{kind}_piecework_shipment{new}")
        for kind, old, new in (
            ("pk", "", ""),
            ("fk", "_order_id", "_order_id"),
            ("uq", "_form_key", "_idempotency_key"),
            ("ck", "_pieces_positive", "_pieces_positive"),
            ("ck", "_value_not_negative", "_value_not_negative"),
            ("ck", "_tranchestate", "_shipmentstate"),
        )
    ),
)


class Index(NamedTuple):
    """An index that gets another name; ``columns`` and ``unique`` as it has them afterwards."""

    table: str
    old: str
    new: str
    columns: tuple[str, ...]
    unique: bool


INDEXES = (
    Index(
        "ledger_account", "ix_ledger_account_order_place", "ix_ledger_account_order_type",
        ("order_id", "account_type"), unique=False,
    ),
    Index(
        SHIPMENT[1], "ix_piecework_tranche_state", "ix_piecework_shipment_state",
        ("state",), unique=False,
    ),
    Index(
        SHIPMENT[1], "uq_piecework_tranche", "uq_piecework_shipment",
        ("order_id", "number"), unique=True,
    ),
)  # fmt: skip
OPEN = (
    "'centre', 'household', 'replacement', 'pending', 'rework', 'finished', 'offered', 'taken', "
    "'receivable', 'payable', 'to_pay', 'advance', 'bank', 'margin', 'reserve'"
)
# PostgreSQL keeps the body of a trigger's function as text, which a rename does not change.
BODIES = {
    "assignment_closes_at_zero": (
        "NEW.state IN ('closed', 'withdrawn') AND NEW.state <> OLD.state AND EXISTS "
        "(SELECT 1 FROM ledger_account l WHERE l.assignment_id = NEW.id AND l.balance <> 0 "
        f"AND l.{{column}} IN ({OPEN}))",
        "a share closes at zero balances",
    ),
    "order_closes_at_zero": (
        "NEW.state = 'closed' AND OLD.state <> 'closed' AND (EXISTS "
        "(SELECT 1 FROM ledger_account l WHERE l.order_id = NEW.id AND l.balance <> 0 "
        f"AND l.{{column}} IN ({OPEN})) OR EXISTS (SELECT 1 FROM piecework_compensation c "
        "WHERE c.order_id = NEW.id AND c.decided_at IS NULL))",
        "an order closes at zero balances",
    ),
}


def upgrade() -> None:
    """Apply."""
    _drop_no_delete(SHIPMENT[0])
    op.rename_table(*SHIPMENT)
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    _rename_constraints(CONSTRAINTS)
    for index in INDEXES:
        _rename_index(index, index.old, index.new, index.columns)
    if not _is_sqlite():
        op.execute("ALTER SEQUENCE piecework_tranche_id_seq RENAME TO piecework_shipment_id_seq")
        _replace_bodies("account_type")
    _create_no_delete(SHIPMENT[1])


def downgrade() -> None:
    """Undo."""
    _drop_no_delete(SHIPMENT[1])
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
    _rename_constraints([(table, new, old) for table, old, new in CONSTRAINTS])
    for index in INDEXES:
        columns = tuple("place" if one == "account_type" else one for one in index.columns)
        _rename_index(index, index.new, index.old, columns)
    op.rename_table(*reversed(SHIPMENT))
    if not _is_sqlite():
        op.execute("ALTER SEQUENCE piecework_shipment_id_seq RENAME TO piecework_tranche_id_seq")
        _replace_bodies("place")
    _create_no_delete(SHIPMENT[0])


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _rename_constraints(names: Sequence[tuple[str, str, str]]) -> None:
    if not _is_sqlite():
        for table, old, new in names:
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")
        return
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    for table, old, new in names:
        changed = connection.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(sql, :old, :new) "
                "WHERE type = 'table' AND name = :table AND sql LIKE '%' || :old || '%'"
            ),
            {"table": table, "old": f"CONSTRAINT {old} ", "new": f"CONSTRAINT {new} "},
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"the table {table} has no constraint {old}")
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def _rename_index(index: Index, old: str, new: str, columns: tuple[str, ...]) -> None:
    if not _is_sqlite():
        op.execute(f"ALTER INDEX {old} RENAME TO {new}")
        return
    op.drop_index(old, index.table)
    op.create_index(new, index.table, list(columns), unique=index.unique)


def _replace_bodies(column: str) -> None:
    for name, (wrong, words) in BODIES.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {wrong.format(column=column)} THEN RAISE EXCEPTION '{words}' "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        )


def _drop_no_delete(table: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_delete" + ("" if _is_sqlite() else f" ON {table}"))
    if not _is_sqlite():
        op.execute(f"DROP FUNCTION {table}_no_delete()")


def _create_no_delete(table: str) -> None:
    if _is_sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN 1 = 1 "
            f"BEGIN SELECT RAISE(ABORT, '{table} keeps its rows'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF 1 = 1 THEN RAISE EXCEPTION '{table} keeps its rows' "
        "USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_no_delete()"
    )
