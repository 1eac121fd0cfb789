"""Who may do what with a trial day. Pure."""

from webapp.core.access import Actor, Permission
from webapp.trials.lifecycle import Party


def can_decide(actor: Actor) -> bool:
    """Whether the actor keeps the branch's list, and records what the other two said."""
    return actor.may(Permission.MATCH_DECIDE)


def party_of(actor: Actor, *, resident_id: int, employer_id: int) -> Party | None:
    """Return as whom the actor takes part in a trial day of these two; ``None`` for others."""
    if actor.may(Permission.MATCH_ANSWER) and actor.resident_id == resident_id:
        return Party.RESIDENT
    if actor.may(Permission.MATCH_HIRE) and actor.employer_id == employer_id:
        return Party.EMPLOYER
    return Party.STAFF if can_decide(actor) else None


def can_speak_for(party: Party, side: Party) -> bool:
    """Whether somebody's word counts as the word of ``side``: their own, or staff who asked."""
    return side is not Party.STAFF and party in {side, Party.STAFF}
