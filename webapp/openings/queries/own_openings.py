"""An employer's own openings, and those among them that wait for it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlmodel import col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.labels import LabelledEnum
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

_ENDING_WITHIN = timedelta(days=7)


class OwnWork(LabelledEnum):
    """What an opening waits for its employer to do."""

    RETURNED = "returned", "退回来要改的"
    ENDING = "ending", "一周内到期、还没招满的"


def _waits(what: OwnWork) -> Any:
    today = clock.today()
    return {
        OwnWork.RETURNED: col(Opening.state) == OpeningState.RETURNED,
        OwnWork.ENDING: and_(
            col(Opening.state) == OpeningState.PUBLISHED,
            col(Opening.hired_count) < col(Opening.headcount),
            col(Opening.valid_until).between(today, today + _ENDING_WITHIN),
        ),
    }[what]


def own_openings(actor: Actor, what: OwnWork | None = None) -> Any:
    """Return the statement of the openings of the actor's organisation, the last changed first.

    ``what`` narrows it to those that wait for that.
    """
    return (
        select(
            col(Opening.id),
            col(Opening.title),
            col(Opening.kind),
            col(Opening.state),
            col(Opening.state_reason),
            col(Opening.headcount),
            col(Opening.hired_count),
            col(Opening.valid_until),
        )
        .where(
            col(Opening.employer_id) == (actor.employer_id or 0), *([_waits(what)] if what else [])
        )
        .order_by(col(Opening.updated_at).desc(), col(Opening.id).desc())
    )
