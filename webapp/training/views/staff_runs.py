"""/staff/training/runs/<id>: one run's people, and what staff do with the run."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlmodel import col

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.converters import LARGEST_ID
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import clean
from webapp.core.posting import write_and_redirect
from webapp.openings.models import Opening
from webapp.training.blueprint import bp
from webapp.training.forms.change import CancelForm, ChangeForm, change_values
from webapp.training.lifecycle import CHANGEABLE_RUNS, RunState
from webapp.training.models.courses import ClassMeeting, CourseRun
from webapp.training.queries import classes, devices, staff
from webapp.training.queries.runs import runs_of
from webapp.training.services import assessment, enrolments, posting, runs
from webapp.training.words import meeting_words

STEPS = "any('accept', 'withdraw', 'papers', 'papers-back', 'dropped', 'missed')"
_LONGEST_SEARCH = 40
_TOLD = lazy_gettext("改好了，报了名的人都告诉了。没有账号的在「要转告的」里。")


@bp.get("/staff/training/runs/<id:run_id>")
@requires(Permission.TRAINING_MANAGE)
def staff_run(run_id: int) -> str:
    """One run: who has a seat, who waits, who else to enrol."""
    run = _run(run_id)
    course = posting.get_course(reader(), current_actor(), run.course_id)
    words = str(clean(request.args.get("q", "")))[:_LONGEST_SEARCH]
    people = staff.learners(reader(), run_id)
    view = runs_of(reader(), run_ids=[run_id])[0]
    meetings = classes.meetings_of(reader(), run_id)
    return render_template(
        "training/staff_run.html",
        run=run,
        view=view,
        course=course,
        opening=reader().get_one(Opening, course.opening_id),
        seated=[one for one in people if not one.place],
        waiting=[one for one in people if one.place],
        words=words,
        found=staff.people_to_add(reader(), course.id, words) if view.takes_people else [],
        wishing=staff.wishing(reader(), course.id) if view.takes_people else [],
        changeable=run.state in CHANGEABLE_RUNS,
        announced=run.state is RunState.ANNOUNCED,
        meetings=[(one.id, meeting_words(one)) for one in meetings],
        to_look_at=devices.waiting_of(reader(), col(ClassMeeting.run_id) == run_id),
        finished=bool(meetings) and meetings[-1].starts_at <= clock.now(),
        results=classes.results_of(reader(), run_id),
        own_id=current_actor().account_id,
    )


@bp.post("/staff/training/runs/<id:run_id>/open")
@requires(Permission.TRAINING_MANAGE)
def open_run(run_id: int) -> ResponseReturnValue:
    """Begin to enrol people."""
    return write_and_redirect(
        runs.open_run,
        _("开始报名了。"),
        url_for("training.staff_run", run_id=run_id),
        run_id=run_id,
    )


@bp.route("/staff/training/runs/<id:run_id>/change", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def change_run(run_id: int) -> ResponseReturnValue:
    """Move meetings, room or trainer, or change the seats; everybody is told in this step."""
    run = _run(run_id)
    meetings = classes.meetings_of(reader(), run_id)
    form, before = ChangeForm(data=change_values(run, meetings)), run.sequence
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                runs.change_run,
                lambda changed: _TOLD if changed.sequence > before else _("存好了。"),
                url_for("training.staff_run", run_id=run_id),
                run_id=run_id,
                change=form.change({one.id for one in meetings}),
            )
        except BadField as error:
            if error.field == "meetings":
                form.form_errors.append(error.message)
            else:
                form[error.field].errors = [error.message]
    page = render_template("training/change_run.html", form=form, run=run, title=_title(run))
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/training/runs/<id:run_id>/cancel", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def cancel_run(run_id: int) -> ResponseReturnValue:
    """Call a run off; everybody is told and their seats are free in this step."""
    run = _run(run_id)
    form = CancelForm()
    if form.validate_on_submit():
        return write_and_redirect(
            runs.cancel_run,
            _("这一期不办了，报了名的人都告诉了。没有账号的在「要转告的」里。"),
            url_for("training.staff_run", run_id=run_id),
            run_id=run_id,
            reason=form.reason.data,
        )
    view = runs_of(reader(), run_ids=[run_id])[0]
    page = render_template(
        "training/cancel_run.html", form=form, run=run, view=view, title=_title(run)
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/staff/training/runs/<id:run_id>/enrol")
@requires(Permission.TRAINING_MANAGE)
def enrol_for(run_id: int) -> ResponseReturnValue:
    """Enrol somebody who said so, in person or by telephone."""
    chosen = request.form.get("resident_id", "")
    if not (chosen.isascii() and chosen.isdecimal()) or not 0 < int(chosen[:10]) <= LARGEST_ID:
        raise NotFound
    return write_and_redirect(
        enrolments.enrol,
        _("报好了，是代办，操作记录里写着您的名字。"),
        url_for("training.staff_run", run_id=run_id),
        run_id=run_id,
        resident_id=int(chosen),
    )


@bp.post(f"/staff/training/enrolments/<id:enrolment_id>/<{STEPS}:step>")
@requires(Permission.TRAINING_MANAGE)
def staff_step(enrolment_id: int, step: str) -> ResponseReturnValue:
    """Note what somebody answered, or that their papers are in."""
    verbs: dict[str, tuple[Callable[..., Any], str, dict[str, bool]]] = {
        "accept": (enrolments.accept_offer, _("记下了：要这个座位。"), {}),
        "withdraw": (enrolments.withdraw, _("撤回了，座位马上给下一位。"), {}),
        "papers": (enrolments.note_papers, _("记下了：材料齐了，不再提醒。"), {"are_in": True}),
        "dropped": (assessment.note_gone, _("记下了，只有社区知道。"), {"came": True}),
        "missed": (assessment.note_gone, _("记下了，只有社区知道。"), {"came": False}),
        "papers-back": (enrolments.note_papers, _("改回来了：材料还没齐。"), {"are_in": False}),
    }
    verb, message, more = verbs[step]
    back = request.form.get("run", "")
    known = back.isascii() and back.isdecimal() and 0 < int(back[:10]) <= LARGEST_ID
    target = url_for("training.staff_run", run_id=int(back)) if known else url_for("training.board")
    return write_and_redirect(verb, message, target, enrolment_id=enrolment_id, **more)


def _run(run_id: int) -> CourseRun:
    run = reader().get(CourseRun, run_id)
    if run is None:
        raise NotFound
    return run


def _title(run: CourseRun) -> str:
    course = posting.get_course(reader(), current_actor(), run.course_id)
    return reader().get_one(Opening, course.opening_id).title
