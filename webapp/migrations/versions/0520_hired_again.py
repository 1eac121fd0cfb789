"""Somebody who left a job may be hired for it again: one open spell a match, not one for ever."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0520"
down_revision: str | None = "0516"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_NAME = "uq_employment_spell_match"
_STANDING = "withdrawn_at IS NULL"


def _index(where: str) -> None:
    op.drop_index(_NAME, "employment_spell")
    op.create_index(
        _NAME,
        "employment_spell",
        ["match_id"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def upgrade() -> None:
    """Apply."""
    _index(f"{_STANDING} AND ends_on IS NULL")


def downgrade() -> None:
    """Undo; refused by the database where somebody was hired for the same place twice."""
    _index(_STANDING)
