"""Ventures: stalls and projects, who wants them, and the cases of those who got one.

Two rules are triggers: a visit that was written down stays as it is, and so does what a round was
about when its list was frozen. Openings of this kind that people have seen get their page, and
whoever had said yes to one gets a case.
"""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0372"
down_revision: str | None = "0371"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


#: trigger → (table, columns that stay, what is said)
SEALED = {
    "venture_visit_fixed": (
        "venture_visit",
        "case_id, visited_on, by_id, note, photo, photo_digest, taken_on, at",
        "a visit that was written down is not changed",
    ),
    "venture_round_fixed": (
        "venture_round",
        "venture_id, method, places, entries, entries_until, frozen_at",
        "a frozen list is not changed",
    ),
}
# No letters or digits that are taken for one another on paper.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "venture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column(
            "trade",
            sa.Enum(
                "fish",
                "vegetables",
                "farm_goods",
                "food_stall",
                "prepared_food",
                "grocery",
                "flowers",
                "repair",
                "phone_repair",
                "vehicle_repair",
                "haircut",
                "laundry",
                "childcare",
                "handicraft",
                "online_shop",
                "home_service",
                "parcel",
                "recycling",
                "other",
                name="trade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "site",
            sa.Enum(
                "market",
                "shop",
                "street",
                "home",
                "door",
                "online",
                name="site",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "allocation",
            sa.Enum(
                "draw",
                "points",
                "open",
                name="allocation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("sells", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("rent_fen", sa.Integer(), nullable=True),
        sa.Column(
            "rent_period",
            sa.Enum(
                "month",
                "quarter",
                "year",
                "day",
                name="rentperiod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("rent_to", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("deposit_fen", sa.Integer(), nullable=True),
        sa.Column("deposit_to", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("deposit_back", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("stock_fen", sa.Integer(), nullable=True),
        sa.Column("stock_words", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("earn_min_fen", sa.Integer(), nullable=True),
        sa.Column("earn_max_fen", sa.Integer(), nullable=True),
        sa.Column("earn_source", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("example", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("risks", sa.JSON(), nullable=False),
        sa.Column("season", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("photo", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("photo_width", sa.Integer(), nullable=False),
        sa.Column("photo_height", sa.Integer(), nullable=False),
        sa.Column("photo_alt", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(earn_min_fen IS NULL AND earn_max_fen IS NULL) OR earn_source <> ''",
            name=op.f("ck_venture_earnings_have_a_source"),
        ),
        sa.CheckConstraint(
            "deposit_fen IS NULL OR deposit_fen = 0 OR (deposit_to <> '' AND deposit_back <> '')",
            name=op.f("ck_venture_deposit_says_to_whom_and_when_back"),
        ),
        sa.CheckConstraint("photo = '' OR photo_alt <> ''", name=op.f("ck_venture_photo_in_words")),
        sa.CheckConstraint(
            "rent_fen IS NULL OR (rent_period IS NOT NULL AND rent_to <> '')",
            name=op.f("ck_venture_rent_is_whole"),
        ),
        sa.CheckConstraint(
            "earn_max_fen >= earn_min_fen", name=op.f("ck_venture_earnings_in_order")
        ),
        sa.CheckConstraint("places BETWEEN 0 AND 99", name=op.f("ck_venture_places_in_reason")),
        sa.CheckConstraint(
            "rent_fen >= 0 AND deposit_fen >= 0 AND stock_fen >= 0", name=op.f("ck_venture_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_venture_created_by_id")
        ),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_venture_opening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture")),
        sa.UniqueConstraint("opening_id", name=op.f("uq_venture_opening_id")),
    )
    op.create_table(
        "venture_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venture_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "frozen",
                "decided",
                name="roundstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum(
                "draw",
                "points",
                "open",
                name="allocation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("entries_until", sa.Date(), nullable=False),
        sa.Column("frozen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_at IS NOT NULL)",
            name=op.f("ck_venture_round_decided_at_a_time"),
        ),
        sa.CheckConstraint("entries > 0", name=op.f("ck_venture_round_somebody_to_give_it_to")),
        sa.CheckConstraint("places > 0", name=op.f("ck_venture_round_something_to_give")),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["account.id"], name=op.f("fk_venture_round_frozen_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["venture.id"], name=op.f("fk_venture_round_venture_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_round")),
    )
    with op.batch_alter_table("venture_round", schema=None) as batch_op:
        batch_op.create_index("ix_venture_round_venture", ["venture_id", "frozen_at"], unique=False)

    op.create_table(
        "venture_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venture_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "offered",
                "planning",
                "active",
                "closed",
                "stopped",
                "passed_over",
                "lapsed",
                "refused",
                "withdrawn",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "self",
                "staff",
                "match",
                "own_idea",
                name="caseorigin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column(
            "trade",
            sa.Enum(
                "fish",
                "vegetables",
                "farm_goods",
                "food_stall",
                "prepared_food",
                "grocery",
                "flowers",
                "repair",
                "phone_repair",
                "vehicle_repair",
                "haircut",
                "laundry",
                "childcare",
                "handicraft",
                "online_shop",
                "home_service",
                "parcel",
                "recycling",
                "other",
                name="trade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "site",
            sa.Enum(
                "market",
                "shop",
                "street",
                "home",
                "door",
                "online",
                name="site",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("points_detail", sa.JSON(), nullable=False),
        sa.Column("place_no", sa.Integer(), nullable=True),
        sa.Column("offered_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "end_cause",
            sa.Enum(
                "no_customers",
                "too_dear",
                "no_capital",
                "no_licence",
                "place_lost",
                "season",
                "found_work",
                "health",
                "other",
                name="endcause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "refuse_cause",
            sa.Enum(
                "under_age",
                "not_local",
                "has_one",
                "double",
                name="refusecause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("end_note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column(
            "mentor_state",
            sa.Enum(
                "asked",
                "agreed",
                "declined",
                name="mentorstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("next_step", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("cash_until", sa.Date(), nullable=True),
        sa.Column("spell_id", sa.Integer(), nullable=True),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)",
            name=op.f("ck_venture_case_closed_on_a_day"),
        ),
        sa.CheckConstraint(
            "(state = 'offered') = (offered_until IS NOT NULL)",
            name=op.f("ck_venture_case_offer_ends"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refuse_cause IS NOT NULL)",
            name=op.f("ck_venture_case_refused_for_a_cause"),
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'stopped')) = (end_cause IS NOT NULL)",
            name=op.f("ck_venture_case_ended_for_a_cause"),
        ),
        sa.CheckConstraint(
            "place_no IS NULL OR (place_no > 0 AND state IN ('offered', 'planning', 'active'))",
            name=op.f("ck_venture_case_place_while_held"),
        ),
        sa.CheckConstraint(
            "state <> 'offered' OR (place_no IS NOT NULL AND offered_until IS NOT NULL)",
            name=op.f("ck_venture_case_offer_is_of_a_place_until_a_time"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR end_note <> ''", name=op.f("ck_venture_case_refused_in_words")
        ),
        sa.CheckConstraint(
            "state NOT IN ('active', 'closed') OR opened_on IS NOT NULL",
            name=op.f("ck_venture_case_open_since_a_day"),
        ),
        sa.CheckConstraint(
            "(mentor_id IS NULL) = (mentor_state IS NULL)",
            name=op.f("ck_venture_case_mentor_was_asked"),
        ),
        sa.CheckConstraint(
            "closed_on >= opened_on", name=op.f("ck_venture_case_closed_after_opening")
        ),
        sa.CheckConstraint(
            "rank IS NULL OR (rank > 0 AND round_id IS NOT NULL)",
            name=op.f("ck_venture_case_rank_of_round"),
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["account.id"], name=op.f("fk_venture_case_mentor_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_venture_case_resident_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["venture_round.id"], name=op.f("fk_venture_case_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["spell_id"],
            ["employment_spell.id"],
            name=op.f("fk_venture_case_spell_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["venture_id"], ["venture.id"], name=op.f("fk_venture_case_venture_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_case")),
        sa.UniqueConstraint("code", name=op.f("uq_venture_case_code")),
        sa.UniqueConstraint("round_id", "rank", name=op.f("uq_venture_case_round_id_rank")),
        sa.UniqueConstraint(
            "venture_id", "place_no", name=op.f("uq_venture_case_venture_id_place_no")
        ),
    )
    with op.batch_alter_table("venture_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_venture_case_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index("ix_venture_case_offered", ["state", "offered_until"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_venture_case_resident_id"), ["resident_id"], unique=False
        )
        batch_op.create_index("ix_venture_case_state", ["state", "due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_venture_case_venture_id"), ["venture_id"], unique=False
        )
        batch_op.create_index(
            "uq_venture_case_live",
            ["resident_id", "venture_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('applied', 'offered', 'planning', 'active') AND venture_id IS NOT NULL"
            ),
            postgresql_where=sa.text(
                "state IN ('applied', 'offered', 'planning', 'active') AND venture_id IS NOT NULL"
            ),
        )

    op.create_table(
        "venture_cash",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("in_fen", sa.Integer(), nullable=False),
        sa.Column("out_fen", sa.Integer(), nullable=False),
        sa.Column("left_fen", sa.Integer(), nullable=False),
        sa.Column(
            "said_by",
            sa.Enum(
                "resident",
                "staff",
                name="saidby",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "in_fen >= 0 AND out_fen >= 0", name=op.f("ck_venture_cash_not_negative")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_venture_cash_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["venture_case.id"],
            name=op.f("fk_venture_cash_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_cash")),
        sa.UniqueConstraint("case_id", "month", name=op.f("uq_venture_cash_case_id_month")),
    )
    op.create_table(
        "venture_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("from_state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("to_state", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_venture_event_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["venture_case.id"],
            name=op.f("fk_venture_event_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_event")),
    )
    with op.batch_alter_table("venture_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_venture_event_case_id"), ["case_id"], unique=False)

    op.create_table(
        "venture_licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_venture_licence_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["venture_case.id"],
            name=op.f("fk_venture_licence_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_licence")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_venture_licence_case_id_key")),
    )
    op.create_table(
        "venture_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sold_where", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("buyers", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("fixed_fen", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("start_fen", sa.Integer(), nullable=False),
        sa.Column("own_fen", sa.Integer(), nullable=False),
        sa.Column("family_fen", sa.Integer(), nullable=False),
        sa.Column("loan_fen", sa.Integer(), nullable=False),
        sa.Column("credit_fen", sa.Integer(), nullable=False),
        sa.Column("other_fen", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "cost_fen >= 0 AND price_fen >= 0 AND fixed_fen >= 0 AND start_fen >= 0"
            " AND own_fen >= 0 AND family_fen >= 0 AND loan_fen >= 0 AND credit_fen >= 0"
            " AND other_fen >= 0",
            name=op.f("ck_venture_plan_amounts_not_negative"),
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 31", name=op.f("ck_venture_plan_days_of_a_month")),
        sa.CheckConstraint("expected >= 0", name=op.f("ck_venture_plan_expected_not_negative")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["venture_case.id"],
            name=op.f("fk_venture_plan_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["account.id"], name=op.f("fk_venture_plan_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_plan")),
        sa.UniqueConstraint("case_id", name=op.f("uq_venture_plan_case_id")),
    )
    op.create_table(
        "venture_survival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "open",
                "closed",
                "unseen",
                name="survival",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "months IN (3, 6, 12)", name=op.f("ck_venture_survival_known_milestones")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["venture_case.id"],
            name=op.f("fk_venture_survival_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_survival")),
        sa.UniqueConstraint("case_id", "months", name=op.f("uq_venture_survival_case_id_months")),
    )
    with op.batch_alter_table("venture_survival", schema=None) as batch_op:
        batch_op.create_index("ix_venture_survival_result", ["result", "due_on"], unique=False)

    op.create_table(
        "venture_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("next_step", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("photo", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("photo_width", sa.Integer(), nullable=False),
        sa.Column("photo_height", sa.Integer(), nullable=False),
        sa.Column("photo_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("idempotency_key", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(photo = '') = (photo_digest IS NULL)", name=op.f("ck_venture_visit_photo_has_digest")
        ),
        sa.CheckConstraint("note <> ''", name=op.f("ck_venture_visit_says_something")),
        sa.CheckConstraint("next_on > visited_on", name=op.f("ck_venture_visit_next_comes_after")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_venture_visit_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["venture_case.id"],
            name=op.f("fk_venture_visit_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venture_visit")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_venture_visit_idempotency_key")),
        sa.UniqueConstraint("photo_digest", name=op.f("uq_venture_visit_photo_digest")),
    )
    with op.batch_alter_table("venture_visit", schema=None) as batch_op:
        batch_op.create_index("ix_venture_visit_case", ["case_id", "visited_on"], unique=False)

    for name, (table, columns, words) in SEALED.items():
        _seal(name, table, columns, words)
    _take_over()


def _seal(name: str, table: str, columns: str, words: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        body = f"WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, '{words}'); END"
    else:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END $$"
        )
        body = f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} {body}")


def _take_over() -> None:
    """Give the openings people have seen their venture, and those who said yes their case."""
    op.execute(
        "INSERT INTO venture (opening_id, trade, site, allocation, places, sells, rent_to,"
        " deposit_to, deposit_back, stock_words, earn_source, example, risks, season, plan, photo,"
        " photo_width, photo_height, photo_alt, created_at)"
        " SELECT id, 'other', CASE WHEN at_home THEN 'home' ELSE 'market' END, 'draw',"
        " CASE WHEN headcount - hired_count > 99 THEN 99 ELSE headcount - hired_count END,"
        " '', '', '', '', '', '', true, '[]', '', '', '', 0, 0, '', created_at"
        " FROM opening WHERE kind = 'venture' AND published_at IS NOT NULL"
    )
    said_yes = op.get_bind().execute(
        sa.text(
            'SELECT m.resident_id, v.id, v.site, o.title, m.since FROM "match" m'
            " JOIN opening o ON o.id = m.opening_id JOIN venture v ON v.opening_id = o.id"
            " WHERE m.state = 'interested'"
        )
    )
    for resident_id, venture_id, site, title, since in said_yes.all():
        op.get_bind().execute(
            sa.text(
                "INSERT INTO venture_case (venture_id, resident_id, state, origin, code, title,"
                " trade, site, points_detail, end_note, next_step, since, created_at)"
                " VALUES (:venture, :resident, 'applied', 'match', :code, :title, 'other', :site,"
                " '[]', '', '', :since, :since)"
            ),
            {
                "venture": venture_id,
                "resident": resident_id,
                "code": "".join(secrets.choice(_SIGNS) for _sign in range(12)),
                "title": title,
                "site": site,
                "since": since,
            },
        )


def downgrade() -> None:
    """Undo."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, _columns, _words) in SEALED.items():
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("venture_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_venture_visit_case")

    op.drop_table("venture_visit")
    with op.batch_alter_table("venture_survival", schema=None) as batch_op:
        batch_op.drop_index("ix_venture_survival_result")

    op.drop_table("venture_survival")
    op.drop_table("venture_plan")
    op.drop_table("venture_licence")
    with op.batch_alter_table("venture_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_venture_event_case_id"))

    op.drop_table("venture_event")
    op.drop_table("venture_cash")
    with op.batch_alter_table("venture_case", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_venture_case_live",
            sqlite_where=sa.text(
                "state IN ('applied', 'offered', 'planning', 'active') AND venture_id IS NOT NULL"
            ),
            postgresql_where=sa.text(
                "state IN ('applied', 'offered', 'planning', 'active') AND venture_id IS NOT NULL"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_venture_case_venture_id"))
        batch_op.drop_index("ix_venture_case_state")
        batch_op.drop_index(batch_op.f("ix_venture_case_resident_id"))
        batch_op.drop_index("ix_venture_case_offered")
        batch_op.drop_index(batch_op.f("ix_venture_case_mentor_id"))

    op.drop_table("venture_case")
    with op.batch_alter_table("venture_round", schema=None) as batch_op:
        batch_op.drop_index("ix_venture_round_venture")

    op.drop_table("venture_round")
    op.drop_table("venture")
