"""/me/training/: a resident's own courses: enrol, answer, take back."""

import segno
from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlmodel import col

from webapp.accounts.service import is_verified
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.icalendar import calendar, calendar_file
from webapp.core.posting import write_and_redirect
from webapp.matches.services.requirements import weigh
from webapp.training import turns
from webapp.training.blueprint import bp
from webapp.training.models.courses import CourseRun
from webapp.training.queries import classes, courses, door, own
from webapp.training.queries.runs import runs_of
from webapp.training.services import clashes, enrolments, invitations, news, subsidy


@bp.get("/me/training/")
@requires(Permission.TRAINING_LEARN)
def mine() -> str:
    """One's own courses and what is new of them."""
    resident_id = _resident_id()
    told = own.own_news(reader(), resident_id)
    listed = own.own_courses(reader(), resident_id)
    return render_template(
        "training/mine.html",
        courses=listed,
        roads=turns.roads_of(reader(), listed),
        door_codes=[(one, _drawn(one)) for one in door.door_codes(reader(), resident_id)],
        news=told,
        papers=classes.certificates_of(reader(), resident_id),
        unread=own.unread_news(told, listed),
        no_invitations=own.wants_no_invitations(reader(), resident_id),
    )


@bp.post("/me/training/read")
@requires(Permission.TRAINING_LEARN)
def read_news() -> ResponseReturnValue:
    """Note that all news was read."""
    return write_and_redirect(news.read_all, _("好的。"), url_for("training.mine"))


@bp.get("/me/training/courses.ics")
@requires(Permission.TRAINING_LEARN)
def my_calendar() -> Response:
    """The class meetings of one's own courses as a calendar file."""
    own_runs = col(CourseRun.id).in_(own.run_ids_in_class(_resident_id()))
    entries = courses.calendar_entries(reader(), own_runs)
    return calendar_file(calendar(_("我的课"), entries), "my-courses.ics")


@bp.route("/me/training/runs/<id:run_id>", methods=["GET", "POST"])
@requires(Permission.TRAINING_LEARN)
def enrol(run_id: int) -> ResponseReturnValue:
    """Enrol in a run, after a page that says when it is and what speaks against it."""
    resident_id = _resident_id()
    if EmptyForm().validate_on_submit():
        return write_and_redirect(
            enrolments.enrol,
            _("好的，在这里看办到哪一步。"),
            url_for("training.mine"),
            run_id=run_id,
            resident_id=resident_id,
        )
    run = reader().get(CourseRun, run_id)
    view = courses.public_course(reader(), run.course_id) if run else None
    if run is None or view is None or run_id not in {one.id for one in view.runs}:
        raise NotFound
    found = weigh(reader(), resident_id=resident_id, opening=view.opening)
    return render_template(
        "training/enrol.html",
        view=view,
        run=next(one for one in runs_of(reader(), run_ids=[run_id])),
        barred=found.barred,
        notes=[one.text for one in found.broken_told if one.code != "hours"],
        clashes=clashes.clashes_of(reader(), resident_id, run_id),
        used_up=subsidy.is_used_up(reader(), view.course, run, resident_id),
        mine=own.own_enrolment(reader(), resident_id, view.course.id),
        verified=is_verified(reader(), current_actor().account_id),
    )


@bp.post("/me/training/courses/<id:course_id>/wish")
@requires(Permission.TRAINING_LEARN)
def wish(course_id: int) -> ResponseReturnValue:
    """Say that one wants to learn this when there is a run."""
    return write_and_redirect(
        enrolments.wish,
        _("记下了。有新的一期先告诉您。"),
        url_for("training.mine"),
        course_id=course_id,
        resident_id=_resident_id(),
    )


@bp.post("/me/training/<id:enrolment_id>/accept")
@requires(Permission.TRAINING_LEARN)
def accept(enrolment_id: int) -> ResponseReturnValue:
    """Take the seat that was kept."""
    return write_and_redirect(
        enrolments.accept_offer,
        _("座位是您的了。"),
        url_for("training.mine"),
        enrolment_id=enrolment_id,
    )


@bp.post("/me/training/<id:enrolment_id>/withdraw")
@requires(Permission.TRAINING_LEARN)
def withdraw(enrolment_id: int) -> ResponseReturnValue:
    """Take an enrolment back."""
    return write_and_redirect(
        enrolments.withdraw,
        _("撤回了。这件事只有社区知道，不报给别的部门和单位。想学随时再报。"),
        url_for("training.mine"),
        enrolment_id=enrolment_id,
    )


@bp.post("/me/training/<id:enrolment_id>/not-this-time")
@requires(Permission.TRAINING_LEARN)
def not_this_time(enrolment_id: int) -> ResponseReturnValue:
    """Say that one does not come to a run the branch invited one to."""
    return write_and_redirect(
        invitations.not_this_time,
        _("好的，这次不去。这件事只有社区知道，不报给别的部门和单位。"),
        url_for("training.mine"),
        enrolment_id=enrolment_id,
    )


@bp.post("/me/training/invitations")
@requires(Permission.TRAINING_LEARN)
def set_invitations() -> ResponseReturnValue:
    """Want no invitations to courses, or want them again."""
    stop = request.form.get("stop") == "yes"
    return write_and_redirect(
        invitations.set_stop,
        _("好的，不再主动请您。想学什么，自己随时能报。")
        if stop
        else _("好的，有合适的课就请您。"),
        url_for("training.mine"),
        resident_id=_resident_id(),
        stop=stop,
    )


def _drawn(one: door.DoorCode) -> Markup:
    """Return the code as a QR picture of the address where it is looked at."""
    address = url_for("training.scanned", meeting_id=one.meeting_id, code=one.code, _external=True)
    code = segno.make(address, error="m").svg_inline(omitsize=True, border=2)
    return Markup(code)  # noqa: S704 - drawn by segno from our own address


def _resident_id() -> int:
    resident_id = current_actor().resident_id
    if resident_id is None:  # an account whose file was never begun or is gone
        raise NotFound
    return resident_id
