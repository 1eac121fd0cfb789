"""Find a standing service for somebody who may see it; another's is not there (404)."""

from sqlmodel import Session, select

from webapp.branches.queries.members import secretary_of
from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.standing_services import policy
from webapp.standing_services.models import StandingService


def seen(session: Session, actor: Actor, service_id: int) -> StandingService:
    """Return a service of the actor's branch."""
    service = session.get(StandingService, service_id)
    if service is None or not policy.can_see(actor, service):
        raise NotFound
    return service


def locked(session: Session, service_id: int) -> StandingService:
    """Return a service as it stands, kept from other writers until the transaction ends."""
    service = session.exec(
        select(StandingService)
        .where(StandingService.id == service_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if service is None:
        raise NotFound
    return service


def arranged(session: Session, actor: Actor, service_id: int) -> StandingService:
    """Return a service of the actor's branch, locked to be changed."""
    service = locked(session, service_id)
    if not policy.can_see(actor, service):
        raise NotFound
    return service


def to_visit(session: Session, actor: Actor, service_id: int) -> StandingService:
    """Return a service whose visits the actor writes down, locked."""
    service = locked(session, service_id)
    secretary_id = secretary_of(session, service.branch_id)
    if not policy.goes_there(actor, service, secretary_id=secretary_id):
        raise NotFound
    return service
