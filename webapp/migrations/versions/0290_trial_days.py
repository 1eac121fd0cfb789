"""Trial days: agreed before they begin, once per person and employer, told of by both sides."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0290"
down_revision: str | None = "0280"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "trial_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "disputed",
                "settled",
                "cancelled",
                name="trialstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "proposed_by",
            sa.Enum(
                "resident",
                "employer",
                "staff",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("duties", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("pay_day_fen", sa.Integer(), nullable=True),
        sa.Column(
            "cover",
            sa.Enum(
                "work_injury",
                "liability",
                "accident",
                name="injurycover",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("cover_note", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "agreement",
            sa.Enum(
                "labour",
                "service_agreement",
                name="agreementkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("employer_agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("resident_agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "employer_outcome",
            sa.Enum(
                "came_to_job",
                "employer_no",
                "resident_no",
                "not_held",
                name="employer_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("employer_why", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("employer_words", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "resident_outcome",
            sa.Enum(
                "came_to_job",
                "employer_no",
                "resident_no",
                "not_held",
                name="resident_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("resident_why", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("resident_words", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column(
            "contract",
            sa.Enum(
                "fixed",
                "open_ended",
                "task",
                "part_time",
                "service_agreement",
                name="contractkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "came_to_job",
                "employer_no",
                "resident_no",
                "not_held",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "cause",
            sa.Enum(
                "employer",
                "resident",
                "transport",
                "illness",
                "other",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reminded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (decision = '')",
            name=op.f("ck_trial_day_decided_with_a_note"),
        ),
        sa.CheckConstraint(
            "(outcome IS NOT NULL AND outcome = 'not_held') = (cause IS NOT NULL)",
            name=op.f("ck_trial_day_not_held_has_cause"),
        ),
        sa.CheckConstraint(
            "(state = 'settled') = (outcome IS NOT NULL)",
            name=op.f("ck_trial_day_settled_has_outcome"),
        ),
        sa.CheckConstraint(
            "agreement <> 'labour' OR cover = 'work_injury'",
            name=op.f("ck_trial_day_covered_as_the_law_asks"),
        ),
        sa.CheckConstraint(
            "cause NOT IN ('resident', 'illness') OR (resident_outcome IS NOT NULL AND "
            "resident_why = cause)",
            name=op.f("ck_trial_day_cause_by_own_word"),
        ),
        sa.CheckConstraint(
            "outcome <> 'resident_no' OR (resident_outcome IS NOT NULL AND "
            "resident_outcome = 'resident_no')",
            name=op.f("ck_trial_day_no_by_own_word"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'cancelled') OR (employer_agreed_at IS NOT NULL AND "
            "resident_agreed_at IS NOT NULL)",
            name=op.f("ck_trial_day_agreed_by_both"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'cancelled') OR (starts_at <> '' AND ends_at <> '' "
            "AND address <> '' AND contact <> '' AND duties <> '' AND pay_day_fen IS "
            "NOT NULL AND cover IS NOT NULL AND agreement IS NOT NULL)",
            name=op.f("ck_trial_day_terms_whole"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('proposed', 'cancelled') OR (employer_outcome IS NULL AND "
            "resident_outcome IS NULL)",
            name=op.f("ck_trial_day_words_after_agreement"),
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 3", name=op.f("ck_trial_day_one_to_three_days")),
        sa.CheckConstraint("pay_day_fen > 0", name=op.f("ck_trial_day_is_paid")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_trial_day_version_from_one")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_trial_day_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_trial_day_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_trial_day_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_trial_day_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_day")),
    )
    with op.batch_alter_table("trial_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trial_day_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trial_day_match_id"), ["match_id"], unique=False)
        batch_op.create_index("ix_trial_day_state", ["state", "first_day"], unique=False)
        batch_op.create_index(
            "uq_trial_day_once",
            ["resident_id", "employer_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )


def downgrade() -> None:
    """Undo."""
    op.drop_table("trial_day")
