"""Who can be asked: the branches, their members, what they know, when they are here or away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.accounts.models import Account
from webapp.branches.models import Branch, BranchDuty, MemberProfile
from webapp.branches.models.rota import MemberAbsence
from webapp.core import clock
from webapp.core.access import Role


@dataclass(frozen=True)
class Member:
    """A member of a branch as everybody may see them; ``profile`` is ``None`` until written."""

    account_id: int
    branch_id: int
    name: str
    title: str
    is_secretary: bool
    profile: MemberProfile | None


@dataclass(frozen=True)
class Desk:
    """One branch and its members."""

    branch: Branch
    members: list[Member]


def desks(session: Session) -> list[Desk]:
    """Return every branch with its members, in two queries."""
    by_branch: dict[int, list[Member]] = {}
    for member in members(session):
        by_branch.setdefault(member.branch_id, []).append(member)
    branches = session.exec(select_rows(Branch).order_by(col(Branch.id)))
    return [Desk(branch, by_branch.get(branch.id, [])) for branch in branches]


def serving_phone(session: Session) -> str:
    """Return the telephone of the branch that serves everybody, empty while there is none."""
    found = session.exec(
        select_rows(Branch.phone).order_by(col(Branch.serves_all).desc(), col(Branch.id))
    ).first()
    return found or ""


def members(session: Session) -> list[Member]:
    """Return the members of all branches in one query, those first who were there first."""
    rows: Any = session.execute(
        select(
            col(Account.id), col(Account.branch_id), col(Account.name), col(Account.title),
            col(Account.is_secretary), MemberProfile,
        )
        .outerjoin(MemberProfile, col(MemberProfile.account_id) == Account.id)
        .where(col(Account.role) == Role.STAFF, col(Account.enabled))
        .order_by(col(Account.id))
    )  # fmt: skip
    return [Member(*row) for row in rows]


def of_branch(session: Session, branch_id: int) -> list[Member]:
    """Return the members of one branch."""
    return [member for member in members(session) if member.branch_id == branch_id]


def names_of(session: Session, *account_ids: int) -> dict[int, str]:
    """Return account → name."""
    rows = session.execute(
        select(col(Account.id), col(Account.name)).where(col(Account.id).in_(account_ids))
    )
    return {row[0]: row[1] for row in rows}


def duties_by_branch(session: Session) -> dict[int, list[BranchDuty]]:
    """Return branch → what it does, in its order."""
    found: dict[int, list[BranchDuty]] = {}
    for duty in session.exec(select_rows(BranchDuty).order_by(col(BranchDuty.position))):
        found.setdefault(duty.branch_id, []).append(duty)
    return found


def absences_ahead(session: Session) -> list[tuple[MemberAbsence, Account]]:
    """Return who is or will be away, with their account, by day."""
    return list(
        session.exec(
            select_rows(MemberAbsence, Account)
            .join(Account, col(Account.id) == MemberAbsence.account_id)
            .where(
                MemberAbsence.until_on >= clock.today(),
                col(MemberAbsence.cancelled_at).is_(None),
                Account.enabled,
            )
            .order_by(col(MemberAbsence.from_on), col(MemberAbsence.id))
        )
    )


def secretary_of(session: Session, branch_id: int) -> int | None:
    """Return the account of a branch's secretary, ``None`` while it has none."""
    found = select(col(Account.id)).where(
        col(Account.branch_id) == branch_id, col(Account.is_secretary)
    )
    return session.execute(found).scalar()


def is_secretary(session: Session, account_id: int | None, branch_id: int | None) -> bool:
    """Return whether an account is the secretary of a branch."""
    return (
        account_id is not None
        and branch_id is not None
        and secretary_of(session, branch_id) == account_id
    )


def is_away(session: Session, account_id: int, moment: datetime) -> bool:
    """Return whether a member is on leave at a moment, by the days of Chongqing."""
    return account_id in away(session, moment)


def away(session: Session, moment: datetime) -> set[int]:
    """Return the accounts of all who are on leave at a moment."""
    return set(session.execute(_AWAY, {"day": clock.local(moment).date()}).scalars())


_AWAY = select(col(MemberAbsence.account_id)).where(
    col(MemberAbsence.from_on) <= bindparam("day"),
    col(MemberAbsence.until_on) >= bindparam("day"),
    col(MemberAbsence.cancelled_at).is_(None),
)


def who_knows(session: Session, trade: str = "", *, at: datetime | None = None) -> list[Member]:
    """Return the members who know a trade and are here at a moment; either may be left out.

    A trade is known whose name holds the words or is held by them: 「水电」 and 「修水电」.
    """
    wanted = trade.strip().casefold()
    return [
        member
        for member in members(session)
        if member.profile is not None
        and (not wanted or any(_same(wanted, one.casefold()) for one in member.profile.trades))
        and (at is None or is_here(member.profile.hours, at))
    ]


def is_here(hours: list[dict[str, str]], moment: datetime) -> bool:
    """Return whether a moment lies in one of the windows, as clocks in Chongqing show it.

    A window whose end is not after its start runs past midnight, and belongs to the day on which
    it starts.
    """
    here = clock.local(moment)
    yesterday = here - timedelta(days=1)
    time = f"{here:%H:%M}"
    for window in hours:
        days, start, end = window["days"], window["start"], window["end"]
        today, before = str(here.isoweekday()) in days, str(yesterday.isoweekday()) in days
        if start < end and today and start <= time < end:
            return True
        if start >= end and ((today and time >= start) or (before and time < end)):
            return True
    return False


def _same(wanted: str, known: str) -> bool:
    return wanted in known or known in wanted
