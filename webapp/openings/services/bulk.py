"""The same repair for many openings that wait for review: a few statements, not one a row."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, update

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden
from webapp.openings import policy
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

#: What may be repaired for many at once; words of their own are written one by one.
REPAIRABLE = frozenset(
    {
        "description", "education", "employer_id", "flexible", "hours", "pay_max_fen",
        "pay_min_fen", "pay_month_max_fen", "pay_month_min_fen", "pay_text", "pay_unit", "place",
        "valid_until",
    }
)  # fmt: skip


def repair_many(
    session: Session, actor: Actor, *, wanted: Mapping[int, dict[str, Any]], seen: datetime
) -> tuple[datetime, set[int]]:
    """Set columns of openings under review; return their new ``updated_at`` and the ids changed.

    ``wanted`` maps ids to columns. What is not under review any more, or was changed after it
    was ``seen``, stays as it is. Who calls it writes the audit row, one for all.
    """
    if not policy.can_review(actor):
        raise Forbidden
    alike: dict[str, list[int]] = defaultdict(list)
    columns: dict[str, dict[str, Any]] = {}
    for opening_id, values in wanted.items():
        if not values.keys() <= REPAIRABLE:
            raise ValueError(sorted(values.keys() - REPAIRABLE))
        key = json.dumps(values, sort_keys=True, default=_plain)
        columns[key] = values
        alike[key].append(opening_id)
    now = clock.now()
    changed: set[int] = set()
    for key, ids in alike.items():
        statement = (
            update(Opening)
            .where(
                col(Opening.id).in_(ids),
                col(Opening.state) == OpeningState.SUBMITTED,
                col(Opening.updated_at) <= seen,
            )
            .values(updated_at=now, **columns[key])
            .returning(col(Opening.id))
            .execution_options(synchronize_session=False)
        )
        changed |= set(session.scalars(statement))
    session.expire_all()
    return now, changed


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
