"""Use cases of review: publish an opening, send it back, take it down."""

from datetime import datetime

from flask_babel import gettext as _
from sqlmodel import Session

from webapp import events
from webapp.core import audit, clock, errors
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Conflict, Forbidden, Incomplete
from webapp.employers.models import Employer
from webapp.engine.suggestion_requests import request_suggestions
from webapp.openings import policy
from webapp.openings.lifecycle import OpeningAction, OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import wording
from webapp.openings.services.editing import change, get_opening, longest_days, target_state
from webapp.openings.services.publication import make_public
from webapp.rulebook.figures import rule


def publishing_faults(session: Session, opening: Opening) -> list[errors.Fault]:
    """Return all that stands in the way of publishing today."""
    today = clock.today()
    employer = session.get(Employer, opening.employer_id) if opening.employer_id else None
    days = rule("employer_check_days", on=today)
    unchecked = policy.employer_fault(employer, on=today, days=days)
    blocked = wording.as_faults(wording.obstacles(session, opening))
    lacking = policy.faults(opening, on=today, longest=longest_days())
    asked = events.OpeningReviewed(opening)
    events.announce(session, SYSTEM, asked)
    return [*([unchecked] if unchecked else []), *asked.faults, *lacking, *blocked]


def publish_opening(
    session: Session, actor: Actor, *, opening_id: int, seen: datetime, note: str = ""
) -> Opening:
    """Publish what the reviewer has ``seen`` (the row's ``updated_at`` on their page).

    Raises :class:`Incomplete` with all that stands in the way, :class:`BadField` when
    flagged words have no note that says why, ``Conflict`` when the opening has moved on since.
    """
    opening = _for_review(session, actor, opening_id)
    target_state(opening, OpeningAction.PUBLISH)
    if opening.updated_at != seen:
        raise Conflict(_("单位刚改过内容，请从头再看一遍"))
    faults = publishing_faults(session, opening)
    if faults:
        raise Incomplete(faults)
    found = wording.findings(session, opening)
    fault = policy.note_fault(note)
    if fault and not all(one.blocks for one in found):
        raise BadField("note", fault)
    make_public(
        session,
        opening,
        {
            "review_note": note,
            "published_at": clock.now(),
            "reviewed_by_id": actor.account_id,
        },
    )
    audit.record(session, "opening.publish", opening, flags=sorted({one.code for one in found}))
    request_suggestions(session, resident_id=None)
    return opening


def return_opening(session: Session, actor: Actor, *, opening_id: int, reason: str) -> Opening:
    """Send an opening back to its writer with a reason; a published one is taken down."""
    opening = _for_review(session, actor, opening_id)
    was = opening.state
    target = target_state(opening, OpeningAction.RETURN)
    change(
        session,
        opening,
        {"state": target, "state_reason": reason, "reviewed_by_id": actor.account_id},
    )
    audit.record(session, "opening.return", opening, was=was)
    if was is OpeningState.PUBLISHED:
        request_suggestions(session, resident_id=None)
    return opening


def _for_review(session: Session, actor: Actor, opening_id: int) -> Opening:
    if not policy.can_review(actor):
        raise Forbidden
    return get_opening(session, actor, opening_id)
