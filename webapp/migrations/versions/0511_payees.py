"""Where a person's piecework pay goes, and where each payment went.

Triggers: what an account is never changes, only whether it holds; where a payment went stays.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0511"
down_revision: str | None = "0510"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# trigger → (table, event, what is refused, what is said, what a function returns)
RULES = {
    "payee_account_fixed": (
        "payee_account",
        "UPDATE OF resident_id, method, bank, tail, channel, recorded_at, recorded_by_id",
        "1 = 1", "an account never becomes another", "NEW",
    ),
    "payee_account_number_only_goes": (
        "payee_account", "UPDATE OF number, holder",
        "NEW.number IS NOT NULL OR NEW.holder IS NOT NULL",
        "the number of an account is kept or erased, never changed", "NEW",
    ),
    "payee_account_over": (
        "payee_account", "UPDATE OF state", "OLD.state IN ('refused', 'ended')",
        "an account that is over stays so", "NEW",
    ),
    "settlement_payment_payee_no_update": (
        "settlement_payment_payee", "UPDATE", "1 = 1", "where a payment went stays", "NEW",
    ),
    "settlement_payment_payee_no_delete": (
        "settlement_payment_payee", "DELETE", "1 = 1", "where a payment went stays", "OLD",
    ),
}  # fmt: skip
NO_REPLACE = (
    "CREATE TRIGGER settlement_payment_payee_no_replace BEFORE INSERT ON settlement_payment_payee"
    " WHEN EXISTS (SELECT 1 FROM settlement_payment_payee p"
    " WHERE p.id = NEW.id OR p.payment_id = NEW.payment_id)"
    " BEGIN SELECT RAISE(ABORT, 'where a payment went stays'); END"
)
_OPEN = "state IN ('pending', 'in_force')"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "payee_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "bank",
                "cash",
                "wechat",
                name="paymentmethod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("bank", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("tail", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "in_force",
                "refused",
                "ended",
                name="payeestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "page",
                "phone",
                "in_person",
                "spreadsheet",
                name="consentchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            f"(number IS NOT NULL) = ({_OPEN} AND method <> 'cash')",
            name=op.f("ck_payee_account_number_while_open"),
        ),
        sa.CheckConstraint(
            f"(holder IS NOT NULL) = ({_OPEN})", name=op.f("ck_payee_account_holder_while_open")
        ),
        sa.CheckConstraint(
            "(state = 'pending') = (settled_at IS NULL)",
            name=op.f("ck_payee_account_settled_has_moment"),
        ),
        sa.CheckConstraint(
            "state <> 'in_force' OR checked_by_id IS NOT NULL",
            name=op.f("ck_payee_account_in_force_was_checked"),
        ),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> recorded_by_id",
            name=op.f("ck_payee_account_two_pairs_of_eyes"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (reason <> '')", name=op.f("ck_payee_account_refused_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_payee_account_resident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_payee_account_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["account.id"], name=op.f("fk_payee_account_checked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_account")),
    )
    op.create_index(op.f("ix_payee_account_resident_id"), "payee_account", ["resident_id"])
    op.create_index(op.f("ix_payee_account_state"), "payee_account", ["state"])
    for state in ("pending", "in_force"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_payee_account_{state}",
            "payee_account",
            ["resident_id"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    op.create_table(
        "settlement_payment_payee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["settlement_payment.id"],
            name=op.f("fk_settlement_payment_payee_payment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["payee_id"], ["payee_account.id"], name=op.f("fk_settlement_payment_payee_payee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_payment_payee")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_settlement_payment_payee_payment_id")),
    )
    op.create_index(
        op.f("ix_settlement_payment_payee_payee_id"), "settlement_payment_payee", ["payee_id"]
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, event, wrong, words, kept) in RULES.items():
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                f"END IF; RETURN {kept}; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")
    if sqlite:
        op.execute(NO_REPLACE)


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("DROP TRIGGER settlement_payment_payee_no_replace")
    for name, (table, *_rest) in RULES.items():
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("settlement_payment_payee")
    op.drop_table("payee_account")
