"""Indexes by which the audit trail is read newest first under each of its filters.

Those of a column alone find its rows and then sort them all; these hold them in order. The rows
and the triggers that seal them stay as they are.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0515"
down_revision: str | None = "0511"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FORMER = ("account_id", "action", "at", "subject")
INDEXES = {
    "ix_audit_event_newest": ["at", "id"],
    "ix_audit_event_of_account": ["account_id", "at", "id"],
    "ix_audit_event_of_account_and_action": ["account_id", "action", "at", "id"],
    "ix_audit_event_of_action": ["action", "at", "id"],
    "ix_audit_event_of_subject": ["subject", "at", "id"],
}


def upgrade() -> None:
    """Apply."""
    for name, columns in INDEXES.items():
        op.create_index(name, "audit_event", columns)
    for column in FORMER:
        op.drop_index(f"ix_audit_event_{column}", table_name="audit_event")


def downgrade() -> None:
    """Undo."""
    for column in FORMER:
        op.create_index(f"ix_audit_event_{column}", "audit_event", [column])
    for name in INDEXES:
        op.drop_index(name, table_name="audit_event")
