"""The passbook as a bank book: each line with what it changed, and what is owed after it.

What a line changed is read from the ledger: how far its posting moved what the community owes
the household (wages not yet settled or not yet paid, less what was paid ahead or charged).
Amounts are fen; plus is in the household's favour.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.core import clock
from webapp.openings.models import Opening
from webapp.piecework.ledger import passbook
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.ledger import LedgerAccount, LedgerLine
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind, PassbookLine

#: Accounts that say what the community owes a household (zero or less), or it the community.
OWED = (AccountType.PAYABLE, AccountType.TO_PAY, AccountType.ADVANCE)
_EARNED = frozenset({PassbookKind.INSPECT, PassbookKind.CORRECT})
_IN_HAND = frozenset({PassbookKind.ADVANCE, PassbookKind.PAY_OUT})


@dataclass(frozen=True)
class Entry:
    """A line of the book in figures; ``balance_fen`` is what is owed to the household after it."""

    line_id: int
    at: datetime
    kind: PassbookKind
    order_id: int
    change_fen: int
    balance_fen: int

    @property
    def month(self) -> date:
        """The first day of its month, as the calendar in Chongqing shows it."""
        return clock.local(self.at).date().replace(day=1)


@dataclass(frozen=True)
class Book:
    """What was asked for of a household's passbook, oldest line first.

    ``brought_fen`` is what was owed before its first line. ``titles`` names the orders and
    ``months`` the months (first days, newest first) of the whole book, to choose from.
    """

    entries: Sequence[Entry]
    brought_fen: int
    titles: dict[int, str]
    months: Sequence[date]

    @property
    def balance_fen(self) -> int:
        """What is owed to the household after the last line."""
        return self.entries[-1].balance_fen if self.entries else self.brought_fen

    @property
    def earned_fen(self) -> int:
        """Pay for accepted pieces, less inspections that were corrected."""
        return self._sum(lambda one: one.kind in _EARNED)

    @property
    def in_hand_fen(self) -> int:
        """Money handed over, paid ahead or after settlement."""
        return -self._sum(lambda one: one.kind in _IN_HAND)

    def _sum(self, counts: Callable[[Entry], bool]) -> int:
        return sum(one.change_fen for one in self.entries if counts(one))


@dataclass(frozen=True)
class Asked:
    """Which lines are wanted: of one order, of one month, of money alone.

    The balance of one order counts its own lines alone; that of a month carries on from before.
    """

    order_id: int | None = None
    month: date | None = None
    money: bool = False

    def keeps(self, entry: Entry) -> bool:
        """Whether an entry is among those wanted, its order aside."""
        in_month = self.month is None or entry.month == self.month
        return in_month and (entry.change_fen != 0 or not self.money)


def read(
    session: Session, household_id: int, asked: Asked, *, since: datetime | None = None
) -> Book | None:
    """Return a household's book, ``None`` where the order or month asked for is not in it.

    ``since`` leaves out work claimed before that moment. Two queries, one row a line.
    """
    titles = {
        id_: (order_id, title)
        for id_, order_id, title in session.execute(
            select(col(Assignment.id), col(Assignment.order_id), col(Opening.title))
            .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
            .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
            .where(col(Assignment.household_id) == household_id)
            .order_by(col(Assignment.id).desc())
        )
    }
    whole = _entries(
        session, household_id, {id_: order for id_, (order, _) in titles.items()}, since
    )
    months = sorted({one.month for one in whole}, reverse=True)
    orders = {one.order_id for one in whole}
    chosen = whole
    if asked.order_id is not None:
        if asked.order_id not in orders:
            return None
        chosen = _balanced([one for one in whole if one.order_id == asked.order_id])
    if asked.month is not None and asked.month not in months:
        return None
    before = [one for one in chosen if asked.month is not None and one.month < asked.month]
    return Book(
        entries=[one for one in chosen if asked.keeps(one)],
        brought_fen=before[-1].balance_fen if before else 0,
        titles={order: title for order, title in titles.values() if order in orders},
        months=months,
    )


def lines_of(session: Session, entries: Sequence[Entry]) -> list[tuple[PassbookLine, Entry]]:
    """Return entries with their lines of the passbook, in the order given; one query."""
    query = select(PassbookLine).where(col(PassbookLine.id).in_([one.line_id for one in entries]))
    found = {line.id: line for line in session.execute(query).scalars()}
    return [(found[one.line_id], one) for one in entries]


def _entries(
    session: Session, household_id: int, orders: dict[int, int], since: datetime | None
) -> list[Entry]:
    left, to = aliased(LedgerAccount), aliased(LedgerAccount)

    def owed(account: type[LedgerAccount]) -> ColumnElement[int]:
        own = and_(
            col(account.account_type).in_(OWED),
            col(account.assignment_id) == col(PassbookLine.assignment_id),
        )
        return case((own, col(LedgerLine.amount)), else_=0)

    rows = session.execute(
        select(
            col(PassbookLine.id),
            col(PassbookLine.at),
            col(PassbookLine.kind),
            col(PassbookLine.assignment_id),
            func.coalesce(func.sum(owed(left) - owed(to)), 0),
        )
        .outerjoin(LedgerLine, col(LedgerLine.entry_id) == col(PassbookLine.entry_id))
        .outerjoin(left, col(left.id) == col(LedgerLine.from_account_id))
        .outerjoin(to, col(to.id) == col(LedgerLine.to_account_id))
        .where(col(PassbookLine.household_id) == household_id, *passbook.claimed_since(since))
        .group_by(col(PassbookLine.id))
        .order_by(col(PassbookLine.at), col(PassbookLine.number))
    ).all()
    return _balanced(
        [Entry(id_, at, kind, orders[share], int(fen), 0) for id_, at, kind, share, fen in rows]
    )


def _balanced(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries with what is owed after each, from nothing before the first."""
    balance, found = 0, []
    for one in entries:
        balance += one.change_fen
        found.append(Entry(one.line_id, one.at, one.kind, one.order_id, one.change_fen, balance))
    return found
