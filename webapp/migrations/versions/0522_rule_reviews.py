"""Figures of law looked at again: still in force, by what source, and when to look next.

What was noted stays as it was noted: triggers refuse changes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0522"
down_revision: str | None = "0521"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WORDS = "what was noted of a figure stays"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "rule_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("next_on > day", name=op.f("ck_rule_review_looked_at_again_later")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_rule_review_names_its_source")),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["rule_figure.id"], name=op.f("fk_rule_review_figure_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_rule_review_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_review")),
    )
    op.create_index(op.f("ix_rule_review_figure_id"), "rule_review", ["figure_id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER rule_review_no_{verb.lower()} BEFORE {verb} ON rule_review "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        op.execute(  # INSERT OR REPLACE deletes what it meets without a word
            "CREATE TRIGGER rule_review_no_replace BEFORE INSERT ON rule_review WHEN EXISTS "  # noqa: S608
            "(SELECT 1 FROM rule_review o WHERE o.id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION rule_review_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER rule_review_sealed BEFORE UPDATE OR DELETE ON rule_review "
        "FOR EACH ROW EXECUTE FUNCTION rule_review_sealed()"
    )


def downgrade() -> None:
    """Undo; what was noted is lost."""
    op.drop_table("rule_review")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION rule_review_sealed()")
