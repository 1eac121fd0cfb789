"""Who may do what with a resident's employment spells. Employers see none of them."""

from webapp.core.access import Actor
from webapp.employment.lifecycle import Evidence
from webapp.employment.models import EmploymentSpell
from webapp.residents import policy as residents
from webapp.residents.models import Resident


def can_record(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may say what the person does: the person, or staff who care for them."""
    return residents.can_edit(actor, resident)


def can_verify(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may say that they have seen the evidence."""
    return actor.is_staff and residents.can_edit(actor, resident)


def can_withdraw(actor: Actor, resident: Resident, spell: EmploymentSpell) -> bool:
    """Whether the actor may take a spell back; a person only what rests on their own word."""
    if residents.is_self(actor, resident):
        return spell.evidence is Evidence.OWN_WORD and can_record(actor, resident)
    return can_verify(actor, resident)
