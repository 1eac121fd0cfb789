"""Attendance without network: telephones with leave for one meeting, and what they sent.

Triggers hold what constraints cannot: a tap is of somebody in the run of the meeting, what was
tapped never changes, and what a grant allows never changes. SQLite copies the table of attendance
for its new columns, so the trigger of that table is made again.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0384"
down_revision: str | None = "0383"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
OLD_RULE = "attendance_of_the_run"
RULES = (
    (
        OLD_RULE,
        "attendance",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM class_meeting m JOIN enrolment e ON e.run_id = m.run_id "
        "WHERE m.id = NEW.meeting_id AND e.id = NEW.enrolment_id)",
        "a mark is of somebody in the run",
    ),
    (
        "device_mark_of_the_run",
        "device_mark",
        "INSERT",
        "NEW.enrolment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM attendance_grant g "
        "JOIN class_meeting m ON m.id = g.meeting_id JOIN enrolment e ON e.run_id = m.run_id "
        "WHERE g.id = NEW.grant_id AND e.id = NEW.enrolment_id)",
        "a tap is of somebody in the run",
    ),
    (
        "device_mark_fixed",
        "device_mark",
        "UPDATE OF grant_id, client_key, enrolment_id, presence, undoes, made_at, sent_at",
        "1 = 1",
        "what was tapped never changes",
    ),
    (
        "attendance_grant_fixed",
        "attendance_grant",
        "UPDATE OF meeting_id, holder, granted_at, granted_by_id, claim_until, expires_at",
        "1 = 1",
        "what a grant allows never changes",
    ),
    (
        "attendance_grant_claimed_once",
        "attendance_grant",
        "UPDATE OF token_hash, public_key, claimed_at",
        "OLD.token_hash IS NOT NULL",
        "a grant is of one telephone",
    ),
)


def upgrade() -> None:
    """Apply."""
    _create_tables()
    _extend_attendance()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, event, wrong, words in RULES:
        if name != OLD_RULE or sqlite:  # PostgreSQL kept that one
            _create_trigger(name, table, event, wrong, words)


def _create_tables() -> None:
    op.create_table(
        "attendance_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("holder", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("granted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("claim_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("claimed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("public_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("wiped_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(claimed_at IS NULL) = (token_hash IS NULL) "
            "AND (claimed_at IS NULL) = (public_key IS NULL)",
            name=op.f("ck_attendance_grant_claimed_by_a_telephone"),
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)",
            name=op.f("ck_attendance_grant_revoked_by_somebody"),
        ),
        sa.CheckConstraint(
            "claimed_at IS NOT NULL OR (wiped_at IS NULL AND last_sent_at IS NULL)",
            name=op.f("ck_attendance_grant_only_claimed_ones_send"),
        ),
        sa.CheckConstraint(
            "expires_at > granted_at", name=op.f("ck_attendance_grant_expires_later")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["account.id"], name=op.f("fk_attendance_grant_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["class_meeting.id"], name=op.f("fk_attendance_grant_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["account.id"], name=op.f("fk_attendance_grant_revoked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_grant")),
        sa.UniqueConstraint("id", "meeting_id", name=op.f("uq_attendance_grant_id_meeting_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_attendance_grant_token_hash")),
    )
    op.create_index(op.f("ix_attendance_grant_meeting_id"), "attendance_grant", ["meeting_id"])

    op.create_table(
        "device_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("client_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column(
            "presence",
            sa.Enum(
                "present",
                "late",
                "excused",
                "absent",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("undoes", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "counted",
                "waits",
                "same",
                "conflict",
                "refused",
                "undone",
                name="markoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'refused') = (reason <> '')",
            name=op.f("ck_device_mark_refused_with_reason"),
        ),
        sa.CheckConstraint(
            "enrolment_id IS NOT NULL OR outcome = 'refused'",
            name=op.f("ck_device_mark_of_somebody_in_the_run"),
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR outcome = 'conflict'",
            name=op.f("ck_device_mark_only_conflicts_settle"),
        ),
        sa.CheckConstraint(
            "(presence IS NULL) = (undoes IS NOT NULL)", name=op.f("ck_device_mark_marks_or_undoes")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL) "
            "AND (settled_at IS NULL) = (taken IS NULL)",
            name=op.f("ck_device_mark_settled_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_device_mark_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["attendance_grant.id"], name=op.f("fk_device_mark_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_device_mark_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_mark")),
        sa.UniqueConstraint(
            "grant_id", "client_key", name=op.f("uq_device_mark_grant_id_client_key")
        ),
    )
    op.create_index("ix_device_mark_conflict", "device_mark", ["outcome", "settled_at"])
    op.create_index(op.f("ix_device_mark_enrolment_id"), "device_mark", ["enrolment_id"])


def _extend_attendance() -> None:
    """Marks made so far came from the list."""
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.add_column(
            sa.Column(
                "source",
                sa.String(length=32),
                nullable=False,
                server_default="list",
            )
        )
        batch_op.add_column(sa.Column("grant_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("device_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.create_index("ix_attendance_waiting", ["is_late", "seen_at"], unique=False)
        batch_op.create_check_constraint(
            op.f("ck_attendance_attendancesource"), "source IN ('list', 'code', 'paper')"
        )
        batch_op.create_check_constraint(
            op.f("ck_attendance_a_telephone_says_when"), "(grant_id IS NULL) = (device_at IS NULL)"
        )
        batch_op.create_foreign_key(
            "fk_attendance_grant",
            "attendance_grant",
            ["grant_id", "meeting_id"],
            ["id", "meeting_id"],
        )
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.alter_column("source", server_default=None)


def _create_trigger(name: str, table: str, event: str, wrong: str, words: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
    else:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, *_rule in RULES:
        if name == OLD_RULE:
            continue
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.drop_constraint("fk_attendance_grant", type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_attendance_a_telephone_says_when"), type_="check")
        batch_op.drop_constraint(op.f("ck_attendance_attendancesource"), type_="check")
        batch_op.drop_index("ix_attendance_waiting")
        batch_op.drop_column("device_at")
        batch_op.drop_column("grant_id")
        batch_op.drop_column("source")
    if sqlite:
        _create_trigger(*RULES[0])
    op.drop_table("device_mark")
    op.drop_table("attendance_grant")
