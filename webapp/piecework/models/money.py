"""Shipments, payments and compensation of companies; settlement and payment of households."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class ShipmentState(LabelledEnum):
    """The states of a shipment."""

    OFFERED = "offered", "等单位验收"
    TAKEN = "taken", "单位收下，等提货"
    REFUSED = "refused", "单位没收"
    RELEASED = "released", "已提货"


class Shipment(SQLModel, table=True):
    """Finished pieces offered to the company; ``value_fen`` is the price of all of them."""

    __tablename__ = "piecework_shipment"
    __table_args__ = (
        CheckConstraint("pieces > 0", name="pieces_positive"),
        CheckConstraint("value_fen >= 0", name="value_not_negative"),
        Index("uq_piecework_shipment", "order_id", "number", unique=True),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id")
    number: int
    pieces: int
    value_fen: int = Field(sa_type=BigInteger)
    state: ShipmentState = Field(
        default=ShipmentState.OFFERED, sa_column=enum_column(ShipmentState, index=True)
    )
    reason: str = Field(default="", max_length=300)
    offered_at: datetime
    answered_at: datetime | None = None
    released_at: datetime | None = None
    idempotency_key: str = Field(max_length=64, unique=True)


class CompanyPaymentState(LabelledEnum):
    """Whether the centre has seen the money a company says it sent."""

    DECLARED = "declared", "单位说付了，等核对"
    RECEIVED = "received", "已收到"
    NOT_FOUND = "not_found", "没有查到"


class CompanyPayment(SQLModel, table=True):
    """Money a company says it sent for an order; counts once staff have seen it."""

    __tablename__ = "piecework_company_payment"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount_positive"),)

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id", index=True)
    amount_fen: int = Field(sa_type=BigInteger)
    reference: str = Field(default="", max_length=80)
    state: CompanyPaymentState = Field(
        default=CompanyPaymentState.DECLARED, sa_column=enum_column(CompanyPaymentState, index=True)
    )
    declared_by_id: int | None = Field(default=None, foreign_key="account.id")
    declared_at: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None
    entry_id: int | None = Field(default=None, foreign_key="ledger_entry.id", unique=True)
    idempotency_key: str = Field(max_length=64, unique=True)


class CompensationCause(LabelledEnum):
    """Why households may be owed compensation."""

    CHANGE = "change", "改了要求"
    CANCEL = "cancel", "取消了订单"


class Compensation(SQLModel, table=True):
    """Opened by every change or cancellation by the company; open until decided.

    ``details`` holds ``{field: [before, after]}`` of a change. ``amount_fen`` is what the
    company pays on top, 0 with the reason why nothing is due.
    """

    __tablename__ = "piecework_compensation"
    __table_args__ = (
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
        CheckConstraint("(decided_at IS NULL) = (decision = '')", name="decided_has_words"),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id", index=True)
    cause: CompensationCause = Field(sa_column=enum_column(CompensationCause))
    reason: str = Field(max_length=300)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    opened_by_id: int | None = Field(default=None, foreign_key="account.id")
    opened_at: datetime
    amount_fen: int = 0
    decision: str = Field(default="", max_length=300)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = Field(default=None, index=True)
    entry_id: int | None = Field(default=None, foreign_key="ledger_entry.id", unique=True)
    idempotency_key: str = Field(max_length=64, unique=True)


class SettlementRun(SQLModel, table=True):
    """All that was accepted and not yet settled by the end of ``period_to``."""

    __tablename__ = "settlement_run"
    __table_args__ = (
        CheckConstraint("period_to >= period_from", name="period_in_order"),
        CheckConstraint("gross_fen >= 0 AND deduction_fen >= 0", name="sums_not_negative"),
        CheckConstraint("net_fen = gross_fen - deduction_fen", name="net_is_gross_less_deduction"),
    )

    id: int = primary_key()
    period_from: date
    period_to: date = Field(index=True)
    lines: int
    gross_fen: int = Field(sa_type=BigInteger)
    deduction_fen: int = Field(sa_type=BigInteger)
    net_fen: int = Field(sa_type=BigInteger)
    made_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="account.id")
    idempotency_key: str = Field(max_length=64, unique=True)


class SettlementLine(SQLModel, table=True):
    """The pay of one assignment in a run, in fen."""

    __tablename__ = "settlement_line"
    __table_args__ = (
        CheckConstraint("gross_fen > 0", name="gross_positive"),
        CheckConstraint("deduction_fen BETWEEN 0 AND gross_fen", name="deduction_within_gross"),
        CheckConstraint("net_fen = gross_fen - deduction_fen", name="net_is_gross_less_deduction"),
        Index("uq_settlement_line", "run_id", "assignment_id", unique=True),
    )

    id: int = primary_key()
    run_id: int = Field(foreign_key="settlement_run.id")
    household_id: int = Field(foreign_key="household.id", index=True)
    assignment_id: int = Field(foreign_key="piecework_assignment.id", index=True)
    gross_fen: int
    deduction_fen: int
    net_fen: int
    entry_id: int = Field(foreign_key="ledger_entry.id", unique=True)


class SettlementMonth(SQLModel, table=True):
    """A household's pay of one month (``2026-11``); deductions stay under the cap in force."""

    __tablename__ = "settlement_month"
    __table_args__ = (
        CheckConstraint("gross_fen >= 0 AND deduction_fen >= 0", name="sums_not_negative"),
        CheckConstraint(
            "deduction_fen * 1000 <= gross_fen * cap_permille", name="deduction_within_cap"
        ),
        Index("uq_settlement_month", "household_id", "month", unique=True),
    )

    id: int = primary_key()
    household_id: int = Field(foreign_key="household.id")
    month: str = Field(max_length=7)
    cap_permille: int
    gross_fen: int = Field(default=0, sa_type=BigInteger)
    deduction_fen: int = Field(default=0, sa_type=BigInteger)


class PaymentMethod(LabelledEnum):
    """How a household is paid."""

    BANK = "bank", "银行卡"
    CASH = "cash", "现金"
    WECHAT = "wechat", "微信"


class Payment(SQLModel, table=True):
    """The payment of one settlement line. Append-only; a line is paid once."""

    __tablename__ = "settlement_payment"

    id: int = primary_key()
    line_id: int = Field(foreign_key="settlement_line.id", unique=True)
    method: PaymentMethod = Field(sa_column=enum_column(PaymentMethod))
    reference: str = Field(default="", max_length=80)
    paid_by_id: int = Field(foreign_key="account.id", index=True)
    paid_at: datetime
    entry_id: int = Field(foreign_key="ledger_entry.id", unique=True)
