"""Who may do what with a resident's file. Employers ask :mod:`webapp.matches.policy`."""

from datetime import date

from webapp.core.access import Actor, Permission
from webapp.core.formatting import age_on
from webapp.residents.models import Resident, ResidentState

ADULT = 18  # 民法典第十七条


def is_self(actor: Actor, resident: Resident) -> bool:
    """Whether the actor is this resident."""
    return actor.resident_id is not None and actor.resident_id == resident.id


def can_view(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may read the file, its sensitive facts apart."""
    return is_self(actor, resident) or actor.may(Permission.RESIDENT_MANAGE)


def cares_for(actor: Actor, resident: Resident) -> bool:
    """Whether the actor's branch looks after this person: their own branch, or the one for work."""
    own_branch = actor.branch_id is not None and actor.branch_id == resident.branch_id
    return actor.may(Permission.RESIDENT_MANAGE) and (actor.serves_all or own_branch)


def can_edit(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may change the file; not after the resident has left.

    Members of other branches read it, to help the person on the spot, and change nothing.
    """
    return (
        is_self(actor, resident) or cares_for(actor, resident)
    ) and resident.state is not ResidentState.LEFT


def can_reveal(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may read a sensitive fact, saying why."""
    return actor.is_staff and cares_for(actor, resident)


def can_find_by_allowance(actor: Actor) -> bool:
    """Whether the actor may list people by their allowance: of whom they may reveal it."""
    return actor.is_staff and (actor.serves_all or actor.branch_id is not None)


def can_register_assisted(actor: Actor) -> bool:
    """Whether the actor may register somebody who told them so."""
    return actor.is_staff and actor.may(Permission.RESIDENT_MANAGE)


def can_open_account(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may hand an account to a resident who has none."""
    return can_register_assisted(actor) and resident.assisted and can_edit(actor, resident)


def can_reset_password(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may give a resident who comes in person a new password."""
    return actor.is_staff and not resident.assisted and can_edit(actor, resident)


def can_assign(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may name the member responsible for the resident's household."""
    return actor.is_staff and can_edit(actor, resident)


def can_end(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may end the service: the person, or staff told so by one they assist."""
    told = actor.is_staff and resident.assisted
    return can_edit(actor, resident) and (is_self(actor, resident) or told)


def can_verify_phone(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may record that the number of the person's account is theirs."""
    return actor.is_staff and not resident.assisted and can_edit(actor, resident)


def is_adult(resident: Resident, *, on: date) -> bool | None:
    """Whether the person is of age on that day; ``None`` when the birth date is not known."""
    age = age_on(resident.birth_date, on)
    return None if age is None else age >= ADULT


def can_vouch(resident: Resident, *, verified: bool, household_id: int | None, on: date) -> bool:
    """Whether a member may say yes to somebody who asks to join their household.

    Of age for sure, proven by telephone, and placed there by staff: so that nobody who was let
    in lets others in.
    """
    own = household_id is not None and resident.household_id == household_id
    return own and verified and resident.placed and is_adult(resident, on=on) is True


def can_object(resident: Resident, *, household_id: int | None, on: date) -> bool:
    """Whether a member may say no: any of the household who is not known to be a child."""
    own = household_id is not None and resident.household_id == household_id
    return (
        own and resident.state is not ResidentState.LEFT and is_adult(resident, on=on) is not False
    )


def can_decide_joining(actor: Actor) -> bool:
    """Whether the actor decides, as staff, who lives where."""
    return actor.is_staff and actor.may(Permission.RESIDENT_MANAGE)
