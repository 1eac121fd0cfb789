"""Who may confirm a wage, and who may ask for, agree to, see and revoke a statement. Pure."""

from datetime import date

from webapp.core.access import Actor, Permission
from webapp.core.vocabulary import Kind
from webapp.matches.lifecycle import TAKEN, MatchState
from webapp.residents import policy as residents
from webapp.residents.models import Resident, ResidentState

WORKED = TAKEN | {MatchState.LEFT}


def can_confirm(actor: Actor, *, kind: Kind, state: MatchState) -> bool:
    """Whether an employer who may see this match may say what it paid: only of a hire."""
    return actor.may(Permission.MATCH_HIRE) and kind is Kind.VACANCY and state in WORKED


def can_object(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may say that a confirmed wage is wrong: the person, or staff told so."""
    return residents.can_edit(actor, resident)


def can_speak_for(actor: Actor, resident: Resident) -> bool:
    """Whether the actor's word is the person's own agreement: theirs, or staff who were told."""
    return residents.can_edit(actor, resident)


def must_agree(resident: Resident, *, on: date) -> bool:
    """Whether a household's statement needs this member's agreement: all but known children."""
    is_child = residents.is_adult(resident, on=on) is False
    return resident.state is not ResidentState.LEFT and not is_child
