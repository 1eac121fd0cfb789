"""What a member answers for in the branches themselves: counted, and moved when they leave."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.lifecycle import ActivityState, PromiseState
from webapp.branches.models.commitments import BranchActivity, BranchPromise
from webapp.branches.models.rota import DutyShift
from webapp.branches.queries.rota import uncovered
from webapp.branches.services.pairs import count_pairs, hand_over_pairs
from webapp.core import clock
from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves

_OPEN = col(BranchPromise.state) == PromiseState.OPEN
_PLANNED = col(BranchActivity.state) == ActivityState.PLANNED


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add what a member answers for here."""
    member = event.account_id
    event.add(_("承诺"), count_pairs(session, member, BranchPromise, _OPEN))
    event.add(_("活动"), count_pairs(session, member, BranchActivity, _PLANNED))
    event.add(_("值班"), len(_shifts_ahead(session, member)))
    event.add(_("支部书记"), int(session.get_one(Account, member).is_secretary))


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Move it to the successor; return how many things."""
    return (
        hand_over_pairs(session, event, BranchPromise, _OPEN)
        + hand_over_pairs(session, event, BranchActivity, _PLANNED)
        + _take_over_shifts(session, actor, event)
        + _take_over_office(session, event)
    )


def _shifts_ahead(session: Session, account_id: int) -> list[DutyShift]:
    return list(
        session.exec(
            select(DutyShift)
            .where(DutyShift.account_id == account_id, DutyShift.ends_at > clock.now())
            .order_by(col(DutyShift.starts_at))
        )
    )


def _take_over_shifts(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Give the successor what is left of each shift and is not covered by their own shifts."""
    now = clock.now()
    shifts = _shifts_ahead(session, event.account_id)
    own = [(one.starts_at, one.ends_at) for one in _shifts_ahead(session, event.successor_id)]
    for shift in shifts:
        start, end, phone = max(shift.starts_at, now), shift.ends_at, shift.phone
        if shift.starts_at < now:
            shift.ends_at = now
            session.add(shift)
        else:
            session.delete(shift)
        session.flush()
        session.add_all(
            DutyShift(
                account_id=event.successor_id,
                starts_at=gap.starts_at,
                ends_at=gap.ends_at,
                phone=phone,
                created_at=now,
                created_by_id=actor.account_id,
            )
            for gap in uncovered(own, start, end)
        )
    session.flush()
    return len(shifts)


def _take_over_office(session: Session, event: MemberLeaves) -> int:
    member = session.get_one(Account, event.account_id)
    if not member.is_secretary:
        return 0
    member.is_secretary = False
    session.flush()  # a branch has one secretary at any moment
    session.get_one(Account, event.successor_id).is_secretary = True
    session.flush()
    return 1
