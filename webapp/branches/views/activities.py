"""/staff/branches/activities: plan one, change it, say what came of it."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches import policy
from webapp.branches.blueprint import bp
from webapp.branches.forms.commitments import ActivityForm, HeldForm, OutcomeForm, times_of
from webapp.branches.lifecycle import ActivityState
from webapp.branches.models import Branch
from webapp.branches.queries import activities
from webapp.branches.queries import members as queries
from webapp.branches.services import activities as service
from webapp.branches.views.pictures import write_with_picture
from webapp.branches.views.promises import may_close, served_branch
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import show_faults
from webapp.core.posting import write_and_redirect


@bp.get("/staff/branches/activities")
@requires(Permission.BRANCH_SERVE)
def activity_board() -> str:
    """All activities: to be written down, to come, over."""
    return render_template(
        "branches/activity_board.html",
        to_write_down=activities.to_write_down(reader()),
        to_come=activities.to_come(reader()),
        held=activities.over(reader()),
        desks=queries.desks(reader()),
        serves=lambda branch_id: policy.can_serve(current_actor(), branch_id),
    )


@bp.route("/staff/branches/<id:branch_id>/activities/new", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def new_activity(branch_id: int) -> ResponseReturnValue:
    """Announce an activity on one page."""
    branch = served_branch(branch_id)
    form = _form(branch_id, {"owner": current_actor().account_id})
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.plan_activity,
                _("定好了，大家看得到。办完了来这里记一笔。"),
                lambda row: url_for(".activity", activity_id=row.id),
                branch_id=branch_id,
                fields=form.fields(),
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template("branches/edit_activity.html", form=form, branch=branch, row=None)
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/branches/activities/<id:activity_id>/change", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def change_activity(activity_id: int) -> ResponseReturnValue:
    """Change time, place or people of an activity to come."""
    line = _line(activity_id)
    row = line.activity
    if row.state is not ActivityState.PLANNED or not may_close(row):
        raise NotFound
    form = _form(
        row.branch_id,
        {
            **times_of(row.starts_at, row.ends_at),
            **{name: getattr(row, name) for name in ("title", "place", "for_whom", "words")},
            "owner": row.owner_id,
            "backup": row.backup_id,
        },
    )
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.change_activity,
                _("改好了，大家看到的也变了。"),
                url_for(".activity", activity_id=activity_id),
                activity_id=activity_id,
                fields=form.fields(),
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template(
        "branches/edit_activity.html",
        form=form,
        branch=reader().get_one(Branch, row.branch_id),
        row=row,
    )
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/branches/activities/<id:activity_id>")
@requires(Permission.BRANCH_SERVE)
def activity(activity_id: int) -> str:
    """One activity, and what may be said of it."""
    return _page(activity_id)


@bp.post("/staff/branches/activities/<id:activity_id>/hold")
@requires(Permission.BRANCH_SERVE)
def hold_activity(activity_id: int) -> ResponseReturnValue:
    """Say how many came and what came of it."""
    form = HeldForm()
    if form.validate_on_submit():
        try:
            return write_with_picture(
                form.photo.data,
                service.hold_activity,
                _("记下了，大家看得到。"),
                url_for(".activity", activity_id=activity_id),
                activity_id=activity_id,
                people=form.people.data,
                outcome=form.outcome.data,
                photo_alt=form.photo_alt.data or "",
            )
        except BadField as error:
            show_faults(form, error, {})
    return _page(activity_id, held=form), 400


@bp.post("/staff/branches/activities/<id:activity_id>/cancel")
@requires(Permission.BRANCH_SERVE)
def cancel_activity(activity_id: int) -> ResponseReturnValue:
    """Call it off, with the reason."""
    form = OutcomeForm()
    if form.validate_on_submit():
        return write_and_redirect(
            service.cancel_activity,
            _("记下了，原因大家看得到。"),
            url_for(".activity", activity_id=activity_id),
            activity_id=activity_id,
            reason=form.outcome.data,
        )
    return _page(activity_id, off=form), 400


def _form(branch_id: int, values: dict[str, Any]) -> ActivityForm:
    form = ActivityForm(data=values)
    form.choose_from(queries.of_branch(reader(), branch_id), queries.away(reader(), clock.now()))
    return form


def _line(activity_id: int) -> activities.ActivityLine:
    line = activities.activity_line(reader(), activity_id)
    if line is None:
        raise NotFound
    return line


def _page(activity_id: int, held: Any = None, off: Any = None) -> str:
    line = _line(activity_id)
    row = line.activity
    return render_template(
        "branches/activity.html",
        line=line,
        has_begun=row.starts_at <= clock.now(),
        may_close=row.state is ActivityState.PLANNED and may_close(row),
        form=held or off or HeldForm(formdata=None),
        held_form=held or HeldForm(formdata=None),
        off_form=off or OutcomeForm(formdata=None),
    )
