"""A decision can be taken back for ten seconds, before anybody hears of it.

The step that takes it back is written only by who decided, right after that decision and in time;
then, and only then, what was kept of the offer goes as well. A notice that may be taken back goes
out no sooner than it is firm.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision: str = "0496"
down_revision: str | None = "0495"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_KEPT = "what was kept of an offer goes with the person or the match"
_NOT_GONE = (
    "EXISTS (SELECT 1 FROM resident r WHERE r.id = OLD.resident_id AND r.state <> 'left')"
    " AND EXISTS (SELECT 1 FROM match m WHERE m.id = OLD.match_id)"
)
_DECIDED = (
    "SELECT 1 FROM match_event e WHERE e.match_id = NEW.match_id"
    " AND e.id = (SELECT MAX(l.id) FROM match_event l WHERE l.match_id = NEW.match_id)"
    " AND e.account_id = NEW.account_id AND e.action IN ('offer', 'dismiss', 'postpone')"
    " AND e.at <= NEW.at AND WITHIN"
)
_UNDONE = (
    "SELECT 1 FROM match_event e WHERE e.match_id = OLD.match_id"
    " AND e.action = 'undo_decision' AND e.at >= OLD.offered_at AND WITHIN"
)


def _within(sqlite: bool, earlier: str, later: str) -> str:
    """Return the condition that less than ten seconds lie between two moments."""
    if sqlite:  # moments are texts; its own arithmetic rounds to milliseconds
        ten_later = f"datetime(substr({earlier}, 1, 19), '+10 seconds') || substr({earlier}, 20)"
        return f"{later} < {ten_later}"
    return f"{later} - {earlier} < interval '10 seconds'"


def _rules(sqlite: bool) -> tuple[tuple[str, str, str, str, str], ...]:
    """Return (trigger, table, event, what is refused, what is said)."""
    decided = _DECIDED.replace("WITHIN", _within(sqlite, "e.at", "NEW.at"))
    undone = _UNDONE.replace("WITHIN", _within(sqlite, "OLD.offered_at", "e.at"))
    return (
        (
            "undone_at_once_by_who_decided",
            "match_event",
            "INSERT",
            f"NEW.action = 'undo_decision' AND NOT EXISTS ({decided})",
            "a decision is taken back within ten seconds, by who made it, before anything else",
        ),
        (
            "offer_evidence_kept",
            "offer_evidence",
            "DELETE",
            f"{_NOT_GONE} AND NOT EXISTS ({undone})",
            _KEPT,
        ),
    )


def upgrade() -> None:
    """Apply."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    moment = "DATETIME" if sqlite else "TIMESTAMP WITH TIME ZONE"
    # Said by hand: SQLite adds a column with its CHECK, and need not copy the table.
    op.execute(
        f"ALTER TABLE outbox ADD COLUMN firm_at {moment}"
        " CONSTRAINT ck_outbox_goes_out_firm CHECK (firm_at IS NULL OR due_at >= firm_at)"
    )
    _drop("offer_evidence_kept", "offer_evidence", sqlite)
    for name, table, event, wrong, words in _rules(sqlite):
        _create(name, table, event, wrong, words, sqlite)


def _create(name: str, table: str, event: str, wrong: str, words: str, sqlite: bool) -> None:
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


def _drop(name: str, table: str, sqlite: bool) -> None:
    op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute(f"DROP FUNCTION {name}()")


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
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, _event, _wrong, _words in _rules(sqlite):
        _drop(name, table, sqlite)
    _create("offer_evidence_kept", "offer_evidence", "DELETE", _NOT_GONE, _KEPT, sqlite)
    if sqlite:  # it drops no column that a CHECK names
        with _triggers_aside(), op.batch_alter_table("outbox") as table:
            table.drop_constraint(op.f("ck_outbox_goes_out_firm"), type_="check")
            table.drop_column("firm_at")
    else:
        op.drop_column("outbox", "firm_at")
