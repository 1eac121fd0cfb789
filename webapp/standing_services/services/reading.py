"""Read what was noted of earlier visits: with a reason, each reading in the audit trail."""

from sqlmodel import Session, col, select

from webapp.branches.queries.members import secretary_of
from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.standing_services import policy
from webapp.standing_services.lifecycle import ReadReason
from webapp.standing_services.models import StandingVisit
from webapp.standing_services.services import access

NEWEST = 12


def read_notes(
    session: Session, actor: Actor, *, service_id: int, reason: ReadReason
) -> list[StandingVisit]:
    """Return the newest visits of which something was noted, the newest first."""
    service = access.seen(session, actor, service_id)
    secretary_id = secretary_of(session, service.branch_id)
    if not policy.can_read_notes(actor, service, secretary_id=secretary_id):
        raise NotFound
    visits = session.exec(
        select(StandingVisit)
        .where(StandingVisit.service_id == service.id, col(StandingVisit.note).is_not(None))
        .order_by(col(StandingVisit.id).desc())
        .limit(NEWEST)
    ).all()
    audit.record(
        session, "standing_service.read_notes", service, reason=reason.value, count=len(visits)
    )
    if service.resident_id is not None:  # in the copy of their data they see who read
        audit.record(
            session,
            "resident.visit_notes_read",
            f"resident:{service.resident_id}",
            reason=reason.value,
        )
    return list(visits)
