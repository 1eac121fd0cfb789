"""Official facts of residents: recognised as hard to employ, registered unemployed, insured."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

from webapp.core.crypto import EncryptedText

revision: str = "0525"
down_revision: str | None = "0522"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_OPEN = sa.text("ends_on IS NULL AND withdrawn_at IS NULL")
_moment, _words = sqlmodel.sql.sqltypes.UTCDateTime, sqlmodel.sql.sqltypes.AutoString


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "official_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _enum("factkind", "hard_to_employ", "registered_unemployed", "socially_insured"),
            nullable=False,
        ),
        sa.Column("ground", EncryptedText(), nullable=True),
        sa.Column(
            "insurance",
            _enum("insurance", "by_employer", "as_flexible", "as_resident"),
            nullable=True,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "source",
            _enum("factsource", "looked_up", "paper_seen", "office_list"),
            nullable=False,
        ),
        sa.Column("recorded_at", _moment(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", _moment(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", _words(length=200), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_official_fact_{name}"))
            for name, condition in (
                ("ends_after_start", "ends_on >= starts_on"),
                ("ground_of_recognition", "ground IS NULL OR kind = 'hard_to_employ'"),
                ("insured_somehow", "(insurance IS NULL) = (kind <> 'socially_insured')"),
                ("withdrawn_has_reason", "(withdrawn_at IS NULL) = (withdrawn_reason = '')"),
            )
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_official_fact_{column}"), ondelete=on
            )
            for column, table, on in (
                ("resident_id", "resident", "CASCADE"),
                ("recorded_by_id", "account", None),
                ("withdrawn_by_id", "account", None),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_fact")),
    )
    op.create_index(op.f("ix_official_fact_resident_id"), "official_fact", ["resident_id"])
    op.create_index("ix_official_fact_kind", "official_fact", ["kind", "ends_on"])
    op.create_index(
        "uq_official_fact_open",
        "official_fact",
        ["resident_id", "kind"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("official_fact")
