"""Keep a suggestion in step with what its yes begins (an enrolment, a case): both go together."""

from sqlmodel import Session, select

from webapp.core.access import Actor
from webapp.matches.lifecycle import (
    OPEN_TO_DIRECT_APPLICATION,
    MatchAction,
    MatchOrigin,
    MatchState,
)
from webapp.matches.models import Match
from webapp.matches.services.transitions import transition
from webapp.openings.models import Opening


def settle(session: Session, actor: Actor, opening: Opening, resident_id: int) -> None:
    """Have a suggestion of this opening end where what it leads to begins: interested."""
    query = select(Match).where(Match.resident_id == resident_id, Match.opening_id == opening.id)
    # Read anew: this may be the reaction to a step of it just written.
    match = session.exec(query.execution_options(populate_existing=True)).first()
    if match is None or match.state not in OPEN_TO_DIRECT_APPLICATION:
        return
    offered = match.state in {MatchState.OFFERED, MatchState.NO_REPLY}
    transition(
        session,
        actor,
        match,
        MatchAction.SAY_INTERESTED if offered else MatchAction.APPLY_DIRECTLY,
        on_behalf=actor.is_staff,
        origin=match.origin if offered else MatchOrigin.RESIDENT,
    )


def withdraw(session: Session, actor: Actor, opening_id: int, resident_id: int) -> None:
    """Take back the yes to a suggestion with what it began."""
    query = select(Match).where(
        Match.resident_id == resident_id,
        Match.opening_id == opening_id,
        Match.state == MatchState.INTERESTED,
    )
    match = session.exec(query.execution_options(populate_existing=True)).first()
    if match is not None:
        transition(session, actor, match, MatchAction.WITHDRAW, on_behalf=actor.is_staff)
