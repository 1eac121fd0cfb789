"""Contacts with employers beside those with residents, and what each was about.

What is on record never changes, and goes with the person's file or the employer's alone:
triggers hold both.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0500"
down_revision: str | None = "0496"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WORDS = "a contact on record is kept as it was noted"
# trigger → (event, what is refused)
RULES = {
    "contact_no_update": ("UPDATE OF account_id, at, way, reached, words, next_on", "1 = 1"),
    "contact_no_delete": (
        "DELETE",
        "EXISTS (SELECT 1 FROM resident r WHERE r.id = OLD.resident_id AND r.state <> 'left')"
        " OR EXISTS (SELECT 1 FROM employer e WHERE e.id = OLD.employer_id"
        " AND e.state <> 'closed')",
    ),
}
COLUMNS = {"employer_id": "employer", "match_id": "match", "opening_id": "opening"}


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("contact") as table:
        table.alter_column("resident_id", existing_type=sa.Integer(), nullable=True)
        for name, other in COLUMNS.items():
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
            table.create_foreign_key(
                op.f(f"fk_contact_{name}"),
                other,
                [name],
                ["id"],
                ondelete="CASCADE" if name == "employer_id" else "SET NULL",
            )
        table.create_check_constraint(
            op.f("ck_contact_with_one_side"), "(resident_id IS NULL) <> (employer_id IS NULL)"
        )
        table.create_check_constraint(
            op.f("ck_contact_opening_of_employer"), "opening_id IS NULL OR employer_id IS NOT NULL"
        )
    op.create_index("ix_contact_employer", "contact", ["employer_id", "id"])
    op.create_index("ix_contact_match", "contact", ["match_id", "id"])
    op.create_index(op.f("ix_contact_opening_id"), "contact", ["opening_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (event, wrong) in RULES.items():
        if sqlite:
            body = f"WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        else:
            row = "OLD" if event == "DELETE" else "NEW"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {wrong} THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; "
                f"END IF; RETURN {row}; END $$"
            )
            body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON contact {body}")
    if sqlite:  # INSERT OR REPLACE deletes what it meets without a word
        op.execute(
            "CREATE TRIGGER contact_no_replace BEFORE INSERT ON contact WHEN EXISTS "  # noqa: S608
            "(SELECT 1 FROM contact o WHERE o.id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def downgrade() -> None:
    """Undo; what was noted of employers is lost."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in (*RULES, *(["contact_no_replace"] if sqlite else [])):
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else " ON contact"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.execute("DELETE FROM contact WHERE resident_id IS NULL")
    op.drop_index(op.f("ix_contact_opening_id"), table_name="contact")
    op.drop_index("ix_contact_match", table_name="contact")
    op.drop_index("ix_contact_employer", table_name="contact")
    with op.batch_alter_table("contact") as table:
        table.drop_constraint(op.f("ck_contact_opening_of_employer"), type_="check")
        table.drop_constraint(op.f("ck_contact_with_one_side"), type_="check")
        for name in COLUMNS:
            table.drop_constraint(op.f(f"fk_contact_{name}"), type_="foreignkey")
            table.drop_column(name)
        table.alter_column("resident_id", existing_type=sa.Integer(), nullable=False)
