"""Who calls people of whom it was heard that they want work. Pure."""

from webapp.core.access import Actor, Permission
from webapp.residents.models import Resident
from webapp.residents.policy import cares_for


def can_call(actor: Actor, resident: Resident | None) -> bool:
    """Whether the actor calls: the branch for work, and whoever cares for the resident's file."""
    if not actor.may(Permission.RESIDENT_MANAGE):
        return False
    return actor.serves_all if resident is None else cares_for(actor, resident)
