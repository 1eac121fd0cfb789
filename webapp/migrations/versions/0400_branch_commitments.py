"""What branches do, promise and put on; who is on duty, who is away, who is a branch's secretary.

What a branch has promised is in the hands of two of its members in service, until it is over:
triggers hold it from both sides, as they hold that a promise's words and day never change, that
what is over stays as it is, and that nobody is on duty twice at the same time.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0400"
down_revision: str | None = "0395"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_BOTH_SERVE = (
    "(SELECT count(*) FROM account a WHERE a.id IN (NEW.owner_id, NEW.backup_id)"
    " AND a.branch_id = NEW.branch_id AND a.role = 'staff' AND a.enabled) <> 2"
)
_GOES = "(NOT NEW.enabled OR NEW.role <> OLD.role OR NEW.branch_id <> OLD.branch_id)"


def _of(table: str, open_state: str, fixed: str) -> tuple[tuple[str, str, str, str, str], ...]:
    """Return the triggers of a table whose rows two members answer for while ``open_state``."""
    return (
        (
            f"{table}_answered_for",
            table,
            "INSERT",
            f"NEW.state = '{open_state}' AND {_BOTH_SERVE}",
            "two members of the branch answer for it",
        ),
        (
            f"{table}_stays_answered_for",
            table,
            "UPDATE OF owner_id, backup_id, branch_id",
            _BOTH_SERVE,
            "two members of the branch answer for it",
        ),
        (
            f"{table}_over_stays",
            table,
            "UPDATE",
            f"OLD.state <> '{open_state}'",
            "what is over stays as it is",
        ),
        (f"{table}_fixed", table, f"UPDATE OF {fixed}", "1 = 1", "what was said is not changed"),
        (f"{table}_kept_on_record", table, "DELETE", "1 = 1", "what was said is not taken away"),
        (
            f"{table}_not_left_behind",
            "account",
            "UPDATE OF enabled, role, branch_id",
            f"{_GOES} AND EXISTS (SELECT 1 FROM {table} t WHERE t.state = '{open_state}'"  # noqa: S608 - names of our own
            " AND (t.owner_id = NEW.id OR t.backup_id = NEW.id))",
            "a member hands over before leaving",
        ),
    )


_TWICE = (
    "EXISTS (SELECT 1 FROM duty_shift s WHERE s.id <> NEW.id AND s.account_id = NEW.account_id"
    " AND s.starts_at < NEW.ends_at AND s.ends_at > NEW.starts_at)"
)
RULES = (
    *_of("branch_promise", "open", "branch_id, words, due_on, created_at"),
    *_of("branch_activity", "planned", "branch_id, created_at"),
    (
        "duty_shift_once",
        "duty_shift",
        "INSERT",
        _TWICE.replace("s.id <> NEW.id AND ", ""),
        "nobody is on duty twice at once",
    ),
    (
        "duty_shift_still_once",
        "duty_shift",
        "UPDATE OF account_id, starts_at, ends_at",
        _TWICE,
        "nobody is on duty twice at once",
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "branch_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_branch_duty_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch_duty")),
        sa.UniqueConstraint("branch_id", "title", name=op.f("uq_branch_duty_branch_id_title")),
    )
    with op.batch_alter_table("branch_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_branch_duty_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "branch_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("for_whom", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("backup_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="activitystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("photo", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("photo_width", sa.Integer(), nullable=False),
        sa.Column("photo_height", sa.Integer(), nullable=False),
        sa.Column("photo_alt", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(photo = '') = (photo_alt = '')", name=op.f("ck_branch_activity_photo_in_words")
        ),
        sa.CheckConstraint(
            "(state = 'held') = (people IS NOT NULL) AND (people IS NULL OR people >= 0)",
            name=op.f("ck_branch_activity_people_counted_where_held"),
        ),
        sa.CheckConstraint(
            "(state = 'planned') = (closed_at IS NULL)"
            " AND (state = 'planned') = (closed_by_id IS NULL)"
            " AND (state = 'planned') = (outcome = '')",
            name=op.f("ck_branch_activity_over_with_an_outcome"),
        ),
        sa.CheckConstraint(
            "photo = '' OR state = 'held'", name=op.f("ck_branch_activity_photo_of_what_was_held")
        ),
        sa.CheckConstraint(
            "title <> '' AND place <> '' AND for_whom <> ''",
            name=op.f("ck_branch_activity_says_what_where_for_whom"),
        ),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_branch_activity_ends_after_its_start")
        ),
        sa.CheckConstraint("owner_id <> backup_id", name=op.f("ck_branch_activity_two_answer")),
        sa.ForeignKeyConstraint(
            ["backup_id"], ["account.id"], name=op.f("fk_branch_activity_backup_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_branch_activity_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["account.id"], name=op.f("fk_branch_activity_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_branch_activity_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_branch_activity_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch_activity")),
    )
    with op.batch_alter_table("branch_activity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_branch_activity_backup_id"), ["backup_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_branch_activity_branch_id"), ["branch_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_branch_activity_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_branch_activity_starts", ["state", "starts_at"], unique=False)

    op.create_table(
        "branch_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("backup_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "kept",
                "missed",
                "cancelled",
                name="promisestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("photo", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("photo_width", sa.Integer(), nullable=False),
        sa.Column("photo_height", sa.Integer(), nullable=False),
        sa.Column("photo_alt", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(photo = '') = (photo_alt = '')", name=op.f("ck_branch_promise_photo_in_words")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL) AND (state = 'open') = (closed_by_id IS NULL)"
            " AND (state = 'open') = (outcome = '')",
            name=op.f("ck_branch_promise_over_with_an_outcome"),
        ),
        sa.CheckConstraint(
            "photo = '' OR state = 'kept'", name=op.f("ck_branch_promise_photo_of_what_was_kept")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_branch_promise_promises_something")),
        sa.CheckConstraint("owner_id <> backup_id", name=op.f("ck_branch_promise_two_answer")),
        sa.ForeignKeyConstraint(
            ["backup_id"], ["account.id"], name=op.f("fk_branch_promise_backup_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_branch_promise_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["account.id"], name=op.f("fk_branch_promise_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_branch_promise_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_branch_promise_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch_promise")),
    )
    with op.batch_alter_table("branch_promise", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_branch_promise_backup_id"), ["backup_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_branch_promise_branch_id"), ["branch_id"], unique=False
        )
        batch_op.create_index("ix_branch_promise_due", ["state", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_branch_promise_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "duty_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("phone <> ''", name=op.f("ck_duty_shift_has_a_telephone")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duty_shift_ends_after_its_start")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_duty_shift_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_duty_shift_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shift")),
    )
    with op.batch_alter_table("duty_shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_shift_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_duty_shift_ends", ["ends_at", "starts_at"], unique=False)

    op.create_table(
        "member_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "until_on >= from_on", name=op.f("ck_member_absence_ends_after_its_start")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_member_absence_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["account.id"], name=op.f("fk_member_absence_noted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_absence")),
    )
    with op.batch_alter_table("member_absence", schema=None) as batch_op:
        batch_op.create_index("ix_member_absence_account", ["account_id", "until_on"], unique=False)

    # Added in one statement with its CHECK, so that SQLite needs no copy of the table.
    op.execute(
        "ALTER TABLE account ADD COLUMN is_secretary BOOLEAN DEFAULT false NOT NULL"
        " CONSTRAINT ck_account_secretary_is_in_service"
        " CHECK (NOT is_secretary OR (role = 'staff' AND enabled))"
    )
    op.create_index(
        "uq_account_secretary",
        "account",
        ["branch_id"],
        unique=True,
        sqlite_where=sa.text("is_secretary"),
        postgresql_where=sa.text("is_secretary"),
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
    op.drop_index("uq_account_secretary", "account")
    op.execute("ALTER TABLE account DROP COLUMN is_secretary")
    op.drop_table("member_absence")
    op.drop_table("duty_shift")
    op.drop_table("branch_promise")
    op.drop_table("branch_activity")
    op.drop_table("branch_duty")
