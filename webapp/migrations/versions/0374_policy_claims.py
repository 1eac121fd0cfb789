"""How far people are with policies, and what staff looked for; the background job for it."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0374"
down_revision: str | None = "0373"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_KINDS = "'import_check', 'import_read', 'import_undo', 'import_write', 'piecework_plan'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "policy_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("policy", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "wanted",
                "handed_in",
                "granted",
                "refused",
                "not_wanted",
                name="claimstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_policy_claim_resident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["account.id"], name=op.f("fk_policy_claim_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_claim")),
        sa.UniqueConstraint(
            "resident_id", "policy", name=op.f("uq_policy_claim_resident_id_policy")
        ),
    )
    op.create_table(
        "policy_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("policy", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "likely",
                "lacking",
                "unsure",
                "no",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_policy_finding_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_policy_finding_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_finding")),
        sa.UniqueConstraint(
            "account_id",
            "resident_id",
            "policy",
            name=op.f("uq_policy_finding_account_id_resident_id_policy"),
        ),
    )
    op.create_index(
        op.f("ix_policy_finding_resident_id"), "policy_finding", ["resident_id"], unique=False
    )
    _allow(f"{_KINDS}, 'rights_search'")


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM background_job WHERE kind = 'rights_search'")
    _allow(_KINDS)
    op.drop_table("policy_finding")
    op.drop_table("policy_claim")


def _allow(kinds: str) -> None:
    with op.batch_alter_table("background_job") as table:
        table.drop_constraint(op.f("ck_background_job_jobkind"), type_="check")
        table.create_check_constraint(op.f("ck_background_job_jobkind"), f"kind IN ({kinds})")
