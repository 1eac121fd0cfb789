"""Hold invariants in the database: append-only journals, locked rates, zero closes.

Each rule is one condition that must not be true, in SQL that both databases read. On SQLite a
later ``batch_alter_table`` copies a table and loses its triggers: create them again there.
"""

# ruff: noqa: S608
from collections.abc import Sequence
from typing import NamedTuple

from alembic import op

revision: str = "0081"
down_revision: str | None = "0080"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

AUDIT_SQLITE = """
CREATE TRIGGER audit_event_no_{verb} BEFORE {verb} ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END
"""
AUDIT_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
AUDIT_POSTGRESQL = """
CREATE TRIGGER audit_event_sealed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
SEALED = (
    "ledger_entry", "ledger_line", "passbook_line", "piecework_event", "settlement_payment",
)  # fmt: skip
KEPT = (
    "ledger_account", "passbook_head", "piecework_order", "piecework_assignment",
    "piecework_delivery", "piecework_inspection", "piecework_finding", "piecework_lot",
    "piecework_tranche", "piecework_company_payment", "piecework_compensation",
    "piecework_dispute", "settlement_run", "settlement_line", "settlement_month",
)  # fmt: skip
OPEN = (
    "'centre', 'household', 'replacement', 'pending', 'rework', 'finished', 'offered', 'taken', "
    "'receivable', 'payable', 'to_pay', 'advance', 'bank', 'margin', 'reserve'"
)
UNDER_WAY = "'published', 'material_in', 'in_production', 'part_delivered'"
MEMBER = (
    "EXISTS (SELECT 1 FROM resident r JOIN piecework_assignment a "
    "ON a.household_id = r.household_id LEFT JOIN account c ON c.id = {who} "
    "WHERE a.id = {share} AND (r.account_id = {who} OR r.phone = c.phone))"
)


class Rule(NamedTuple):
    """``event`` on ``table`` is refused with ``words`` when ``wrong`` is true."""

    name: str
    table: str
    event: str
    wrong: str
    words: str


RULES = [
    *(Rule(f"{t}_no_update", t, "UPDATE", "1 = 1", f"{t} is append-only") for t in SEALED),
    *(Rule(f"{t}_no_delete", t, "DELETE", "1 = 1", f"{t} keeps its rows") for t in SEALED + KEPT),
    Rule(
        "ledger_account_fixed",
        "ledger_account",
        "UPDATE OF key, ledger, place, order_id, lot_id, assignment_id",
        "1 = 1",
        "only the balance of an account moves",
    ),
    Rule(
        "ledger_line_in_one_unit",
        "ledger_line",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM ledger_account f, ledger_account t, ledger_entry e "
        "WHERE f.id = NEW.from_account_id AND t.id = NEW.to_account_id AND e.id = NEW.entry_id "
        "AND f.ledger = t.ledger AND f.order_id = t.order_id AND e.order_id = f.order_id "
        "AND f.lot_id IS NOT DISTINCT FROM t.lot_id)",
        "a line stays within one order, ledger and lot",
    ),
    Rule(
        "assignment_rate_locked",
        "piecework_assignment",
        "UPDATE OF rate_fen",
        "OLD.rate_fen IS NOT NULL AND NEW.rate_fen IS DISTINCT FROM OLD.rate_fen",
        "the rate is locked at issue",
    ),
    Rule(
        "assignment_rate_within_price",
        "piecework_assignment",
        "UPDATE OF rate_fen",
        "NEW.rate_fen IS NOT NULL AND OLD.rate_fen IS NULL AND EXISTS (SELECT 1 FROM "
        "piecework_order o WHERE o.id = NEW.order_id "
        "AND NEW.rate_fen + o.margin_fen > o.price_fen)",
        "fees and margin stay within the price",
    ),
    Rule(
        "order_price_covers_rates",
        "piecework_order",
        "UPDATE OF price_fen, margin_fen",
        "EXISTS (SELECT 1 FROM piecework_assignment a WHERE a.order_id = NEW.id "
        "AND a.state NOT IN ('settled', 'closed', 'withdrawn') "
        "AND a.rate_fen + NEW.margin_fen > NEW.price_fen)",
        "fees and margin stay within the price",
    ),
    Rule(
        "assignment_closes_at_zero",
        "piecework_assignment",
        "UPDATE OF state",
        "NEW.state IN ('closed', 'withdrawn') AND NEW.state <> OLD.state AND EXISTS "
        "(SELECT 1 FROM ledger_account l WHERE l.assignment_id = NEW.id AND l.balance <> 0 "
        f"AND l.place IN ({OPEN}))",
        "a share closes at zero balances",
    ),
    Rule(
        "order_closes_at_zero",
        "piecework_order",
        "UPDATE OF state",
        "NEW.state = 'closed' AND OLD.state <> 'closed' AND (EXISTS "
        "(SELECT 1 FROM ledger_account l WHERE l.order_id = NEW.id AND l.balance <> 0 "
        f"AND l.place IN ({OPEN})) OR EXISTS (SELECT 1 FROM piecework_compensation c "
        "WHERE c.order_id = NEW.id AND c.decided_at IS NULL))",
        "an order closes at zero balances",
    ),
    Rule(
        "order_cancel_opens_compensation",
        "piecework_order",
        "UPDATE OF state",
        f"NEW.state = 'cancelled' AND OLD.state IN ({UNDER_WAY}) AND NOT EXISTS (SELECT 1 FROM "
        "piecework_compensation c WHERE c.order_id = NEW.id AND c.cause = 'cancel')",
        "a cancellation opens a compensation record",
    ),
    Rule(
        "order_change_opens_compensation",
        "piecework_order",
        "UPDATE OF quantity, rate_fen, price_fen, deadline, quality",
        f"OLD.state IN ({UNDER_WAY}) AND (NEW.quantity <> OLD.quantity OR NEW.rate_fen <> "
        "OLD.rate_fen OR NEW.price_fen <> OLD.price_fen OR NEW.deadline <> OLD.deadline OR "
        "NEW.quality <> OLD.quality) AND NOT EXISTS (SELECT 1 FROM piecework_compensation c "
        "WHERE c.order_id = NEW.id AND c.cause = 'change' AND c.decided_at IS NOT NULL)",
        "a change opens a compensation record",
    ),
    Rule(
        "inspector_outside_household",
        "piecework_inspection",
        "INSERT",
        MEMBER.format(who="NEW.inspector_id", share="NEW.assignment_id"),
        "nobody inspects their own household",
    ),
    Rule(
        "payer_apart",
        "settlement_payment",
        "INSERT",
        "EXISTS (SELECT 1 FROM settlement_line s JOIN piecework_inspection i "
        "ON i.assignment_id = s.assignment_id WHERE s.id = NEW.line_id "
        "AND i.inspector_id = NEW.paid_by_id) OR EXISTS (SELECT 1 FROM settlement_line s "
        "JOIN resident r ON r.household_id = s.household_id LEFT JOIN account c "
        "ON c.id = NEW.paid_by_id WHERE s.id = NEW.line_id "
        "AND (r.account_id = NEW.paid_by_id OR r.phone = c.phone))",
        "the payer is neither the inspector nor of the household",
    ),
]


def upgrade() -> None:
    """Apply."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute(AUDIT_SQLITE.format(verb="UPDATE"))
        op.execute(AUDIT_SQLITE.format(verb="DELETE"))
    else:
        op.execute(AUDIT_FUNCTION)
        op.execute(AUDIT_POSTGRESQL)
    for rule in RULES:
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} "
                f"WHEN {rule.wrong} BEGIN SELECT RAISE(ABORT, '{rule.words}'); END"
            )
            continue
        back = "OLD" if rule.event == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {rule.wrong} THEN RAISE EXCEPTION '{rule.words}' "
            f"USING ERRCODE = 'check_violation'; END IF; RETURN {back}; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {rule.name}()"
        )


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for rule in RULES:
        op.execute(f"DROP TRIGGER {rule.name}" + ("" if sqlite else f" ON {rule.table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {rule.name}()")
    if sqlite:
        op.execute("DROP TRIGGER audit_event_no_UPDATE")
        op.execute("DROP TRIGGER audit_event_no_DELETE")
    else:
        op.execute("DROP TRIGGER audit_event_sealed ON audit_event")
        op.execute("DROP FUNCTION refuse_change()")
