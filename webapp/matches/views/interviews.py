"""What pages of a match show of its interview: its forms as they fit, and a calendar file."""

from datetime import time
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from sqlmodel import col

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.icalendar import calendar, calendar_file
from webapp.matches import half_days
from webapp.matches.blueprint import bp
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.queries import interviews, own_matches
from webapp.openings.models import Opening


@bp.get("/me/matches/<id:match_id>/interview.ics")
@requires(Permission.MATCH_ANSWER)
def interview_calendar(match_id: int) -> Response:
    """One's interview as a calendar file."""
    own = own_matches.own_match(reader(), current_actor(), match_id)
    if own.match.state is not MatchState.INTERVIEW:
        raise NotFound
    url = url_for("matches.mine", match_id=match_id, _external=True)
    entries = interviews.entries(reader(), col(Match.id) == match_id, url=url)
    return calendar_file(calendar(_("面试"), entries), f"interview-{match_id}.ics")


def fit_forms(
    forms: dict[str, Any], failed: Any, match: Match, shown: interviews.Interview | None
) -> None:
    """Take the forms away that a match's interview leaves no room for; fill in a new time's.

    ``failed`` is the form that came back with faults and stays as it was sent.
    """
    ahead = shown is not None and shown.is_ahead
    wish = shown.wish if shown else None
    if not ahead or wish is not None:
        forms.pop("other-time", None)
    if not ahead or wish is None:
        forms.pop("keep-time", None)
        forms.pop("can-come", None)
    form = forms.get("invite")
    if form is None or form is failed:
        return
    opening = reader().get_one(Opening, match.opening_id)
    form.place.data = match.interview_place or opening.address
    form.contact.data, form.bring.data = match.interview_contact, match.interview_bring
    if wish is not None and ahead and wish.halves:
        first = half_days.read(wish.halves[0])
        if first.day > clock.today():
            form.day.data = first.day
            form.time.data = time.fromisoformat(first.starts_at)
