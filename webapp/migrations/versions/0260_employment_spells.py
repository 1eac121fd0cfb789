"""Employment spells, filled from the hires on record; months also keep who was left out."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0260"
down_revision: str | None = "0250"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KINDS = (
    "found_here", "found_alone", "self_employed", "public_post", "piecework", "looking", "caring",
    "studying", "unable", "retired", "away",
)  # fmt: skip
EVIDENCE = (
    "contract", "payslip", "social_insurance", "licence", "paper", "visit_note", "own_word",
)  # fmt: skip
ORIGINS = ("staff", "self", "hire", "import")
OPEN = (
    "ends_on IS NULL AND withdrawn_at IS NULL"
    " AND kind IN ('retired', 'studying', 'unable', 'away', 'looking')"
)
UNIQUE = (
    ("uq_employment_spell_open_verified", "resident_id", f"{OPEN} AND verified_at IS NOT NULL"),
    ("uq_employment_spell_open_said", "resident_id", f"{OPEN} AND verified_at IS NULL"),
    ("uq_employment_spell_match", "match_id", "withdrawn_at IS NULL"),
)
COUNTED = ("retired", "studying", "unable", "away", "said_working", "recorded", "registered")
moment, words = sqlmodel.sql.sqltypes.UTCDateTime, sqlmodel.sql.sqltypes.AutoString


def _enum(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "employment_spell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("spellkind", KINDS), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("evidence", _enum("evidence", EVIDENCE), nullable=False),
        sa.Column("words", words(length=200), nullable=False),
        sa.Column("origin", _enum("origin", ORIGINS), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", moment(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_at", moment(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", moment(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", words(length=200), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_employment_spell_{name}"))
            for name, condition in (
                ("ends_after_start", "ends_on >= starts_on"),
                ("word_not_verified", "verified_at IS NULL OR evidence <> 'own_word'"),
                ("verified_has_date", "verified_by_id IS NULL OR verified_at IS NOT NULL"),
                (
                    "withdrawn_has_reason",
                    "(withdrawn_at IS NULL) = (withdrawn_reason = '')",
                ),
                ("match_is_a_hire", "match_id IS NULL OR origin = 'hire'"),
            )
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_employment_spell_{column}"), ondelete=on
            )
            for column, table, on in (
                ("resident_id", "resident", "CASCADE"),
                ("match_id", "match", "SET NULL"),
                ("corrects_id", "employment_spell", "SET NULL"),
                ("recorded_by_id", "account", None),
                ("verified_by_id", "account", None),
                ("withdrawn_by_id", "account", None),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_spell")),
    )
    op.create_index(
        "ix_employment_spell_resident", "employment_spell", ["resident_id", "starts_on"]
    )
    op.create_index("ix_employment_spell_kind", "employment_spell", ["kind", "ends_on"])
    for name, column, where in UNIQUE:
        op.create_index(
            name,
            "employment_spell",
            [column],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    for name in COUNTED:
        op.add_column("employment_month", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("employment_month", sa.Column("piecework_bands", sa.JSON(), nullable=True))
    _fill()


def downgrade() -> None:
    """Undo."""
    for name in ("piecework_bands", *reversed(COUNTED)):
        op.drop_column("employment_month", name)
    op.drop_table("employment_spell")


def _fill() -> None:
    """Write the spell of every hire with a first day; one that ended, ended when that was noted."""
    last_day = (
        'substr("match".since, 1, 10)'
        if op.get_bind().dialect.name == "sqlite"
        else "(\"match\".since AT TIME ZONE 'Asia/Shanghai')::date"
    )
    shown = "\"match\".evidence <> ''"
    op.execute(
        f"""
        INSERT INTO employment_spell
            (resident_id, kind, starts_on, ends_on, evidence, words, origin, match_id, recorded_at,
             verified_at, withdrawn_reason)
        SELECT "match".resident_id,
            CASE opening.kind WHEN 'venture' THEN 'self_employed' ELSE 'found_here' END,
            "match".start_date,
            CASE WHEN "match".state <> 'left' THEN NULL
                 WHEN {last_day} < "match".start_date THEN "match".start_date
                 ELSE {last_day} END,
            CASE WHEN {shown} THEN 'contract' ELSE 'own_word' END,
            "match".evidence, 'hire', "match".id, "match".since,
            CASE WHEN {shown} THEN "match".since END, ''
        FROM "match" JOIN opening ON opening.id = "match".opening_id
        WHERE "match".state IN ('hired', 'day_30', 'day_90', 'retained', 'left')
            AND "match".start_date IS NOT NULL AND opening.kind IN ('vacancy', 'venture')
        """  # noqa: S608 - no value from outside
    )
