"""Newcomers tell their address later; whoever was placed by staff lives somewhere."""

from collections.abc import Sequence

from alembic import op

revision: str = "0385"
down_revision: str | None = "0384"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
RULE = "people_are_placed_somewhere"


def upgrade() -> None:
    """Hold the rule in the database."""
    with op.batch_alter_table("household") as table:
        table.create_check_constraint(
            op.f(f"ck_household_{RULE}"), "provisional OR unit_address <> ''"
        )


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("household") as table:
        table.drop_constraint(op.f(f"ck_household_{RULE}"), type_="check")
