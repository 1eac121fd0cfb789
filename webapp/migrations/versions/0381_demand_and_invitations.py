"""Demand for courses, invitations to them, and certificates bound to a whole name."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0381"
down_revision: str | None = "0380"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


NEWS = (
    "seat", "line", "offer", "lapsed", "moved", "cancelled", "full", "class", "papers",
    "passed", "not_passed", "revoked", "order",
)  # fmt: skip
FIXED = "content, number, code, signature, enrolment_id, issued_on"
JOBS = (
    "import_check", "import_read", "import_undo", "import_write", "piecework_plan", "rights_search",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "invitation_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["account.id"], name=op.f("fk_invitation_stop_noted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_invitation_stop_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_stop")),
        sa.UniqueConstraint("resident_id", name=op.f("uq_invitation_stop_resident_id")),
    )
    op.create_table(
        "course_demand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("template_key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("certificate", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("unlocked_people", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("hours_fit", sa.Integer(), nullable=False),
        sa.Column("computed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(course_id IS NOT NULL) = (template_key = '' AND certificate = '')",
            name=op.f("ck_course_demand_names_one_way"),
        ),
        sa.CheckConstraint(
            "template_key = '' OR certificate = ''", name=op.f("ck_course_demand_names_no_two")
        ),
        sa.CheckConstraint(
            "people > 0 AND openings > 0 AND unlocked_people BETWEEN 0 AND people",
            name=op.f("ck_course_demand_opens_something"),
        ),
        sa.CheckConstraint(
            "places >= 0 AND placed >= 0 AND hours_fit >= 0",
            name=op.f("ck_course_demand_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_course_demand_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_demand")),
        sa.UniqueConstraint("course_id", name=op.f("uq_course_demand_course_id")),
        sa.UniqueConstraint("key", name=op.f("uq_course_demand_key")),
    )
    op.create_table(
        "demand_gain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("unlocked", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("openings", sa.JSON(), nullable=False),
        sa.CheckConstraint("unlocked + completed > 0", name=op.f("ck_demand_gain_gains_something")),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["course_demand.id"],
            name=op.f("fk_demand_gain_demand_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_demand_gain_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_gain")),
        sa.UniqueConstraint("demand_id", "rank", name=op.f("uq_demand_gain_demand_id_rank")),
        sa.UniqueConstraint(
            "demand_id", "resident_id", name=op.f("uq_demand_gain_demand_id_resident_id")
        ),
    )
    with op.batch_alter_table("demand_gain", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_demand_gain_resident_id"), ["resident_id"], unique=False
        )

    op.create_table(
        "course_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "accepted",
                "blocked",
                "not_this_time",
                "lapsed",
                "called_off",
                name="invitationoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("outcome_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (outcome_at IS NULL)",
            name=op.f("ck_course_invitation_outcome_has_date"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_course_invitation_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["account.id"], name=op.f("fk_course_invitation_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["course_run.id"], name=op.f("fk_course_invitation_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_invitation")),
        sa.UniqueConstraint(
            "run_id", "enrolment_id", name=op.f("uq_course_invitation_run_id_enrolment_id")
        ),
    )
    with op.batch_alter_table("course_invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_course_invitation_enrolment_id"), ["enrolment_id"], unique=False
        )
        batch_op.create_index("ix_course_invitation_outcome", ["outcome", "run_id"], unique=False)

    # Not in a batch, which would copy the table and lose its trigger.
    op.add_column(
        "certificate",
        sa.Column(
            "name_salt",
            sqlmodel.sql.sqltypes.AutoString(length=32),
            server_default="",
            nullable=False,
        ),
    )
    _hold(f"{FIXED}, name_salt")
    _allow("training_news", "newskind", (*NEWS, "invited"))
    _allow("background_job", "jobkind", (*JOBS, "training_demand"))


def _hold(columns: str) -> None:
    """Have the trigger of certificates hold these columns."""
    on_table = "" if op.get_bind().dialect.name == "sqlite" else " ON certificate"
    op.execute(f"DROP TRIGGER certificate_fixed{on_table}")
    body = (
        "FOR EACH ROW EXECUTE FUNCTION certificate_fixed()"
        if on_table
        else "WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'what a certificate says never changes'); END"
    )
    op.execute(f"CREATE TRIGGER certificate_fixed BEFORE UPDATE OF {columns} ON certificate {body}")


def _allow(name: str, check: str, kinds: Sequence[str]) -> None:
    """Set which kinds there are; neither table has triggers to lose."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(name) as table:
        table.drop_constraint(op.f(f"ck_{name}_{check}"), type_="check")
        table.create_check_constraint(op.f(f"ck_{name}_{check}"), f"kind IN ({listed})")


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM training_news WHERE kind = 'invited'")
    op.execute("DELETE FROM background_job WHERE kind = 'training_demand'")
    _allow("training_news", "newskind", NEWS)
    _allow("background_job", "jobkind", JOBS)
    _hold(FIXED)
    op.drop_column("certificate", "name_salt")

    with op.batch_alter_table("course_invitation", schema=None) as batch_op:
        batch_op.drop_index("ix_course_invitation_outcome")
        batch_op.drop_index(batch_op.f("ix_course_invitation_enrolment_id"))

    op.drop_table("course_invitation")
    with op.batch_alter_table("demand_gain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demand_gain_resident_id"))

    op.drop_table("demand_gain")
    op.drop_table("course_demand")
    op.drop_table("invitation_stop")
