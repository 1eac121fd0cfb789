"""Silent employers: two reminders, then the resident is told.

Silence never rejects anybody: the match stays where it is until a person decides.
"""

from datetime import timedelta

from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import SYSTEM
from webapp.matches.lifecycle import AWAITS_EMPLOYER, MatchAction
from webapp.matches.models import Match
from webapp.matches.services.suspensions import locked_matches
from webapp.matches.services.transitions import take_note
from webapp.rulebook.figures import rule

# What is noted after how many days (rules.csv), in order; ``Match.chases`` counts them.
STAGES = (
    ("employer_first_chase_days", MatchAction.CHASE),
    ("employer_second_chase_days", MatchAction.CHASE),
    ("employer_silence_told_days", MatchAction.TELL_SILENT),
)
TOLD = len(STAGES)


def chase_employers(session: Session) -> int:
    """Note every silence that has reached its next stage, once each; return how many.

    After a pause of the scheduler only the latest stage is noted: nobody is asked twice in a
    minute.
    """
    noted = 0
    for stage in range(TOLD, 0, -1):
        name, action = STAGES[stage - 1]
        days = rule(name, on=clock.today())
        silent = locked_matches(
            session,
            col(Match.asked_at) <= clock.now() - timedelta(days=days),
            col(Match.chases) < stage,
            states=AWAITS_EMPLOYER,
        )
        for match in silent:
            match.chases = stage
            session.add(match)
            take_note(session, SYSTEM, match, action, reason=str(days))
        noted += len(silent)
    if noted:
        audit.record(session, "match.chase", "employer", count=noted)
    return noted
