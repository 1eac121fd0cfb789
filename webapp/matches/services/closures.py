"""Matches that end: job left, opening closed, person gone.

Several matches at once are locked by id, after the resident or the opening they share.
"""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden
from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches import policy
from webapp.matches.lifecycle import HANDED_IN, PENDING, MatchAction, after
from webapp.matches.models import Match, MatchEvent
from webapp.matches.reason_codes import LeaveReason
from webapp.matches.services.access import visible_match
from webapp.matches.services.suspensions import (
    EXCLUSIVE,
    RESTING,
    delete_suggestions,
    has_work,
    locked_matches,
    restore_matches,
)
from webapp.matches.services.transitions import (
    get_opening,
    lock_resident,
    state_conflict,
    transition,
)
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState

_ENDED = frozenset({OpeningState.EXPIRED, OpeningState.CLOSED})


def leave_job(
    session: Session, actor: Actor, *, match_id: int, code: LeaveReason, note: str = ""
) -> Match:
    """End a job: the place is free, the person seeks again, suspended matches resume.

    Done by the person, their employer, or staff on behalf of either. Matches suspended by the
    hire return to their former state if the opening still takes people; an offer that expired
    meanwhile gets a new week.
    """
    match = visible_match(session, actor, match_id)
    if actor.employer_id is None and not policy.can_answer(actor, resident_id=match.resident_id):
        raise Forbidden
    resident = _locked(session, match, MatchAction.LEAVE)
    _give_place_back(session, match)
    transition(
        session,
        actor,
        match,
        MatchAction.LEAVE,
        code=code.value,
        reason=note,
        on_behalf=actor.is_staff,
        previous_state=None,
    )
    _back_in_the_pool(session, actor, resident, match)
    return match


def undo_hire(session: Session, actor: Actor, *, match_id: int, reason: str = "") -> Match:
    """Undo a hire recorded by mistake: everything returns to its former state.

    The place is free again and suspended matches resume. If the opening has ended meanwhile,
    the match ends with it. Raises :class:`Conflict` for a job that
    was never noted here step by step (an imported one): that one is ended by leaving.
    """
    match = visible_match(session, actor, match_id)
    if actor.employer_id is None and not policy.can_decide(actor):
        raise Forbidden
    resident = _locked(session, match, MatchAction.UNDO_HIRE)
    hired_at = _hired_at(session, match)
    _give_place_back(session, match)
    transition(
        session,
        actor,
        match,
        MatchAction.UNDO_HIRE,
        reason=reason,
        on_behalf=actor.is_staff,
        previous_state=None,
        start_date=None,
        evidence="",
    )
    _back_in_the_pool(session, actor, resident, match, rested_since=hired_at)
    if get_opening(session, match).state in _ENDED:
        transition(session, actor, match, MatchAction.CLOSE_OPENING)
    return match


def _hired_at(session: Session, match: Match) -> datetime | None:
    steps = select(func.max(MatchEvent.at)).where(
        MatchEvent.match_id == match.id, MatchEvent.action == MatchAction.HIRE.value
    )
    return session.exec(steps).one()


def _locked(session: Session, match: Match, action: MatchAction) -> Resident:
    """Return the match's resident, locked; refuse when the match has moved on meanwhile."""
    resident = lock_resident(session, match.resident_id)
    session.refresh(match)
    if after(match.state, action, match.previous_state) is None:
        raise state_conflict(match.state)
    return resident


def _give_place_back(session: Session, match: Match) -> None:
    freed = (
        update(Opening)
        .where(col(Opening.id) == match.opening_id, col(Opening.hired_count) > 0)
        .values(hired_count=col(Opening.hired_count) - 1)
        .execution_options(synchronize_session=False)
    )
    session.exec(freed)


def _back_in_the_pool(
    session: Session,
    actor: Actor,
    resident: Resident,
    match: Match,
    *,
    rested_since: datetime | None = None,
) -> None:
    """Set the person to seeking and resume suspended matches.

    While the person has another job, matches stay suspended, except those suspended since
    ``rested_since`` by a hire that is being undone.
    """
    request_suggestions(session, resident_id=match.resident_id)
    if get_opening(session, match).kind not in EXCLUSIVE:
        return
    if has_work(session, resident.id):
        if rested_since is not None:
            restore_matches(
                session,
                actor,
                col(Match.since) >= rested_since,
                resident_id=resident.id,
                subject=match,
            )
        return
    if resident.state is ResidentState.EMPLOYED:
        resident.state = ResidentState.SEEKING
        resident.updated_at = clock.now()
        session.add(resident)
    restore_matches(session, actor, resident_id=resident.id, subject=match)


def close_opening_matches(session: Session, actor: Actor, *, opening_id: int) -> int:
    """End what is under way for an opening that takes nobody any more; return how many.

    The caller has closed the opening in the same transaction. People already taken on stay.
    """
    return _close(session, actor, Match.opening_id == opening_id, f"opening:{opening_id}")


def end_matches_of_employer(session: Session, actor: Actor, *, employer_id: int) -> int:
    """End what is under way with an employer that is closed for good; return how many.

    The caller has closed the employer or its openings in the same transaction. Jobs that people
    have there go on; residents read that the opening has ended.
    """
    of_employer = col(Match.opening_id).in_(
        select(Opening.id).where(Opening.employer_id == employer_id)
    )
    return _close(session, actor, of_employer, f"employer:{employer_id}")


def _close(session: Session, actor: Actor, condition: object, subject: str) -> int:
    matches = locked_matches(session, condition, states=PENDING)
    for match in matches:
        transition(session, actor, match, MatchAction.CLOSE_OPENING, audited=False)
    delete_suggestions(session, condition)
    audit.record(session, "match.close_opening", subject, count=len(matches))
    return len(matches)


def withdraw_all(session: Session, actor: Actor, *, resident_id: int) -> int:
    """Take back all that a resident has under way (paused, moved away); return how many."""
    lock_resident(session, resident_id)
    return _withdraw(session, actor, Match.resident_id == resident_id, resident_id)


def withdraw_from_employer(
    session: Session, actor: Actor, *, resident_id: int, employer_id: int
) -> int:
    """Take back what a resident has under way with an employer whose consent they withdrew.

    Also what rests for a hire elsewhere: it could not come back to an employer who may not look.
    """
    lock_resident(session, resident_id)
    of_employer = col(Match.opening_id).in_(
        select(Opening.id).where(Opening.employer_id == employer_id)
    )
    matches = [
        match
        for match in locked_matches(
            session, Match.resident_id == resident_id, of_employer, states=HANDED_IN | RESTING
        )
        if match.state in HANDED_IN or match.previous_state in HANDED_IN
    ]
    return _withdraw_each(session, actor, matches, resident_id)


def _withdraw(session: Session, actor: Actor, condition: object, resident_id: int) -> int:
    matches = locked_matches(session, condition, states=PENDING | RESTING)
    delete_suggestions(session, condition)
    return _withdraw_each(session, actor, matches, resident_id)


def _withdraw_each(session: Session, actor: Actor, matches: list[Match], resident_id: int) -> int:
    for match in matches:
        transition(session, actor, match, MatchAction.WITHDRAW, audited=False, previous_state=None)
    audit.record(session, "match.withdraw_all", f"resident:{resident_id}", count=len(matches))
    return len(matches)
