"""What is kept of somebody who is visited: a copy for them, and what is erased at their word."""

from typing import Any

from sqlmodel import Session, SQLModel, col, select, update

from webapp.standing_services.lifecycle import EndReason, ServiceState
from webapp.standing_services.models import StandingService, StandingVisit
from webapp.standing_services.services import stopping

#: Which members go, and the keys of forms.
_KEPT_BACK = {"owner_id", "backup_id", "created_by_id", "by_id", "idempotency_key"}


def copy_for(session: Session, *, resident_id: int) -> list[dict[str, Any]]:
    """Return a person's standing services, each with its visits and notes, as JSON values."""
    services = _of(session, resident_id)
    visits: dict[int, list[dict[str, Any]]] = {}
    for row in session.exec(
        select(StandingVisit)
        .where(col(StandingVisit.service_id).in_([service.id for service in services]))
        .order_by(col(StandingVisit.id))
    ):
        visits.setdefault(row.service_id, []).append(_plain(row))
    return [{**_plain(service), "visits": visits.get(service.id, [])} for service in services]


def erase_notes(session: Session, *, resident_id: int) -> None:
    """Erase what was noted of somebody's health; whoever goes on visiting keeps no notes."""
    ids = [service.id for service in _of(session, resident_id)]
    session.exec(
        update(StandingVisit)
        .where(col(StandingVisit.service_id).in_(ids), col(StandingVisit.note).is_not(None))
        .values(note=None)
        .execution_options(synchronize_session=False)
    )
    session.exec(
        update(StandingService)
        .where(col(StandingService.id).in_(ids))
        .values(notes_agreed=False, to_ask="")
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def end_all(session: Session, *, resident_id: int) -> None:
    """End all services of somebody who leaves, and erase what was noted; the days due stay."""
    for service in _of(session, resident_id):
        if service.state is not ServiceState.ENDED:
            stopping.finish(session, service, EndReason.WISH)
    erase_notes(session, resident_id=resident_id)
    session.exec(
        update(StandingService)
        .where(col(StandingService.resident_id) == resident_id)
        .values(agreed_note="")
        .execution_options(synchronize_session=False)
    )


def _of(session: Session, resident_id: int) -> list[StandingService]:
    own = select(StandingService).where(StandingService.resident_id == resident_id)
    return list(session.exec(own.order_by(col(StandingService.id))).all())


def _plain(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude=_KEPT_BACK)
