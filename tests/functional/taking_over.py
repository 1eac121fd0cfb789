"""A process that takes a plan over and may be killed in it, in a module of its own."""

import os
import signal
from typing import Any

from sqlmodel import Session, col, select

from webapp.core import audit, crypto
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.matches.lifecycle import MatchState, Pick
from webapp.matches.models import Match
from webapp.matches.models.community_plan import PlanLine
from webapp.matches.services import plans
from webapp.matches.suggestions import picks


def take_over(url: str, key: str, plan_id: int, people_at_once: int, dies_in: int) -> None:
    """Put a plan in force and have the queue show it; killed in the block ``dies_in``, if any."""
    crypto.load_keys((key,))
    db = Database(url, before_commit=audit.write_pending)
    picks._PEOPLE_AT_ONCE = people_at_once
    mark, blocks = picks._mark, 0

    def dying(session: Session, lines: Any) -> int:
        nonlocal blocks
        blocks += 1
        done = mark(session, lines)
        if blocks == dies_in:  # written, and not yet committed
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    picks._mark = dying  # type: ignore[assignment]
    with db.transaction(SYSTEM) as session:
        plans.put_in_force(session, SYSTEM, plan_id=plan_id)
    picks.mark(db, plan_id)
    db.dispose()


def shown(db: Database) -> set[tuple[int, int, int]]:
    """Return what the queue shows of a plan: (person, opening, which of theirs)."""
    with db.reader() as session:
        rows = session.exec(
            select(Match.resident_id, Match.opening_id, Match.pick).where(
                Match.state == MatchState.SUGGESTED, col(Match.pick) < Pick.ASKED
            )
        ).all()
    assert len(rows) == len(set(rows))
    return set(rows)


def wanted(db: Database, plan_id: int) -> set[tuple[int, int, int]]:
    """Return what it should show of a plan on whose pairs nobody has decided."""
    with db.reader() as session:
        decided = set(
            session.exec(
                select(Match.resident_id, Match.opening_id).where(
                    Match.state != MatchState.SUGGESTED
                )
            ).all()
        )
        lines = session.exec(
            select(PlanLine).where(
                PlanLine.plan_id == plan_id, PlanLine.rank > 0, col(PlanLine.out_at).is_(None)
            )
        ).all()
    return {
        (one.resident_id, one.opening_id, Pick.of(one.rank))
        for one in lines
        if one.opening_id and (one.resident_id, one.opening_id) not in decided
    }
