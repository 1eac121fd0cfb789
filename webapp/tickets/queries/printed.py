"""What was printed beforehand: batches of blank forms, posters that hang."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.tickets.models.printed import BlankForm, WallPlace

_MOST_BATCHES = 10


def batches(session: Session) -> list[Any]:
    """Return (batch, printed_at, total, left) of the newest batches."""
    printed_at = func.min(col(BlankForm.printed_at))
    return list(
        session.execute(
            select(
                col(BlankForm.batch),
                printed_at.label("printed_at"),
                func.count().label("total"),
                (func.count() - func.count(col(BlankForm.ticket_id))).label("left"),
            )
            .group_by(col(BlankForm.batch))
            .order_by(printed_at.desc())
            .limit(_MOST_BATCHES)
        )
    )


def posters(session: Session) -> list[WallPlace]:
    """Return the posters that hang, by place."""
    return list(
        session.exec(
            select_rows(WallPlace)
            .where(col(WallPlace.taken_down_at).is_(None))
            .order_by(WallPlace.place)
        )
    )


def blank_form(session: Session, code: str) -> BlankForm | None:
    """Return the form with a code that nobody has typed in yet."""
    return session.exec(
        select_rows(BlankForm).where(BlankForm.code == code, col(BlankForm.ticket_id).is_(None))
    ).first()
