"""/training/: courses for everybody, one course, its calendar."""

from flask import Response, render_template, request, url_for
from sqlmodel import col

from webapp.core import clock
from webapp.core.access import current_actor, public
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.icalendar import calendar, calendar_file
from webapp.openings import last_list
from webapp.openings.views.sharing import text_for_groups
from webapp.rulebook.figures import rule
from webapp.training.blueprint import bp
from webapp.training.models.courses import CourseRun
from webapp.training.queries import catalogue, courses, orders, outcomes, own


@bp.get("/training/")
@public
def index() -> str:
    """All courses: with free seats first, then with a waiting list, by the day they begin."""
    asked = request.args.get("show", "")
    shown = asked if asked in catalogue.SHOWS else ""
    return render_template(
        "training/index.html",
        page=catalogue.course_page(reader(), shown),
        shown=shown,
        led_to=outcomes.tell(outcomes.public_outcome(reader())),
        outcome_days=rule("training_outcome_days", on=clock.today()),
    )


@bp.get("/training/<id:course_id>")
@public
def show(course_id: int) -> str:
    """One course: what it teaches, when, what it costs, how to enrol."""
    view = _view(course_id)
    actor = current_actor()
    promises = orders.public_orders(reader(), course_id)
    return render_template(
        "training/show.html",
        list_href=last_list.came_from(view.opening.id),
        view=view,
        course=view.course,
        opening=view.opening,
        role=actor.role,
        orders=promises,
        promised=orders.summary(promises) if promises else "",
        records=orders.records_of(reader(), {one.order.employer_id for one in promises}),
        share_text=text_for_groups(view.opening, view.provider, _address(course_id)),
        mine=own.own_enrolment(reader(), actor.resident_id, course_id),
    )


@bp.get("/training/<id:course_id>.ics")
@public
def course_calendar(course_id: int) -> Response:
    """The class meetings of a course as a calendar file."""
    view = _view(course_id)
    entries = courses.calendar_entries(
        reader(),
        col(CourseRun.course_id) == course_id,
        url=_address(course_id),
    )
    return calendar_file(calendar(view.opening.title, entries), f"course-{course_id}.ics")


def _address(course_id: int) -> str:
    return url_for("training.show", course_id=course_id, _external=True)


def _view(course_id: int) -> courses.CourseView:
    view = courses.public_course(reader(), course_id)
    if view is None:
        raise NotFound
    return view
