"""/staff/training/: all runs, one course, posting courses and runs, who has to be told what."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Incomplete
from webapp.core.formfields import show_faults
from webapp.core.paging import asked_id, paginate
from webapp.core.posting import write_and_redirect
from webapp.employers.queries import verified_names
from webapp.openings.models import Opening
from webapp.rulebook.figures import rule
from webapp.training.blueprint import bp
from webapp.training.course_templates import course_templates
from webapp.training.forms.course import (
    CourseForm,
    RunForm,
    demanded_values,
    starting_meetings,
    starting_values,
)
from webapp.training.models.demand import CourseDemand
from webapp.training.queries import demand, devices, orders, outcomes, staff
from webapp.training.queries.runs import runs_of
from webapp.training.services import news, overlaps, posting

# Where the form shows what publishing an opening finds wrong.
_FIELDS = {"valid_until": "enrol_until", "pay_text": "fee", "headcount": "seats"}


@bp.get("/staff/training/")
@requires(Permission.TRAINING_MANAGE)
def board() -> str:
    """Runs to come and under way, or those that are over."""
    over = request.args.get("show") == "over"
    page = paginate(reader(), staff.runs_in_order(over=over))
    views = staff.views_by_id(reader(), [row.id for row in page.rows])
    return render_template(
        "training/board.html",
        page=page,
        views=views,
        over=over,
        orders_to_look_at=orders.count_to_look_at(reader()),
        wished=staff.wished_courses(reader()),
        to_tell=paginate(reader(), staff.to_tell()).total,
        to_look_at=devices.meetings_to_look_at(reader()),
    )


@bp.route("/staff/training/new", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def new() -> ResponseReturnValue:
    """Post a course with its first run, from a template of frequent courses."""
    templates = course_templates()
    chosen = templates.get(request.args.get("template", ""))
    wanted = demand.demand_row(reader(), asked_id("demand"))
    values = {**starting_values(chosen), **demanded_values(wanted)}
    form = CourseForm(data={**values, "room": _room(values, "")})
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                posting.post_course,
                _("发出去了，居民现在就能报名。"),
                lambda run: url_for(_next_page(wanted), run_id=run.id),
                fields=form.opening_fields(),
                terms=form.course_terms(),
                run=form.run_terms(),
                idempotency_key=form.own_key,
                employer_name=form.employer.data or "",
                note=form.note.data or "",
                demand_id=wanted.id if wanted else None,
            )
        except (BadField, Incomplete) as error:
            show_faults(form, error, _FIELDS)
    page = render_template(
        "training/new.html",
        form=form,
        templates=templates.values(),
        chosen=chosen,
        wanted=wanted,
        employers=verified_names(reader()),
    )
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/training/<id:course_id>")
@requires(Permission.TRAINING_MANAGE)
def staff_course(course_id: int) -> str:
    """One course: its runs, and how many want to learn it."""
    course = posting.get_course(reader(), current_actor(), course_id)
    return render_template(
        "training/staff_course.html",
        course=course,
        opening=reader().get_one(Opening, course.opening_id),
        runs=runs_of(reader(), course_ids=[course_id])[::-1],
        wanting=staff.wanting(reader(), course_id),
        orders=orders.course_orders(reader(), course_id),
        led_to=outcomes.tell(outcomes.course_outcome(reader(), course_id)),
        outcome_days=rule("training_outcome_days", on=clock.today()),
    )


@bp.route("/staff/training/<id:course_id>/runs/new", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def new_run(course_id: int) -> ResponseReturnValue:
    """Hold a course once more."""
    course = posting.get_course(reader(), current_actor(), course_id)
    wanted = demand.demand_row(reader(), asked_id("demand"))
    opening = reader().get_one(Opening, course.opening_id)
    values = {**starting_values(None), **demanded_values(wanted)}
    form = RunForm(data={**values, "room": _room(values, opening.address)})
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                posting.add_run,
                _("新的一期发出去了。说过想学的人，先问他们。"),
                lambda run: url_for(_next_page(wanted), run_id=run.id),
                course_id=course_id,
                run=form.run_terms(),
                idempotency_key=form.own_key,
            )
        except (BadField, Incomplete) as error:
            show_faults(form, error, _FIELDS)
    page = render_template(
        "training/new_run.html", form=form, course=course, opening=opening, wanted=wanted
    )
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/training/to-tell")
@requires(Permission.TRAINING_MANAGE)
def to_tell() -> str:
    """What people who cannot sign in have to be told."""
    return render_template("training/to_tell.html", page=paginate(reader(), staff.to_tell()))


@bp.post("/staff/training/to-tell/<id:news_id>")
@requires(Permission.TRAINING_MANAGE)
def told(news_id: int) -> ResponseReturnValue:
    """Note that it was told."""
    return write_and_redirect(
        news.note_told, _("记下了：转告过了。"), url_for("training.to_tell"), news_id=news_id
    )


def _room(values: dict[str, Any], address: str) -> str:
    """Return a room to begin with: the one used last that is free at the hours proposed."""
    return overlaps.free_room(reader(), starting_meetings(values), address)


def _next_page(wanted: CourseDemand | None) -> str:
    """Who came from the demand goes on to the list of whom to invite."""
    return "training.invite" if wanted else "training.staff_run"
