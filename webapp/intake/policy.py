"""Who may hand in a text, who reads it, and for how long. Pure."""

from datetime import datetime, timedelta

from webapp.core.access import Actor, Permission
from webapp.intake.models import PastedKind, PastedText
from webapp.openings import policy as openings
from webapp.residents import policy as residents

#: A text is deleted before it is this old: the job that does it looks every five minutes.
KEPT = timedelta(hours=24)
LOOKED_EVERY = timedelta(minutes=5)


def can_paste(actor: Actor, kind: PastedKind) -> bool:
    """Whether the actor may hand in a text: what is made of it is theirs to write."""
    if kind is PastedKind.RESIDENT:
        return residents.can_register_assisted(actor)
    own = actor.may(Permission.OPENING_SUBMIT) and actor.employer_id is not None
    return own or openings.can_review(actor)


def can_read(actor: Actor, pasted: PastedText, *, now: datetime) -> bool:
    """Whether the actor may read the text: whoever pasted it, while it is kept."""
    own = actor.account_id is not None and actor.account_id == pasted.account_id
    return own and can_paste(actor, pasted.kind) and pasted.created_at > expired_before(now)


def expired_before(now: datetime) -> datetime:
    """Return the moment up to which texts have had their time, the next look included."""
    return now - KEPT + LOOKED_EVERY
