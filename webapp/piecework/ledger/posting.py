"""Post to the journal: the only writer of accounts, entries and lines.

The caller has locked the order's row (``services.access``), so only one transaction at a time
changes the accounts of an order. CHECK constraints refuse a wrong balance in any case.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Refused
from webapp.piecework.models.ledger import (
    SOURCES,
    AccountType,
    EntryKind,
    Ledger,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
)

_MATERIAL = frozenset(
    {
        AccountType.COMPANY, AccountType.CENTRE, AccountType.HOUSEHOLD,
        AccountType.REPLACEMENT, AccountType.CONSUMED, AccountType.RETURNED,
        AccountType.SCRAP, AccountType.LOST,
    }
)  # fmt: skip
_MONEY = frozenset(
    {
        AccountType.RECEIVABLE, AccountType.PAYABLE, AccountType.TO_PAY, AccountType.ADVANCE,
        AccountType.BANK, AccountType.MARGIN, AccountType.RESERVE,
    }
)  # fmt: skip
_SOURCES = frozenset(SOURCES)


@dataclass(frozen=True)
class Slot:
    """Which account of an order: its type, and the lot and the assignment where these apply."""

    account_type: AccountType
    lot_id: int | None = None
    assignment_id: int | None = None

    def key(self, order_id: int) -> str:
        """Return the key of the account."""
        return f"{order_id}/{self.account_type}/{self.lot_id or 0}/{self.assignment_id or 0}"


@dataclass(frozen=True)
class Move:
    """``amount`` goes from one slot to another; zero moves nothing."""

    source: Slot
    target: Slot
    amount: int


class NotEnough(Refused):
    """An account would fall below zero; ``account_type`` says which kind."""

    def __init__(self, account_type: AccountType) -> None:
        super().__init__(_shortage(account_type))
        self.account_type = account_type


def ledger_of(account_type: AccountType) -> Ledger:
    """Return the ledger that an account type belongs to."""
    if account_type in _MATERIAL:
        return Ledger.MATERIAL
    return Ledger.MONEY if account_type in _MONEY else Ledger.PIECES


def post(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    kind: EntryKind,
    idempotency_key: str,
    moves: Iterable[Move],
    assignment_id: int | None = None,
    note: str = "",
    reverses_id: int | None = None,
) -> LedgerEntry:
    """Write one entry with its lines and move the balances.

    Raises :class:`NotEnough` when an account would fall below zero, ``Conflict`` when the
    key was used before or the entry to reverse is reversed already.
    """
    wanted = [move for move in moves if move.amount]
    if any(move.amount < 0 for move in wanted):
        raise ValueError("amounts are positive; swap the slots instead")
    entry = LedgerEntry(
        order_id=order_id,
        assignment_id=assignment_id,
        kind=kind,
        at=clock.now(),
        account_id=actor.account_id,
        note=note,
        idempotency_key=idempotency_key,
        reverses_id=reverses_id,
    )
    session.add(entry)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("这一笔已经记过了，没有重复记")) from error
    slots = {slot for move in wanted for slot in (move.source, move.target)}
    ids = _accounts(session, order_id, slots)
    _move_balances(session, ids, wanted)
    if wanted:
        session.execute(
            insert(LedgerLine),
            [
                {
                    "entry_id": entry.id,
                    "from_account_id": ids[move.source],
                    "to_account_id": ids[move.target],
                    "amount": move.amount,
                }
                for move in wanted
            ],
        )
    return entry


def reverse(
    session: Session, actor: Actor, *, entry_id: int, idempotency_key: str, note: str
) -> LedgerEntry:
    """Undo an entry by its mirror image, once; raises as :func:`post` does."""
    entry = session.get_one(LedgerEntry, entry_id)
    if entry.kind is EntryKind.REVERSE:
        raise Refused(_("更正的那一笔不能再更正，请重新记一笔"))
    lines = session.execute(
        select(
            col(LedgerLine.from_account_id), col(LedgerLine.to_account_id), col(LedgerLine.amount)
        )
        .where(col(LedgerLine.entry_id) == entry_id)
        .order_by(col(LedgerLine.id))
    ).all()
    accounts = session.execute(
        select(
            col(LedgerAccount.id),
            col(LedgerAccount.account_type),
            col(LedgerAccount.lot_id),
            col(LedgerAccount.assignment_id),
        ).where(col(LedgerAccount.id).in_({id_ for line in lines for id_ in line[:2]}))
    ).all()
    slots = {id_: Slot(*values) for id_, *values in accounts}
    moves = [Move(slots[target], slots[source], amount) for source, target, amount in lines]
    return post(
        session,
        actor,
        order_id=entry.order_id,
        kind=EntryKind.REVERSE,
        idempotency_key=idempotency_key,
        moves=moves,
        assignment_id=entry.assignment_id,
        note=note,
        reverses_id=entry_id,
    )


def posted(session: Session, idempotency_key: str) -> LedgerEntry | None:
    """Return the entry posted with this key before, if any."""
    return session.execute(
        select(LedgerEntry).where(col(LedgerEntry.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()


def balance(session: Session, order_id: int, slot: Slot) -> int:
    """Return what one account holds, 0 when nothing was ever there."""
    found = session.execute(
        select(col(LedgerAccount.balance)).where(col(LedgerAccount.key) == slot.key(order_id))
    ).scalar_one_or_none()
    return found or 0


def totals(
    session: Session, *, order_id: int | None = None, assignment_id: int | None = None
) -> dict[AccountType, int]:
    """Return the balances of an order, or of one assignment, summed by account type."""
    query = select(col(LedgerAccount.account_type), func.sum(col(LedgerAccount.balance)))
    if order_id is not None:
        query = query.where(col(LedgerAccount.order_id) == order_id)
    if assignment_id is not None:
        query = query.where(col(LedgerAccount.assignment_id) == assignment_id)
    found: dict[AccountType, int] = defaultdict(int)
    for account_type, amount in session.execute(
        query.group_by(col(LedgerAccount.account_type))
    ).all():
        found[account_type] = int(amount)
    return found


def holdings(
    session: Session, assignment_id: int, account_type: AccountType
) -> list[tuple[int, int]]:
    """Return what an assignment has in accounts of one type: (lot id, amount), oldest lot first."""
    rows = session.execute(
        select(col(LedgerAccount.lot_id), col(LedgerAccount.balance))
        .where(
            col(LedgerAccount.assignment_id) == assignment_id,
            col(LedgerAccount.account_type) == account_type,
            col(LedgerAccount.balance) > 0,
        )
        .order_by(col(LedgerAccount.lot_id))
    ).all()
    return [(lot_id, amount) for lot_id, amount in rows]


def _accounts(session: Session, order_id: int, slots: set[Slot]) -> dict[Slot, int]:
    by_key = {slot.key(order_id): slot for slot in slots}
    query = select(col(LedgerAccount.key), col(LedgerAccount.id)).where(
        col(LedgerAccount.key).in_(by_key)
    )
    found = {by_key[key]: id_ for key, id_ in session.execute(query).all()}
    missing = [
        slot for slot in sorted(slots, key=lambda one: one.key(order_id)) if slot not in found
    ]
    if missing:
        session.execute(
            insert(LedgerAccount),
            [
                {
                    "key": slot.key(order_id),
                    "ledger": ledger_of(slot.account_type),
                    "account_type": slot.account_type,
                    "order_id": order_id,
                    "lot_id": slot.lot_id,
                    "assignment_id": slot.assignment_id,
                    "balance": 0,
                }
                for slot in missing
            ],
        )
        found = {by_key[key]: id_ for key, id_ in session.execute(query).all()}
    return found


def _move_balances(session: Session, ids: dict[Slot, int], moves: list[Move]) -> None:
    changes: dict[Slot, int] = defaultdict(int)
    for move in moves:
        changes[move.source] -= move.amount
        changes[move.target] += move.amount
    for slot, change in sorted(changes.items(), key=lambda item: ids[item[0]]):
        if not change:
            continue
        after = col(LedgerAccount.balance) + change
        if slot.account_type is AccountType.BANK:
            in_bounds = or_(after >= 0, after < 0)
        else:
            in_bounds = after <= 0 if slot.account_type in _SOURCES else after >= 0
        moved = session.execute(
            update(LedgerAccount)
            .where(col(LedgerAccount.id) == ids[slot], in_bounds)
            .values(balance=after)
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount != 1:  # type: ignore[attr-defined]
            raise NotEnough(slot.account_type)


def _shortage(account_type: AccountType) -> str:
    return {
        AccountType.CENTRE: _("社区仓库里没有这么多材料"),
        AccountType.HOUSEHOLD: _("这家手里没有这么多材料，请点清楚再填"),
        AccountType.REPLACEMENT: _("返工只能用新补的料，补的料没有这么多"),
        AccountType.PENDING: _("没有这么多件等着验收"),
        AccountType.REWORK: _("没有这么多件要返工"),
        AccountType.ACCEPTED: _("这些件已经算进后面的账，改不了"),
        AccountType.FINISHED: _("仓库里没有这么多成品，可能已经交给单位了"),
        AccountType.OFFERED: _("这一批的数目已经变了"),
        AccountType.TAKEN: _("单位没有收下这么多件"),
        AccountType.RECEIVABLE: _("比单位欠的还多，请核对数目"),
        AccountType.PAYABLE: _("这笔工钱已经结算，或者比该付的还多"),
        AccountType.TO_PAY: _("比结算单上该付的还多"),
        AccountType.ADVANCE: _("这笔钱已经从工钱里扣过，或者比欠的还多"),
        AccountType.MARGIN: _("社区留的部分不够抵这一笔"),
        AccountType.COMPANY: _("比收到的材料还多"),
    }.get(account_type, _("数目对不上，什么都没有记"))
