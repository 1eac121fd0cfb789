"""How matches end otherwise: a job left, an opening closed, a person gone, a hire elsewhere.

Several matches at once are locked by id, after the resident or the opening they share.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select, update

from webapp import audit, clock
from webapp.access import Actor
from webapp.errors import Forbidden
from webapp.matches import policy
from webapp.matches.decisions import OFFER_DAYS
from webapp.matches.lifecycle import PENDING, TAKEN, MatchAction, MatchState, after
from webapp.matches.models import Match
from webapp.matches.reasons import LeaveReason
from webapp.matches.requests import request_suggestions
from webapp.matches.scopes import visible_match
from webapp.matches.steps import get_opening, lock_resident, moved_on, take_step, takes_people
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.vocabulary import Kind

# Whoever has one of these has work; a course or piecework leaves room for more.
EXCLUSIVE = frozenset({Kind.VACANCY, Kind.VENTURE})


def leave_job(
    session: Session, actor: Actor, *, match_id: int, code: LeaveReason, note: str = ""
) -> Match:
    """End a job: the place is free again, the person looks for work, what rested goes on.

    Matches put to rest by the hire come back to where they stood if their opening still
    takes people; an offer that ran out meanwhile gets a new week.
    """
    match = visible_match(session, actor, match_id)
    if actor.employer_id is None and not policy.can_decide(actor):
        raise Forbidden
    resident = lock_resident(session, match.resident_id)
    session.refresh(match)
    if after(match.state, MatchAction.LEAVE) is None:
        raise moved_on(match.state)
    give_place_back = (
        update(Opening)
        .where(col(Opening.id) == match.opening_id, col(Opening.hired_count) > 0)
        .values(hired_count=col(Opening.hired_count) - 1)
        .execution_options(synchronize_session=False)
    )
    session.exec(give_place_back)
    take_step(
        session,
        actor,
        match,
        MatchAction.LEAVE,
        code=code.value,
        reason=note,
        on_behalf=actor.is_staff,
    )
    if get_opening(session, match).kind in EXCLUSIVE and not _has_other_job(session, resident):
        if resident.state is ResidentState.EMPLOYED:
            resident.state = ResidentState.SEEKING
            resident.updated_at = clock.now()
            session.add(resident)
        _restore(session, actor, match)
    request_suggestions(session, resident_id=match.resident_id)
    return match


def rest_other_matches(session: Session, actor: Actor, hired: Match) -> int:
    """Put the person's other matches to rest, each remembering where it stood."""
    others = locked_matches(
        session, Match.resident_id == hired.resident_id, Match.id != hired.id, states=PENDING
    )
    for match in others:
        take_step(
            session,
            actor,
            match,
            MatchAction.HIRE_ELSEWHERE,
            audited=False,
            previous_state=match.state,
        )
    _forget_suggestions(session, Match.resident_id == hired.resident_id)
    if others:
        audit.record(session, "match.rest_others", hired, count=len(others))
    return len(others)


def close_opening_matches(session: Session, actor: Actor, *, opening_id: int) -> int:
    """End what is under way for an opening that takes nobody any more; return how many.

    The caller has closed the opening in the same transaction. People already taken on stay.
    """
    matches = locked_matches(session, Match.opening_id == opening_id, states=PENDING)
    for match in matches:
        take_step(session, actor, match, MatchAction.CLOSE_OPENING, audited=False)
    _forget_suggestions(session, Match.opening_id == opening_id)
    audit.record(session, "match.close_opening", f"opening:{opening_id}", count=len(matches))
    return len(matches)


def withdraw_all(session: Session, actor: Actor, *, resident_id: int) -> int:
    """Take back all that a resident has under way (paused, moved away); return how many."""
    lock_resident(session, resident_id)
    return _withdraw(session, actor, Match.resident_id == resident_id, resident_id)


def withdraw_from_employer(
    session: Session, actor: Actor, *, resident_id: int, employer_id: int
) -> int:
    """Take back what a resident has under way with an employer whose consent they withdrew."""
    lock_resident(session, resident_id)
    of_employer = col(Match.opening_id).in_(
        select(Opening.id).where(Opening.employer_id == employer_id)
    )
    handed_in = {
        MatchState.SHARED,
        MatchState.APPLIED,
        MatchState.SEEN,
        MatchState.INTERVIEW,
        MatchState.JOB_OFFER,
    }
    matches = locked_matches(
        session, Match.resident_id == resident_id, of_employer, states=handed_in
    )
    return _withdraw_each(session, actor, matches, resident_id)


def _withdraw(session: Session, actor: Actor, condition: object, resident_id: int) -> int:
    matches = locked_matches(session, condition, states=PENDING)
    _forget_suggestions(session, condition)
    return _withdraw_each(session, actor, matches, resident_id)


def _withdraw_each(session: Session, actor: Actor, matches: list[Match], resident_id: int) -> int:
    for match in matches:
        take_step(session, actor, match, MatchAction.WITHDRAW, audited=False)
    audit.record(session, "match.withdraw_all", f"resident:{resident_id}", count=len(matches))
    return len(matches)


def _restore(session: Session, actor: Actor, left: Match) -> None:
    resting = locked_matches(
        session,
        Match.resident_id == left.resident_id,
        col(Match.previous_state).is_not(None),
        states={MatchState.HIRED_ELSEWHERE},
    )
    back = 0
    for match in resting:
        if not takes_people(session, match.opening_id):
            continue
        renewed: dict[str, Any] = {}
        if match.previous_state is MatchState.OFFERED:
            renewed["offered_until"] = clock.today() + timedelta(days=OFFER_DAYS)
        take_step(
            session,
            actor,
            match,
            MatchAction.RESTORE,
            audited=False,
            previous_state=None,
            **renewed,
        )
        back += 1
    if back:
        audit.record(session, "match.restore", left, count=back)


def _has_other_job(session: Session, resident: Resident) -> bool:
    query = (
        select(func.count())
        .select_from(Match)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(
            Match.resident_id == resident.id,
            col(Match.state).in_(TAKEN),
            col(Opening.kind).in_(EXCLUSIVE),
        )
    )
    return session.exec(query).one() > 0


def locked_matches(
    session: Session, *conditions: object, states: frozenset[MatchState] | set[MatchState]
) -> list[Match]:
    query = (
        select(Match)
        .where(*conditions, col(Match.state).in_(states))  # type: ignore[arg-type]
        .order_by(col(Match.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.exec(query).all())


def _forget_suggestions(session: Session, condition: object) -> None:
    """Delete suggestions nobody has decided on; they are computed anew when wanted."""
    session.exec(
        delete(Match).where(
            condition,  # type: ignore[arg-type]
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.postponed_until).is_(None),
        )
    )
