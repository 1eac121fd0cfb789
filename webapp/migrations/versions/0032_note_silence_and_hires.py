"""Keep since when an employer is silent, and where a match stood before its hire."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("match") as batch_op:
        batch_op.add_column(
            sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(sa.Column("chases", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_match_chases_not_negative"), "chases >= 0")
    op.execute(
        """UPDATE "match" SET asked_at = CASE
               WHEN state = 'interview' AND interview_at IS NOT NULL THEN interview_at
               ELSE since END
           WHERE state IN ('applied', 'seen', 'interview')"""
    )
    # A hire is undone to where its own step began.
    op.execute(
        """UPDATE "match" SET previous_state = (
               SELECT from_state FROM match_event
               WHERE match_event.match_id = "match".id AND action = 'hire'
               ORDER BY match_event.id DESC LIMIT 1)
           WHERE state IN ('hired', 'day_30', 'day_90', 'retained')"""
    )
    op.execute("UPDATE match_event SET code = 'other' WHERE code = 'recorded_wrongly'")


def downgrade() -> None:
    """Undo."""
    op.execute("UPDATE \"match\" SET previous_state = NULL WHERE state <> 'hired_elsewhere'")
    with op.batch_alter_table("match") as batch_op:
        batch_op.drop_constraint(op.f("ck_match_chases_not_negative"), type_="check")
        batch_op.drop_column("chases")
        batch_op.drop_column("asked_at")
