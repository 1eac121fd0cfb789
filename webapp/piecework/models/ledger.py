"""The journal: accounts, entries and their lines; and the chained lines of the passbook.

A line moves an amount from one account to another, so every entry sums to zero in every unit
by its very shape. Entries, lines and passbook lines are append-only (triggers refuse UPDATE
and DELETE); a mistake is undone by an entry that reverses it, once.
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


class Place(StrEnum):
    """Where something is; each place belongs to one ledger."""

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


P = Place
#: Where things come from, and what is owed: their balance is zero or below.
SOURCES = (P.COMPANY, P.MADE, P.STOCK_IN, P.PAYABLE, P.TO_PAY, P.MARGIN, P.RESERVE)
#: Balances that must be zero before an order closes.
OPEN_PLACES = (
    P.CENTRE, P.HOUSEHOLD, P.REPLACEMENT, P.PENDING, P.REWORK, P.FINISHED, P.OFFERED, P.TAKEN,
    P.RECEIVABLE, P.PAYABLE, P.TO_PAY, P.ADVANCE, P.BANK, P.MARGIN, P.RESERVE,
)  # fmt: skip


def quoted(places: tuple[Place, ...]) -> str:
    """Return places as a list for SQL."""
    return ", ".join(f"'{place.value}'" for place in places)


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
    """The balance of one place of one order: of a lot, of a household's share, or of neither.

    ``key`` is ``order/place/lot/assignment`` with 0 for none. No place below zero: sources
    hold zero or less, the bank anything, all others zero or more.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        CheckConstraint(
            f"balance >= 0 OR place = 'bank' OR place IN ({quoted(SOURCES)})",
            name="balance_not_negative",
        ),
        CheckConstraint(
            f"balance <= 0 OR place NOT IN ({quoted(SOURCES)})", name="source_not_positive"
        ),
        Index("ix_ledger_account_order_place", "order_id", "place"),
    )

    id: int = primary_key()
    key: str = Field(max_length=64, unique=True)
    ledger: Ledger = Field(sa_column=enum_column(Ledger))
    place: Place = Field(sa_column=enum_column(Place))
    order_id: int = Field(foreign_key="piecework_order.id")
    lot_id: int | None = Field(default=None, foreign_key="piecework_lot.id", index=True)
    assignment_id: int | None = Field(
        default=None, foreign_key="piecework_assignment.id", index=True
    )
    balance: int = Field(default=0, sa_type=BigInteger)


class LedgerEntry(SQLModel, table=True):
    """The head of one posting; ``form_key`` lets the same form post once."""

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
    form_key: str = Field(max_length=64, unique=True)
    reverses_id: int | None = Field(default=None, foreign_key="ledger_entry.id", unique=True)


class LedgerLine(SQLModel, table=True):
    """``amount`` units (or fen, or pieces) went from one account to another."""

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
