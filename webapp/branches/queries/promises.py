"""What the branches promised, and how much of it they kept."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.lifecycle import PromiseState
from webapp.branches.models import Branch
from webapp.branches.models.commitments import BranchPromise
from webapp.branches.queries.members import names_of
from webapp.core import clock


@dataclass(frozen=True)
class KeptOfMonth:
    """A branch's promises that were due in a month (``"2026-11"``), by what became of them.

    ``kept`` includes ``late``, those kept after their day; ``open`` includes ``overdue``.
    """

    branch_id: int
    branch: str
    month: str
    kept: int = 0
    late: int = 0
    missed: int = 0
    cancelled: int = 0
    open: int = 0
    overdue: int = 0


def promises_kept(session: Session) -> list[KeptOfMonth]:
    """Return what became of the promises, by branch and the month they were due in, in order."""
    rows = session.exec(
        select(BranchPromise, Branch.name).join(Branch, col(Branch.id) == BranchPromise.branch_id)
    )
    today = clock.today()
    found: dict[tuple[int, str], Counter[str]] = {}
    names: dict[int, str] = {}
    for promise, name in rows:
        names[promise.branch_id] = name
        counts = found.setdefault((promise.branch_id, f"{promise.due_on:%Y-%m}"), Counter())
        counts[promise.state.value] += 1
        counts["late"] += days_late(promise) > 0
        counts["overdue"] += is_overdue(promise, today)
    return [
        KeptOfMonth(branch_id=branch_id, branch=names[branch_id], month=month, **counts)
        for (branch_id, month), counts in sorted(found.items())
    ]


@dataclass(frozen=True)
class PromiseLine:
    """A promise with the names of who answers for it."""

    promise: BranchPromise
    owner: str
    backup: str

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed with nothing said."""
        return is_overdue(self.promise, clock.today())

    @property
    def days_late(self) -> int:
        """How many days after its day it was kept; 0 in time, or not kept."""
        return days_late(self.promise)


def is_overdue(promise: BranchPromise, today: date) -> bool:
    """Return whether a promise's day has passed while it is open."""
    return promise.state is PromiseState.OPEN and promise.due_on < today


def days_late(promise: BranchPromise) -> int:
    """Return how many days after its day a promise was kept; 0 in time, or not kept."""
    if promise.state is not PromiseState.KEPT or promise.closed_at is None:
        return 0
    return max(0, (clock.local(promise.closed_at).date() - promise.due_on).days)


def promise_lines(
    session: Session, *, branch_id: int | None = None, still_open: bool, most: int = 100
) -> list[PromiseLine]:
    """Return promises, the open ones by their day or those that are over, newest first."""
    owner, backup = aliased(Account), aliased(Account)
    statement = (
        select(BranchPromise, owner.name, backup.name)
        .join(owner, col(owner.id) == BranchPromise.owner_id)
        .join(backup, col(backup.id) == BranchPromise.backup_id)
        .limit(most)
    )
    is_open = col(BranchPromise.state) == PromiseState.OPEN
    if still_open:
        statement = statement.where(is_open).order_by(
            col(BranchPromise.due_on), col(BranchPromise.id)
        )
    else:
        statement = statement.where(~is_open).order_by(
            col(BranchPromise.closed_at).desc(), col(BranchPromise.id).desc()
        )
    if branch_id is not None:
        statement = statement.where(BranchPromise.branch_id == branch_id)
    return [PromiseLine(*row) for row in session.exec(statement)]


def promise_line(session: Session, promise_id: int) -> PromiseLine | None:
    """Return one promise with the names of who answers for it."""
    row = session.get(BranchPromise, promise_id)
    if row is None:
        return None
    names = names_of(session, row.owner_id, row.backup_id)
    return PromiseLine(row, names[row.owner_id], names[row.backup_id])
