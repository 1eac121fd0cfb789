"""Who can be asked for help."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core.access import Role


@dataclass(frozen=True)
class Desk:
    """One branch and its members (rows of ``name``, ``title``)."""

    branch: Branch
    members: list[Any]


def desks(session: Session) -> list[Desk]:
    """Return every branch with its members, in two queries."""
    members: dict[int, list[Any]] = {}
    for row in session.execute(
        select(col(Account.branch_id), col(Account.name), col(Account.title))
        .where(col(Account.role) == Role.STAFF, col(Account.enabled))
        .order_by(col(Account.id))
    ):
        members.setdefault(row.branch_id, []).append(row)
    branches = session.exec(select_rows(Branch).order_by(col(Branch.id)))
    return [Desk(branch, members.get(branch.id, [])) for branch in branches]
