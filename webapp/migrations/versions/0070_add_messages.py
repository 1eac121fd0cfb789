"""add messages"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0070"
down_revision: str | None = "0061"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Matches handed on before there were threads appear in the inboxes with what was told of them.
BEGIN_THREADS = sa.text(
    """
    INSERT INTO message_thread
        (match_id, last_at, unread_resident, unread_employer, unread_staff)
    SELECT m.id,
        COALESCE((SELECT MAX(e.at) FROM match_event e WHERE e.match_id = m.id), m.since),
        :no, :no, :no
    FROM "match" m
    WHERE m.state NOT IN ('suggested', 'confirmed', 'dismissed')
    """
).bindparams(sa.bindparam("no", False, sa.Boolean()))


def upgrade() -> None:
    """Apply."""
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
    op.execute(BEGIN_THREADS)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("message_report", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_report_open",
            sqlite_where=sa.text("handled_at IS NULL"),
            postgresql_where=sa.text("handled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_message_report_message_id"))

    op.drop_table("message_report")
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_slip_waiting",
            sqlite_where=sa.text("handed_at IS NULL"),
            postgresql_where=sa.text("handed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_slip_thread_id"))

    op.drop_table("slip")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_thread_id"))
        batch_op.drop_index("ix_message_author_sent")

    op.drop_table("message")
    with op.batch_alter_table("contact_agreement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_agreement_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_contact_agreement_thread_id"))

    op.drop_table("contact_agreement")
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
    op.drop_table("outside_channel")
