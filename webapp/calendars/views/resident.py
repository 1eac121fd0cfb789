"""/me/calendar/: one's own appointments, and the link for the calendar of one's telephone."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.calendars.blueprint import bp
from webapp.calendars.queries import own
from webapp.calendars.services import links
from webapp.calendars.views.link_pages import make_link, shown_once, stop_link
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.icalendar import CalendarEntry, calendar, calendar_file


@bp.get("/me/calendar/")
@requires(Permission.RESIDENT_SELF)
def mine() -> str:
    """What comes, and the link."""
    return render_template(
        "calendars/mine.html",
        entries=[one for one in _entries() if own.ends(one) > clock.now() and not one.cancelled],
        beginning=own.beginning,
        link=links.live(reader(), current_actor()),
        address=shown_once(),
    )


@bp.get("/me/calendar.ics")
@requires(Permission.RESIDENT_SELF)
def my_file() -> Response:
    """The same as a file, once."""
    return calendar_file(calendar(_("华龙家园"), _entries()), "fumin.ics")


@bp.post("/me/calendar/link")
@requires(Permission.RESIDENT_SELF)
def make_own() -> ResponseReturnValue:
    """Make a link; an older one ends."""
    return make_link(url_for(".mine"))


@bp.post("/me/calendar/stop")
@requires(Permission.RESIDENT_SELF)
def stop_own() -> ResponseReturnValue:
    """End the link."""
    return stop_link(url_for(".mine"))


def _entries() -> list[CalendarEntry]:
    resident_id = current_actor().resident_id
    if resident_id is None:
        raise NotFound
    return own.entries(reader(), resident_id, url=url_for("home.resident", _external=True))
