"""Attendance, results and certificates.

Two rules are triggers: a mark is of somebody in the run of that meeting, and what a certificate
says never changes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0280"
down_revision: str | None = "0270"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BEFORE = (
    "seat", "line", "offer", "lapsed", "moved", "cancelled", "full", "class", "papers",
)  # fmt: skip
AFTER = (*BEFORE, "passed", "not_passed", "revoked")
RULES = (
    (
        "attendance_of_the_run",
        "attendance",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM class_meeting m JOIN enrolment e ON e.run_id = m.run_id "
        "WHERE m.id = NEW.meeting_id AND e.id = NEW.enrolment_id)",
        "a mark is of somebody in the run",
    ),
    (
        "certificate_fixed",
        "certificate",
        "UPDATE OF content, number, code, signature, enrolment_id, issued_on",
        "1 = 1",
        "what a certificate says never changes",
    ),
)


def upgrade() -> None:
    """Apply."""
    _create_tables()
    _allow(AFTER)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, event, wrong, words in RULES:
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")


def _allow(kinds: Sequence[str]) -> None:
    """Set which kinds of news there are; the table has no triggers to lose."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("training_news") as table:
        table.drop_constraint(op.f("ck_training_news_newskind"), type_="check")
        table.create_check_constraint(op.f("ck_training_news_newskind"), f"kind IN ({listed})")


def _create_tables() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("trainer", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("entered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_assessment_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> entered_by_id", name=op.f("ck_assessment_confirmed_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_assessment_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_assessment_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_assessment_entered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_assessment_enrolment_id")),
    )
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
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
            nullable=False,
        ),
        sa.Column("client_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("marked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(seen_at IS NULL) = (seen_by_id IS NULL)", name=op.f("ck_attendance_seen_by_somebody")
        ),
        sa.CheckConstraint(
            "is_late OR seen_at IS NULL", name=op.f("ck_attendance_only_late_ones_are_seen")
        ),
        sa.CheckConstraint(
            "seen_by_id <> marked_by_id", name=op.f("ck_attendance_seen_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_attendance_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["account.id"], name=op.f("fk_attendance_marked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["class_meeting.id"], name=op.f("fk_attendance_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["account.id"], name=op.f("fk_attendance_seen_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("client_key", name=op.f("uq_attendance_client_key")),
        sa.UniqueConstraint(
            "meeting_id", "enrolment_id", name=op.f("uq_attendance_meeting_id_enrolment_id")
        ),
    )
    op.create_index(
        op.f("ix_attendance_enrolment_id"), "attendance", ["enrolment_id"], unique=False
    )
    op.create_index(op.f("ix_attendance_meeting_id"), "attendance", ["meeting_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("signature", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoke_reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL) "
            "AND (revoked_at IS NULL) = (revoke_reason = '')",
            name=op.f("ck_certificate_revoked_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_certificate_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["account.id"], name=op.f("fk_certificate_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["account.id"], name=op.f("fk_certificate_revoked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_certificate_enrolment_id")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, _event, _wrong, _words in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.execute("DELETE FROM training_news WHERE kind IN ('passed', 'not_passed', 'revoked')")
    _allow(BEFORE)
    op.drop_table("certificate")

    op.drop_table("attendance")
    op.drop_table("assessment")
