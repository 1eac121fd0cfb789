"""Links by which a calendar program reads somebody's appointments.

A token never changes hands, and one that has ended stays so.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0456"
down_revision: str | None = "0455"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

RULES = (
    (
        "calendar_link_fixed",
        "UPDATE OF account_id, member_id, token_hash, made_at",
        "1 = 1",
        "a link stays what it was made for",
    ),
    (
        "calendar_link_ended",
        "UPDATE OF revoked_at",
        "OLD.revoked_at IS NOT NULL",
        "a link that has ended stays so",
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_calendar_link_whole_hash")),
        sa.CheckConstraint(
            "revoked_at IS NULL OR revoked_at >= made_at",
            name=op.f("ck_calendar_link_revoked_later"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_link_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["account.id"], name=op.f("fk_calendar_link_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_link_token_hash")),
    )
    op.create_index(op.f("ix_calendar_link_account_id"), "calendar_link", ["account_id"])
    alive = sa.text("revoked_at IS NULL")
    op.create_index(
        "uq_calendar_link_live",
        "calendar_link",
        ["account_id"],
        unique=True,
        sqlite_where=alive,
        postgresql_where=alive,
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
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON calendar_link {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _event, _wrong, _words in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else " ON calendar_link"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("calendar_link")
