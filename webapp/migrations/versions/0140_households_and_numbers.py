"""Provisional households, requests to join one, proven telephone numbers.

Who is in an existing database lives where they stand: they count as placed there by staff, and
their accounts' numbers as proven.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
import sqlmodel
from alembic import op

import webapp.core.crypto

revision: str = "0140"
down_revision: str | None = "0130"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STANDING = sa.text("NOT provisional")
VERIFIED = sa.text("phone_verified_at IS NOT NULL")
OPEN = sa.text("state = 'asked'")


def upgrade() -> None:
    """Apply."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    text = sqlmodel.sql.sqltypes.AutoString
    with triggers_aside(), op.batch_alter_table("account") as account:
        account.add_column(sa.Column("phone_verified_at", moment, nullable=True))
        account.add_column(sa.Column("idempotency_key", text(length=36), nullable=True))
        account.drop_constraint("uq_account_phone", type_="unique")
        account.create_unique_constraint(op.f("uq_account_idempotency_key"), ["idempotency_key"])
    op.execute("UPDATE account SET phone_verified_at = created_at")
    op.create_index(op.f("ix_account_phone"), "account", ["phone"])
    op.create_index(
        "uq_account_phone_verified",
        "account",
        ["phone"],
        unique=True,
        sqlite_where=VERIFIED,
        postgresql_where=VERIFIED,
    )
    op.add_column(
        "household",
        sa.Column("provisional", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.drop_index("uq_household_unit_address", "household")
    op.create_index(
        "uq_household_unit_address",
        "household",
        ["place", "unit_address"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.add_column(
        "resident", sa.Column("placed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("resident", sa.Column("joined_at", moment, nullable=True))
    op.execute("UPDATE resident SET placed = TRUE")
    encrypted = webapp.core.crypto.EncryptedText()
    op.add_column("outbox", sa.Column("urgent", encrypted, nullable=True))
    op.add_column("outbox", sa.Column("expires_at", moment, nullable=True))
    op.create_table(
        "phone_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code", encrypted, nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_phone_code_five_tries")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_phone_code_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_code")),
        sa.UniqueConstraint("account_id", name=op.f("uq_phone_code_account_id")),
    )  # fmt: skip
    create_join_request()


def create_join_request() -> None:
    """Create the table of requests with its constraints and indexes."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    text = sqlmodel.sql.sqltypes.AutoString
    states = ("asked", "accepted", "objected", "withdrawn", "expired")
    accounts = ("approved_by_id", "objected_by_id", "decided_by_id")
    op.create_table(
        "join_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("unit_address", text(length=60), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                *states, name="joinstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("answer_until", moment, nullable=False),
        sa.Column("told_at", moment, nullable=True),
        sa.Column("approved_at", moment, nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("objected_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("note", text(length=200), nullable=False),
        sa.CheckConstraint(
            "state <> 'accepted' OR approved_by_id IS NOT NULL",
            name=op.f("ck_join_request_accepted_by"),
        ),
        sa.CheckConstraint(
            "state <> 'objected' OR objected_by_id IS NOT NULL",
            name=op.f("ck_join_request_objected_by"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_join_request_resident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_join_request_household_id")
        ),
        *(
            sa.ForeignKeyConstraint([one], ["account.id"], name=op.f(f"fk_join_request_{one}"))
            for one in accounts
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
    )  # fmt: skip
    op.create_index(op.f("ix_join_request_resident_id"), "join_request", ["resident_id"])
    op.create_index(op.f("ix_join_request_household_id"), "join_request", ["household_id"])
    op.create_index("ix_join_request_state", "join_request", ["state", "answer_until"])
    op.create_index(
        "uq_join_request_open",
        "join_request",
        ["resident_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


@contextmanager
def triggers_aside() -> Iterator[None]:
    """Take SQLite's triggers away and put them back: a rewritten table breaks those naming it."""
    bind = op.get_bind()
    kept: list[tuple[str, str]] = []
    if bind.dialect.name == "sqlite":
        found = bind.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        )
        kept = [(name, sql) for name, sql in found]
    for name, _sql in kept:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in kept:
        bind.exec_driver_sql(sql)


def downgrade() -> None:
    """Take back; refused by the database where several accounts or households share a name."""
    op.drop_table("join_request")
    op.drop_table("phone_code")
    op.drop_column("outbox", "expires_at")
    op.drop_column("outbox", "urgent")
    op.drop_column("resident", "joined_at")
    op.drop_column("resident", "placed")
    op.drop_index("uq_household_unit_address", "household")
    op.drop_column("household", "provisional")
    op.create_index(
        "uq_household_unit_address", "household", ["place", "unit_address"], unique=True
    )
    op.drop_index("uq_account_phone_verified", "account")
    op.drop_index(op.f("ix_account_phone"), "account")
    with triggers_aside(), op.batch_alter_table("account") as account:
        account.drop_constraint("uq_account_idempotency_key", type_="unique")
        account.create_unique_constraint("uq_account_phone", ["phone"])
        account.drop_column("idempotency_key")
        account.drop_column("phone_verified_at")
