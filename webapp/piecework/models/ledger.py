"""The journal: accounts, entries and their lines.

A line moves an amount from one account to another, so every entry sums to zero in each unit.
Entries and lines are append-only (triggers refuse UPDATE and DELETE); a mistake is undone by
a second entry that reverses it, at most once.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key


class Ledger(StrEnum):
    """The three ledgers."""

    MATERIAL = "material"
    PIECES = "pieces"
    MONEY = "money"


class AccountType(StrEnum):
    """What an account counts; each type belongs to one ledger."""

    # material
    COMPANY = "company"
    CENTRE = "centre"
    HOUSEHOLD = "household"
    REPLACEMENT = "replacement"
    CONSUMED = "consumed"
    RETURNED = "returned"
    SCRAP = "scrap"
    LOST = "lost"
    # pieces of a household
    MADE = "made"
    PENDING = "pending"
    ACCEPTED = "accepted"
    REWORK = "rework"
    REJECTED = "rejected"
    # finished goods of an order
    STOCK_IN = "stock_in"
    FINISHED = "finished"
    OFFERED = "offered"
    TAKEN = "taken"
    RELEASED = "released"
    # money
    RECEIVABLE = "receivable"
    PAYABLE = "payable"
    TO_PAY = "to_pay"
    ADVANCE = "advance"
    BANK = "bank"
    MARGIN = "margin"
    RESERVE = "reserve"


P = AccountType
#: Types whose accounts hold zero or less: where things come from, and what is owed.
SOURCES = (P.COMPANY, P.MADE, P.STOCK_IN, P.PAYABLE, P.TO_PAY, P.MARGIN, P.RESERVE)


def quoted(types: tuple[AccountType, ...]) -> str:
    """Return the values as a list for SQL."""
    return ", ".join(f"'{one.value}'" for one in types)


class EntryKind(StrEnum):
    """What an entry records."""

    RECEIVE = "receive"
    RETURN_TO_COMPANY = "return_to_company"
    ISSUE = "issue"
    RETURN = "return"
    SPOIL = "spoil"
    SUBMIT = "submit"
    INSPECT = "inspect"
    GIVE_UP_REWORK = "give_up_rework"
    OFFER = "offer"
    COMPANY_TAKE = "company_take"
    COMPANY_REFUSE = "company_refuse"
    RELEASE = "release"
    COMPANY_PAY = "company_pay"
    ADVANCE = "advance"
    CHARGE = "charge"
    WAIVE = "waive"
    COMPENSATE = "compensate"
    SETTLE = "settle"
    PAY_OUT = "pay_out"
    CLOSE = "close"
    REVERSE = "reverse"


class LedgerAccount(SQLModel, table=True):
    """The balance of one account of an order, in pieces, fen or units of material.

    A material account belongs to a lot; accounts of a household belong to its assignment.
    ``key`` is ``order/type/lot/assignment``, with 0 where there is none. Accounts of
    :data:`SOURCES` hold zero or less, the bank anything, all others zero or more.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        CheckConstraint(
            f"balance >= 0 OR account_type = 'bank' OR account_type IN ({quoted(SOURCES)})",
            name="balance_not_negative",
        ),
        CheckConstraint(
            f"balance <= 0 OR account_type NOT IN ({quoted(SOURCES)})", name="source_not_positive"
        ),
        Index("ix_ledger_account_order_type", "order_id", "account_type"),
    )

    id: int = primary_key()
    key: str = Field(max_length=64, unique=True)
    ledger: Ledger = Field(sa_column=enum_column(Ledger))
    account_type: AccountType = Field(sa_column=enum_column(AccountType))
    order_id: int = Field(foreign_key="piecework_order.id")
    lot_id: int | None = Field(default=None, foreign_key="piecework_lot.id", index=True)
    assignment_id: int | None = Field(
        default=None, foreign_key="piecework_assignment.id", index=True
    )
    balance: int = Field(default=0, sa_type=BigInteger)


class LedgerEntry(SQLModel, table=True):
    """The head of one posting; ``idempotency_key`` makes a repeated form post only once."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("(kind = 'reverse') = (reverses_id IS NOT NULL)", name="reverse_names_one"),
        Index("ix_ledger_entry_order_at", "order_id", "at"),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id")
    assignment_id: int | None = Field(
        default=None, foreign_key="piecework_assignment.id", index=True
    )
    kind: EntryKind = Field(sa_column=enum_column(EntryKind))
    at: datetime
    account_id: int | None = Field(default=None, foreign_key="account.id")
    note: str = Field(default="", max_length=300)
    idempotency_key: str = Field(max_length=64, unique=True)
    reverses_id: int | None = Field(default=None, foreign_key="ledger_entry.id", unique=True)


class LedgerLine(SQLModel, table=True):
    """``amount`` units of material, pieces or fen moved from one account to another."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("from_account_id <> to_account_id", name="two_accounts"),
    )

    id: int = primary_key()
    entry_id: int = Field(foreign_key="ledger_entry.id", index=True)
    from_account_id: int = Field(foreign_key="ledger_account.id", index=True)
    to_account_id: int = Field(foreign_key="ledger_account.id", index=True)
    amount: int = Field(sa_type=BigInteger)
