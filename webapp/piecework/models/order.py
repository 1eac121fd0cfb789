"""Orders: their terms, bill of materials, lots of material, timings and history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum
from webapp.piecework.lifecycle import OrderHold, OrderState


class Mode(LabelledEnum):
    """Who supplies the material and who organises the work."""

    SUPPLIED = "supplied", "来料加工"
    OWN_MATERIAL = "own_material", "订单（自备料）"
    COMPANY_FAMILY = "company_family", "公司+家庭"


class Acceptance(LabelledEnum):
    """How finished pieces are inspected."""

    EACH = "each", "一件件验"
    SAMPLE = "sample", "抽样验"
    COMPANY = "company", "单位到社区来验"


class MaterialUnit(LabelledEnum):
    """The units of material; amounts are whole numbers of them."""

    PIECE = "piece", "个"
    GRAM = "gram", "克"
    CENTIMETRE = "centimetre", "厘米"
    MILLILITRE = "millilitre", "毫升"


_TERMS = (
    "state IN ('draft', 'safety_review', 'sample_sealed', 'cancelled') OR (quantity > 0 "
    "AND quality <> '' AND rate_fen > 0 AND material_supply <> '' "
    "AND deadline IS NOT NULL AND acceptance IS NOT NULL AND published_at IS NOT NULL)"
)


class PieceworkOrder(SQLModel, table=True):
    """Work a company gives out by the piece; its state decides whether its opening is public.

    Money is in fen per piece: ``rate_fen`` goes to the household, ``margin_fen`` is what the
    centre keeps (disclosed), ``price_fen`` is what the company pays. ``claimed`` never passes
    ``quantity``. ``lot_pieces`` is the least a household claims (the last lot may be smaller),
    ``household_limit`` the most. ``paid_fen`` is what the company has paid, ``released_fen``
    the price of the goods handed over: never more, unless the contract waives it. Of the
    sealed sample's ``sample_pieces`` tries ``sample_passed`` were good. ``version`` counts
    changes of the terms.
    """

    __tablename__ = "piecework_order"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 0 AND 10000000", name="quantity_in_range"),
        CheckConstraint("claimed BETWEEN 0 AND quantity", name="claimed_within_quantity"),
        CheckConstraint("lot_pieces >= 1", name="lot_positive"),
        CheckConstraint("household_limit >= 1", name="limit_positive"),
        CheckConstraint(
            "rate_fen >= 0 AND margin_fen >= 0 AND price_fen >= 0", name="money_not_negative"
        ),
        CheckConstraint(
            "state = 'draft' OR rate_fen + margin_fen <= price_fen", name="fees_within_price"
        ),
        CheckConstraint("released_fen <= paid_fen OR release_unpaid", name="released_is_paid"),
        CheckConstraint("paid_fen >= 0 AND released_fen >= 0", name="paid_not_negative"),
        CheckConstraint("sample_passed BETWEEN 0 AND sample_pieces", name="sample_in_order"),
        CheckConstraint("NOT release_unpaid OR release_note <> ''", name="waiver_has_words"),
        CheckConstraint(_TERMS, name="published_has_terms"),
        Index("ix_piecework_order_state_deadline", "state", "deadline"),
    )

    id: int = primary_key()
    opening_id: int = Field(foreign_key="opening.id", unique=True)
    employer_id: int = Field(foreign_key="employer.id", index=True)
    mode: Mode = Field(sa_column=enum_column(Mode))
    state: OrderState = Field(default=OrderState.DRAFT, sa_column=enum_column(OrderState))
    hold: OrderHold | None = Field(default=None, sa_column=enum_column(OrderHold, nullable=True))
    hold_reason: str = Field(default="", max_length=200)
    piece_unit: str = Field(default="件", max_length=8)
    quantity: int = 0
    claimed: int = 0
    lot_pieces: int = 1
    household_limit: int | None = None
    rate_fen: int = 0
    margin_fen: int = 0
    price_fen: int = 0
    deadline: date | None = None
    quality: str = Field(default="", sa_type=Text)
    acceptance: Acceptance | None = Field(
        default=None, sa_column=enum_column(Acceptance, nullable=True)
    )
    acceptance_note: str = Field(default="", max_length=300)
    material_supply: str = Field(default="", max_length=300)
    release_unpaid: bool = False
    release_note: str = Field(default="", max_length=200)
    paid_fen: int = 0
    released_fen: int = 0
    safety: dict[str, bool] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    safety_note: str = Field(default="", max_length=300)
    safety_by_id: int | None = Field(default=None, foreign_key="account.id")
    safety_at: datetime | None = None
    sample_code: str = Field(default="", max_length=40)
    sample_pieces: int = 0
    sample_passed: int = 0
    sealed_by_id: int | None = Field(default=None, foreign_key="account.id")
    sealed_at: datetime | None = None
    second_inspector_not_id: int | None = Field(default=None, foreign_key="account.id")
    version: int = 1
    created_by_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def unclaimed(self) -> int:
        """Pieces nobody has claimed yet."""
        return self.quantity - self.claimed


class OrderMaterial(SQLModel, table=True):
    """One line of the bill of materials.

    ``use_amount`` units go into one piece; ``allowance_permille`` may be wasted at no cost;
    it is handed out in packs of ``pack_size``; a unit costs ``cost_fen`` per pack.
    """

    __tablename__ = "piecework_material"
    __table_args__ = (
        CheckConstraint("use_amount BETWEEN 1 AND 1000000", name="use_in_range"),
        CheckConstraint("allowance_permille BETWEEN 0 AND 500", name="allowance_in_range"),
        CheckConstraint("pack_size BETWEEN 1 AND 1000000", name="pack_in_range"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
        Index("uq_piecework_material_name", "order_id", "name", unique=True),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id", index=True)
    name: str = Field(max_length=40)
    unit: MaterialUnit = Field(sa_column=enum_column(MaterialUnit))
    use_amount: int
    allowance_permille: int = 0
    pack_size: int = 1
    cost_fen: int = 0


class MaterialLot(SQLModel, table=True):
    """What came in from the company at one time; its amount stands in the ledger."""

    __tablename__ = "piecework_lot"

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id", index=True)
    material_id: int = Field(foreign_key="piecework_material.id", index=True)
    label: str = Field(default="", max_length=40)
    received_at: datetime
    received_by_id: int | None = Field(default=None, foreign_key="account.id")


class TimedTrial(SQLModel, table=True):
    """One person making ``pieces`` in ``seconds`` at the centre; ``passed`` of them were good."""

    __tablename__ = "piecework_trial"
    __table_args__ = (
        CheckConstraint("pieces BETWEEN 1 AND 10000", name="pieces_in_range"),
        CheckConstraint("seconds BETWEEN 1 AND 360000", name="seconds_in_range"),
        CheckConstraint("passed BETWEEN 0 AND pieces", name="passed_within_pieces"),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id", index=True)
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    pieces: int
    seconds: int
    passed: int
    at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    idempotency_key: str = Field(max_length=64, unique=True)


class PieceworkEvent(SQLModel, table=True):
    """One step of an order, or of an assignment of it: who, when, why. Append-only."""

    __tablename__ = "piecework_event"
    __table_args__ = (Index("ix_piecework_event_order", "order_id", "at"),)

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id")
    assignment_id: int | None = Field(
        default=None, foreign_key="piecework_assignment.id", index=True
    )
    at: datetime
    account_id: int | None = Field(default=None, foreign_key="account.id")
    action: str = Field(max_length=32)
    from_state: str = Field(default="", max_length=32)
    to_state: str = Field(default="", max_length=32)
    reason: str = Field(default="", max_length=300)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
