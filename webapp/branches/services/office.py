"""Write where the community's office is and how one gets there."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from webapp.branches import policy
from webapp.branches.models.office import ONLY, OfficeGuide
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden


def write_guide(session: Session, actor: Actor, *, address: str, directions: str) -> OfficeGuide:
    """Write the address and the ways to it over what was said before."""
    if not policy.can_write_guide(actor):
        raise Forbidden
    words = {"address": address, "directions": directions, "updated_at": clock.now()}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(OfficeGuide)
        .values(id=ONLY, **words)
        .on_conflict_do_update(index_elements=["id"], set_=words)
    )
    guide = session.get_one(OfficeGuide, ONLY, populate_existing=True)
    audit.record(session, "office.guide", guide)
    return guide
