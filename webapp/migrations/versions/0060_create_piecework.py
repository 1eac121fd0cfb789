"""Create the tables of piecework: orders, shares, journals, passbooks, settlements."""
# ruff: noqa: E501

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0060"
down_revision: str | None = "0032"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "settlement_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.Column("deduction_fen", sa.BigInteger(), nullable=False),
        sa.Column("net_fen", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint(
            "gross_fen >= 0 AND deduction_fen >= 0",
            name=op.f("ck_settlement_run_sums_not_negative"),
        ),
        sa.CheckConstraint(
            "net_fen = gross_fen - deduction_fen",
            name=op.f("ck_settlement_run_net_is_gross_less_deduction"),
        ),
        sa.CheckConstraint(
            "period_to >= period_from", name=op.f("ck_settlement_run_period_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_settlement_run_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_run")),
        sa.UniqueConstraint("form_key", name=op.f("uq_settlement_run_form_key")),
    )
    with op.batch_alter_table("settlement_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_settlement_run_period_to"), ["period_to"], unique=False
        )

    op.create_table(
        "passbook_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_passbook_head_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passbook_head")),
        sa.UniqueConstraint("household_id", name=op.f("uq_passbook_head_household_id")),
    )
    op.create_table(
        "settlement_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("month", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("cap_permille", sa.Integer(), nullable=False),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.Column("deduction_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "deduction_fen * 1000 <= gross_fen * cap_permille",
            name=op.f("ck_settlement_month_deduction_within_cap"),
        ),
        sa.CheckConstraint(
            "gross_fen >= 0 AND deduction_fen >= 0",
            name=op.f("ck_settlement_month_sums_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_settlement_month_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_month")),
    )
    with op.batch_alter_table("settlement_month", schema=None) as batch_op:
        batch_op.create_index("uq_settlement_month", ["household_id", "month"], unique=True)

    op.create_table(
        "piecework_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "supplied",
                "own_material",
                "company_family",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "safety_review",
                "sample_sealed",
                "published",
                "material_in",
                "in_production",
                "part_delivered",
                "company_accepted",
                "paid",
                "closed",
                "cancelled",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "hold",
            sa.Enum(
                "paused",
                "requirement_changed",
                "disputed",
                name="orderhold",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hold_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("piece_unit", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.Integer(), nullable=False),
        sa.Column("lot_pieces", sa.Integer(), nullable=False),
        sa.Column("household_limit", sa.Integer(), nullable=True),
        sa.Column("rate_fen", sa.Integer(), nullable=False),
        sa.Column("margin_fen", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column(
            "acceptance",
            sa.Enum(
                "each",
                "sample",
                "company",
                name="acceptance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("acceptance_note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("material_supply", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("release_unpaid", sa.Boolean(), nullable=False),
        sa.Column("release_note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("paid_fen", sa.Integer(), nullable=False),
        sa.Column("released_fen", sa.Integer(), nullable=False),
        sa.Column("safety", sa.JSON(), nullable=False),
        sa.Column("safety_note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("safety_by_id", sa.Integer(), nullable=True),
        sa.Column("safety_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sample_code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("sample_pieces", sa.Integer(), nullable=False),
        sa.Column("sample_passed", sa.Integer(), nullable=False),
        sa.Column("sealed_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("second_inspector_not_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "NOT release_unpaid OR release_note <> ''",
            name=op.f("ck_piecework_order_waiver_has_words"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR rate_fen + margin_fen <= price_fen",
            name=op.f("ck_piecework_order_fees_within_price"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'safety_review', 'sample_sealed', 'cancelled') OR (quantity > 0 AND quality <> '' AND rate_fen > 0 AND material_supply <> '' AND deadline IS NOT NULL AND acceptance IS NOT NULL AND published_at IS NOT NULL)",
            name=op.f("ck_piecework_order_published_has_terms"),
        ),
        sa.CheckConstraint(
            "claimed BETWEEN 0 AND quantity",
            name=op.f("ck_piecework_order_claimed_within_quantity"),
        ),
        sa.CheckConstraint("household_limit >= 1", name=op.f("ck_piecework_order_limit_positive")),
        sa.CheckConstraint("lot_pieces >= 1", name=op.f("ck_piecework_order_lot_positive")),
        sa.CheckConstraint(
            "paid_fen >= 0 AND released_fen >= 0", name=op.f("ck_piecework_order_paid_not_negative")
        ),
        sa.CheckConstraint(
            "quantity BETWEEN 0 AND 10000000", name=op.f("ck_piecework_order_quantity_in_range")
        ),
        sa.CheckConstraint(
            "rate_fen >= 0 AND margin_fen >= 0 AND price_fen >= 0",
            name=op.f("ck_piecework_order_money_not_negative"),
        ),
        sa.CheckConstraint(
            "released_fen <= paid_fen OR release_unpaid",
            name=op.f("ck_piecework_order_released_is_paid"),
        ),
        sa.CheckConstraint(
            "sample_passed BETWEEN 0 AND sample_pieces",
            name=op.f("ck_piecework_order_sample_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_piecework_order_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_piecework_order_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_piecework_order_opening_id")
        ),
        sa.ForeignKeyConstraint(
            ["safety_by_id"], ["account.id"], name=op.f("fk_piecework_order_safety_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sealed_by_id"], ["account.id"], name=op.f("fk_piecework_order_sealed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_inspector_not_id"],
            ["account.id"],
            name=op.f("fk_piecework_order_second_inspector_not_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_order")),
        sa.UniqueConstraint("opening_id", name=op.f("uq_piecework_order_opening_id")),
    )
    with op.batch_alter_table("piecework_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_order_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            "ix_piecework_order_state_deadline", ["state", "deadline"], unique=False
        )

    op.create_table(
        "piecework_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "claimed",
                "trial_passed",
                "issued",
                "working",
                "submitted",
                "inspected",
                "accepted",
                "rework",
                "rejected_final",
                "settled",
                "closed",
                "withdrawn",
                name="assignmentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "hold",
            sa.Enum(
                "material_short",
                "disputed",
                name="assignmenthold",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hold_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("rework_due", sa.Date(), nullable=True),
        sa.Column("rate_fen", sa.Integer(), nullable=True),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint(
            "state <> 'rework' OR rework_due IS NOT NULL",
            name=op.f("ck_piecework_assignment_rework_has_due"),
        ),
        sa.CheckConstraint(
            "state IN ('claimed', 'trial_passed', 'withdrawn') OR rate_fen IS NOT NULL",
            name=op.f("ck_piecework_assignment_rate_locked_at_issue"),
        ),
        sa.CheckConstraint("pieces >= 0", name=op.f("ck_piecework_assignment_pieces_not_negative")),
        sa.CheckConstraint("rate_fen > 0", name=op.f("ck_piecework_assignment_rate_positive")),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["account.id"], name=op.f("fk_piecework_assignment_claimed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_piecework_assignment_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_assignment_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_assignment")),
        sa.UniqueConstraint("form_key", name=op.f("uq_piecework_assignment_form_key")),
    )
    with op.batch_alter_table("piecework_assignment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_piecework_assignment_household_state", ["household_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_piecework_assignment_order_state", ["order_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_piecework_assignment_state"), ["state"], unique=False)

    op.create_table(
        "piecework_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "piece",
                "gram",
                "centimetre",
                "millilitre",
                name="materialunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("use_amount", sa.Integer(), nullable=False),
        sa.Column("allowance_permille", sa.Integer(), nullable=False),
        sa.Column("pack_size", sa.Integer(), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "allowance_permille BETWEEN 0 AND 500",
            name=op.f("ck_piecework_material_allowance_in_range"),
        ),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_piecework_material_cost_not_negative")),
        sa.CheckConstraint(
            "pack_size BETWEEN 1 AND 1000000", name=op.f("ck_piecework_material_pack_in_range")
        ),
        sa.CheckConstraint(
            "use_amount BETWEEN 1 AND 1000000", name=op.f("ck_piecework_material_use_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_material_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_material")),
    )
    with op.batch_alter_table("piecework_material", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_material_order_id"), ["order_id"], unique=False
        )
        batch_op.create_index("uq_piecework_material_name", ["order_id", "name"], unique=True)

    op.create_table(
        "piecework_tranche",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "taken",
                "refused",
                "released",
                name="tranchestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("offered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("released_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_piecework_tranche_pieces_positive")),
        sa.CheckConstraint("value_fen >= 0", name=op.f("ck_piecework_tranche_value_not_negative")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_tranche_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_tranche")),
        sa.UniqueConstraint("form_key", name=op.f("uq_piecework_tranche_form_key")),
    )
    with op.batch_alter_table("piecework_tranche", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_piecework_tranche_state"), ["state"], unique=False)
        batch_op.create_index("uq_piecework_tranche", ["order_id", "number"], unique=True)

    op.create_table(
        "piecework_trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint(
            "passed BETWEEN 0 AND pieces", name=op.f("ck_piecework_trial_passed_within_pieces")
        ),
        sa.CheckConstraint(
            "pieces BETWEEN 1 AND 10000", name=op.f("ck_piecework_trial_pieces_in_range")
        ),
        sa.CheckConstraint(
            "seconds BETWEEN 1 AND 360000", name=op.f("ck_piecework_trial_seconds_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_trial_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_piecework_trial_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_piecework_trial_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_trial")),
        sa.UniqueConstraint("form_key", name=op.f("uq_piecework_trial_form_key")),
    )
    with op.batch_alter_table("piecework_trial", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_piecework_trial_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_piecework_trial_resident_id"), ["resident_id"], unique=False
        )

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "receive",
                "return_to_company",
                "issue",
                "return",
                "spoil",
                "submit",
                "inspect",
                "give_up_rework",
                "offer",
                "company_take",
                "company_refuse",
                "release",
                "company_pay",
                "advance",
                "charge",
                "waive",
                "compensate",
                "settle",
                "pay_out",
                "close",
                "reverse",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'reverse') = (reverses_id IS NOT NULL)",
            name=op.f("ck_ledger_entry_reverse_names_one"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ledger_entry_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_ledger_entry_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_ledger_entry_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("form_key", name=op.f("uq_ledger_entry_form_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entry_reverses_id")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ledger_entry_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index("ix_ledger_entry_order_at", ["order_id", "at"], unique=False)

    op.create_table(
        "piecework_assignment_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("ceiling", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("override", sa.Integer(), nullable=False),
        sa.Column("replacement_ceiling", sa.Integer(), nullable=False),
        sa.Column("replacement_issued", sa.Integer(), nullable=False),
        sa.Column("replacement_override", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "issued BETWEEN 0 AND ceiling + override",
            name=op.f("ck_piecework_assignment_material_issue_within_need"),
        ),
        sa.CheckConstraint(
            "override >= 0 AND replacement_override >= 0",
            name=op.f("ck_piecework_assignment_material_override_positive"),
        ),
        sa.CheckConstraint(
            "replacement_issued BETWEEN 0 AND replacement_ceiling + replacement_override",
            name=op.f("ck_piecework_assignment_material_replacement_within_need"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_piecework_assignment_material_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["piecework_material.id"],
            name=op.f("fk_piecework_assignment_material_material_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_assignment_material")),
    )
    with op.batch_alter_table("piecework_assignment_material", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_assignment_material_material_id"),
            ["material_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_piecework_assignment_material", ["assignment_id", "material_id"], unique=True
        )

    op.create_table(
        "piecework_assignment_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_piecework_assignment_member_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_piecework_assignment_member_resident_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_assignment_member")),
    )
    with op.batch_alter_table("piecework_assignment_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_assignment_member_resident_id"), ["resident_id"], unique=False
        )
        batch_op.create_index("uq_piecework_member", ["assignment_id", "resident_id"], unique=True)

    op.create_table(
        "piecework_dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column(
            "about",
            sa.Enum(
                "count",
                "quality",
                "pay",
                "material",
                "other",
                name="disputeabout",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome = '')",
            name=op.f("ck_piecework_dispute_decided_has_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_piecework_dispute_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_piecework_dispute_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_piecework_dispute_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_dispute_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_dispute")),
        sa.UniqueConstraint("form_key", name=op.f("uq_piecework_dispute_form_key")),
    )
    with op.batch_alter_table("piecework_dispute", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_dispute_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_piecework_dispute_decided_at"), ["decided_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_piecework_dispute_order_id"), ["order_id"], unique=False
        )

    op.create_table(
        "piecework_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_piecework_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_piecework_event_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_event_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_event")),
    )
    with op.batch_alter_table("piecework_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_event_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index("ix_piecework_event_order", ["order_id", "at"], unique=False)

    op.create_table(
        "piecework_lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["material_id"], ["piecework_material.id"], name=op.f("fk_piecework_lot_material_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_lot_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["account.id"], name=op.f("fk_piecework_lot_received_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_lot")),
    )
    with op.batch_alter_table("piecework_lot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_lot_material_id"), ["material_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_piecework_lot_order_id"), ["order_id"], unique=False)

    op.create_table(
        "ledger_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "ledger",
            sa.Enum(
                "material",
                "pieces",
                "money",
                name="ledger",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "place",
            sa.Enum(
                "company",
                "centre",
                "household",
                "replacement",
                "consumed",
                "returned",
                "scrap",
                "lost",
                "made",
                "pending",
                "accepted",
                "rework",
                "rejected",
                "stock_in",
                "finished",
                "offered",
                "taken",
                "released",
                "receivable",
                "payable",
                "to_pay",
                "advance",
                "bank",
                "margin",
                "reserve",
                name="place",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "balance <= 0 OR place NOT IN ('company', 'made', 'stock_in', 'payable', 'to_pay', 'margin', 'reserve')",
            name=op.f("ck_ledger_account_source_not_positive"),
        ),
        sa.CheckConstraint(
            "balance >= 0 OR place = 'bank' OR place IN ('company', 'made', 'stock_in', 'payable', 'to_pay', 'margin', 'reserve')",
            name=op.f("ck_ledger_account_balance_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_ledger_account_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["piecework_lot.id"], name=op.f("fk_ledger_account_lot_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_ledger_account_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_account_key")),
    )
    with op.batch_alter_table("ledger_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ledger_account_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ledger_account_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index("ix_ledger_account_order_place", ["order_id", "place"], unique=False)

    op.create_table(
        "passbook_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "claim",
                "change",
                "trial",
                "issue",
                "return",
                "spoil",
                "submit",
                "inspect",
                "finding",
                "waive",
                "advance",
                "compensate",
                "settle",
                "pay_out",
                "withdraw",
                "correct",
                name="passbookkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_passbook_line_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_passbook_line_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_passbook_line_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passbook_line")),
        sa.UniqueConstraint("digest", name=op.f("uq_passbook_line_digest")),
    )
    with op.batch_alter_table("passbook_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_passbook_line_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_passbook_line_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index("uq_passbook_line", ["household_id", "number"], unique=True)

    op.create_table(
        "piecework_company_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "declared",
                "received",
                "not_found",
                name="companypaymentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("declared_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint(
            "amount_fen > 0", name=op.f("ck_piecework_company_payment_amount_positive")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["account.id"],
            name=op.f("fk_piecework_company_payment_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"],
            ["account.id"],
            name=op.f("fk_piecework_company_payment_declared_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_piecework_company_payment_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_company_payment_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_company_payment")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_piecework_company_payment_entry_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_piecework_company_payment_form_key")),
    )
    with op.batch_alter_table("piecework_company_payment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_company_payment_order_id"), ["order_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_piecework_company_payment_state"), ["state"], unique=False
        )

    op.create_table(
        "piecework_compensation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "change",
                "cancel",
                name="compensationcause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("decision", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision = '')",
            name=op.f("ck_piecework_compensation_decided_has_words"),
        ),
        sa.CheckConstraint(
            "amount_fen >= 0", name=op.f("ck_piecework_compensation_amount_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_piecework_compensation_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_piecework_compensation_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_piecework_compensation_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_compensation_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_compensation")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_piecework_compensation_entry_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_piecework_compensation_form_key")),
    )
    with op.batch_alter_table("piecework_compensation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_compensation_decided_at"), ["decided_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_piecework_compensation_order_id"), ["order_id"], unique=False
        )

    op.create_table(
        "piecework_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("is_rework", sa.Boolean(), nullable=False),
        sa.Column("wastage", sa.JSON(), nullable=False),
        sa.Column("inspected", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_piecework_delivery_pieces_positive")),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_piecework_delivery_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_piecework_delivery_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_piecework_delivery_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_delivery")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_piecework_delivery_entry_id")),
    )
    with op.batch_alter_table("piecework_delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_delivery_inspected"), ["inspected"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_piecework_delivery_submitted_at"), ["submitted_at"], unique=False
        )
        batch_op.create_index("uq_piecework_delivery", ["assignment_id", "number"], unique=True)

    op.create_table(
        "piecework_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("excess", sa.Integer(), nullable=False),
        sa.Column("charge_fen", sa.Integer(), nullable=False),
        sa.Column("cause", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("heard", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("waived_by_entry_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint(
            "cause <> '' AND heard <> ''", name=op.f("ck_piecework_finding_finding_has_words")
        ),
        sa.CheckConstraint(
            "charge_fen >= 0", name=op.f("ck_piecework_finding_charge_not_negative")
        ),
        sa.CheckConstraint("excess > 0", name=op.f("ck_piecework_finding_excess_positive")),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_piecework_finding_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_piecework_finding_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["piecework_material.id"],
            name=op.f("fk_piecework_finding_material_id"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_piecework_finding_signed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["waived_by_entry_id"],
            ["ledger_entry.id"],
            name=op.f("fk_piecework_finding_waived_by_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_finding")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_piecework_finding_entry_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_piecework_finding_form_key")),
    )
    with op.batch_alter_table("piecework_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_finding_assignment_id"), ["assignment_id"], unique=False
        )

    op.create_table(
        "settlement_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("gross_fen", sa.Integer(), nullable=False),
        sa.Column("deduction_fen", sa.Integer(), nullable=False),
        sa.Column("net_fen", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "deduction_fen BETWEEN 0 AND gross_fen",
            name=op.f("ck_settlement_line_deduction_within_gross"),
        ),
        sa.CheckConstraint("gross_fen > 0", name=op.f("ck_settlement_line_gross_positive")),
        sa.CheckConstraint(
            "net_fen = gross_fen - deduction_fen",
            name=op.f("ck_settlement_line_net_is_gross_less_deduction"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_settlement_line_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_settlement_line_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_settlement_line_household_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["settlement_run.id"], name=op.f("fk_settlement_line_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_line")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_settlement_line_entry_id")),
    )
    with op.batch_alter_table("settlement_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_settlement_line_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_settlement_line_household_id"), ["household_id"], unique=False
        )
        batch_op.create_index("uq_settlement_line", ["run_id", "assignment_id"], unique=True)

    op.create_table(
        "ledger_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("from_account_id", sa.Integer(), nullable=False),
        sa.Column("to_account_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_line_amount_positive")),
        sa.CheckConstraint(
            "from_account_id <> to_account_id", name=op.f("ck_ledger_line_two_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_line_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_account_id"], ["ledger_account.id"], name=op.f("fk_ledger_line_from_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["ledger_account.id"], name=op.f("fk_ledger_line_to_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
    )
    with op.batch_alter_table("ledger_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_line_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ledger_line_from_account_id"), ["from_account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ledger_line_to_account_id"), ["to_account_id"], unique=False
        )

    op.create_table(
        "piecework_inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rework", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("reversed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "accepted >= 0 AND rework >= 0 AND rejected >= 0 AND accepted + rework + rejected > 0",
            name=op.f("ck_piecework_inspection_counts_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["piecework_assignment.id"],
            name=op.f("fk_piecework_inspection_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["piecework_delivery.id"],
            name=op.f("fk_piecework_inspection_delivery_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_piecework_inspection_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["account.id"], name=op.f("fk_piecework_inspection_inspector_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["piecework_order.id"], name=op.f("fk_piecework_inspection_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["reversed_by_id"],
            ["ledger_entry.id"],
            name=op.f("fk_piecework_inspection_reversed_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_inspection")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_piecework_inspection_entry_id")),
    )
    with op.batch_alter_table("piecework_inspection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_inspection_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_piecework_inspection_delivery_id"), ["delivery_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_piecework_inspection_inspector_id"), ["inspector_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_piecework_inspection_order_id"), ["order_id"], unique=False
        )
        batch_op.create_index(
            "uq_piecework_inspection_standing",
            ["delivery_id"],
            unique=True,
            sqlite_where=sa.text("reversed_by_id IS NULL"),
            postgresql_where=sa.text("reversed_by_id IS NULL"),
        )

    op.create_table(
        "settlement_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
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
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("paid_by_id", sa.Integer(), nullable=False),
        sa.Column("paid_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_settlement_payment_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["settlement_line.id"], name=op.f("fk_settlement_payment_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_id"], ["account.id"], name=op.f("fk_settlement_payment_paid_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_payment")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_settlement_payment_entry_id")),
        sa.UniqueConstraint("line_id", name=op.f("uq_settlement_payment_line_id")),
    )
    with op.batch_alter_table("settlement_payment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_settlement_payment_paid_by_id"), ["paid_by_id"], unique=False
        )

    op.create_table(
        "piecework_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("stored", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["piecework_inspection.id"],
            name=op.f("fk_piecework_photo_inspection_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piecework_photo")),
        sa.UniqueConstraint("stored", name=op.f("uq_piecework_photo_stored")),
    )
    with op.batch_alter_table("piecework_photo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_piecework_photo_inspection_id"), ["inspection_id"], unique=False
        )


def downgrade() -> None:
    """Undo."""
    for table in (
        "piecework_photo",
        "settlement_payment",
        "piecework_inspection",
        "ledger_line",
        "settlement_line",
        "piecework_finding",
        "piecework_delivery",
        "piecework_compensation",
        "piecework_company_payment",
        "passbook_line",
        "ledger_account",
        "piecework_lot",
        "piecework_event",
        "piecework_dispute",
        "piecework_assignment_member",
        "piecework_assignment_material",
        "ledger_entry",
        "piecework_trial",
        "piecework_tranche",
        "piecework_material",
        "piecework_assignment",
        "piecework_order",
        "settlement_month",
        "passbook_head",
        "settlement_run",
    ):
        op.drop_table(table)
