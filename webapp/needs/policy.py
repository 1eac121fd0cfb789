"""Who may tell a need, and who answers it. Pure."""

from webapp.core.access import Actor, Permission


def can_tell(actor: Actor) -> bool:
    """Whether the actor acts for an employer that may offer work."""
    return actor.may(Permission.OPENING_SUBMIT) and actor.employer_id is not None


def can_answer(actor: Actor) -> bool:
    """Whether the actor finds people for employers."""
    return actor.may(Permission.OPENING_REVIEW)
