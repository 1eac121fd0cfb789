"""What a member answers for in the branches themselves: counted, and moved when they leave."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.lifecycle import ActivityState, CallState, HelpState, PromiseState
from webapp.branches.models.commitments import BranchActivity, BranchPromise
from webapp.branches.models.rota import DutyShift
from webapp.branches.models.volunteering import HelpCall, HelpWanted
from webapp.branches.queries.rota import uncovered
from webapp.branches.services.pairs import count_pairs, hand_over_pairs
from webapp.core import clock
from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves

_OPEN = col(BranchPromise.state) == PromiseState.OPEN
_PLANNED = col(BranchActivity.state) == ActivityState.PLANNED
_WANTED = col(HelpWanted.state) == HelpState.OPEN


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add what a member answers for here."""
    member = event.account_id
    event.add(_("承诺"), count_pairs(session, member, BranchPromise, _OPEN))
    event.add(_("活动"), count_pairs(session, member, BranchActivity, _PLANNED))
    event.add(_("找志愿者的事"), count_pairs(session, member, HelpWanted, _WANTED))
    event.add(_("答应了去帮的忙"), len(_calls_ahead(session, member)))
    event.add(_("值班"), len(_shifts_ahead(session, member)))
    event.add(_("支部书记"), int(session.get_one(Account, member).is_secretary))


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Move it to the successor; return how many things."""
    return (
        hand_over_pairs(session, event, BranchPromise, _OPEN)
        + hand_over_pairs(session, event, BranchActivity, _PLANNED)
        + hand_over_pairs(session, event, HelpWanted, _WANTED)
        + _take_over_calls(session, actor, event)
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


def _calls_ahead(session: Session, account_id: int) -> list[HelpCall]:
    """Return what a member was asked to help with and has not said no to, while it is open."""
    return list(
        session.exec(
            select(HelpCall)
            .join(HelpWanted, col(HelpWanted.id) == HelpCall.help_id)
            .where(
                HelpCall.account_id == account_id,
                col(HelpCall.state).in_((CallState.ASKED, CallState.YES)),
                _WANTED,
                HelpWanted.ends_at > clock.now(),
            )
            .order_by(col(HelpCall.id))
        )
    )


def _take_over_calls(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Ask the successor in the leaving member's stead: yes or no they say themselves."""
    calls = _calls_ahead(session, event.account_id)
    for call in calls:
        call.state, call.answered_at = CallState.NO, clock.now()
        session.add(call)
        asked = session.exec(
            select(HelpCall.id).where(
                HelpCall.help_id == call.help_id, HelpCall.account_id == event.successor_id
            )
        ).first()
        if asked is None:
            session.add(
                HelpCall(
                    help_id=call.help_id,
                    account_id=event.successor_id,
                    state=CallState.ASKED,
                    asked_at=clock.now(),
                    asked_by_id=actor.account_id,
                )
            )
    session.flush()
    return len(calls)


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
