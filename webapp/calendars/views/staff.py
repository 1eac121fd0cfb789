"""/staff/calendar/: the branch's day and week, on the screen, on paper and in a calendar."""

from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.queries.members import members
from webapp.calendars.blueprint import bp
from webapp.calendars.queries import branch
from webapp.calendars.services import links
from webapp.calendars.views.link_pages import make_link, shown_once, stop_link
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.formatting import date_words
from webapp.core.icalendar import calendar, calendar_file

_FURTHEST = timedelta(days=366)


@bp.get("/staff/calendar/")
@requires(Permission.WORKBENCH)
def staff() -> str:
    """A week by days, or one day, of the branch or of one member."""
    asked = _asked()
    return render_template(
        "calendars/staff.html",
        link=links.live(reader(), current_actor()),
        address=shown_once(),
        **_shown(asked),
    )


@bp.get("/staff/calendar/print")
@requires(Permission.WORKBENCH)
def staff_print() -> str:
    """The same on A4."""
    return render_template("calendars/print.html", **_shown(_asked()))


@bp.get("/staff/calendar.ics")
@requires(Permission.WORKBENCH)
def staff_file() -> Response:
    """The days that are shown as a calendar file, once."""
    found = branch.items(reader(), current_actor(), _asked(), absolute=True)
    return calendar_file(calendar(_("华龙家园"), [one.entry for one in found]), "fumin.ics")


@bp.post("/staff/calendar/link")
@requires(Permission.WORKBENCH)
def make_staff() -> ResponseReturnValue:
    """Make a link of the view: of one member, or of the whole branch."""
    member = request.form.get("member", type=int)
    return make_link(url_for(".staff", member=member), member_id=member)


@bp.post("/staff/calendar/stop")
@requires(Permission.WORKBENCH)
def stop_staff() -> ResponseReturnValue:
    """End the link."""
    return stop_link(url_for(".staff"))


def _asked() -> branch.Stretch:
    """Return the days and the member the address asks for; what is none of them is left out."""
    day = _day()
    one_day = request.args.get("view") == "day"
    first = day if one_day else day - timedelta(days=day.weekday())
    known = {one.account_id for one in _colleagues()}
    member = request.args.get("member", type=int)
    return branch.Stretch(
        first, first if one_day else first + timedelta(days=6), member if member in known else None
    )


def _day() -> date:
    today = clock.today()
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today
    return day if abs(day - today) <= _FURTHEST else today


def _colleagues() -> list[Any]:
    branch_id = current_actor().branch_id
    return [one for one in members(reader()) if one.branch_id == branch_id]


def _shown(asked: branch.Stretch) -> dict[str, Any]:
    found = branch.items(reader(), current_actor(), asked)
    one_day = asked.first == asked.last
    step = timedelta(days=1 if one_day else 7)
    view = "day" if one_day else "week"

    def at(day: date, **changes: Any) -> str:
        wanted = {"view": view, "day": day.isoformat(), "member": asked.member_id, **changes}
        return url_for(".staff", **wanted)

    return {
        "days": [(day, [one for one in found if one.day == day]) for day in asked.days],
        "asked": asked,
        "one_day": one_day,
        "title": date_words(asked.first)
        if one_day
        else _("%(a)s到%(b)s", a=date_words(asked.first), b=date_words(asked.last)),
        "today": clock.today(),
        "colleagues": _colleagues(),
        "before": at(asked.first - step),
        "after": at(asked.first + step),
        "now": at(clock.today()),
        "as_week": at(asked.first, view="week"),
        "as_day": at,
        "query": {"view": view, "day": asked.first.isoformat(), "member": asked.member_id},
        "full": len(found) >= branch.MOST,
    }
