"""Keep figures and rules of wording as dated rows, employers' checks and complaints."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0021"
down_revision: str | None = "0080"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OPENING_STATES = ("draft", "submitted", "returned", "published", "expired", "closed")
EMPLOYER_STATES = ("pending", "verified", "suspended", "refused")
CODES = (
    "deposit", "fee", "id_retention", "sex", "marriage", "ethnicity",
    "disability", "looks", "disease", "hukou", "age", "bait",
)  # fmt: skip
KINDS = (
    "fee", "id_retention", "false_offer", "unpaid", "discrimination", "treatment", "other",
)  # fmt: skip
OUTCOMES = ("upheld", "settled", "unfounded", "referred")


def _enum(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _account(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}"))


def _allow(table: str, constraint: str, states: Sequence[str]) -> None:
    """Replace the CHECK that names the states of a table."""
    name = op.f(f"ck_{table}_{constraint}")
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, sa.column("state").in_(states))


def upgrade() -> None:
    """Apply."""
    _create_rule_book()
    with op.batch_alter_table("employer") as batch_op:
        batch_op.add_column(
            sa.Column("licence_number", AutoString(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("licence_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("authorised_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_check_constraint(
            op.f("ck_employer_closed_has_date"), "state <> 'closed' OR closed_at IS NOT NULL"
        )
    _allow("employer", "employerstate", (*EMPLOYER_STATES, "lapsed", "closed"))
    _allow("opening", "openingstate", (*OPENING_STATES, "paused"))
    _create_checks()
    _create_complaints()


def _create_rule_book() -> None:
    op.create_table(
        "rule_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("unit", AutoString(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("source", AutoString(length=300), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_rule_figure_value_not_negative")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_rule_figure_confirmed_by_somebody"),
        ),
        _account("confirmed_by_id", "rule_figure"),
        _account("added_by_id", "rule_figure"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_figure")),
        sa.UniqueConstraint("name", "since", "value", name=op.f("uq_rule_figure_name_since_value")),
    )
    op.create_table(
        "wording_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("literal", sa.Boolean(), nullable=False),
        sa.Column("code", _enum("wordingcode", CODES), nullable=False),
        sa.Column("severity", _enum("severity", ("block", "flag")), nullable=False),
        sa.Column("says", AutoString(length=120), nullable=False),
        sa.Column("source", AutoString(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "literal OR added_by_id IS NULL", name=op.f("ck_wording_rule_people_write_phrases")
        ),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_wording_rule_ends_after_it_begins")
        ),
        _account("added_by_id", "wording_rule"),
        _account("ended_by_id", "wording_rule"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_rule")),
    )


def _create_checks() -> None:
    op.create_table(
        "employer_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", UTCDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("licence_number", AutoString(length=40), nullable=False),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("agent_name", AutoString(length=40), nullable=False),
        sa.Column("authorised_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
            name=op.f("fk_employer_check_employer_id"),
            ondelete="CASCADE",
        ),
        _account("checked_by_id", "employer_check"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_check")),
    )
    op.create_index(op.f("ix_employer_check_employer_id"), "employer_check", ["employer_id"])


def _create_complaints() -> None:
    table = "employer_complaint"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("kind", _enum("complaintkind", KINDS), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", _enum("complaintstate", ("open", "handled")), nullable=False),
        sa.Column("outcome", _enum("complaintoutcome", OUTCOMES), nullable=True),
        sa.Column("answer", AutoString(length=500), nullable=False),
        sa.Column("handled_at", UTCDateTime(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("form_key", AutoString(length=32), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'handled') = (handled_at IS NOT NULL AND outcome IS NOT NULL)",
            name=op.f("ck_employer_complaint_handled_has_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_employer_complaint_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"],
            ["opening.id"],
            name=op.f("fk_employer_complaint_opening_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_employer_complaint_resident_id"),
            ondelete="SET NULL",
        ),
        _account("filed_by_id", table),
        _account("handled_by_id", table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_complaint")),
        sa.UniqueConstraint("form_key", name=op.f("uq_employer_complaint_form_key")),
    )
    for column in ("employer_id", "opening_id", "resident_id"):
        op.create_index(op.f(f"ix_employer_complaint_{column}"), table, [column])
    op.create_index("ix_employer_complaint_state", table, ["state", "created_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("employer_complaint")
    op.drop_table("employer_check")
    op.execute("UPDATE opening SET state = 'submitted' WHERE state = 'paused'")
    _allow("opening", "openingstate", OPENING_STATES)
    op.execute("UPDATE employer SET state = 'suspended' WHERE state IN ('lapsed', 'closed')")
    _allow("employer", "employerstate", EMPLOYER_STATES)
    with op.batch_alter_table("employer") as batch_op:
        batch_op.drop_constraint(op.f("ck_employer_closed_has_date"), type_="check")
        for column in (
            "revision",
            "closed_at",
            "authorised_until",
            "licence_until",
            "licence_number",
        ):
            batch_op.drop_column(column)
    op.drop_table("wording_rule")
    op.drop_table("rule_figure")
