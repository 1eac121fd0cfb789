"""From a vacancy to the match somebody has with it already."""

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.matches.lifecycle import MatchState
from webapp.matches.queries.own_matches import standing_match
from webapp.openings.models import Opening
from webapp.openings.own_pages import Link, OwnPages


def _taken(session: Session, actor: Actor, opening: Opening) -> Link | None:
    """Return the way to a match that is under way, in place of the button to apply."""
    if actor.resident_id is None:
        return None
    found = standing_match(session, actor.resident_id, opening.id)
    if found is None:
        return None
    match_id, state = found
    words = (
        _("社区推荐给您了，去回话")
        if state in {MatchState.OFFERED, MatchState.NO_REPLY}
        else _("您报过名了，看办到哪一步")
    )
    return Link(url_for("matches.mine", match_id=match_id), words)


PAGES = OwnPages(taken=_taken)
