"""A resident's own cases: a copy for them, and what is erased when the service ends."""

from typing import Any

from sqlmodel import Session, SQLModel, col, delete, select, update

from webapp.ventures.models.cases import VentureCase, VentureEvent, VenturePlan
from webapp.ventures.models.records import (
    VentureCash,
    VentureLicence,
    VentureSurvival,
    VentureVisit,
)

# Of a case: which member is asked, of a visit: the file and who made it.
_KEPT_BACK = {"mentor_id", "account_id", "by_id", "updated_by_id", "photo", "photo_digest",
              "idempotency_key"}  # fmt: skip
_TOLD: tuple[Any, ...] = (
    VentureEvent,
    VenturePlan,
    VentureLicence,
    VentureVisit,
    VentureCash,
    VentureSurvival,
)


def copy_for(session: Session, *, resident_id: int) -> list[dict[str, Any]]:
    """Return a person's cases, each with all that is kept of it, as JSON values."""
    cases = session.exec(
        select(VentureCase)
        .where(VentureCase.resident_id == resident_id)
        .order_by(col(VentureCase.id))
    ).all()
    ids = [case.id for case in cases]
    kept: dict[int, dict[str, list[Any]]] = {id_: {} for id_ in ids}
    for table in _TOLD:
        rows = session.exec(
            select(table).where(col(table.case_id).in_(ids)).order_by(col(table.id))
        )
        for row in rows:
            kept[row.case_id].setdefault(table.__tablename__, []).append(_plain(row))
    return [{**_plain(case), **kept[case.id]} for case in cases]


def erase(session: Session, *, resident_id: int) -> None:
    """Erase what a person told of their business; that a place was given out stays as a number.

    The cases themselves stand in lists that were published under their receipts.
    """
    ids = select(VentureCase.id).where(VentureCase.resident_id == resident_id)
    for table in (VenturePlan, VentureCash, VentureLicence, VentureVisit):
        session.exec(delete(table).where(col(table.case_id).in_(ids)))
    session.exec(
        update(VentureCase)
        .where(col(VentureCase.resident_id) == resident_id)
        .values(points_detail=[], next_step="")
    )


def _plain(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude=_KEPT_BACK)
