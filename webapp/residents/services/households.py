"""Where people live: placed by staff, alone for the time being, or moved out on their own."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import SYSTEM
from webapp.core.errors import Conflict, Fault
from webapp.residents.models import Household, Resident, ResidentState
from webapp.residents.unit_address import ESTATE, known_unit_address


def provisional(session: Session, unit_address: str) -> Household:
    """Return a new household of somebody alone, whatever is known of the address.

    An empty address is one that nobody has asked for yet.
    """
    usual = known_unit_address(unit_address, on=clock.today()) if unit_address else ""
    household = Household(
        unit_address=usual, place=ESTATE, provisional=True, created_at=clock.now()
    )
    session.add(household)
    session.flush()
    audit.record(session, "household.create", household)
    return household


def household_of(session: Session, unit_address: str) -> Household:
    """Return the household at a unit address, locked; a new one if nobody was there.

    For staff alone: it opens the household to whoever is put into it.
    """
    usual = known_unit_address(unit_address, on=clock.today())
    behind_it = (
        select(Household)
        .where(
            Household.place == ESTATE,
            Household.unit_address == usual,
            ~col(Household.provisional),
        )
        .with_for_update()  # so that nobody of one name registers here twice at once
    )
    household = session.exec(behind_it).first()
    if household is not None:
        return household
    household = Household(unit_address=usual, place=ESTATE, created_at=clock.now())
    try:
        with session.begin_nested():
            session.add(household)
    except IntegrityError:  # somebody else was first
        return session.exec(behind_it).one()
    audit.record(session, "household.create", household)
    return household


def place(session: Session, resident: Resident, unit_address: str) -> bool:
    """Put a person where staff know them to live; return whether anything changed."""
    household = household_of(session, unit_address)
    if household.id == resident.household_id and resident.placed:
        return False
    if household.id != resident.household_id:
        refuse_unfinished(session, resident)
    resident.household_id = household.id
    resident.placed = True
    resident.joined_at = None
    return True


def move_out(session: Session, resident: Resident, unit_address: str) -> bool:
    """Note the address a person gives: they live there alone until somebody says otherwise.

    Somebody alone takes their household along, with its work and passbook; another leaves the
    household to its other members. Returns whether anything changed.
    """
    household = session.get_one(Household, resident.household_id)
    usual = known_unit_address(unit_address, on=clock.today())
    if usual == household.unit_address:
        return False
    if lives_alone(session, resident):
        household.unit_address = usual
        household.provisional = True
        session.add(household)
    else:
        resident.household_id = provisional(session, usual).id
        resident.joined_at = None
    resident.placed = False
    return True


def lives_alone(session: Session, resident: Resident) -> bool:
    """Whether nobody else is recorded in the person's household."""
    others = session.exec(
        select(func.count()).where(
            col(Resident.household_id) == resident.household_id,
            col(Resident.id) != resident.id,
            col(Resident.state) != ResidentState.LEFT,
        )
    ).one()
    return others == 0


def refuse_unfinished(session: Session, resident: Resident) -> None:
    """Raise :class:`Conflict` while the last person of a household has work of it in hand."""
    faults: list[Fault] = []
    if lives_alone(session, resident):
        events.announce(session, SYSTEM, events.HouseholdEmptied(resident.household_id, faults))
    if faults:
        raise Conflict("；".join(fault.message for fault in faults))
