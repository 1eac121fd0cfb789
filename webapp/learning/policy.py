"""Who may decide which model makes the suggestions."""

from webapp.core.access import SYSTEM, Actor, Permission


def can_manage(actor: Actor) -> bool:
    """Whether the actor may have models trained and put in use."""
    return actor is SYSTEM or actor.may(Permission.MODEL_MANAGE)
