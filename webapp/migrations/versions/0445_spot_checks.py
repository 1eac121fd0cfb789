"""Spot checks: a quarter's list of hires or tickets, what was found, who passed one on.

A list stays as it was frozen; what was found, replied and done stands; and nobody looks at the
work of their own branch: triggers hold it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0445"
down_revision: str | None = "0430"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_CHANGES_LINK = "(NEW.{0} IS NOT NULL AND (OLD.{0} IS NULL OR NEW.{0} <> OLD.{0}))"
_OWN_BRANCH = (
    "NEW.reviewer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM account a"
    " WHERE a.id = NEW.reviewer_id AND a.role = 'staff' AND a.enabled"
    " AND a.branch_id <> NEW.branch_id)"
)
RULES = (
    (
        "spot_check_fixed",
        "spot_check",
        "UPDATE OF quarter, kind, population, sample, confidence_permille, margin_permille,"
        " made_at",
        "1 = 1",
        "what a check rests on never changes",
    ),
    (
        "spot_check_list_fixed",
        "spot_check",
        "UPDATE OF draw_id, list_hash, selected_at",
        "OLD.selected_at IS NOT NULL",
        "a list that was drawn from never changes",
    ),
    ("spot_check_kept", "spot_check", "DELETE", "1 = 1", "a check is kept"),
    (
        "spot_line_fixed",
        "spot_check_line",
        "UPDATE OF check_id, branch_id, member_id",
        "1 = 1",
        "a line of a check stays what it is about",
    ),
    (
        "spot_line_of_one_thing",
        "spot_check_line",
        "UPDATE OF match_id, ticket_id",
        f"{_CHANGES_LINK.format('match_id')} OR {_CHANGES_LINK.format('ticket_id')}",
        "a line of a check stays what it is about",
    ),
    (
        "spot_line_drawn",
        "spot_check_line",
        "UPDATE OF code, draw_entry_id, selected",
        "EXISTS (SELECT 1 FROM spot_check c WHERE c.id = OLD.check_id"
        " AND c.selected_at IS NOT NULL)",
        "a sample that was drawn never changes",
    ),
    (
        "spot_line_other_branch",
        "spot_check_line",
        "INSERT",
        _OWN_BRANCH,
        "somebody of another branch looks at it",
    ),
    (
        "spot_line_other_branch_still",
        "spot_check_line",
        "UPDATE OF reviewer_id",
        _OWN_BRANCH,
        "somebody of another branch looks at it",
    ),
    (
        "spot_finding_stands",
        "spot_check_line",
        "UPDATE OF finding, words, found_at, reviewer_id, due_on, reply_until",
        "OLD.finding IS NOT NULL",
        "a finding stands",
    ),
    (
        "spot_reply_stands",
        "spot_check_line",
        "UPDATE OF reply, replied_at",
        "OLD.replied_at IS NOT NULL",
        "a reply stands",
    ),
    (
        "spot_measures_stand",
        "spot_check_line",
        "UPDATE OF measures, measured_at, measured_by_id",
        "OLD.measured_at IS NOT NULL",
        "what was done stands",
    ),
    ("spot_line_kept", "spot_check_line", "DELETE", "1 = 1", "a line of a check is kept"),
    ("spot_recusal_fixed", "spot_check_recusal", "UPDATE", "1 = 1", "it stands"),
    ("spot_recusal_kept", "spot_check_recusal", "DELETE", "1 = 1", "it stands"),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "spot_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hire",
                "ticket",
                name="spotkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("confidence_permille", sa.Integer(), nullable=False),
        sa.Column("margin_permille", sa.Integer(), nullable=False),
        sa.Column("list_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("selected_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("length(list_hash) = 64", name=op.f("ck_spot_check_whole_hash")),
        sa.CheckConstraint("length(quarter) = 7", name=op.f("ck_spot_check_whole_quarter")),
        sa.CheckConstraint(
            "sample = population OR draw_id IS NOT NULL", name=op.f("ck_spot_check_a_part_is_drawn")
        ),
        sa.CheckConstraint(
            "sample BETWEEN 1 AND population", name=op.f("ck_spot_check_sample_of_the_population")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_spot_check_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check")),
        sa.UniqueConstraint("draw_id", name=op.f("uq_spot_check_draw_id")),
        sa.UniqueConstraint("quarter", "kind", name=op.f("uq_spot_check_quarter_kind")),
    )
    op.create_table(
        "spot_check_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("draw_entry_id", sa.Integer(), nullable=True),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("selected", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "finding",
            sa.Enum(
                "as_it_should",
                "partly",
                "not",
                "unclear",
                name="finding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("found_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reply_until", sa.Date(), nullable=True),
        sa.Column("reply", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("replied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("measures", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("measured_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("measured_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(measures = '') = (measured_at IS NULL)"
            " AND (measures = '') = (measured_by_id IS NULL)",
            name=op.f("ck_spot_check_line_measures_whole"),
        ),
        sa.CheckConstraint(
            "(reply = '') = (replied_at IS NULL) AND (reply = '' OR reply_until IS NOT NULL)",
            name=op.f("ck_spot_check_line_reply_to_a_finding"),
        ),
        sa.CheckConstraint(
            "finding IS NOT NULL OR words = ''", name=op.f("ck_spot_check_line_words_of_a_finding")
        ),
        sa.CheckConstraint(
            "finding IS NULL OR finding = 'as_it_should' OR words <> ''",
            name=op.f("ck_spot_check_line_says_what"),
        ),
        sa.CheckConstraint(
            "measures = '' OR (finding IS NOT NULL AND finding IN ('partly', 'not'))",
            name=op.f("ck_spot_check_line_measures_where_something_was_wrong"),
        ),
        sa.CheckConstraint(
            "(finding IS NULL) = (found_at IS NULL)"
            " AND (finding IS NULL OR reviewer_id IS NOT NULL)",
            name=op.f("ck_spot_check_line_found_by_somebody"),
        ),
        sa.CheckConstraint(
            "(reply_until IS NOT NULL) = (finding IS NOT NULL AND member_id IS NOT NULL)",
            name=op.f("ck_spot_check_line_may_be_replied_to"),
        ),
        sa.CheckConstraint(
            "match_id IS NULL OR ticket_id IS NULL", name=op.f("ck_spot_check_line_one_thing")
        ),
        sa.CheckConstraint(
            "reviewer_id <> member_id", name=op.f("ck_spot_check_line_nobody_looks_at_their_own")
        ),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR selected",
            name=op.f("ck_spot_check_line_the_sample_is_looked_at"),
        ),
        sa.CheckConstraint(
            "selected = (due_on IS NOT NULL)", name=op.f("ck_spot_check_line_selected_has_day")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_spot_check_line_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["spot_check.id"], name=op.f("fk_spot_check_line_check_id")
        ),
        sa.ForeignKeyConstraint(
            ["draw_entry_id"], ["draw_entry.id"], name=op.f("fk_spot_check_line_draw_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["match.id"],
            name=op.f("fk_spot_check_line_match_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["measured_by_id"], ["account.id"], name=op.f("fk_spot_check_line_measured_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["account.id"], name=op.f("fk_spot_check_line_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["account.id"], name=op.f("fk_spot_check_line_reviewer_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_spot_check_line_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check_line")),
        sa.UniqueConstraint(
            "check_id", "match_id", name=op.f("uq_spot_check_line_check_id_match_id")
        ),
        sa.UniqueConstraint(
            "check_id", "ticket_id", name=op.f("uq_spot_check_line_check_id_ticket_id")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_spot_check_line_code")),
        sa.UniqueConstraint("draw_entry_id", name=op.f("uq_spot_check_line_draw_entry_id")),
    )
    with op.batch_alter_table("spot_check_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spot_check_line_check_id"), ["check_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_spot_check_line_member_id"), ["member_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_spot_check_line_reviewer_id"), ["reviewer_id"], unique=False
        )

    op.create_table(
        "spot_check_recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_spot_check_recusal_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["spot_check_line.id"], name=op.f("fk_spot_check_recusal_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check_recusal")),
        sa.UniqueConstraint(
            "line_id", "account_id", name=op.f("uq_spot_check_recusal_line_id_account_id")
        ),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, event, wrong, words in RULES:
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
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, _event, _wrong, _words in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("spot_check_recusal")
    op.drop_table("spot_check_line")
    op.drop_table("spot_check")
