"""What the reader decided a moment ago and may still take back."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.memo import built_once
from webapp.matches.lifecycle import UNDO_WITHIN, MatchAction
from webapp.matches.models import Match, MatchEvent
from webapp.matches.services.undoing import DECISIONS
from webapp.openings.models import Opening
from webapp.residents.models import Resident

MOST = 100


@dataclass(frozen=True)
class Recent:
    """A decision that can be taken back."""

    match_id: int
    words: str


def recent_decisions(session: Session, actor: Actor) -> list[Recent]:
    """Return the actor's decisions of the last ten seconds on which nothing stands, the last first.

    One query, which reads the events of those seconds alone.
    """
    if actor.account_id is None:
        return []
    now = clock.now()
    rows = session.execute(_of_late(), {"account_id": actor.account_id, "since": now - UNDO_WITHIN})
    words = {
        MatchAction.OFFER: _("已推荐"),
        MatchAction.DISMISS: _("已放在一边"),
        MatchAction.POSTPONE: _("放到以后再看"),
    }
    return [
        Recent(row.match_id, f"{words[MatchAction(row.action)]} {row.name} → {row.title}")
        for row in rows
    ]


@built_once
def _of_late() -> Any:
    later = aliased(MatchEvent)
    return (
        select(
            col(MatchEvent.match_id),
            col(MatchEvent.action),
            col(Resident.name),
            col(Opening.title),
        )
        .join(Match, col(Match.id) == MatchEvent.match_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(
            col(MatchEvent.at) > bindparam("since"),
            col(MatchEvent.account_id) == bindparam("account_id"),
            col(MatchEvent.action).in_(sorted(DECISIONS)),
            ~exists().where(
                col(later.match_id) == MatchEvent.match_id, col(later.id) > MatchEvent.id
            ),
        )
        .order_by(col(MatchEvent.id).desc())
        .limit(MOST)
    )
