"""Create the tables: the schema as it stood before the portal was first in use."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0080"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("request_id", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("previous", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_event_digest")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_subject"), ["subject"], unique=False)

    op.create_table(
        "branch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("serves_all", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("name", name=op.f("uq_branch_name")),
    )
    op.create_table(
        "employment_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("working", sa.Integer(), nullable=False),
        sa.Column("able", sa.Integer(), nullable=False),
        sa.Column("by_job", sa.Integer(), nullable=False),
        sa.Column("by_business", sa.Integer(), nullable=False),
        sa.Column("by_piecework", sa.Integer(), nullable=False),
        sa.Column("in_training", sa.Integer(), nullable=False),
        sa.Column("too_young", sa.Integer(), nullable=False),
        sa.Column("too_old", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("working <= able", name=op.f("ck_employment_month_part_of_all")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_month")),
        sa.UniqueConstraint("month", name=op.f("uq_employment_month_month")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "period", name=op.f("uq_job_run_job_period")),
    )
    op.create_table(
        "outside_channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "staff",
                "people",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("tested_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_error", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_channel")),
        sa.UniqueConstraint("name", name=op.f("uq_outside_channel_name")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bucket", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_failure_bucket"), ["bucket"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=11), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "resident",
                "employer",
                "staff",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("large_print", sa.Boolean(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "role <> 'staff' OR branch_id IS NOT NULL", name=op.f("ck_account_staff_has_branch")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_account_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("phone", name=op.f("uq_account_phone")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "resident",
                name="duplicatekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "apart",
                "merged",
                name="pairstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("kept_id", sa.Integer(), nullable=True),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(state = 'merged') = (kept_id IS NOT NULL)",
            name=op.f("ck_duplicate_pair_merged_keeps_one"),
        ),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pair_older_first")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_duplicate_pair_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint(
            "kind", "first_id", "second_id", name=op.f("uq_duplicate_pair_kind_first_id_second_id")
        ),
    )
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.create_index("ix_duplicate_pair_queue", ["state", "kind", "id"], unique=False)

    op.create_table(
        "employer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("credit_code", sqlmodel.sql.sqltypes.AutoString(length=18), nullable=True),
        sa.Column("industry", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("contact_name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "verified",
                "lapsed",
                "suspended",
                "refused",
                "closed",
                name="employerstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("licence_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("authorised_until", sa.Date(), nullable=True),
        sa.Column("verified_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_employer_closed_has_date")
        ),
        sa.CheckConstraint(
            "state <> 'verified' OR verified_at IS NOT NULL",
            name=op.f("ck_employer_verified_has_date"),
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["account.id"], name=op.f("fk_employer_verified_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_employer_credit_code")),
        sa.UniqueConstraint("name", name=op.f("uq_employer_name")),
    )
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employer_state"), ["state"], unique=False)

    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("door", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("tenure", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["account.id"], name=op.f("fk_household_responsible_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_household_responsible_id"), ["responsible_id"], unique=False
        )
        batch_op.create_index("uq_household_door", ["place", "door"], unique=True)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "residents",
                "vacancies",
                name="importkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("filename", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("stored", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "running",
                "done",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("running_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state <> 'done' OR done_at IS NOT NULL", name=op.f("ck_import_batch_done_has_date")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_import_batch_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_import_batch_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_batch_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_batch_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_batch_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_batch_state"), ["state"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_login_session_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_login_session_token_digest")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_session_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_login_session_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "model_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "candidate",
                "current",
                "retired",
                "refused",
                name="versionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("file_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("data_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("fairness", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("switched_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("switched_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_model_version_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["switched_by_id"], ["account.id"], name=op.f("fk_model_version_switched_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
    )
    with op.batch_alter_table("model_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_version_name"), ["name"], unique=False)
        batch_op.create_index(
            "uq_model_version_only",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state IN ('current', 'requested')"),
            postgresql_where=sa.text("state IN ('current', 'requested')"),
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("claim", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("claimed_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_error", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_outbox_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["outside_channel.id"],
            name=op.f("fk_outbox_channel_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("delivered_at IS NULL"),
            postgresql_where=sa.text("delivered_at IS NULL"),
        )

    op.create_table(
        "outside_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_outside_wish_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_wish")),
        sa.UniqueConstraint("account_id", name=op.f("uq_outside_wish_account_id")),
    )
    op.create_table(
        "rule_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_rule_figure_confirmed_by_somebody"),
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_rule_figure_value_not_negative")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_rule_figure_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_rule_figure_confirmed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_figure")),
        sa.UniqueConstraint("name", "since", "value", name=op.f("uq_rule_figure_name_since_value")),
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "list",
            sa.Enum(
                "queue",
                "residents",
                name="filteredlist",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("query", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_saved_filter_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint(
            "account_id", "list", "name", name=op.f("uq_saved_filter_account_id_list_name")
        ),
    )
    with op.batch_alter_table("saved_filter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_saved_filter_account_id"), ["account_id"], unique=False
        )

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
        "wording_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("literal", sa.Boolean(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "deposit",
                "fee",
                "id_retention",
                "sex",
                "marriage",
                "ethnicity",
                "disability",
                "looks",
                "disease",
                "hukou",
                "age",
                "bait",
                name="wordingcode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum(
                "block",
                "flag",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("says", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "literal OR added_by_id IS NULL", name=op.f("ck_wording_rule_people_write_phrases")
        ),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_wording_rule_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_wording_rule_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_wording_rule_ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_rule")),
    )
    op.create_table(
        "employer_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("licence_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("agent_name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("authorised_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["account.id"], name=op.f("fk_employer_check_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
            name=op.f("fk_employer_check_employer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_check")),
    )
    with op.batch_alter_table("employer_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_employer_check_employer_id"), ["employer_id"], unique=False
        )

    op.create_table(
        "employer_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_employer_member_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
            name=op.f("fk_employer_member_employer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_member")),
        sa.UniqueConstraint("account_id", name=op.f("uq_employer_member_account_id")),
    )
    with op.batch_alter_table("employer_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_employer_member_employer_id"), ["employer_id"], unique=False
        )

    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "vacancy",
                "piecework",
                "course",
                "venture",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column(
            "education",
            sa.Enum(
                "none",
                "primary",
                "junior_high",
                "senior_high",
                "vocational",
                "college",
                "bachelor",
                name="education",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("demands", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("flexible", sa.Boolean(), nullable=False),
        sa.Column("hazardous", sa.Boolean(), nullable=False),
        sa.Column("teaches", sa.JSON(), nullable=False),
        sa.Column("pay_text", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("pay_min_fen", sa.Integer(), nullable=True),
        sa.Column("pay_max_fen", sa.Integer(), nullable=True),
        sa.Column(
            "pay_unit",
            sa.Enum(
                "month",
                "day",
                "hour",
                "piece",
                name="payunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("pay_month_min_fen", sa.Integer(), nullable=True),
        sa.Column("pay_month_max_fen", sa.Integer(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("hired_count", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "published",
                "paused",
                "expired",
                "closed",
                name="openingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("review_note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "employer",
                "staff",
                "import",
                name="openingsource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("import_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'published' OR (published_at IS NOT NULL AND valid_until IS NOT NULL)",
            name=op.f("ck_opening_published_has_dates"),
        ),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_opening_headcount_not_negative")),
        sa.CheckConstraint(
            "hired_count BETWEEN 0 AND headcount", name=op.f("ck_opening_hired_within_headcount")
        ),
        sa.CheckConstraint("pay_max_fen >= pay_min_fen", name=op.f("ck_opening_pay_in_order")),
        sa.CheckConstraint("pay_min_fen >= 0", name=op.f("ck_opening_pay_min_not_negative")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_opening_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["account.id"], name=op.f("fk_opening_responsible_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["account.id"], name=op.f("fk_opening_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("form_key", name=op.f("uq_opening_form_key")),
        sa.UniqueConstraint("import_key", name=op.f("uq_opening_import_key")),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index(
            "ix_opening_changes", ["state", "updated_at", "hired_count"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_opening_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_kind"), ["kind"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_opening_pay_month_min_fen"), ["pay_month_min_fen"], unique=False
        )
        batch_op.create_index(
            "ix_opening_public", ["state", "valid_until", "published_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_opening_responsible_id"), ["responsible_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_opening_state"), ["state"], unique=False)

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
        "resident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "sex",
            sa.Enum(
                "female", "male", name="sex", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=11), nullable=True),
        sa.Column("contact_note", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column(
            "education",
            sa.Enum(
                "none",
                "primary",
                "junior_high",
                "senior_high",
                "vocational",
                "college",
                "bachelor",
                name="education",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("available", sa.JSON(), nullable=False),
        sa.Column(
            "reach",
            sa.Enum(
                "home",
                "estate",
                "street",
                "district",
                "city",
                "anywhere",
                name="reach",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("min_pay_fen", sa.Integer(), nullable=True),
        sa.Column("situation", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "seeking",
                "paused",
                "employed",
                "left",
                name="residentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("import_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("min_pay_fen >= 0", name=op.f("ck_resident_min_pay_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_resident_account_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_resident_branch_id")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_resident_household_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("account_id", name=op.f("uq_resident_account_id")),
        sa.UniqueConstraint("import_key", name=op.f("uq_resident_import_key")),
    )
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resident_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_resident_household_id"), ["household_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_resident_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_resident_phone"), ["phone"], unique=False)
        batch_op.create_index("ix_resident_state_branch", ["state", "branch_id"], unique=False)

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
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "service",
                "sensitive",
                "employer",
                "assisted",
                name="consentpurpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'employer') = (employer_id IS NOT NULL)",
            name=op.f("ck_consent_employer_consent_names_one"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_consent_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_consent_given_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_consent_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(
            "uq_consent_standing",
            ["resident_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND employer_id IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND employer_id IS NULL"),
        )
        batch_op.create_index(
            "uq_consent_standing_employer",
            ["resident_id", "employer_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND employer_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND employer_id IS NOT NULL"),
        )

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "phone",
                "visit",
                "office",
                name="contactway",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_account_id")),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_contact_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("form_key", name="uq_contact_form_key"),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_next_on"), ["next_on"], unique=False)
        batch_op.create_index("ix_contact_resident", ["resident_id", "id"], unique=False)

    op.create_table(
        "employer_complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "fee",
                "id_retention",
                "false_offer",
                "unpaid",
                "discrimination",
                "treatment",
                "other",
                name="complaintkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "handled",
                name="complaintstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "settled",
                "unfounded",
                "referred",
                name="complaintoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("handled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'handled') = (handled_at IS NOT NULL AND outcome IS NOT NULL)",
            name=op.f("ck_employer_complaint_handled_has_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_employer_complaint_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["account.id"], name=op.f("fk_employer_complaint_filed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["account.id"], name=op.f("fk_employer_complaint_handled_by_id")
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_complaint")),
        sa.UniqueConstraint("form_key", name=op.f("uq_employer_complaint_form_key")),
    )
    with op.batch_alter_table("employer_complaint", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_employer_complaint_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_employer_complaint_opening_id"), ["opening_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_employer_complaint_resident_id"), ["resident_id"], unique=False
        )
        batch_op.create_index("ix_employer_complaint_state", ["state", "created_at"], unique=False)

    op.create_table(
        "experience",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("employer", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.CheckConstraint("months >= 0", name=op.f("ck_experience_months_not_negative")),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_experience_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience")),
    )
    with op.batch_alter_table("experience", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_experience_resident_id"), ["resident_id"], unique=False
        )

    op.create_table(
        "impression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("in_full", sa.Boolean(), nullable=False),
        sa.Column("model_version", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_impression_position_from_one")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_impression_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_impression_opening_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_impression_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impression")),
        sa.UniqueConstraint(
            "resident_id",
            "opening_id",
            "account_id",
            "model_version",
            "position",
            "in_full",
            name="uq_impression_once",
        ),
    )
    with op.batch_alter_table("impression", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_impression_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_impression_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_impression_opening_id"), ["opening_id"], unique=False)

    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "suggested",
                "confirmed",
                "dismissed",
                "offered",
                "interested",
                "declined",
                "no_reply",
                "shared",
                "applied",
                "seen",
                "interview",
                "job_offer",
                "hired",
                "day_30",
                "day_90",
                "retained",
                "left",
                "refused",
                "withdrawn",
                "hired_elsewhere",
                "opening_closed",
                name="matchstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "model",
                "staff",
                "resident",
                "employer",
                name="matchorigin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("propensity", sa.Float(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("model_version", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("computed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("postponed_until", sa.Date(), nullable=True),
        sa.Column("offered_until", sa.Date(), nullable=True),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("interview_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("interview_place", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("evidence", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("chases", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "previous_state",
            sa.Enum(
                "suggested",
                "confirmed",
                "dismissed",
                "offered",
                "interested",
                "declined",
                "no_reply",
                "shared",
                "applied",
                "seen",
                "interview",
                "job_offer",
                "hired",
                "day_30",
                "day_90",
                "retained",
                "left",
                "refused",
                "withdrawn",
                "hired_elsewhere",
                "opening_closed",
                name="previous_matchstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "state <> 'hired' OR start_date IS NOT NULL", name=op.f("ck_match_hired_has_start")
        ),
        sa.CheckConstraint("chases >= 0", name=op.f("ck_match_chases_not_negative")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_match_position_from_one")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_match_opening_id")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_match_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint(
            "resident_id", "opening_id", name=op.f("uq_match_resident_id_opening_id")
        ),
    )
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index("ix_match_opening_state", ["opening_id", "state"], unique=False)
        batch_op.create_index(
            "ix_match_queue",
            ["state", "position", "score", "resident_id", "opening_id", "postponed_until"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_match_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index("ix_match_resident_state", ["resident_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_state"), ["state"], unique=False)

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
            "state IN ('draft', 'safety_review', 'sample_sealed', 'cancelled') OR (quantity > 0 "
            "AND quality <> '' AND rate_fen > 0 AND material_supply <> '' AND deadline IS NOT "
            "NULL AND acceptance IS NOT NULL AND published_at IS NOT NULL)",
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
        "sensitive_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("disability", sa.Text(), nullable=True),
        sa.Column("allowance", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_sensitive_record_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensitive_record")),
        sa.UniqueConstraint("resident_id", name=op.f("uq_sensitive_record_resident_id")),
    )
    op.create_table(
        "suggestion_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_suggestion_request_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_request")),
    )
    with op.batch_alter_table("suggestion_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suggestion_request_resident_id"), ["resident_id"], unique=False
        )

    op.create_table(
        "match_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_match_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_match_event_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_event")),
    )
    with op.batch_alter_table("match_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_event_match_id"), ["match_id"], unique=False)

    op.create_table(
        "message_thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("last_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("unread_resident", sa.Boolean(), nullable=False),
        sa.Column("unread_employer", sa.Boolean(), nullable=False),
        sa.Column("unread_staff", sa.Boolean(), nullable=False),
        sa.Column("read_resident_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("read_employer_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("read_staff_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_message_thread_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_thread")),
        sa.UniqueConstraint("match_id", name=op.f("uq_message_thread_match_id")),
    )
    with op.batch_alter_table("message_thread", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_thread_last_at"), ["last_at"], unique=False)
        batch_op.create_index(
            "ix_message_thread_unread_employer",
            ["match_id"],
            unique=False,
            sqlite_where=sa.text("unread_employer"),
            postgresql_where=sa.text("unread_employer"),
        )
        batch_op.create_index(
            "ix_message_thread_unread_resident",
            ["match_id"],
            unique=False,
            sqlite_where=sa.text("unread_resident"),
            postgresql_where=sa.text("unread_resident"),
        )
        batch_op.create_index(
            "ix_message_thread_unread_staff",
            ["match_id"],
            unique=False,
            sqlite_where=sa.text("unread_staff"),
            postgresql_where=sa.text("unread_staff"),
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
        "contact_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "resident",
                "employer",
                "staff",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("given_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("side <> 'staff'", name=op.f("ck_contact_agreement_agreed_by_a_party")),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_contact_agreement_given_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["message_thread.id"],
            name=op.f("fk_contact_agreement_thread_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_contact_agreement_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_agreement")),
    )
    with op.batch_alter_table("contact_agreement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_agreement_thread_id"), ["thread_id"], unique=False
        )
        batch_op.create_index(
            "uq_contact_agreement_standing",
            ["thread_id", "side"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
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
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "resident",
                "employer",
                "staff",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("with_employer", sa.Boolean(), nullable=False),
        sa.Column("once", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("hidden_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "NOT on_behalf OR side = 'resident'", name=op.f("ck_message_on_behalf_of_resident")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_message_author_id")),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["message_thread.id"],
            name=op.f("fk_message_thread_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("thread_id", "once", name=op.f("uq_message_thread_id_once")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_author_sent", ["author_id", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_thread_id"), ["thread_id"], unique=False)

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
        "slip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("printed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("handed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("handed_by_id", sa.Integer(), nullable=True),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handed_by_id"], ["account.id"], name=op.f("fk_slip_handed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["message_thread.id"], name=op.f("fk_slip_thread_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
    )
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slip_thread_id"), ["thread_id"], unique=False)
        batch_op.create_index(
            "uq_slip_waiting",
            ["thread_id"],
            unique=True,
            sqlite_where=sa.text("handed_at IS NULL"),
            postgresql_where=sa.text("handed_at IS NULL"),
        )

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
            "balance <= 0 OR place NOT IN ('company', 'made', 'stock_in', 'payable', 'to_pay', "
            "'margin', 'reserve')",
            name=op.f("ck_ledger_account_source_not_positive"),
        ),
        sa.CheckConstraint(
            "balance >= 0 OR place = 'bank' OR place IN ('company', 'made', 'stock_in', "
            "'payable', 'to_pay', 'margin', 'reserve')",
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
        "message_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "money",
                "papers",
                "rude",
                "false",
                "other",
                name="reportreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("handled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "hidden",
                "kept",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(handled_at IS NULL) = (verdict IS NULL)",
            name=op.f("ck_message_report_handled_with_a_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["account.id"], name=op.f("fk_message_report_handled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_message_report_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["account.id"], name=op.f("fk_message_report_reporter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_report")),
        sa.UniqueConstraint(
            "message_id", "reporter_id", name=op.f("uq_message_report_message_id_reporter_id")
        ),
    )
    with op.batch_alter_table("message_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_report_message_id"), ["message_id"], unique=False
        )
        batch_op.create_index(
            "ix_message_report_open",
            ["at"],
            unique=False,
            sqlite_where=sa.text("handled_at IS NULL"),
            postgresql_where=sa.text("handled_at IS NULL"),
        )

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
    with op.batch_alter_table("piecework_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piecework_photo_inspection_id"))

    op.drop_table("piecework_photo")
    with op.batch_alter_table("settlement_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlement_payment_paid_by_id"))

    op.drop_table("settlement_payment")
    with op.batch_alter_table("piecework_inspection", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_piecework_inspection_standing",
            sqlite_where=sa.text("reversed_by_id IS NULL"),
            postgresql_where=sa.text("reversed_by_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_piecework_inspection_order_id"))
        batch_op.drop_index(batch_op.f("ix_piecework_inspection_inspector_id"))
        batch_op.drop_index(batch_op.f("ix_piecework_inspection_delivery_id"))
        batch_op.drop_index(batch_op.f("ix_piecework_inspection_assignment_id"))

    op.drop_table("piecework_inspection")
    with op.batch_alter_table("ledger_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_line_to_account_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_line_from_account_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_line_entry_id"))

    op.drop_table("ledger_line")
    with op.batch_alter_table("settlement_line", schema=None) as batch_op:
        batch_op.drop_index("uq_settlement_line")
        batch_op.drop_index(batch_op.f("ix_settlement_line_household_id"))
        batch_op.drop_index(batch_op.f("ix_settlement_line_assignment_id"))

    op.drop_table("settlement_line")
    with op.batch_alter_table("piecework_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piecework_finding_assignment_id"))

    op.drop_table("piecework_finding")
    with op.batch_alter_table("piecework_delivery", schema=None) as batch_op:
        batch_op.drop_index("uq_piecework_delivery")
        batch_op.drop_index(batch_op.f("ix_piecework_delivery_submitted_at"))
        batch_op.drop_index(batch_op.f("ix_piecework_delivery_inspected"))

    op.drop_table("piecework_delivery")
    with op.batch_alter_table("piecework_compensation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piecework_compensation_order_id"))
        batch_op.drop_index(batch_op.f("ix_piecework_compensation_decided_at"))

    op.drop_table("piecework_compensation")
    with op.batch_alter_table("piecework_company_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piecework_company_payment_state"))
        batch_op.drop_index(batch_op.f("ix_piecework_company_payment_order_id"))

    op.drop_table("piecework_company_payment")
    with op.batch_alter_table("passbook_line", schema=None) as batch_op:
        batch_op.drop_index("uq_passbook_line")
        batch_op.drop_index(batch_op.f("ix_passbook_line_entry_id"))
        batch_op.drop_index(batch_op.f("ix_passbook_line_assignment_id"))

    op.drop_table("passbook_line")
    with op.batch_alter_table("message_report", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_report_open",
            sqlite_where=sa.text("handled_at IS NULL"),
            postgresql_where=sa.text("handled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_message_report_message_id"))

    op.drop_table("message_report")
    with op.batch_alter_table("ledger_account", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_account_order_place")
        batch_op.drop_index(batch_op.f("ix_ledger_account_lot_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_account_assignment_id"))

    op.drop_table("ledger_account")
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_slip_waiting",
            sqlite_where=sa.text("handed_at IS NULL"),
            postgresql_where=sa.text("handed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_slip_thread_id"))

    op.drop_table("slip")
    with op.batch_alter_table("piecework_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piecework_lot_order_id"))
        batch_op.drop_index(batch_op.f("ix_piecework_lot_material_id"))

    op.drop_table("piecework_lot")
    with op.batch_alter_table("piecework_event", schema=None) as batch_op:
        batch_op.drop_index("ix_piecework_event_order")
        batch_op.drop_index(batch_op.f("ix_piecework_event_assignment_id"))

    op.drop_table("piecework_event")
    with op.batch_alter_table("piecework_dispute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piecework_dispute_order_id"))
        batch_op.drop_index(batch_op.f("ix_piecework_dispute_decided_at"))
        batch_op.drop_index(batch_op.f("ix_piecework_dispute_assignment_id"))

    op.drop_table("piecework_dispute")
    with op.batch_alter_table("piecework_assignment_member", schema=None) as batch_op:
        batch_op.drop_index("uq_piecework_member")
        batch_op.drop_index(batch_op.f("ix_piecework_assignment_member_resident_id"))

    op.drop_table("piecework_assignment_member")
    with op.batch_alter_table("piecework_assignment_material", schema=None) as batch_op:
        batch_op.drop_index("uq_piecework_assignment_material")
        batch_op.drop_index(batch_op.f("ix_piecework_assignment_material_material_id"))

    op.drop_table("piecework_assignment_material")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_thread_id"))
        batch_op.drop_index("ix_message_author_sent")

    op.drop_table("message")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_order_at")
        batch_op.drop_index(batch_op.f("ix_ledger_entry_assignment_id"))

    op.drop_table("ledger_entry")
    with op.batch_alter_table("contact_agreement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_agreement_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_contact_agreement_thread_id"))

    op.drop_table("contact_agreement")
    with op.batch_alter_table("piecework_trial", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piecework_trial_resident_id"))
        batch_op.drop_index(batch_op.f("ix_piecework_trial_order_id"))

    op.drop_table("piecework_trial")
    with op.batch_alter_table("piecework_tranche", schema=None) as batch_op:
        batch_op.drop_index("uq_piecework_tranche")
        batch_op.drop_index(batch_op.f("ix_piecework_tranche_state"))

    op.drop_table("piecework_tranche")
    with op.batch_alter_table("piecework_material", schema=None) as batch_op:
        batch_op.drop_index("uq_piecework_material_name")
        batch_op.drop_index(batch_op.f("ix_piecework_material_order_id"))

    op.drop_table("piecework_material")
    with op.batch_alter_table("piecework_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_piecework_assignment_state"))
        batch_op.drop_index("ix_piecework_assignment_order_state")
        batch_op.drop_index("ix_piecework_assignment_household_state")

    op.drop_table("piecework_assignment")
    with op.batch_alter_table("message_thread", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_thread_unread_staff",
            sqlite_where=sa.text("unread_staff"),
            postgresql_where=sa.text("unread_staff"),
        )
        batch_op.drop_index(
            "ix_message_thread_unread_resident",
            sqlite_where=sa.text("unread_resident"),
            postgresql_where=sa.text("unread_resident"),
        )
        batch_op.drop_index(
            "ix_message_thread_unread_employer",
            sqlite_where=sa.text("unread_employer"),
            postgresql_where=sa.text("unread_employer"),
        )
        batch_op.drop_index(batch_op.f("ix_message_thread_last_at"))

    op.drop_table("message_thread")
    with op.batch_alter_table("match_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_event_match_id"))
        batch_op.drop_index(batch_op.f("ix_match_event_at"))

    op.drop_table("match_event")
    with op.batch_alter_table("suggestion_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suggestion_request_resident_id"))

    op.drop_table("suggestion_request")
    op.drop_table("sensitive_record")
    with op.batch_alter_table("piecework_order", schema=None) as batch_op:
        batch_op.drop_index("ix_piecework_order_state_deadline")
        batch_op.drop_index(batch_op.f("ix_piecework_order_employer_id"))

    op.drop_table("piecework_order")
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_state"))
        batch_op.drop_index("ix_match_resident_state")
        batch_op.drop_index(batch_op.f("ix_match_resident_id"))
        batch_op.drop_index("ix_match_queue")
        batch_op.drop_index("ix_match_opening_state")
        batch_op.drop_index(batch_op.f("ix_match_opening_id"))

    op.drop_table("match")
    with op.batch_alter_table("impression", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_impression_opening_id"))
        batch_op.drop_index(batch_op.f("ix_impression_at"))
        batch_op.drop_index(batch_op.f("ix_impression_account_id"))

    op.drop_table("impression")
    with op.batch_alter_table("experience", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_experience_resident_id"))

    op.drop_table("experience")
    with op.batch_alter_table("employer_complaint", schema=None) as batch_op:
        batch_op.drop_index("ix_employer_complaint_state")
        batch_op.drop_index(batch_op.f("ix_employer_complaint_resident_id"))
        batch_op.drop_index(batch_op.f("ix_employer_complaint_opening_id"))
        batch_op.drop_index(batch_op.f("ix_employer_complaint_employer_id"))

    op.drop_table("employer_complaint")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_resident")
        batch_op.drop_index(batch_op.f("ix_contact_next_on"))
        batch_op.drop_index(batch_op.f("ix_contact_account_id"))

    op.drop_table("contact")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_standing_employer",
            sqlite_where=sa.text("withdrawn_at IS NULL AND employer_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND employer_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_consent_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL AND employer_id IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND employer_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_consent_resident_id"))
        batch_op.drop_index(batch_op.f("ix_consent_employer_id"))

    op.drop_table("consent")
    with op.batch_alter_table("settlement_month", schema=None) as batch_op:
        batch_op.drop_index("uq_settlement_month")

    op.drop_table("settlement_month")
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.drop_index("ix_resident_state_branch")
        batch_op.drop_index(batch_op.f("ix_resident_phone"))
        batch_op.drop_index(batch_op.f("ix_resident_name"))
        batch_op.drop_index(batch_op.f("ix_resident_household_id"))
        batch_op.drop_index(batch_op.f("ix_resident_branch_id"))

    op.drop_table("resident")
    op.drop_table("passbook_head")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_state"))
        batch_op.drop_index(batch_op.f("ix_opening_responsible_id"))
        batch_op.drop_index("ix_opening_public")
        batch_op.drop_index(batch_op.f("ix_opening_pay_month_min_fen"))
        batch_op.drop_index(batch_op.f("ix_opening_kind"))
        batch_op.drop_index(batch_op.f("ix_opening_employer_id"))
        batch_op.drop_index("ix_opening_changes")

    op.drop_table("opening")
    with op.batch_alter_table("employer_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_member_employer_id"))

    op.drop_table("employer_member")
    with op.batch_alter_table("employer_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_check_employer_id"))

    op.drop_table("employer_check")
    op.drop_table("wording_rule")
    with op.batch_alter_table("settlement_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlement_run_period_to"))

    op.drop_table("settlement_run")
    with op.batch_alter_table("saved_filter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_filter_account_id"))

    op.drop_table("saved_filter")
    op.drop_table("rule_figure")
    op.drop_table("outside_wish")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_due",
            sqlite_where=sa.text("delivered_at IS NULL"),
            postgresql_where=sa.text("delivered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_outbox_channel_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_account_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("model_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_model_version_only",
            sqlite_where=sa.text("state IN ('current', 'requested')"),
            postgresql_where=sa.text("state IN ('current', 'requested')"),
        )
        batch_op.drop_index(batch_op.f("ix_model_version_name"))

    op.drop_table("model_version")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_login_session_account_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_state"))
        batch_op.drop_index(batch_op.f("ix_import_batch_digest"))
        batch_op.drop_index(batch_op.f("ix_import_batch_branch_id"))
        batch_op.drop_index(batch_op.f("ix_import_batch_account_id"))

    op.drop_table("import_batch")
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_index("uq_household_door")
        batch_op.drop_index(batch_op.f("ix_household_responsible_id"))

    op.drop_table("household")
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_state"))

    op.drop_table("employer")
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.drop_index("ix_duplicate_pair_queue")

    op.drop_table("duplicate_pair")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_branch_id"))

    op.drop_table("account")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_bucket"))
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_at"))

    op.drop_table("sign_in_failure")
    op.drop_table("outside_channel")
    op.drop_table("job_run")
    op.drop_table("employment_month")
    op.drop_table("branch")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))
        batch_op.drop_index(batch_op.f("ix_audit_event_action"))
        batch_op.drop_index(batch_op.f("ix_audit_event_account_id"))

    op.drop_table("audit_event")
