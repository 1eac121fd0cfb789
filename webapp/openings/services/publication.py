"""The one door to the public: nothing becomes public, or stays so, against the rules of wording."""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp import events
from webapp.core import audit
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import Incomplete
from webapp.core.vocabulary import Kind
from webapp.engine.suggestion_requests import request_suggestions
from webapp.openings.lifecycle import OpeningAction, OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import wording
from webapp.openings.services.editing import change, target_state
from webapp.rulebook.lint import Finding

_PUBLIC = (OpeningState.PUBLISHED, OpeningState.PAUSED)


def make_public(session: Session, opening: Opening, values: dict[str, Any]) -> None:
    """Show an opening, with these other columns; ``Incomplete`` when its words stand against it."""
    obstacles = wording.obstacles(session, opening)
    if obstacles:
        raise Incomplete(wording.as_faults(obstacles))
    change(session, opening, {**values, "state": OpeningState.PUBLISHED, "state_reason": ""})
    events.announce(session, SYSTEM, events.OpeningPublished(opening))


def resume_all(session: Session, *, employer_id: int) -> int:
    """Show again what was paused: the employer has been checked anew; return how many.

    What breaks a rule by now goes back to review instead.
    """
    paused = select(Opening).where(
        Opening.employer_id == employer_id, Opening.state == OpeningState.PAUSED
    )
    resumed = 0
    for opening in session.exec(paused.order_by(col(Opening.id))).all():
        obstacles = wording.obstacles(session, opening)
        if obstacles:
            _take_back(session, opening, obstacles)
        else:
            state = target_state(opening, OpeningAction.RESUME)
            change(session, opening, {"state": state})
            resumed += 1
    return resumed


def take_back_unlawful(db: Database) -> int:
    """Put back to review what is public and breaks a rule in force today; return how many.

    Run at an upgrade and each night: rules of wording and pay floors change under openings.
    """
    with db.reader() as session:
        public = session.exec(
            select(Opening).where(col(Opening.state).in_(_PUBLIC)).order_by(col(Opening.id))
        ).all()
        suspects = [one.id for one in public if wording.obstacles(session, one)]
    taken = 0
    for opening_id in suspects:
        with db.transaction(SYSTEM) as session:
            opening = session.get_one(Opening, opening_id)
            obstacles = wording.obstacles(session, opening)
            if opening.state in _PUBLIC and obstacles:
                _take_back(session, opening, obstacles)
                request_suggestions(session, resident_id=None)
                taken += 1
    return taken


def _take_back(session: Session, opening: Opening, obstacles: list[Finding]) -> None:
    says = dict.fromkeys(f"{one.says}（“{one.phrase}”）" for one in obstacles)
    reason = _("又查了一遍，要先改：%(what)s", what="；".join(says))[:200]
    events.announce(session, SYSTEM, events.OpeningTakenBack(opening, reason))
    session.refresh(opening)
    if opening.state in _PUBLIC:
        # The opening of an order comes back with its order, not by a review of its own.
        by_order = opening.kind is Kind.PIECEWORK
        state = target_state(opening, OpeningAction.RETURN if by_order else OpeningAction.SUBMIT)
        change(session, opening, {"state": state, "state_reason": reason, "review_note": ""})
    codes = sorted({one.code for one in obstacles})
    audit.record(session, "opening.take_back", opening, flags=codes)
