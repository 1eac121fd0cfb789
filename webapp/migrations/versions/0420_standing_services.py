"""Standing services: whom a member visits, each visit that was due, and who wants work.

Triggers hold what constraints cannot: visitor and backup are two members in service of the branch
while the service goes on, neither goes without handing it over, and of a visit that was written
down only the note may be erased.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0420"
down_revision: str | None = "0414"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_GOES_ON = "state <> 'ended'"
_BOTH_SERVE = (
    "(SELECT count(*) FROM account a WHERE a.id IN (NEW.owner_id, NEW.backup_id)"
    " AND a.branch_id = NEW.branch_id AND a.role = 'staff' AND a.enabled) <> 2"
)
RULES = (
    (
        "standing_service_answered_for",
        "standing_service",
        "INSERT",
        f"NEW.{_GOES_ON} AND {_BOTH_SERVE}",
        "two members of the branch answer for it",
    ),
    (
        "standing_service_stays_answered_for",
        "standing_service",
        "UPDATE OF owner_id, backup_id, branch_id, state",
        f"NEW.{_GOES_ON} AND {_BOTH_SERVE}",
        "two members of the branch answer for it",
    ),
    (
        "standing_service_member_goes",
        "account",
        "UPDATE OF enabled, role, branch_id",
        "(NOT NEW.enabled OR NEW.role <> OLD.role OR NEW.branch_id <> OLD.branch_id)"
        " AND EXISTS (SELECT 1 FROM standing_service s WHERE s.state <> 'ended'"
        " AND (s.owner_id = NEW.id OR s.backup_id = NEW.id))",
        "a member hands over before leaving",
    ),
    (
        "standing_visit_fixed",
        "standing_visit",
        "UPDATE OF service_id, due_on, planned_on, outcome, day, by_id, next_on, at",
        "1 = 1",
        "what was written of a visit never changes",
    ),
    (
        "standing_visit_note_only_erased",
        "standing_visit",
        "UPDATE OF note",
        "NEW.note IS NOT NULL",
        "a note is erased, never changed",
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "standing_service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pairing",
                "elderly",
                "rehabilitation",
                "health",
                name="servicekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("outside_name", sa.Text(), nullable=True),
        sa.Column("outside_address", sa.Text(), nullable=True),
        sa.Column("outside_phone", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("backup_id", sa.Integer(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("weekdays", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("to_ask", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "paused",
                "ended",
                name="servicestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("missed_since", sa.Date(), nullable=True),
        sa.Column("backup_told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("secretary_told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "agreed_how",
            sa.Enum(
                "paper",
                "in_person",
                "phone",
                "guardian",
                name="agreedhow",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_note", sa.Text(), nullable=False),
        sa.Column("notes_agreed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column(
            "pause_reason",
            sa.Enum(
                "hospital",
                "travelling",
                "wish",
                name="pausereason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "wish",
                "better",
                "moved",
                "cared_for",
                "died",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("idempotency_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(every_days IS NULL) = (weekdays <> '')"
            " AND (every_days IS NULL OR every_days BETWEEN 1 AND 92)",
            name=op.f("ck_standing_service_one_rhythm"),
        ),
        sa.CheckConstraint(
            "(state = 'active') = (next_on IS NOT NULL)",
            name=op.f("ck_standing_service_active_has_next"),
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)"
            " AND (ended_at IS NULL) = (end_reason IS NULL)",
            name=op.f("ck_standing_service_ended_has_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'paused') = (paused_until IS NOT NULL)"
            " AND (paused_until IS NULL) = (pause_reason IS NULL)",
            name=op.f("ck_standing_service_paused_until_a_day"),
        ),
        sa.CheckConstraint(
            "missed_since IS NULL OR state = 'active'",
            name=op.f("ck_standing_service_only_active_ones_are_missed"),
        ),
        sa.CheckConstraint(
            "(resident_id IS NULL) = (outside_name IS NOT NULL)"
            " AND (outside_name IS NULL) = (outside_address IS NULL)"
            " AND (outside_phone IS NULL OR outside_name IS NOT NULL)",
            name=op.f("ck_standing_service_one_person"),
        ),
        sa.CheckConstraint(
            "missed_since IS NOT NULL OR (backup_told_at IS NULL AND secretary_told_at IS NULL)",
            name=op.f("ck_standing_service_told_of_something"),
        ),
        sa.CheckConstraint(
            "next_on IS NULL OR next_on >= due_on",
            name=op.f("ck_standing_service_next_not_before_due"),
        ),
        sa.CheckConstraint(
            "owner_id <> backup_id", name=op.f("ck_standing_service_backup_is_another")
        ),
        sa.ForeignKeyConstraint(
            ["backup_id"], ["account.id"], name=op.f("fk_standing_service_backup_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_standing_service_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_standing_service_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_standing_service_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_standing_service_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_service")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_standing_service_idempotency_key")),
    )
    with op.batch_alter_table("standing_service", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_standing_service_backup_id"), ["backup_id"], unique=False
        )
        batch_op.create_index("ix_standing_service_branch", ["branch_id", "state"], unique=False)
        batch_op.create_index("ix_standing_service_next", ["state", "next_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_standing_service_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_standing_service_resident_id"), ["resident_id"], unique=False
        )

    op.create_table(
        "work_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("outside_name", sa.Text(), nullable=True),
        sa.Column("outside_address", sa.Text(), nullable=True),
        sa.Column("outside_phone", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("noted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("called_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(called_at IS NULL) = (called_by_id IS NULL)",
            name=op.f("ck_work_need_called_by_somebody"),
        ),
        sa.CheckConstraint(
            "called_at IS NOT NULL OR (resident_id IS NULL) = (outside_name IS NOT NULL)",
            name=op.f("ck_work_need_waits_for_one_person"),
        ),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["account.id"], name=op.f("fk_work_need_called_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["account.id"], name=op.f("fk_work_need_noted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_work_need_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_need")),
    )
    with op.batch_alter_table("work_need", schema=None) as batch_op:
        batch_op.create_index(
            "uq_work_need_waiting",
            ["resident_id"],
            unique=True,
            sqlite_where=sa.text("called_at IS NULL"),
            postgresql_where=sa.text("called_at IS NULL"),
        )

    op.create_table(
        "standing_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "visited",
                "not_home",
                "postponed",
                "missed",
                name="visitoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("idempotency_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'missed') = (by_id IS NULL)",
            name=op.f("ck_standing_visit_missed_by_nobody"),
        ),
        sa.CheckConstraint(
            "note IS NULL OR outcome <> 'missed'", name=op.f("ck_standing_visit_no_note_of_nothing")
        ),
        sa.CheckConstraint(
            "planned_on >= due_on", name=op.f("ck_standing_visit_planned_not_before_due")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_standing_visit_by_id")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["standing_service.id"], name=op.f("fk_standing_visit_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_visit")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_standing_visit_idempotency_key")),
    )
    with op.batch_alter_table("standing_visit", schema=None) as batch_op:
        batch_op.create_index("ix_standing_visit_due", ["due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_standing_visit_service_id"), ["service_id"], unique=False
        )
        batch_op.create_index(
            "uq_standing_visit_settled",
            ["service_id", "due_on"],
            unique=True,
            sqlite_where=sa.text("outcome IN ('visited', 'missed')"),
            postgresql_where=sa.text("outcome IN ('visited', 'missed')"),
        )

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


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, *_rest in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("standing_visit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_standing_visit_settled",
            sqlite_where=sa.text("outcome IN ('visited', 'missed')"),
            postgresql_where=sa.text("outcome IN ('visited', 'missed')"),
        )
        batch_op.drop_index(batch_op.f("ix_standing_visit_service_id"))
        batch_op.drop_index("ix_standing_visit_due")

    op.drop_table("standing_visit")
    with op.batch_alter_table("work_need", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_work_need_waiting",
            sqlite_where=sa.text("called_at IS NULL"),
            postgresql_where=sa.text("called_at IS NULL"),
        )

    op.drop_table("work_need")
    with op.batch_alter_table("standing_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_service_resident_id"))
        batch_op.drop_index(batch_op.f("ix_standing_service_owner_id"))
        batch_op.drop_index("ix_standing_service_next")
        batch_op.drop_index("ix_standing_service_branch")
        batch_op.drop_index(batch_op.f("ix_standing_service_backup_id"))

    op.drop_table("standing_service")
