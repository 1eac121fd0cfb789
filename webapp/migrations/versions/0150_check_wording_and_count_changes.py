"""Grounds of exception, reserved posts, held remarks on refusals, and a counter of changes.

The list of openings asks the counter whether anything has changed. It is raised by triggers, in
the transaction of the change; on PostgreSQL at its end, so that nobody holds the row for long.
"""

# ruff: noqa: S608
from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0150"
down_revision: str | None = "0140"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CODES = (
    "deposit", "fee", "id_retention", "sex", "marriage", "ethnicity", "disability", "looks",
    "disease", "hukou", "age", "bait",
)  # fmt: skip
EVENTS = ("INSERT", "UPDATE", "DELETE")
# As `RefuseReason` words them; older refusals carry free text that nobody had read.
SENTENCES = {
    "filled": "已经招满了",
    "experience": "这次想找做过这一行的人",
    "hours": "时间对不上",
    "not_reached": "单位没有联系上您",
    "other": "这次选了别人",
}


def upgrade() -> None:
    """Apply."""
    op.execute(
        "ALTER TABLE opening ADD COLUMN reserved_for VARCHAR(32) CONSTRAINT "
        "ck_opening_reservedfor CHECK (reserved_for IN ('disabled', 'difficult'))"
    )
    op.create_table(
        "exception_ground",
        sa.Column("lifts", _enum("wordingcode", *CODES), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_exception_ground_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception_ground")),
        sa.UniqueConstraint("name", "since", name=op.f("uq_exception_ground_name_since")),
    )
    op.create_table(
        "opening_exception",
        sa.Column("code", _enum("wordingcode", *CODES), nullable=False),
        sa.Column("answer", _enum("exceptionanswer", "confirmed", "refused"), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("ground_id", sa.Integer(), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answer_note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_by_id IS NULL) "
            "AND (answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_opening_exception_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "answered_by_id <> asked_by_id", name=op.f("ck_opening_exception_answered_by_another")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_opening_exception_{column}")
            )
            for column, table in (
                ("answered_by_id", "account"),
                ("asked_by_id", "account"),
                ("ground_id", "exception_ground"),
                ("opening_id", "opening"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_exception")),
    )
    op.create_index("ix_opening_exception_opening", "opening_exception", ["opening_id", "digest"])
    op.create_index(op.f("ix_opening_exception_opening_id"), "opening_exception", ["opening_id"])
    op.create_table(
        "refusal_remark",
        sa.Column("verdict", _enum("remarkverdict", "released", "withheld"), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(verdict IS NULL) = (read_at IS NULL) AND (verdict IS NULL) = (read_by_id IS NULL)",
            name=op.f("ck_refusal_remark_read_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_refusal_remark_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["read_by_id"], ["account.id"], name=op.f("fk_refusal_remark_read_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_refusal_remark_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal_remark")),
    )
    op.create_index(op.f("ix_refusal_remark_match_id"), "refusal_remark", ["match_id"])
    _hold_old_remarks()
    op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_counter")),
        sa.UniqueConstraint("name", name=op.f("uq_change_counter_name")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION count_opening_change() RETURNS trigger AS $$
            BEGIN
                INSERT INTO change_counter AS counter (name, value, transaction_id)
                VALUES ('opening', 1, txid_current())
                ON CONFLICT (name) DO UPDATE
                SET value = counter.value + 1, transaction_id = txid_current()
                WHERE counter.transaction_id IS DISTINCT FROM txid_current();
                RETURN NULL;
            END $$ LANGUAGE plpgsql
            """
        )
        op.execute(
            "CREATE CONSTRAINT TRIGGER opening_counts_change "
            "AFTER INSERT OR UPDATE OR DELETE ON opening DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION count_opening_change()"
        )
    else:
        for event in EVENTS:
            op.execute(
                f"CREATE TRIGGER opening_counts_{event.lower()} AFTER {event} ON opening BEGIN "
                "INSERT INTO change_counter (name, value) VALUES ('opening', 1) "
                "ON CONFLICT (name) DO UPDATE SET value = value + 1; END"
            )


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _hold_old_remarks() -> None:
    """Put free texts of earlier refusals where staff read them first."""
    latest = "(SELECT max(e.id) FROM match_event e WHERE e.match_id = m.id AND e.action = 'refuse')"
    op.execute(
        "INSERT INTO refusal_remark (match_id, text, written_by_id, written_at) "
        "SELECT m.id, m.note, s.account_id, s.at FROM match m "
        f"JOIN match_event s ON s.id = {latest} WHERE m.state = 'refused' AND m.note <> ''"
    )
    words = " ".join(f"WHEN '{code}' THEN '{text}'" for code, text in SENTENCES.items())
    op.execute(
        f"UPDATE match AS m SET note = coalesce((SELECT CASE s.code {words} ELSE '' END "
        f"FROM match_event s WHERE s.id = {latest}), '') WHERE state = 'refused'"
    )


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER opening_counts_change ON opening")
        op.execute("DROP FUNCTION count_opening_change()")
    else:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER opening_counts_{event.lower()}")
    for table in ("change_counter", "refusal_remark", "opening_exception", "exception_ground"):
        op.drop_table(table)
    # Its CHECK is of the column alone and goes with it, on both databases.
    op.execute("ALTER TABLE opening DROP COLUMN reserved_for")
