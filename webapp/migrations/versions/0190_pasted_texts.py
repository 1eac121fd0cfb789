"""Keep pasted texts, encrypted, and let an opening say that it was read out of one.

SQLite would write the table of openings anew for a longer list of sources, and lose what hangs
on it; the list is changed in the stored schema instead, as its documentation allows for a CHECK
(https://www.sqlite.org/lang_altertable.html, section 7).
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0190"
down_revision: str | None = "0180"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BEFORE = "'employer', 'staff', 'import'"
AFTER = "'employer', 'staff', 'import', 'pasted'"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "pasted_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "openings",
                "resident",
                name="pastedkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "resident_id IS NULL OR kind = 'resident'",
            name=op.f("ck_pasted_text_file_of_a_resident"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pasted_text_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_pasted_text_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pasted_text")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_pasted_text_idempotency_key")),
    )
    op.create_index(op.f("ix_pasted_text_account_id"), "pasted_text", ["account_id"])
    op.create_index(op.f("ix_pasted_text_resident_id"), "pasted_text", ["resident_id"])
    op.create_index(op.f("ix_pasted_text_created_at"), "pasted_text", ["created_at"])
    _allow(BEFORE, AFTER)


def downgrade() -> None:
    """Undo; an opening that was read out of a text counts as written by hand."""
    op.execute("UPDATE opening SET source = 'staff' WHERE source = 'pasted' AND responsible_id > 0")
    op.execute("UPDATE opening SET source = 'employer' WHERE source = 'pasted'")
    _allow(AFTER, BEFORE)
    op.drop_table("pasted_text")


def _allow(old: str, new: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_opening_openingsource"), "opening", type_="check")
        op.create_check_constraint(
            op.f("ck_opening_openingsource"), "opening", f"source IN ({new})"
        )
        return
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :old, :new) "
            "WHERE type = 'table' AND name = 'opening' AND sql LIKE '%' || :old || '%'"
        ),
        {"old": f"CHECK (source IN ({old}))", "new": f"CHECK (source IN ({new}))"},
    )
    if changed.rowcount != 1:
        raise RuntimeError("the table opening has no list of sources")
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")
