"""From an opening to the match somebody has with it already."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, case, select
from sqlmodel import Session, col

from webapp.core.access import Actor
from webapp.matches.lifecycle import PENDING, TAKEN, MatchState
from webapp.matches.models import Match
from webapp.matches.queries.own_matches import standing_match
from webapp.openings.models import Opening
from webapp.openings.own_marks import OwnMark
from webapp.openings.own_pages import Link, OwnPages

# Recommended to the person, who has not answered.
_OFFERED = (MatchState.OFFERED, MatchState.NO_REPLY)
# Under way; what staff have not handed on yet is not known to the person.
_APPLIED = tuple(PENDING - {MatchState.CONFIRMED, *_OFFERED})


def _taken(session: Session, actor: Actor, opening: Opening) -> Link | None:
    """Return the way to a match that is under way, in place of the button to apply."""
    if actor.resident_id is None:
        return None
    found = standing_match(session, actor.resident_id, opening.id)
    if found is None:
        return None
    match_id, state = found
    words = _("社区推荐给您了，去回话") if state in _OFFERED else _("您报过名了，看办到哪一步")
    return Link(url_for("matches.mine", match_id=match_id), words)


def marks(actor: Actor) -> Select[int, str]:
    """Return the statement for the openings of a resident's matches and how each is marked."""
    state = col(Match.state)
    return select(
        col(Match.opening_id),
        case(
            (state.in_(_OFFERED), OwnMark.INVITED.value),
            (state.in_(tuple(TAKEN)), OwnMark.HIRED.value),
            else_=OwnMark.APPLIED.value,
        ),
    ).where(
        col(Match.resident_id) == actor.resident_id,
        state.in_((*_OFFERED, *_APPLIED, *TAKEN)),
    )


PAGES = OwnPages(taken=_taken)
