"""Long cases: what takes many errands, each errand, and the papers it needs.

Triggers hold what constraints cannot: owner and backup are two members in service of the branch
while the case is open, neither goes without handing it over, and of an errand that was written
down only the words may be erased.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0422"
down_revision: str | None = "0421"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_IS_OPEN = "state = 'open'"
_BOTH_SERVE = (
    "(SELECT count(*) FROM account a WHERE a.id IN (NEW.owner_id, NEW.backup_id)"
    " AND a.branch_id = NEW.branch_id AND a.role = 'staff' AND a.enabled) <> 2"
)
RULES = (
    (
        "long_case_answered_for",
        "long_case",
        "INSERT",
        f"NEW.{_IS_OPEN} AND {_BOTH_SERVE}",
        "two members of the branch answer for it",
    ),
    (
        "long_case_stays_answered_for",
        "long_case",
        "UPDATE OF owner_id, backup_id, branch_id, state",
        f"NEW.{_IS_OPEN} AND {_BOTH_SERVE}",
        "two members of the branch answer for it",
    ),
    (
        "long_case_member_goes",
        "account",
        "UPDATE OF enabled, role, branch_id",
        "(NOT NEW.enabled OR NEW.role <> OLD.role OR NEW.branch_id <> OLD.branch_id)"
        " AND EXISTS (SELECT 1 FROM long_case s WHERE s.state = 'open'"
        " AND (s.owner_id = NEW.id OR s.backup_id = NEW.id))",
        "a member hands over before leaving",
    ),
    (
        "long_case_step_fixed",
        "long_case_step",
        "UPDATE OF case_id, day, kind, by_id, at",
        "1 = 1",
        "an errand that was written down never changes",
    ),
    (
        "long_case_over",
        "long_case",
        "UPDATE OF state, outcome, ended_at",
        "OLD.state = 'ended'",
        "what ended stays ended",
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "long_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "work_injury",
                "wage_arrears",
                "disability",
                "housing",
                "hukou",
                "pension",
                "medical",
                "other",
                name="longcasekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("outside_name", sa.Text(), nullable=True),
        sa.Column("outside_phone", sa.Text(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("backup_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "ended",
                name="longcasestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "next_kind",
            sa.Enum(
                "ask",
                "collect",
                "employer",
                "hospital",
                "apply",
                "supplement",
                "appraisal",
                "inspection",
                "legal_aid",
                "mediation",
                "arbitration",
                "court",
                "wait",
                "result",
                "payment",
                "home_visit",
                "other",
                name="next_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("next_words", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column(
            "agreed_how",
            sa.Enum(
                "page",
                "phone",
                "in_person",
                "spreadsheet",
                name="consentchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "won",
                "partly",
                "lost",
                "given_up",
                name="longcaseoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("outcome_words", sa.Text(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("idempotency_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (outcome IS NULL)",
            name=op.f("ck_long_case_ended_has_outcome"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (next_on IS NOT NULL) AND (next_on IS NULL) = (next_kind IS NULL)",
            name=op.f("ck_long_case_open_has_next_step"),
        ),
        sa.CheckConstraint(
            "(resident_id IS NULL) = (outside_name IS NOT NULL)"
            " AND (outside_phone IS NULL OR outside_name IS NOT NULL)",
            name=op.f("ck_long_case_one_person"),
        ),
        sa.CheckConstraint("owner_id <> backup_id", name=op.f("ck_long_case_backup_is_another")),
        sa.ForeignKeyConstraint(["backup_id"], ["account.id"], name=op.f("fk_long_case_backup_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_long_case_branch_id")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_long_case_opened_by_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_long_case_owner_id")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_long_case_resident_id")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_long_case_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_case")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_long_case_idempotency_key")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_long_case_ticket_id")),
    )
    with op.batch_alter_table("long_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_long_case_backup_id"), ["backup_id"], unique=False)
        batch_op.create_index(
            "ix_long_case_branch", ["branch_id", "state", "next_on"], unique=False
        )
        batch_op.create_index("ix_long_case_kind", ["kind", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_long_case_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_long_case_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "long_case_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "id_card",
                "household_book",
                "contract",
                "wages",
                "diagnosis",
                "proof",
                "witness",
                "form",
                "authorisation",
                "decision",
                "bank_card",
                "residence",
                "income",
                "photo",
                "other",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "missing",
                "in_hand",
                "handed_in",
                "returned",
                name="paperstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "needed_for",
            sa.Enum(
                "ask",
                "collect",
                "employer",
                "hospital",
                "apply",
                "supplement",
                "appraisal",
                "inspection",
                "legal_aid",
                "mediation",
                "arbitration",
                "court",
                "wait",
                "result",
                "payment",
                "home_visit",
                "other",
                name="needed_for",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("was_missing", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'missing' OR was_missing", name=op.f("ck_long_case_paper_missing_was_missing")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["long_case.id"], name=op.f("fk_long_case_paper_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["account.id"], name=op.f("fk_long_case_paper_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_case_paper")),
        sa.UniqueConstraint(
            "case_id", "kind", "name", name=op.f("uq_long_case_paper_case_id_kind_name")
        ),
    )
    with op.batch_alter_table("long_case_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_long_case_paper_case_id"), ["case_id"], unique=False)

    op.create_table(
        "long_case_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ask",
                "collect",
                "employer",
                "hospital",
                "apply",
                "supplement",
                "appraisal",
                "inspection",
                "legal_aid",
                "mediation",
                "arbitration",
                "court",
                "wait",
                "result",
                "payment",
                "home_visit",
                "other",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("met", sa.Text(), nullable=False),
        sa.Column("came_of", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_long_case_step_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["long_case.id"], name=op.f("fk_long_case_step_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_case_step")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_long_case_step_idempotency_key")),
    )
    with op.batch_alter_table("long_case_step", schema=None) as batch_op:
        batch_op.create_index("ix_long_case_step_case", ["case_id", "day", "id"], unique=False)

    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, event, wrong, words in RULES:
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
                "END IF; RETURN NEW; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, *_rest in RULES:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("long_case_step", schema=None) as batch_op:
        batch_op.drop_index("ix_long_case_step_case")

    op.drop_table("long_case_step")
    with op.batch_alter_table("long_case_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_long_case_paper_case_id"))

    op.drop_table("long_case_paper")
    with op.batch_alter_table("long_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_long_case_resident_id"))
        batch_op.drop_index(batch_op.f("ix_long_case_owner_id"))
        batch_op.drop_index("ix_long_case_kind")
        batch_op.drop_index("ix_long_case_branch")
        batch_op.drop_index(batch_op.f("ix_long_case_backup_id"))

    op.drop_table("long_case")
