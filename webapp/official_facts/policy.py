"""Who may do what with official facts: staff alone; employers see none of them. Pure."""

from webapp.core.access import Actor
from webapp.residents import policy as residents
from webapp.residents.models import Resident


def can_record(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may record, end or withdraw a fact."""
    return actor.is_staff and residents.can_edit(actor, resident)


def can_read_ground(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may read on which ground somebody is recognised, saying why."""
    return residents.can_reveal(actor, resident)
