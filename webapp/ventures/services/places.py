"""A venture's places: which are free, and what its opening says of them."""

from sqlmodel import Session, col, select, update

from webapp.core import clock
from webapp.openings.models import Opening
from webapp.ventures.lifecycle import HOLDING, Allocation
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import Venture


def taken(session: Session, venture_id: int) -> set[int]:
    """Return the numbers of the places that somebody holds."""
    rows = session.exec(
        select(VentureCase.place_no).where(
            VentureCase.venture_id == venture_id,
            col(VentureCase.state).in_(HOLDING),
            col(VentureCase.place_no).is_not(None),
        )
    )
    return {number for number in rows if number is not None}


def free_places(session: Session, venture: Venture) -> list[int]:
    """Return the numbers of the places that nobody holds, the lowest first."""
    held = taken(session, venture.id)
    return [number for number in range(1, venture.places + 1) if number not in held]


def sync_opening(session: Session, venture: Venture) -> None:
    """Bring the number of free places into the opening, by which it is matched and shown."""
    if venture.allocation is Allocation.OPEN:
        return
    free = len(free_places(session, venture))
    session.exec(
        update(Opening)
        .where(col(Opening.id) == venture.opening_id)
        .values(updated_at=clock.now(), headcount=col(Opening.hired_count) + free)
        .execution_options(synchronize_session=False)
    )
    session.refresh(session.get_one(Opening, venture.opening_id))
