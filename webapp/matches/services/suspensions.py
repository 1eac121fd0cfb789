"""Matches that rest while somebody has work, and come back when it is over.

Several matches at once are locked by id, after the resident or the opening they share.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.vocabulary import Kind
from webapp.employment.queries import works
from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches.lifecycle import PENDING, TAKEN, MatchAction, MatchOrigin, MatchState
from webapp.matches.models import Match
from webapp.matches.services.staff_decisions import OFFER_DAYS
from webapp.matches.services.transitions import (
    goes_on_elsewhere,
    lock_resident,
    takes_people,
    transition,
)
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState

# These kinds mean having work; a course or piecework leaves room for another match.
EXCLUSIVE = frozenset({Kind.VACANCY, Kind.VENTURE})
# Suspended matches end together with those under way.
RESTING = frozenset({MatchState.HIRED_ELSEWHERE})


def suspend_matches(session: Session, actor: Actor, *, resident_id: int, subject: Any) -> int:
    """Suspend what a person has under way (HIRED_ELSEWHERE), keeping each one's state.

    ``subject`` is what the audit trail names: the match they were hired for, which is left out,
    or the person.
    """
    conditions: list[Any] = [Match.resident_id == resident_id]
    if isinstance(subject, Match):
        conditions.append(Match.id != subject.id)
    others = locked_matches(session, *conditions, states=PENDING)
    for match in others:
        transition(
            session,
            actor,
            match,
            MatchAction.HIRE_ELSEWHERE,
            audited=False,
            previous_state=match.state,
        )
    delete_suggestions(session, Match.resident_id == resident_id)
    if others:
        audit.record(session, "match.suspend_others", subject, count=len(others))
    return len(others)


def restore_matches(
    session: Session, actor: Actor, *conditions: object, resident_id: int, subject: Any
) -> None:
    """Resume a person's suspended matches whose openings still take people.

    An offer that expired meanwhile gets a new week.
    """
    resting = locked_matches(
        session,
        *conditions,
        Match.resident_id == resident_id,
        col(Match.previous_state).is_not(None),
        states=RESTING,
    )
    back = 0
    for match in resting:
        if not takes_people(session, match.opening_id):
            continue
        renewed: dict[str, Any] = {}
        if match.previous_state is MatchState.OFFERED:
            renewed["offered_until"] = clock.today() + timedelta(days=OFFER_DAYS)
        transition(
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
        audit.record(session, "match.restore", subject, count=back)


def rest_for_work(session: Session, actor: Actor, *, resident_id: int) -> None:
    """Have somebody looked for no more who found work by themself."""
    resident = lock_resident(session, resident_id)
    if resident.state not in {ResidentState.SEEKING, ResidentState.PAUSED}:
        return
    _stand(session, resident, ResidentState.EMPLOYED)
    suspend_matches(session, actor, resident_id=resident_id, subject=resident)


def look_again(session: Session, actor: Actor, *, resident_id: int, ended: bool) -> None:
    """Have somebody looked for again: they said so, or their last work has ``ended``.

    Whoever has ended one job and has another one goes on as before.
    """
    resident = lock_resident(session, resident_id)
    at_rest = {ResidentState.EMPLOYED} if ended else {ResidentState.EMPLOYED, ResidentState.PAUSED}
    if resident.state not in at_rest or (ended and has_work(session, resident_id)):
        return
    _stand(session, resident, ResidentState.SEEKING)
    if not has_work(session, resident_id):
        restore_matches(session, actor, resident_id=resident_id, subject=resident)
    request_suggestions(session, resident_id=resident_id)


def _stand(session: Session, resident: Resident, state: ResidentState) -> None:
    resident.state, resident.updated_at = state, clock.now()
    session.add(resident)
    session.flush()


def has_work(session: Session, resident_id: int) -> bool:
    """Whether somebody has a job or a stall: through the portal, or on record otherwise."""
    query = (
        select(func.count())
        .select_from(Match)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(
            Match.resident_id == resident_id,
            col(Match.state).in_(TAKEN),
            col(Opening.kind).in_(EXCLUSIVE),
        )
    )
    return session.exec(query).one() > 0 or works(session, resident_id)


def locked_matches(
    session: Session, *conditions: object, states: frozenset[MatchState] | set[MatchState]
) -> list[Match]:
    """Return the matches in one of the states, locked by id; none that goes on elsewhere."""
    query = (
        select(Match)
        .where(*conditions, col(Match.state).in_(states), ~goes_on_elsewhere())  # type: ignore[arg-type]
        .order_by(col(Match.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.exec(query).all())


def forget_suggestions(session: Session, *, resident_id: int) -> None:
    """Delete a resident's suggestions that nobody has decided on: their file says otherwise now."""
    lock_resident(session, resident_id)
    delete_suggestions(session, Match.resident_id == resident_id)


def delete_suggestions(session: Session, condition: object) -> None:
    """Delete suggestions nobody has decided on; they are computed anew when wanted."""
    session.exec(
        delete(Match).where(
            condition,  # type: ignore[arg-type]
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.origin) != MatchOrigin.EMPLOYER,  # whose wish is on record
            col(Match.postponed_until).is_(None),
        )
    )
