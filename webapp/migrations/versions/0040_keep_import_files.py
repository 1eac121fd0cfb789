"""Keep where a file handed in stands, whose it is, and its copy."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0040"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = ("uploaded", "running", "done")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.add_column(
            sa.Column(
                "stored",
                sqlmodel.sql.sqltypes.AutoString(length=40),
                nullable=False,
                server_default="",
            )
        )
        batch_op.add_column(sa.Column("branch_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("state", sa.String(length=32), nullable=False, server_default="uploaded")
        )
        batch_op.add_column(
            sa.Column("running_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.alter_column("account_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(
            op.f("fk_import_batch_branch_id"), "branch", ["branch_id"], ["id"]
        )
        batch_op.create_index(op.f("ix_import_batch_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(op.f("ix_import_batch_state"), ["state"], unique=False)
        batch_op.create_check_constraint(
            op.f("ck_import_batch_importstate"), sa.column("state").in_(STATES)
        )
        batch_op.create_check_constraint(
            op.f("ck_import_batch_done_has_date"), "state <> 'done' OR done_at IS NOT NULL"
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_constraint(op.f("ck_import_batch_done_has_date"), type_="check")
        batch_op.drop_constraint(op.f("ck_import_batch_importstate"), type_="check")
        batch_op.drop_index(op.f("ix_import_batch_state"))
        batch_op.drop_index(op.f("ix_import_batch_branch_id"))
        batch_op.drop_constraint(op.f("fk_import_batch_branch_id"), type_="foreignkey")
        batch_op.alter_column("account_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("running_since")
        batch_op.drop_column("state")
        batch_op.drop_column("branch_id")
        batch_op.drop_column("stored")
