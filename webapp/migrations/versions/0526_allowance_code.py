"""A keyed code of the kind of allowance, beside the encrypted words, filled from them."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

from webapp.core import crypto

revision: str = "0526"
down_revision: str | None = "0525"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# As the portal read the words when this was written.
_KINDS = (
    (
        "no_allowance",
        re.compile(
            r"^(?:否|无|没|不|未|莫得|非|×|0|N|n)|(?:没有|不是|没|停|退出?)(?:了|吃|享受)?低保"
        ),
    ),
    ("destitute_support", re.compile(r"特困|五保")),
    ("minimum_allowance", re.compile(r"低保|^(?:是|有|享受|√|✓|1|Y|y)")),
    ("other_allowance", re.compile("")),
)


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "sensitive_record",
        sa.Column("allowance_code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    )
    op.create_index(
        op.f("ix_sensitive_record_allowance_code"), "sensitive_record", ["allowance_code"]
    )
    kept = sa.table(
        "sensitive_record",
        sa.column("id", sa.Integer),
        sa.column("allowance", crypto.EncryptedText()),
        sa.column("allowance_code", sa.String),
    )
    bind = op.get_bind()
    rows = bind.execute(
        sa.select(kept.c.id, kept.c.allowance).where(kept.c.allowance.is_not(None))
    ).all()
    for id_, words in rows:
        kind = next(name for name, pattern in _KINDS if pattern.search(words.strip()))
        code = crypto.mac(f"allowance\n{kind}").hex()
        bind.execute(kept.update().where(kept.c.id == id_).values(allowance_code=code))


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_sensitive_record_allowance_code"), "sensitive_record")
    op.drop_column("sensitive_record", "allowance_code")
