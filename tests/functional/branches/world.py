"""A branch with three members, and what they answer for, for the tests of this folder."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from tests.factories import acting, make_account, make_branch
from webapp.accounts.models import Account
from webapp.branches.lifecycle import ActivityState, PromiseState
from webapp.branches.models import Branch
from webapp.branches.models.commitments import BranchActivity, BranchPromise
from webapp.branches.models.rota import DutyShift, MemberAbsence
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.clock import LOCAL

MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=LOCAL)


@dataclass
class Team:
    """A branch whose secretary is the first of three members, and an admin."""

    branch: Branch
    secretary: Account
    member: Account
    third: Account
    boss: Account

    def actor(self, account: Account) -> Actor:
        """Return a member as they act."""
        return acting(account, branch_id=account.branch_id)


def make_team(session: Session) -> Team:
    """Write a branch with its people."""
    branch = make_branch(session, name="安民支部", phone="023-61230001", serves_all=False)
    staff = [
        make_account(session, role=Role.STAFF, branch_id=branch.id, name=name, is_secretary=first)
        for name, first in (("周正华", True), ("唐敏", False), ("杨兴全", False))
    ]
    return Team(branch, *staff, make_account(session, role=Role.ADMIN, name="赵光明"))


def add(session: Session, row: Any) -> Any:
    """Write a row and return it with its id."""
    session.add(row)
    session.flush()
    return row


def make_promise(session: Session, owner: Account, backup: Account, **fields: Any) -> BranchPromise:
    """Return an open promise of the owner's branch, due in three days."""
    usual = {
        "branch_id": owner.branch_id,
        "words": "三号楼的灯修好",
        "owner_id": owner.id,
        "backup_id": backup.id,
        "due_on": clock.today() + timedelta(days=3),
        "state": PromiseState.OPEN,
        "created_at": clock.now(),
    }
    return add(session, BranchPromise(**{**usual, **fields}))


def make_activity(
    session: Session, owner: Account, backup: Account, **fields: Any
) -> BranchActivity:
    """Return an activity of the owner's branch, tomorrow for two hours."""
    start = clock.now() + timedelta(days=1)
    usual = {
        "branch_id": owner.branch_id,
        "title": "普法讲座",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "place": "文化活动室",
        "for_whom": "谁都可以来",
        "owner_id": owner.id,
        "backup_id": backup.id,
        "state": ActivityState.PLANNED,
        "created_at": clock.now(),
    }
    return add(session, BranchActivity(**{**usual, **fields}))


def make_shift(
    session: Session, account: Account, start: datetime, end: datetime, phone: str = "023-61230009"
) -> DutyShift:
    """Return a shift."""
    return add(
        session,
        DutyShift(
            account_id=account.id, starts_at=start, ends_at=end, phone=phone, created_at=clock.now()
        ),
    )


def make_absence(session: Session, account: Account, days: tuple[Any, Any]) -> MemberAbsence:
    """Return days, both included, on which somebody is away."""
    row = MemberAbsence(
        account_id=account.id, from_on=days[0], until_on=days[1], noted_at=clock.now()
    )
    return add(session, row)


@pytest.fixture
def team(write: Any) -> Team:
    """The branch with its people."""
    with write() as session:
        return make_team(session)
