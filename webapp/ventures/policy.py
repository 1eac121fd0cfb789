"""Who may do what with ventures and cases. Pure."""

from datetime import date

from webapp.core.access import Actor, Permission
from webapp.openings.models import Opening
from webapp.openings.policy import is_open
from webapp.residents.models import Resident
from webapp.residents.policy import cares_for
from webapp.ventures.lifecycle import Allocation, CaseState, MentorState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import Venture


def can_manage(actor: Actor) -> bool:
    """Whether the actor posts ventures, gives out places and keeps the cases."""
    return actor.may(Permission.VENTURE_MANAGE)


def can_answer(actor: Actor, *, resident_id: int) -> bool:
    """Whether the actor applies and answers for this person: themself, or staff for them."""
    own = actor.resident_id is not None and actor.resident_id == resident_id
    return (own and actor.may(Permission.VENTURE_OWN)) or can_manage(actor)


def is_mentor(actor: Actor, case: VentureCase) -> bool:
    """Whether the actor was asked to stand by this person and has not said no."""
    stands = case.mentor_state in {MentorState.ASKED, MentorState.AGREED}
    return stands and actor.account_id is not None and case.mentor_id == actor.account_id


def can_read(actor: Actor, case: VentureCase, resident: Resident) -> bool:
    """Whether the actor reads plan, months and visits: the person, their mentor, their staff."""
    own = actor.resident_id is not None and actor.resident_id == case.resident_id
    if own and actor.may(Permission.VENTURE_OWN):
        return True
    return can_manage(actor) and (cares_for(actor, resident) or is_mentor(actor, case))


def can_keep(actor: Actor, case: VentureCase, resident: Resident) -> bool:
    """Whether the actor opens and closes the case, and names its mentor: staff who care for it."""
    return can_manage(actor) and cares_for(actor, resident)


def can_visit(actor: Actor, case: VentureCase, resident: Resident) -> bool:
    """Whether the actor writes down a visit: staff, or the mentor who said yes."""
    agreed = is_mentor(actor, case) and case.mentor_state is MentorState.AGREED
    return can_manage(actor) and (cares_for(actor, resident) or agreed)


def takes_entries(venture: Venture, opening: Opening, *, frozen: bool, on: date) -> bool:
    """Whether somebody may still apply: public, in time, a place to give, the list not frozen."""
    room = venture.allocation is Allocation.OPEN or opening.places_left > 0
    return is_open(opening, on=on) and room and not frozen


def may_be_withdrawn(case: VentureCase) -> bool:
    """Whether the person may take their application back by themself."""
    return case.state in {CaseState.APPLIED, CaseState.OFFERED}
