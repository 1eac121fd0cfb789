"""Earnings statements: confirmed wages, requests with the agreements they rest on, what was signed.

Three rules are triggers: what a statement says never changes, one that was revoked stays so, and
none is written before the adults it is about have agreed.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0380"
down_revision: str | None = "0374"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_AGREED = "SELECT a.resident_id FROM statement_agreement a WHERE a.request_id = NEW.request_id"
_COMES_OF_AGE = {
    "sqlite": "date(NEW.issued_on, '-18 years')",
    "postgresql": "NEW.issued_on - interval '18 years'",
}


def _rules(dialect: str) -> tuple[tuple[str, str, str, str], ...]:
    missing = (
        "EXISTS (SELECT 1 FROM statement_request q WHERE q.id = NEW.request_id "  # noqa: S608
        f"AND q.resident_id NOT IN ({_AGREED})) "
        "OR EXISTS (SELECT 1 FROM statement_request q "
        "JOIN resident r ON r.household_id = q.household_id WHERE q.id = NEW.request_id "
        "AND q.scope = 'household' AND r.state <> 'left' "
        f"AND (r.birth_date IS NULL OR r.birth_date <= {_COMES_OF_AGE[dialect]}) "
        f"AND r.id NOT IN ({_AGREED}))"
    )
    return (
        (
            "statement_fixed",
            "UPDATE OF content, number, code, signature, total_fen, request_id, issued_on",
            "1 = 1",
            "what a statement says never changes",
        ),
        (
            "statement_stays_revoked",
            "UPDATE OF revoked_at",
            "OLD.revoked_at IS NOT NULL",
            "a statement is revoked for good",
        ),
        ("statement_agreed", "INSERT", missing, "everybody a statement is about has agreed"),
    )


def upgrade() -> None:
    """Apply."""
    _create_tables()
    dialect = op.get_bind().dialect.name
    for name, event, wrong, words in _rules(dialect):
        if dialect == "sqlite":
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON earnings_statement {body}")


def _create_tables() -> None:
    op.create_table(
        "statement_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column(
            "scope",
            sa.Enum(
                "person",
                "household",
                name="statementscope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "issued",
                "refused",
                "cancelled",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(scope = 'household') = (household_id IS NOT NULL)",
            name=op.f("ck_statement_request_household_is_named"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)",
            name=op.f("ck_statement_request_closed_has_date"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_statement_request_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_statement_request_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_request")),
    )
    op.create_index(
        op.f("ix_statement_request_resident_id"), "statement_request", ["resident_id"], unique=False
    )
    op.create_index(
        "uq_statement_request_open",
        "statement_request",
        ["household_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "earnings_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("signature", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoke_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoke_reason = '')",
            name=op.f("ck_earnings_statement_revoked_with_reason"),
        ),
        sa.CheckConstraint("total_fen > 0", name=op.f("ck_earnings_statement_total_positive")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["account.id"], name=op.f("fk_earnings_statement_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["statement_request.id"],
            name=op.f("fk_earnings_statement_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["account.id"], name=op.f("fk_earnings_statement_revoked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earnings_statement")),
        sa.UniqueConstraint("code", name=op.f("uq_earnings_statement_code")),
        sa.UniqueConstraint("number", name=op.f("uq_earnings_statement_number")),
        sa.UniqueConstraint("request_id", name=op.f("uq_earnings_statement_request_id")),
    )
    op.create_table(
        "statement_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
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
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_statement_agreement_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["statement_request.id"],
            name=op.f("fk_statement_agreement_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_statement_agreement_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_agreement")),
        sa.UniqueConstraint(
            "request_id", "resident_id", name=op.f("uq_statement_agreement_request_id_resident_id")
        ),
    )
    op.create_index(
        op.f("ix_statement_agreement_resident_id"),
        "statement_agreement",
        ["resident_id"],
        unique=False,
    )
    op.create_table(
        "wage_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("objected_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("objection", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "(objected_at IS NULL) = (objection = '')",
            name=op.f("ck_wage_confirmation_objection_has_words"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_wage_confirmation_amount_positive")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_wage_confirmation_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_wage_confirmation_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["match.id"],
            name=op.f("fk_wage_confirmation_match_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_wage_confirmation_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wage_confirmation")),
    )
    op.create_index(
        op.f("ix_wage_confirmation_employer_id"), "wage_confirmation", ["employer_id"], unique=False
    )
    op.create_index(
        "ix_wage_confirmation_resident", "wage_confirmation", ["resident_id", "month"], unique=False
    )
    op.create_index(
        "uq_wage_confirmation_standing",
        "wage_confirmation",
        ["match_id", "month"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Undo."""
    dialect = op.get_bind().dialect.name
    for name, _event, _wrong, _words in _rules(dialect):
        op.execute(
            f"DROP TRIGGER {name}" + ("" if dialect == "sqlite" else " ON earnings_statement")
        )
        if dialect != "sqlite":
            op.execute(f"DROP FUNCTION {name}()")
    for table in (
        "earnings_statement", "statement_agreement", "statement_request", "wage_confirmation",
    ):  # fmt: skip
        op.drop_table(table)
