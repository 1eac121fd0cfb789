"""/calendar/<token>.ics: what a calendar program reads, without signing in."""

from datetime import timedelta

from flask import Response, request, url_for
from flask_babel import gettext as _

from webapp.calendars.blueprint import bp
from webapp.calendars.models import CalendarLink
from webapp.calendars.queries import branch, own
from webapp.calendars.services import links
from webapp.core import clock, rate_limits
from webapp.core.access import SYSTEM, Actor, public
from webapp.core.db import get_db, reader
from webapp.core.errors import NotFound
from webapp.core.icalendar import CalendarEntry, calendar, calendar_file
from webapp.core.rate_limits import Limit

_GUESSES, _READS, _WINDOW = 30, 120, timedelta(hours=1)
_BACK, _AHEAD = timedelta(days=14), timedelta(days=60)


@bp.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Response:
    """The calendar of whoever made the link; guesses and readings are counted."""
    found = links.holder(reader(), token)
    limit = (
        Limit(f"calendar guess:{request.remote_addr or ''}", _GUESSES, _WINDOW)
        if found is None
        else Limit(f"calendar:{found[0].id}", _READS, _WINDOW)
    )
    with get_db().transaction(SYSTEM) as session:
        rate_limits.take(session, [limit])
    if found is None:
        raise NotFound
    answer = calendar_file(calendar(_("华龙家园"), _entries(*found)), "fumin.ics")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _entries(link: CalendarLink, actor: Actor) -> list[CalendarEntry]:
    if actor.resident_id is not None:
        url = url_for("home.resident", _external=True)
        return own.entries(reader(), actor.resident_id, url=url)
    if not actor.is_staff:
        raise NotFound
    today = clock.today()
    asked = branch.Stretch(today - _BACK, today + _AHEAD, link.member_id)
    return [item.entry for item in branch.items(reader(), actor, asked, absolute=True)]
