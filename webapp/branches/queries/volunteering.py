"""What volunteers are wanted for, who could come, who was asked, and the hours they gave."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.lifecycle import CallState, HelpState
from webapp.branches.models import Branch
from webapp.branches.models.volunteering import HelpCall, HelpWanted, VolunteerHours
from webapp.branches.queries.members import Member, away, is_here, who_knows


@dataclass(frozen=True)
class HelpLine:
    """Something volunteers are wanted for: of which branch, how many come and were asked."""

    help: HelpWanted
    branch: str
    owner: str
    coming: int
    waiting: int
    to_confirm: int


@dataclass(frozen=True)
class Candidate:
    """Somebody who knows the trade; ``here`` by their hours then, ``away`` on leave then."""

    member: Member
    here: bool
    away: bool


@dataclass(frozen=True)
class CallLine:
    """A call with its person and hours; ``help`` is what it is about."""

    call: HelpCall
    name: str
    hours: VolunteerHours | None
    help: HelpWanted


def board(session: Session, *, still_open: bool, most: int = 50) -> list[HelpLine]:
    """Return what help is wanted, the next first; or what is over, the latest first."""

    def counted(*conditions: Any) -> Any:
        return (
            select_columns(func.count())
            .select_from(HelpCall)
            .outerjoin(VolunteerHours, col(VolunteerHours.call_id) == HelpCall.id)
            .where(col(HelpCall.help_id) == col(HelpWanted.id), *conditions)
            .scalar_subquery()
        )

    is_open = col(HelpWanted.state) == HelpState.OPEN
    starts = col(HelpWanted.starts_at)
    rows: Any = session.execute(
        select_columns(
            HelpWanted,
            col(Branch.name),
            col(Account.name),
            counted(col(HelpCall.state) == CallState.YES),
            counted(col(HelpCall.state) == CallState.ASKED),
            counted(
                col(HelpCall.state) == CallState.YES, col(VolunteerHours.confirmed_at).is_(None)
            ),
        )
        .join(Branch, col(Branch.id) == HelpWanted.branch_id)
        .join(Account, col(Account.id) == HelpWanted.owner_id)
        .where(is_open if still_open else ~is_open)
        .order_by(starts if still_open else starts.desc(), col(HelpWanted.id))
        .limit(most)
    )
    return [HelpLine(*row) for row in rows]


def candidates(session: Session, row: HelpWanted) -> list[Candidate]:
    """Return who knows the trade and was not asked yet: who is here then first, away ones last."""
    asked = set(session.exec(select(HelpCall.account_id).where(HelpCall.help_id == row.id)))
    absent = away(session, row.starts_at)
    found = [
        Candidate(
            member=member,
            here=member.profile is not None and is_here(member.profile.hours, row.starts_at),
            away=member.account_id in absent,
        )
        for member in who_knows(session, row.trade)
        if member.account_id not in asked
    ]
    return sorted(found, key=lambda one: (one.away, not one.here))


def calls_of(session: Session, help_id: int) -> list[CallLine]:
    """Return who was asked to help with one thing, in the order they were asked."""
    return _calls(session, HelpCall.help_id == help_id, order=col(HelpCall.id))


def own_calls(session: Session, account_id: int, most: int = 50) -> list[CallLine]:
    """Return what somebody was asked to help with, the latest first."""
    return _calls(
        session, HelpCall.account_id == account_id, order=col(HelpWanted.starts_at).desc()
    )[:most]


def own_minutes(session: Session, account_id: int) -> int:
    """Return how many minutes of somebody's help are confirmed."""
    return sum(
        one.minutes
        for one in session.exec(
            select(VolunteerHours).where(
                VolunteerHours.account_id == account_id,
                col(VolunteerHours.confirmed_at).is_not(None),
            )
        )
    )


def minutes_by_branch(session: Session) -> dict[int, int]:
    """Return branch → confirmed minutes of help it asked for; never by person."""
    found: dict[int, int] = {}
    rows = session.exec(
        select(HelpWanted.branch_id, VolunteerHours)
        .join(HelpCall, col(HelpCall.help_id) == HelpWanted.id)
        .join(VolunteerHours, col(VolunteerHours.call_id) == HelpCall.id)
        .where(col(VolunteerHours.confirmed_at).is_not(None))
    )
    for branch_id, hours in rows:
        found[branch_id] = found.get(branch_id, 0) + hours.minutes
    return found


def _calls(session: Session, *conditions: Any, order: Any) -> list[CallLine]:
    rows = session.exec(
        select(HelpCall, Account.name, VolunteerHours, HelpWanted)
        .join(HelpWanted, col(HelpWanted.id) == HelpCall.help_id)
        .join(Account, col(Account.id) == HelpCall.account_id)
        .outerjoin(VolunteerHours, col(VolunteerHours.call_id) == HelpCall.id)
        .where(*conditions)
        .order_by(order, col(HelpCall.id))
    )
    return [CallLine(*row) for row in rows]
