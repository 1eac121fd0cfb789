"""Who may run draws. Pure."""

from webapp.core.access import SYSTEM, Actor, Permission


def can_run(actor: Actor) -> bool:
    """Whether the actor freezes lists and types results in: a member of staff."""
    return actor.is_staff and actor.may(Permission.DRAW_RUN)


def can_freeze(actor: Actor) -> bool:
    """Whether the actor may open and freeze a draw: staff, or a scheduled job."""
    return actor is SYSTEM or can_run(actor)
