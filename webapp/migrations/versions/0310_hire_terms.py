"""What hires are signed for: contract, pay, probation, social insurance."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0310"
down_revision: str | None = "0300"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "hire_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
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
            nullable=False,
        ),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("pay_fen", sa.Integer(), nullable=True),
        sa.Column(
            "pay_unit",
            sa.Enum(
                "month",
                "day",
                "hour",
                "piece",
                name="payunit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("probation_until", sa.Date(), nullable=True),
        sa.Column("probation_pay_fen", sa.Integer(), nullable=True),
        sa.Column(
            "insurance",
            sa.Enum(
                "full",
                "injury_only",
                "none",
                name="socialinsurance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "contract <> 'fixed' OR months IS NOT NULL", name=op.f("ck_hire_terms_fixed_has_length")
        ),
        sa.CheckConstraint(
            "probation_until IS NULL OR contract IN ('fixed', 'open_ended')",
            name=op.f("ck_hire_terms_probation_where_law_knows_it"),
        ),
        sa.CheckConstraint("months > 0", name=op.f("ck_hire_terms_months_positive")),
        sa.CheckConstraint(
            "pay_fen > 0 AND probation_pay_fen > 0", name=op.f("ck_hire_terms_pay_positive")
        ),
        sa.CheckConstraint(
            "probation_pay_fen IS NULL OR probation_until IS NOT NULL",
            name=op.f("ck_hire_terms_probation_pay_has_end"),
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_hire_terms_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_hire_terms_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hire_terms")),
        sa.UniqueConstraint("match_id", name=op.f("uq_hire_terms_match_id")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("hire_terms")
