"""What volunteers are wanted for, their hours, and the brokers who look after employers.

Triggers hold, from both sides, that two members in service answer for what is wanted; that no
minute of a volunteer counts twice; and that confirmed hours stay as they are.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0401"
down_revision: str | None = "0400"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_BOTH_SERVE = (
    "(SELECT count(*) FROM account a WHERE a.id IN (NEW.owner_id, NEW.backup_id)"
    " AND a.branch_id = NEW.branch_id AND a.role = 'staff' AND a.enabled) <> 2"
)
_TWICE = (
    "EXISTS (SELECT 1 FROM volunteer_hours h WHERE h.call_id <> NEW.call_id"
    " AND h.account_id = NEW.account_id"
    " AND h.starts_at < NEW.ends_at AND h.ends_at > NEW.starts_at)"
)
_NOT_THEIRS = (
    "NOT EXISTS (SELECT 1 FROM help_call c WHERE c.id = NEW.call_id"
    " AND c.account_id = NEW.account_id AND c.state = 'yes')"
)
RULES = (
    (
        "help_wanted_answered_for",
        "help_wanted",
        "INSERT",
        f"NEW.state = 'open' AND {_BOTH_SERVE}",
        "two members of the branch answer for it",
    ),
    (
        "help_wanted_stays_answered_for",
        "help_wanted",
        "UPDATE OF owner_id, backup_id, branch_id",
        _BOTH_SERVE,
        "two members of the branch answer for it",
    ),
    (
        "help_wanted_over_stays",
        "help_wanted",
        "UPDATE",
        "OLD.state <> 'open'",
        "what is over stays as it is",
    ),
    (
        "help_wanted_not_left_behind",
        "account",
        "UPDATE OF enabled, role, branch_id",
        "(NOT NEW.enabled OR NEW.role <> OLD.role OR NEW.branch_id <> OLD.branch_id)"
        " AND EXISTS (SELECT 1 FROM help_wanted t WHERE t.state = 'open'"
        " AND (t.owner_id = NEW.id OR t.backup_id = NEW.id))",
        "a member hands over before leaving",
    ),
    (
        "volunteer_hours_once",
        "volunteer_hours",
        "INSERT",
        f"{_TWICE} OR {_NOT_THEIRS}",
        "an hour counts once, for who came",
    ),
    (
        "volunteer_hours_still_once",
        "volunteer_hours",
        "UPDATE",
        f"{_TWICE} OR {_NOT_THEIRS} OR OLD.confirmed_at IS NOT NULL",
        "an hour counts once, and stays once it is confirmed",
    ),
    (
        "volunteer_hours_kept",
        "volunteer_hours",
        "DELETE",
        "OLD.confirmed_at IS NOT NULL",
        "confirmed hours are kept",
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "help_wanted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("trade", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("for_whom", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("backup_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "cancelled",
                name="helpstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'cancelled') = (outcome <> '')",
            name=op.f("ck_help_wanted_called_off_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL) AND (state = 'open') = (closed_by_id IS NULL)",
            name=op.f("ck_help_wanted_over_since_a_moment"),
        ),
        sa.CheckConstraint(
            "trade <> '' AND words <> '' AND for_whom <> ''",
            name=op.f("ck_help_wanted_says_what_for_whom"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_help_wanted_ends_after_its_start")),
        sa.CheckConstraint("owner_id <> backup_id", name=op.f("ck_help_wanted_two_answer")),
        sa.CheckConstraint("wanted > 0", name=op.f("ck_help_wanted_somebody_is_wanted")),
        sa.ForeignKeyConstraint(
            ["backup_id"], ["account.id"], name=op.f("fk_help_wanted_backup_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_help_wanted_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["account.id"], name=op.f("fk_help_wanted_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_help_wanted_created_by_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_help_wanted_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_wanted")),
    )
    with op.batch_alter_table("help_wanted", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_wanted_backup_id"), ["backup_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_wanted_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_wanted_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_help_wanted_starts", ["state", "starts_at"], unique=False)

    op.create_table(
        "employer_broker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_employer_broker_ends_after_its_start")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_employer_broker_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
            name=op.f("fk_employer_broker_employer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_broker")),
    )
    with op.batch_alter_table("employer_broker", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_employer_broker_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_employer_broker_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            "uq_employer_broker_now",
            ["employer_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "help_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("help_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "yes",
                "no",
                "not_needed",
                name="callstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("by_phone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)",
            name=op.f("ck_help_call_answered_at_a_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_help_call_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_help_call_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["help_id"], ["help_wanted.id"], name=op.f("fk_help_call_help_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_call")),
        sa.UniqueConstraint("help_id", "account_id", name=op.f("uq_help_call_help_id_account_id")),
    )
    with op.batch_alter_table("help_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_call_account_id"), ["account_id"], unique=False)

    op.create_table(
        "volunteer_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("noted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("thanks", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)"
            " AND (confirmed_at IS NULL) = (thanks = '')",
            name=op.f("ck_volunteer_hours_confirmed_with_thanks"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> account_id", name=op.f("ck_volunteer_hours_confirmed_by_another")
        ),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_volunteer_hours_ends_after_its_start")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_volunteer_hours_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["help_call.id"], name=op.f("fk_volunteer_hours_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_volunteer_hours_confirmed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_hours")),
        sa.UniqueConstraint("call_id", name=op.f("uq_volunteer_hours_call_id")),
    )
    with op.batch_alter_table("volunteer_hours", schema=None) as batch_op:
        batch_op.create_index(
            "ix_volunteer_hours_account", ["account_id", "starts_at"], unique=False
        )

    with op.batch_alter_table("member_profile", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("broker", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, event, wrong, words in RULES:
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


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, _event, _wrong, _words in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("member_profile", "broker")
    op.drop_table("employer_broker")
    op.drop_table("volunteer_hours")
    op.drop_table("help_call")
    op.drop_table("help_wanted")
