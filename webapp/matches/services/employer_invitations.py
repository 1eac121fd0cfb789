"""An employer asks staff to suggest another of its openings to an applicant it may see.

Nobody else can be asked for, since an employer sees residents only after their consent. The wish
goes to staff, who weigh it like any suggestion; the resident is asked after that. What the
employer reads is the same whatever stood before, so that it learns nothing from the answer.
"""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.matches.lifecycle import MatchAction, MatchOrigin, MatchState, Pick, after
from webapp.matches.models import Match
from webapp.matches.services.access import visible_match
from webapp.matches.services.staff_decisions import start
from webapp.matches.services.transitions import (
    lock_opening,
    lock_resident,
    take_note,
    takes_people,
    transition,
)

ASK = MatchAction.EMPLOYER_ASKS


def ask_for(session: Session, actor: Actor, *, match_id: int, opening_id: int, words: str) -> Match:
    """Ask staff to suggest ``opening_id`` to an applicant the actor sees; return the match.

    It stands first in the staff's queue, beside the person's best suggestion. Raises
    :class:`NotFound` for an opening that is not the employer's, :class:`Conflict` for one that
    takes nobody now.
    """
    if actor.employer_id is None:
        raise Forbidden
    applicant = visible_match(session, actor, match_id)
    lock_resident(session, applicant.resident_id)
    opening = lock_opening(session, opening_id)
    if opening is None or opening.employer_id != actor.employer_id:
        raise NotFound
    if not takes_people(session, opening_id):
        raise Conflict(_("这个机会现在不招人：没有发布、已过期，或者名额已满。"))
    asked: dict[str, Any] = {
        "origin": MatchOrigin.EMPLOYER,
        "position": 1,
        "pick": Pick.ASKED,
        "reasons": [{"code": "employer", "text": _("单位想请您：%(words)s", words=words)}],
    }
    match = session.exec(
        select(Match).where(
            Match.resident_id == applicant.resident_id, Match.opening_id == opening_id
        )
    ).first()
    if match is None:
        match = Match(
            resident_id=applicant.resident_id,
            opening_id=opening_id,
            state=MatchState.SUGGESTED,
            since=clock.now(),
            **asked,
        )
        start(session, actor, match, action=ASK, reason=words)
        return match
    if after(match.state, ASK) is not None:
        return transition(session, actor, match, ASK, reason=words, postponed_until=None, **asked)
    if match.state is MatchState.SUGGESTED:
        for column, value in asked.items():
            setattr(match, column, value)
        session.add(match)
    take_note(session, actor, match, ASK, reason=words)
    audit.record(session, f"match.{ASK.value}", match)
    return match
