"""Posts of the community, their corrections, and words for a community's channel in the outbox.

A trigger counts changes of posts, so that pages drawn once know when to be drawn anew. What a
post said before a correction never changes; on PostgreSQL and SQLite alike.
"""

# ruff: noqa: S608
from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0413"
down_revision: str | None = "0410"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

UNSEEN = sa.text("state IN ('draft', 'scheduled')")
EVENTS = ("INSERT", "UPDATE", "DELETE")
AUDIENCE = "ck_outside_channel_audience"


def upgrade() -> None:
    """Apply."""
    _create_tables()
    _count_changes()
    _seal_corrections()
    with op.batch_alter_table("outside_channel") as table:
        table.drop_constraint(op.f(AUDIENCE), type_="check")
        table.create_check_constraint(
            op.f(AUDIENCE), "audience IN ('staff', 'people', 'community')"
        )
    op.add_column("outbox", sa.Column("words", sa.Text(), nullable=True))


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _create_tables() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    words = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", words(length=32), nullable=False),
        sa.Column(
            "kind",
            _enum("postkind", "work", "course", "stall", "notice", "activity", "thanks"),
            nullable=False,
        ),
        sa.Column(
            "state",
            _enum("poststate", "draft", "scheduled", "published", "retracted", "discarded"),
            nullable=False,
        ),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("opening_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("photo", words(length=60), nullable=False),
        sa.Column("photo_alt", words(length=120), nullable=False),
        sa.Column("photo_width", sa.Integer(), nullable=True),
        sa.Column("photo_height", sa.Integer(), nullable=True),
        sa.Column("channel_ids", sa.JSON(), nullable=False),
        sa.Column("site", words(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("publish_at", moment(), nullable=True),
        sa.Column("published_at", moment(), nullable=True),
        sa.Column("ended_at", moment(), nullable=True),
        sa.Column("retracted_at", moment(), nullable=True),
        sa.Column("retract_reason", words(length=120), nullable=False),
        sa.Column("pin_slot", sa.Integer(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name=op.f("ck_post_text_of_a_length")),
        sa.CheckConstraint("(photo = '') = (photo_alt = '')", name=op.f("ck_post_photo_has_words")),
        sa.CheckConstraint(
            "(state IN ('published', 'retracted')) = (published_at IS NOT NULL)",
            name=op.f("ck_post_published_has_moment"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR responsible_id IS NOT NULL",
            name=op.f("ck_post_published_has_responsible"),
        ),
        sa.CheckConstraint(
            "state <> 'scheduled' OR (publish_at IS NOT NULL AND responsible_id IS NOT NULL)",
            name=op.f("ck_post_scheduled_has_moment"),
        ),
        sa.CheckConstraint(
            "(state = 'retracted') = (retracted_at IS NOT NULL) "
            "AND (state = 'retracted') = (retract_reason <> '')",
            name=op.f("ck_post_retracted_has_reason"),
        ),
        sa.CheckConstraint(
            "pin_slot IS NULL OR (state = 'published' AND pin_slot BETWEEN 1 AND 3)",
            name=op.f("ck_post_pinned_is_public"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR opening_id IS NOT NULL", name=op.f("ck_post_only_openings_end")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_post_author_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_post_branch_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_post_opening_id")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["account.id"], name=op.f("fk_post_responsible_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("pin_slot", name=op.f("uq_post_pin_slot")),
        sa.UniqueConstraint("uid", name=op.f("uq_post_uid")),
    )
    for column in ("branch_id", "opening_id", "responsible_id"):
        op.create_index(op.f(f"ix_post_{column}"), "post", [column])
    op.create_index("ix_post_public", "post", ["state", "published_at"])
    op.create_index("ix_post_due", "post", ["state", "publish_at"])
    op.create_index("ix_post_updated", "post", ["state", "updated_at"])
    op.create_index(
        "uq_post_opening_unseen",
        "post",
        ["opening_id"],
        unique=True,
        sqlite_where=UNSEEN,
        postgresql_where=UNSEEN,
    )
    op.create_table(
        "post_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("why", words(length=120), nullable=False),
        sa.Column("text_before", sa.Text(), nullable=False),
        sa.Column("alt_before", words(length=120), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_post_correction_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_correction_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_correction")),
        sa.UniqueConstraint(
            "post_id", "revision", name=op.f("uq_post_correction_post_id_revision")
        ),
    )
    op.create_index(op.f("ix_post_correction_post_id"), "post_correction", ["post_id"])


def _count_changes() -> None:
    """Raise the counter ``post`` in the transaction of each change, as openings do (0150)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION count_post_change() RETURNS trigger AS $$
            BEGIN
                INSERT INTO change_counter AS counter (name, value, transaction_id)
                VALUES ('post', 1, txid_current())
                ON CONFLICT (name) DO UPDATE
                SET value = counter.value + 1, transaction_id = txid_current()
                WHERE counter.transaction_id IS DISTINCT FROM txid_current();
                RETURN NULL;
            END $$ LANGUAGE plpgsql
            """
        )
        op.execute(
            "CREATE CONSTRAINT TRIGGER post_counts_change "
            "AFTER INSERT OR UPDATE OR DELETE ON post DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION count_post_change()"
        )
    else:
        for event in EVENTS:
            op.execute(
                f"CREATE TRIGGER post_counts_{event.lower()} AFTER {event} ON post BEGIN "
                "INSERT INTO change_counter (name, value) VALUES ('post', 1) "
                "ON CONFLICT (name) DO UPDATE SET value = value + 1; END"
            )


def _seal_corrections() -> None:
    words = "what a post said is never changed"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION post_correction_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER post_correction_sealed BEFORE UPDATE OR DELETE ON post_correction "
            "FOR EACH ROW EXECUTE FUNCTION post_correction_sealed()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER post_correction_sealed_{event.lower()} BEFORE {event} "
            f"ON post_correction BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def downgrade() -> None:
    """Undo; channels of the community go, for the older CHECK does not know them."""
    op.drop_column("outbox", "words")
    op.execute("DELETE FROM outside_channel WHERE audience = 'community'")
    with op.batch_alter_table("outside_channel") as table:
        table.drop_constraint(op.f(AUDIENCE), type_="check")
        table.create_check_constraint(op.f(AUDIENCE), "audience IN ('staff', 'people')")
    op.drop_table("post_correction")
    op.drop_table("post")
    op.execute("DELETE FROM change_counter WHERE name = 'post'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION post_correction_sealed()")
        op.execute("DROP FUNCTION count_post_change()")
