"""Colleagues of an employer: who leads it, and invitations that are used once.

Three rules are triggers: an employer that is not closed keeps somebody who leads it, a used
invitation stays used by whom it was, and what an invitation is never changes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0510"
down_revision: str | None = "0505"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_LAST = (
    "OLD.is_owner AND NOT EXISTS (SELECT 1 FROM employer_member m"
    " WHERE m.employer_id = OLD.employer_id AND m.id <> OLD.id AND m.is_owner)"
    " AND EXISTS (SELECT 1 FROM employer e WHERE e.id = OLD.employer_id AND e.state <> 'closed')"
)
# trigger → (table, event, what is refused, what is said, what a function returns)
RULES = {
    "employer_member_owner_stays": (
        "employer_member", "DELETE", _LAST, "an employer keeps somebody who leads it", "OLD",
    ),
    "employer_member_owner_remains": (
        "employer_member", "UPDATE OF is_owner", f"NOT NEW.is_owner AND {_LAST}",
        "an employer keeps somebody who leads it", "NEW",
    ),
    "employer_member_fixed": (
        "employer_member", "UPDATE OF employer_id, account_id", "1 = 1",
        "a membership stays what it is", "NEW",
    ),
    "employer_invitation_fixed": (
        "employer_invitation",
        "UPDATE OF employer_id, code_digest, invited_at, invited_by_id, expires_at",
        "1 = 1", "an invitation never becomes another", "NEW",
    ),
    "employer_invitation_once": (
        "employer_invitation", "UPDATE OF used_at, used_by_id, withdrawn_at",
        "OLD.used_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL",
        "an invitation is used or taken back once", "NEW",
    ),
}  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "employer_member",
        sa.Column("is_owner", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "employer_member",
        sa.Column("joined_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    )
    # Whoever registered the employer, or was its first, leads it.
    op.execute(
        "UPDATE employer_member SET is_owner = true WHERE id IN"
        " (SELECT MIN(id) FROM employer_member GROUP BY employer_id)"
    )
    op.create_table(
        "employer_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("code_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("invited_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("used_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "expires_at > invited_at", name=op.f("ck_employer_invitation_ends_after_it")
        ),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_by_id IS NULL)",
            name=op.f("ck_employer_invitation_used_by_somebody"),
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR withdrawn_at IS NULL",
            name=op.f("ck_employer_invitation_used_or_withdrawn"),
        ),
        sa.CheckConstraint(
            "code IS NULL OR (used_at IS NULL AND withdrawn_at IS NULL)",
            name=op.f("ck_employer_invitation_code_while_open"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
            name=op.f("fk_employer_invitation_employer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["account.id"], name=op.f("fk_employer_invitation_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["account.id"], name=op.f("fk_employer_invitation_used_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_invitation")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_employer_invitation_code_digest")),
    )
    op.create_index(
        op.f("ix_employer_invitation_employer_id"), "employer_invitation", ["employer_id"]
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, event, wrong, words, kept) in RULES.items():
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                f"END IF; RETURN {kept}; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, *_rest) in RULES.items():
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("employer_invitation")
    op.drop_column("employer_member", "joined_at")
    op.drop_column("employer_member", "is_owner")
