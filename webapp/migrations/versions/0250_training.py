"""Courses, runs, meetings, seats, enrolments; a course for each opening of that kind so far.

Two rules that no CHECK can state are triggers: nobody is offered a seat in a run that has begun
or for longer than until it begins, and an enrolment is in a run of its own course.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0250"
down_revision: str | None = "0240"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SEATED = "'offered', 'accepted', 'attending', 'passed', 'not_passed'"
RULES = (
    (
        "enrolment_offer_in_time",
        "NEW.state = 'offered' AND EXISTS (SELECT 1 FROM course_run r WHERE r.id = NEW.run_id "
        "AND (r.state <> 'enrolling' OR NEW.offered_until > r.starts_at))",
        "no seat is offered in a run that has begun",
    ),
    (
        "enrolment_run_of_course",
        "NEW.run_id IS NOT NULL AND EXISTS (SELECT 1 FROM course_run r WHERE r.id = NEW.run_id "
        "AND r.course_id <> NEW.course_id)",
        "an enrolment is in a run of its course",
    ),
)
EVENTS = {"insert": "INSERT", "update": "UPDATE OF state, run_id, course_id, offered_until"}


def upgrade() -> None:
    """Apply."""
    _create_tables()
    for name, wrong, words in RULES:
        _seal(name, wrong, words)
    _write_courses()


def _seal(name: str, wrong: str, words: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
            "END IF; RETURN NEW; END $$"
        )
    for suffix, event in EVENTS.items():
        body = (
            f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
            if sqlite
            else f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        op.execute(f"CREATE TRIGGER {name}_{suffix} BEFORE {event} ON enrolment {body}")


def _write_courses() -> None:
    """Make a course of each opening of that kind that is or was public."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT id, teaches FROM opening WHERE kind = 'course' AND published_at IS NOT NULL"
        )
    ).all()
    course = sa.table(
        "course",
        *(sa.column(name) for name in ("opening_id", "provider", "fee_fen", "subsidy_note")),
        *(sa.column(name, sa.JSON()) for name in ("skills", "certificates", "papers")),
        sa.column("subsidised", sa.Boolean()),
        sa.column("created_at", sqlmodel.sql.sqltypes.UTCDateTime()),
    )
    for opening_id, teaches in found:
        taught = json.loads(teaches) if isinstance(teaches, str) else teaches
        connection.execute(
            course.insert().values(
                opening_id=opening_id,
                provider="",
                fee_fen=0,
                subsidy_note="",
                subsidised=False,
                skills=[one for one in taught if not one.endswith(("证", "证书"))],
                certificates=[one for one in taught if one.endswith(("证", "证书"))],
                papers=[],
                created_at=datetime.now(UTC),
            )
        )


