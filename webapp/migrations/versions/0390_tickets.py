"""Tickets: what people bring to the community, every step of it, its pictures.

Triggers hold what constraints cannot: what was filed stays as it was and is kept, the first reply
and the one extension stand, the extension comes before the due moment, a duplicate follows a first
one whose words its reporter may see, and who owns a ticket is a member of staff.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0390"
down_revision: str | None = "0385"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

RULES = (
    (
        "ticket_fixed",
        "ticket",
        "UPDATE OF code, channel, source, filed_by_id, received_at",
        "1 = 1",
        "what was filed stays as it was",
    ),
    ("ticket_kept", "ticket", "DELETE", "1 = 1", "a ticket is kept"),
    (
        "ticket_first_reply_stands",
        "ticket",
        "UPDATE OF first_replied_at, first_due_at",
        "OLD.first_replied_at IS NOT NULL",
        "the first reply stands",
    ),
    (
        "ticket_extended_once",
        "ticket",
        "UPDATE OF extended_at, extended_days, extension_reason",
        "OLD.extended_at IS NOT NULL OR OLD.first_replied_at IS NOT NULL"
        " OR OLD.due_at IS NULL OR NEW.extended_at >= OLD.due_at",
        "one extension, before it is due",
    ),
    (
        "ticket_follows_a_first",
        "ticket",
        "UPDATE OF duplicate_of_id, state",
        "NEW.duplicate_of_id IS NOT NULL AND EXISTS (SELECT 1 FROM ticket t"
        " WHERE t.id = NEW.duplicate_of_id AND (t.state = 'duplicate' OR (t.is_private"
        " AND (t.reporter_account_id IS NULL OR NEW.reporter_account_id IS NULL"
        " OR t.reporter_account_id <> NEW.reporter_account_id))))",
        "a duplicate follows a first one that its reporter may see",
    ),
    (
        "ticket_followed_stays",
        "ticket",
        "UPDATE OF duplicate_of_id, is_private",
        "(NEW.duplicate_of_id IS NOT NULL OR (NEW.is_private AND NOT OLD.is_private))"
        " AND EXISTS (SELECT 1 FROM ticket t WHERE t.duplicate_of_id = NEW.id)",
        "one that others follow stays a first one, and as open as it was",
    ),
    (
        "ticket_owned_by_staff",
        "ticket",
        "UPDATE OF owner_id, backup_id, about_account_id",
        "EXISTS (SELECT 1 FROM account a WHERE a.role <> 'staff'"
        " AND a.id IN (NEW.owner_id, NEW.backup_id, NEW.about_account_id))",
        "who owns a ticket is of staff",
    ),
    (
        "ticket_event_fixed",
        "ticket_event",
        "UPDATE OF ticket_id, at, actor_id, by_reporter, action, from_state, to_state,"
        " outcome, rating",
        "1 = 1",
        "a step that was made stays as it was",
    ),
    ("ticket_event_kept", "ticket_event", "DELETE", "1 = 1", "a step is kept"),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("pin_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("about_staff", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("about_account_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place_words", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "request",
                "complaint",
                "help",
                "question",
                "thanks",
                "not_for_us",
                name="ticketkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "danger",
                "utilities",
                "question",
                "ordinary",
                "complex",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("backup_id", sa.Integer(), nullable=True),
        sa.Column("reporter_account_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("reporter_name", sa.Text(), nullable=True),
        sa.Column("reporter_phone", sa.Text(), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "counter",
                "phone",
                "paper",
                "wall_code",
                "system",
                name="ticketchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "classified",
                "dispatched",
                "acknowledged",
                "in_progress",
                "waiting_reporter",
                "replied",
                "callback",
                "closed",
                "referred_out",
                "duplicate",
                "out_of_scope",
                name="ticketstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "resolved",
                "partly",
                "unresolved",
                "unreachable",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "rating",
            sa.Enum(
                "satisfied",
                "fair",
                "unsatisfied",
                name="rating",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("clock_started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("first_replied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("first_due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("replied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paused_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("extended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("extended_days", sa.Integer(), nullable=True),
        sa.Column("extension_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "escalation",
            sa.Enum(
                "nobody",
                "owner",
                "backup",
                "secretary",
                "public",
                name="escalation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("published_words", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("referred_to", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "referral_reference", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False
        ),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("referral_reminded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(extended_at IS NULL) = (extended_days IS NULL) AND (extended_at IS NULL) = "
            "(extension_reason = '')",
            name=op.f("ck_ticket_extended_with_reason"),
        ),
        sa.CheckConstraint(
            "CASE WHEN state = 'closed' THEN outcome IS NOT NULL OR (kind IS NOT NULL AND kind "
            "= 'thanks') ELSE outcome IS NULL END",
            name=op.f("ck_ticket_closed_has_outcome"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_ticket_closed_has_moment")
        ),
        sa.CheckConstraint(
            "(state = 'duplicate') = (duplicate_of_id IS NOT NULL)",
            name=op.f("ck_ticket_duplicate_of_another"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting_reporter') = (paused_at IS NOT NULL)",
            name=op.f("ck_ticket_waits_for_its_reporter"),
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'duplicate', 'out_of_scope')) = (due_at IS NULL)",
            name=op.f("ck_ticket_open_is_due"),
        ),
        sa.CheckConstraint(
            "NOT (state IN ('dispatched', 'acknowledged', 'in_progress', 'waiting_reporter', "
            "'replied', 'callback', 'referred_out')) OR (kind IS NOT NULL AND branch_id IS NOT "
            "NULL AND owner_id IS NOT NULL AND backup_id IS NOT NULL)",
            name=op.f("ck_ticket_owner_and_backup"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'unresolved'", name=op.f("ck_ticket_unresolved_is_open")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR (NOT is_private AND published_words <> '' AND "
            "published_by_id IS NOT NULL)",
            name=op.f("ck_ticket_private_is_not_published"),
        ),
        sa.CheckConstraint(
            "state <> 'referred_out' OR (referred_to <> '' AND referral_reference <> '' AND "
            "referred_on IS NOT NULL)",
            name=op.f("ck_ticket_referred_somewhere"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('replied', 'callback', 'referred_out', 'out_of_scope') OR "
            "first_replied_at IS NOT NULL",
            name=op.f("ck_ticket_replied_has_moment"),
        ),
        sa.CheckConstraint(
            "urgency <> 'danger' OR state NOT IN ('duplicate', 'out_of_scope')",
            name=op.f("ck_ticket_danger_never_vanishes"),
        ),
        sa.CheckConstraint(
            "(first_replied_at IS NULL) = (first_due_at IS NULL)",
            name=op.f("ck_ticket_first_reply_was_due"),
        ),
        sa.CheckConstraint(
            "about_account_id IS NULL OR ((owner_id IS NULL OR owner_id <> about_account_id) "
            "AND (backup_id IS NULL OR backup_id <> about_account_id))",
            name=op.f("ck_ticket_nobody_handles_what_is_said_of_them"),
        ),
        sa.CheckConstraint(
            "about_account_id IS NULL OR about_staff",
            name=op.f("ck_ticket_about_somebody_of_staff"),
        ),
        sa.CheckConstraint("duplicate_of_id <> id", name=op.f("ck_ticket_not_of_itself")),
        sa.CheckConstraint(
            "extended_days BETWEEN 1 AND 30", name=op.f("ck_ticket_extended_by_days")
        ),
        sa.CheckConstraint(
            "is_private OR NOT about_staff", name=op.f("ck_ticket_about_staff_is_private")
        ),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_ticket_whole_code")),
        sa.CheckConstraint(
            "owner_id <> backup_id", name=op.f("ck_ticket_owner_and_backup_are_two")
        ),
        sa.CheckConstraint(
            "paused_days >= 0 AND paused_seconds >= 0", name=op.f("ck_ticket_pauses_count")
        ),
        sa.CheckConstraint(
            "pin_hash IS NULL OR is_private", name=op.f("ck_ticket_pin_of_private_ones")
        ),
        sa.CheckConstraint("reopened >= 0 AND version >= 1", name=op.f("ck_ticket_counts")),
        sa.ForeignKeyConstraint(
            ["about_account_id"], ["account.id"], name=op.f("fk_ticket_about_account_id")
        ),
        sa.ForeignKeyConstraint(["backup_id"], ["account.id"], name=op.f("fk_ticket_backup_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_ticket_branch_id")),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["ticket.id"], name=op.f("fk_ticket_duplicate_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["account.id"], name=op.f("fk_ticket_filed_by_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_ticket_owner_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["account.id"], name=op.f("fk_ticket_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_account_id"],
            ["account.id"],
            name=op.f("fk_ticket_reporter_account_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_ticket_resident_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("code", name=op.f("uq_ticket_code")),
        sa.UniqueConstraint("source", name=op.f("uq_ticket_source")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ticket_about_account_id"), ["about_account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ticket_backup_id"), ["backup_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ticket_duplicate_of_id"), ["duplicate_of_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ticket_escalation"), ["escalation"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_ticket_published",
            ["published_at"],
            unique=False,
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_ticket_reporter_account_id"), ["reporter_account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ticket_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index("ix_ticket_state", ["state", "due_at"], unique=False)

    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("by_reporter", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "file",
                "classify",
                "dispatch",
                "reassign",
                "acknowledge",
                "start",
                "ask",
                "answer",
                "resume",
                "extend",
                "reply",
                "call",
                "not_reached",
                "close",
                "reopen",
                "refer_out",
                "return",
                "merge",
                "set_out_of_scope",
                "take_note",
                "publish",
                "unpublish",
                "add",
                "escalate",
                "erase",
                name="ticketaction",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "received",
                "classified",
                "dispatched",
                "acknowledged",
                "in_progress",
                "waiting_reporter",
                "replied",
                "callback",
                "closed",
                "referred_out",
                "duplicate",
                "out_of_scope",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "received",
                "classified",
                "dispatched",
                "acknowledged",
                "in_progress",
                "waiting_reporter",
                "replied",
                "callback",
                "closed",
                "referred_out",
                "duplicate",
                "out_of_scope",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("inside_words", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "resolved",
                "partly",
                "unresolved",
                "unreachable",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "rating",
            sa.Enum(
                "satisfied",
                "fair",
                "unsatisfied",
                name="rating",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR action IN ('close', 'reopen', 'erase')",
            name=op.f("ck_ticket_event_outcome_of_an_end"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_ticket_event_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
    )
    with op.batch_alter_table("ticket_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_event_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "ticket_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("stored", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by_reporter", sa.Boolean(), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_ticket_photo_has_a_size")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["ticket_event.id"], name=op.f("fk_ticket_photo_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_photo_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_photo")),
        sa.UniqueConstraint("stored", name=op.f("uq_ticket_photo_stored")),
    )
    with op.batch_alter_table("ticket_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_photo_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_photo_ticket_id"), ["ticket_id"], unique=False)
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
    for name, table, *_rule in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("ticket_photo")
    op.drop_table("ticket_event")
    op.drop_table("ticket")
