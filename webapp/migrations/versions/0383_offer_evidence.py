"""What made an offer unsuitable at the moment it was made, and who asked to have it printed.

What was kept never changes, and it goes with the person, or the match, alone: triggers hold both.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0383"
down_revision: str | None = "0382"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

RULES = (
    (
        "offer_evidence_fixed",
        "UPDATE OF content, digest, offered_at",
        "1 = 1",
        "what was kept of an offer never changes",
    ),
    (
        "offer_evidence_kept",
        "DELETE",
        "EXISTS (SELECT 1 FROM resident r WHERE r.id = OLD.resident_id AND r.state <> 'left')"
        " AND EXISTS (SELECT 1 FROM match m WHERE m.id = OLD.match_id)",
        "what was kept of an offer goes with the person or the match",
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "evidence_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "in_person",
                "phone",
                name="askedhow",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_evidence_request_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["match.id"],
            name=op.f("fk_evidence_request_match_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_evidence_request_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_request")),
    )
    with op.batch_alter_table("evidence_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evidence_request_match_id"), ["match_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_request_resident_id"), ["resident_id"], unique=False
        )

    op.create_table(
        "offer_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("offered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_offer_evidence_whole_digest")),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_offer_evidence_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_offer_evidence_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_evidence")),
    )
    with op.batch_alter_table("offer_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_evidence_match_id"), ["match_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_offer_evidence_resident_id"), ["resident_id"], unique=False
        )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, event, wrong, words in RULES:
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            row = "OLD" if event == "DELETE" else "NEW"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                f"END IF; RETURN {row}; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON offer_evidence {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _event, _wrong, _words in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else " ON offer_evidence"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("offer_evidence")
    op.drop_table("evidence_request")
