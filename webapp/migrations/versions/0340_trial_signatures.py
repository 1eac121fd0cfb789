"""How a yes and a word of a trial day were given; one that did not take place is not the one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0340"
down_revision: str | None = "0310"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ONCE = "uq_trial_day_once"
_PAIRS = (
    ("employer_agreed_how", "employer_agreed_at"),
    ("resident_agreed_how", "resident_agreed_at"),
    ("employer_told_how", "employer_outcome"),
    ("resident_told_how", "resident_outcome"),
)


def upgrade() -> None:
    """Apply. What was said before is kept as said on the page."""
    _once("state <> 'cancelled' AND (outcome IS NULL OR outcome <> 'not_held')")
    with op.batch_alter_table("trial_day") as table:
        for column, _since in _PAIRS:
            kind = sa.Enum(
                "online",
                "paper",
                "phone",
                "in_person",
                name=column,
                native_enum=False,
                create_constraint=True,
                length=32,
            )
            table.add_column(sa.Column(column, kind, nullable=True))
    for column, since in _PAIRS:
        op.execute(f"UPDATE trial_day SET {column} = 'online' WHERE {since} IS NOT NULL")  # noqa: S608 - our names
    with op.batch_alter_table("trial_day") as table:
        table.create_check_constraint(
            op.f("ck_trial_day_yes_has_its_way"),
            "(employer_agreed_at IS NULL) = (employer_agreed_how IS NULL)"
            " AND (resident_agreed_at IS NULL) = (resident_agreed_how IS NULL)",
        )
        table.create_check_constraint(
            op.f("ck_trial_day_word_has_its_way"),
            "(employer_outcome IS NULL) = (employer_told_how IS NULL)"
            " AND (resident_outcome IS NULL) = (resident_told_how IS NULL)",
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("trial_day") as table:
        for name in ("yes_has_its_way", "word_has_its_way"):
            table.drop_constraint(op.f(f"ck_trial_day_{name}"), type_="check")
        for column, _since in _PAIRS:
            table.drop_constraint(op.f(f"ck_trial_day_{column}"), type_="check")
            table.drop_column(column)
    _once("state <> 'cancelled'")


def _once(where: str) -> None:
    condition = sa.text(where)
    op.drop_index(_ONCE, table_name="trial_day")
    op.create_index(
        _ONCE,
        "trial_day",
        ["resident_id", "employer_id"],
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )
