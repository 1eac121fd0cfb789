"""Offers that nobody answered in time."""

from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.matches.lifecycle import MatchAction, MatchState
from webapp.matches.models import Match
from webapp.matches.services.suspensions import locked_matches
from webapp.matches.services.transitions import transition


def time_out_offers(session: Session) -> int:
    """Note offers whose last day has passed without an answer; return how many.

    Nothing else follows from it: it can be answered still, and no list counts it as a refusal.
    """
    late = locked_matches(
        session, col(Match.offered_until) < clock.today(), states={MatchState.OFFERED}
    )
    for match in late:
        transition(session, SYSTEM, match, MatchAction.TIME_OUT, audited=False)
    return len(late)
