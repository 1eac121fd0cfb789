"""Who may do what with policies and what people ask of them. Pure."""

from webapp.core.access import Actor, Permission
from webapp.residents import policy as residents
from webapp.residents.models import Resident


def can_write(actor: Actor) -> bool:
    """Whether the actor confirms the policies' texts and says where the counters are."""
    return actor.may(Permission.RULE_WRITE)


def can_look_for_claims(actor: Actor) -> bool:
    """Whether the actor may look through their own residents for what they could claim."""
    return actor.is_staff and actor.may(Permission.RESIDENT_MANAGE)


def can_note_claim(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may note how far somebody is: the person, or staff who care for them."""
    return residents.can_edit(actor, resident)
