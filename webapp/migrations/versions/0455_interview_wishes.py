"""Whom to ask for and what to bring to an interview, and the wish for another time of it.

What was asked never changes, and of one match one wish is open.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0455"
down_revision: str | None = "0445"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

RULES = (
    (
        "interview_wish_fixed",
        "UPDATE OF match_id, interview_at, halves, wants_call, asked_at, asked_by_id",
        "1 = 1",
        "what somebody asked for never changes",
    ),
    (
        "interview_wish_settled",
        "UPDATE OF state, settled_at, settled_by_id",
        "OLD.state <> 'open'",
        "a settled wish stays settled",
    ),
)


def upgrade() -> None:
    """Apply."""
    for name, length in (("interview_contact", 60), ("interview_bring", 120)):
        op.add_column(
            "match",
            sa.Column(
                name,
                sqlmodel.sql.sqltypes.AutoString(length=length),
                server_default="",
                nullable=False,
            ),
        )
    op.create_table(
        "interview_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("interview_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("halves", sa.JSON(), nullable=False),
        sa.Column("wants_call", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "moved",
                "kept",
                "taken_back",
                "dropped",
                name="wishstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (settled_at IS NULL)",
            name=op.f("ck_interview_wish_settled_has_moment"),
        ),
        sa.CheckConstraint(
            "settled_by_id IS NULL OR settled_at IS NOT NULL",
            name=op.f("ck_interview_wish_settled_by_somebody"),
        ),
        sa.CheckConstraint(
            "asked_at < interview_at", name=op.f("ck_interview_wish_asked_before_it")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_interview_wish_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["match.id"],
            name=op.f("fk_interview_wish_match_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_interview_wish_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_wish")),
    )
    op.create_index(op.f("ix_interview_wish_match_id"), "interview_wish", ["match_id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_interview_wish_open",
        "interview_wish",
        ["match_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, event, wrong, words in RULES:
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                f"END IF; RETURN NEW; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON interview_wish {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _event, _wrong, _words in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else " ON interview_wish"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("interview_wish")
    for name in ("interview_bring", "interview_contact"):
        op.drop_column("match", name)
