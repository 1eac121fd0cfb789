"""Who may read and write in a thread, and decide about what was reported. Pure."""

from webapp.core.access import Actor, Permission
from webapp.matches.lifecycle import TAKEN, MatchState
from webapp.messages.models import Side

# In these states the employer may write; after a refusal or a leaving they only read.
EMPLOYER_WRITES = frozenset(
    {MatchState.APPLIED, MatchState.SEEN, MatchState.INTERVIEW, MatchState.JOB_OFFER, *TAKEN}
)


def can_write(actor: Actor, *, side: Side, state: MatchState, gone: bool) -> bool:
    """Whether a reader of the thread may write in it; nobody writes to who has left (``gone``)."""
    if gone or actor.account_id is None:
        return False
    return side is not Side.EMPLOYER or state in EMPLOYER_WRITES


def can_write_on_behalf(actor: Actor, *, side: Side, assisted: bool) -> bool:
    """Whether the actor may write down what an assisted resident says."""
    return side is Side.STAFF and assisted and actor.is_staff


def can_judge(actor: Actor, *, author_id: int | None) -> bool:
    """Whether the actor decides about a reported message: staff, but never about their own."""
    return actor.may(Permission.MATCH_DECIDE) and actor.account_id != author_id
