"""What the branches put on: to come, over and to be written down, and what came of it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.lifecycle import ActivityState
from webapp.branches.models import Branch
from webapp.branches.models.commitments import BranchActivity
from webapp.branches.queries.members import names_of
from webapp.core import clock


@dataclass(frozen=True)
class ActivityLine:
    """An activity with its branch and the names of who answers for it."""

    activity: BranchActivity
    branch: str
    owner: str
    backup: str

    @property
    def awaits_outcome(self) -> bool:
        """Whether it is over and nobody has said what came of it."""
        one = self.activity
        return one.state is ActivityState.PLANNED and one.ends_at < clock.now()


def to_come(session: Session, *, branch_id: int | None = None) -> list[ActivityLine]:
    """Return the activities that are not over, the next first."""
    return _lines(
        session,
        branch_id,
        BranchActivity.state == ActivityState.PLANNED,
        BranchActivity.ends_at >= clock.now(),
        order=col(BranchActivity.starts_at),
    )


def to_write_down(session: Session) -> list[ActivityLine]:
    """Return the activities that are over, of which nobody has said what came of them."""
    return _lines(
        session,
        None,
        BranchActivity.state == ActivityState.PLANNED,
        BranchActivity.ends_at < clock.now(),
        order=col(BranchActivity.starts_at),
    )


def over(session: Session, *, branch_id: int | None = None, most: int = 20) -> list[ActivityLine]:
    """Return what was held or called off, the latest first."""
    return _lines(
        session,
        branch_id,
        BranchActivity.state != ActivityState.PLANNED,
        order=col(BranchActivity.starts_at).desc(),
        most=most,
    )


def activity_line(session: Session, activity_id: int) -> ActivityLine | None:
    """Return one activity with the names of who answers for it."""
    row = session.get(BranchActivity, activity_id)
    if row is None:
        return None
    names = names_of(session, row.owner_id, row.backup_id)
    branch = session.get_one(Branch, row.branch_id)
    return ActivityLine(row, branch.name, names[row.owner_id], names[row.backup_id])


def _lines(
    session: Session, branch_id: int | None, *conditions: Any, order: Any, most: int = 100
) -> list[ActivityLine]:
    owner, backup = aliased(Account), aliased(Account)
    statement = (
        select(BranchActivity, Branch.name, owner.name, backup.name)
        .join(Branch, col(Branch.id) == BranchActivity.branch_id)
        .join(owner, col(owner.id) == BranchActivity.owner_id)
        .join(backup, col(backup.id) == BranchActivity.backup_id)
        .where(*conditions)
        .order_by(order, col(BranchActivity.id))
        .limit(most)
    )
    if branch_id is not None:
        statement = statement.where(BranchActivity.branch_id == branch_id)
    return [ActivityLine(*row) for row in session.exec(statement)]