def _create_tables() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "taster",
                "beginner",
                "intermediate",
                "advanced",
                "licence",
                name="courselevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("class_hours", sa.Integer(), nullable=True),
        sa.Column("provider", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("fee_fen", sa.Integer(), nullable=False),
        sa.Column("subsidised", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("subsidy_note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("class_hours > 0", name=op.f("ck_course_hours_positive")),
        sa.CheckConstraint("fee_fen >= 0", name=op.f("ck_course_fee_not_negative")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_course_created_by_id")
        ),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_course_opening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("opening_id", name=op.f("uq_course_opening_id")),
    )
    op.create_table(
        "course_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "announced",
                "enrolling",
                "running",
                "assessed",
                "closed",
                "cancelled",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("trainer", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("room", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("enrol_from", sa.Date(), nullable=True),
        sa.Column("enrol_until", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("change_note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("moved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("idempotency_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'cancelled' OR (cancelled_at IS NOT NULL AND change_note <> '')",
            name=op.f("ck_course_run_cancelled_says_why"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_course_run_ends_after_start")),
        sa.CheckConstraint("seats BETWEEN 1 AND 200", name=op.f("ck_course_run_seats_in_reason")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_run_course_id")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_course_run_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_run")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_course_run_course_id_number")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_course_run_idempotency_key")),
    )
    op.create_index(op.f("ix_course_run_course_id"), "course_run", ["course_id"], unique=False)
    op.create_index("ix_course_run_state", "course_run", ["state", "starts_at"], unique=False)

    op.create_table(
        "class_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_class_meeting_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["course_run.id"], name=op.f("fk_class_meeting_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_meeting")),
        sa.UniqueConstraint("run_id", "starts_at", name=op.f("uq_class_meeting_run_id_starts_at")),
    )
    op.create_index(op.f("ix_class_meeting_run_id"), "class_meeting", ["run_id"], unique=False)
    op.create_index(
        "ix_class_meeting_time", "class_meeting", ["starts_at", "ends_at"], unique=False
    )

    op.create_table(
        "course_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["course_run.id"], name=op.f("fk_course_seat_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_seat")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_course_seat_run_id_number")),
    )
    op.create_index(op.f("ix_course_seat_run_id"), "course_seat", ["run_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "applied",
                "waiting",
                "offered",
                "accepted",
                "attending",
                "passed",
                "not_passed",
                "dropped",
                "no_show",
                "withdrawn",
                name="enrolmentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "self",
                "staff",
                "match",
                name="enrolmentorigin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("offered_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("subsidy_year", sa.Integer(), nullable=True),
        sa.Column("subsidy_nth", sa.Integer(), nullable=True),
        sa.Column("papers_in_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("papers_in_by_id", sa.Integer(), nullable=True),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'offered') = (offered_until IS NOT NULL)",
            name=op.f("ck_enrolment_offer_ends"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (line IS NOT NULL)", name=op.f("ck_enrolment_stands_in_line")
        ),
        sa.CheckConstraint(
            f"(state IN ({SEATED})) = (seat IS NOT NULL)",
            name=op.f("ck_enrolment_has_seat"),
        ),
        sa.CheckConstraint(
            f"(state IN ('waiting', {SEATED}, 'dropped', 'no_show')) = (run_id IS NOT NULL)",
            name=op.f("ck_enrolment_names_its_run"),
        ),
        sa.CheckConstraint(
            "(subsidy_year IS NULL) = (subsidy_nth IS NULL)",
            name=op.f("ck_enrolment_subsidy_is_counted"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id")),
        sa.ForeignKeyConstraint(
            ["papers_in_by_id"], ["account.id"], name=op.f("fk_enrolment_papers_in_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_enrolment_resident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "seat"],
            ["course_seat.run_id", "course_seat.number"],
            name="fk_enrolment_seat",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["course_run.id"], name=op.f("fk_enrolment_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("resident_id", "run_id", name=op.f("uq_enrolment_resident_id_run_id")),
        sa.UniqueConstraint(
            "resident_id",
            "subsidy_year",
            "subsidy_nth",
            name=op.f("uq_enrolment_resident_id_subsidy_year_subsidy_nth"),
        ),
        sa.UniqueConstraint("run_id", "line", name=op.f("uq_enrolment_run_id_line")),
        sa.UniqueConstraint("run_id", "seat", name=op.f("uq_enrolment_run_id_seat")),
    )
    op.create_index(op.f("ix_enrolment_course_id"), "enrolment", ["course_id"], unique=False)
    op.create_index("ix_enrolment_offered", "enrolment", ["state", "offered_until"], unique=False)
    op.create_index(op.f("ix_enrolment_resident_id"), "enrolment", ["resident_id"], unique=False)
    op.create_index("ix_enrolment_run_state", "enrolment", ["run_id", "state"], unique=False)
    op.create_index(
        "uq_enrolment_live",
        "enrolment",
        ["resident_id", "course_id"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('invited', 'applied', 'waiting', 'offered', 'accepted', 'attending')"
        ),
        postgresql_where=sa.text(
            "state IN ('invited', 'applied', 'waiting', 'offered', 'accepted', 'attending')"
        ),
    )

    op.create_table(
        "enrolment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_enrolment_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_enrolment_event_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["course_run.id"], name=op.f("fk_enrolment_event_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_event")),
    )
    op.create_index(
        op.f("ix_enrolment_event_enrolment_id"), "enrolment_event", ["enrolment_id"], unique=False
    )

    op.create_table(
        "training_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "seat",
                "line",
                "offer",
                "lapsed",
                "moved",
                "cancelled",
                "full",
                "class",
                "papers",
                name="newskind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("told_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(told_at IS NULL) = (told_by_id IS NULL)",
            name=op.f("ck_training_news_told_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_training_news_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["told_by_id"], ["account.id"], name=op.f("fk_training_news_told_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_news")),
        sa.UniqueConstraint("enrolment_id", "key", name=op.f("uq_training_news_enrolment_id_key")),
    )
    op.create_index(
        op.f("ix_training_news_enrolment_id"), "training_news", ["enrolment_id"], unique=False
    )


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _wrong, _words in RULES:
        for suffix in EVENTS:
            op.execute(f"DROP TRIGGER {name}_{suffix}" + ("" if sqlite else " ON enrolment"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("training_news")
    op.drop_table("enrolment_event")
    op.drop_table("enrolment")
    op.drop_table("course_seat")
    op.drop_table("class_meeting")
    op.drop_table("course_run")
    op.drop_table("course")
