"""/staff/branches/promises: what the branches promised; make one, say what became of it."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches import policy
from webapp.branches.blueprint import bp
from webapp.branches.forms.commitments import KeptForm, OutcomeForm, PromiseForm
from webapp.branches.lifecycle import PromiseState
from webapp.branches.models import Branch
from webapp.branches.queries import members as queries
from webapp.branches.queries import promises
from webapp.branches.services import promises as service
from webapp.branches.views.pictures import write_with_picture
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import show_faults
from webapp.core.posting import write_and_redirect


@bp.get("/staff/branches/promises")
@requires(Permission.BRANCH_SERVE)
def promise_board() -> str:
    """All promises, the open ones first."""
    return render_template(
        "branches/promise_board.html",
        open_promises=promises.promise_lines(reader(), still_open=True),
        past_promises=promises.promise_lines(reader(), still_open=False),
        desks=queries.desks(reader()),
        serves=lambda branch_id: policy.can_serve(current_actor(), branch_id),
    )


@bp.route("/staff/branches/<id:branch_id>/promises/new", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def new_promise(branch_id: int) -> ResponseReturnValue:
    """Promise something on one page."""
    branch = served_branch(branch_id)
    form = PromiseForm(data={"owner": current_actor().account_id})
    form.choose_from(queries.of_branch(reader(), branch_id), queries.away(reader(), clock.now()))
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.make_promise,
                _("说出去了，谁都看得到。到日子做到了，来这里记一笔。"),
                lambda row: url_for(".promise", promise_id=row.id),
                branch_id=branch_id,
                words=form.words.data,
                due_on=form.due_on.data,
                owner_id=form.owner.data,
                backup_id=form.backup.data,
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template("branches/new_promise.html", form=form, branch=branch)
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/branches/promises/<id:promise_id>")
@requires(Permission.BRANCH_SERVE)
def promise(promise_id: int) -> str:
    """One promise, and what may be said of it."""
    return _page(promise_id)


@bp.post("/staff/branches/promises/<id:promise_id>/keep")
@requires(Permission.BRANCH_SERVE)
def keep_promise(promise_id: int) -> ResponseReturnValue:
    """Say that it was kept, with its proof."""
    form = KeptForm()
    if form.validate_on_submit():
        try:
            return write_with_picture(
                form.photo.data,
                service.keep_promise,
                _("记下了，大家看得到。"),
                url_for(".promise", promise_id=promise_id),
                promise_id=promise_id,
                proof=form.outcome.data,
                photo_alt=form.photo_alt.data or "",
            )
        except BadField as error:
            show_faults(form, error, {})
    return _page(promise_id, kept=form), 400


@bp.post("/staff/branches/promises/<id:promise_id>/<any(miss, cancel):step>")
@requires(Permission.BRANCH_SERVE)
def end_promise(promise_id: int, step: str) -> ResponseReturnValue:
    """Say that it was not kept, or is taken back, and why."""
    form = OutcomeForm()
    if form.validate_on_submit():
        verb = service.miss_promise if step == "miss" else service.cancel_promise
        try:
            return write_and_redirect(
                verb,
                _("记下了，原因大家看得到。"),
                url_for(".promise", promise_id=promise_id),
                promise_id=promise_id,
                reason=form.outcome.data,
            )
        except BadField as error:
            show_faults(form, error, {})
    return _page(promise_id, other=form), 400


def served_branch(branch_id: int) -> Branch:
    """Return a branch for which the actor writes things down; another's is not there (404)."""
    branch = reader().get(Branch, branch_id)
    if branch is None or not policy.can_serve(current_actor(), branch_id):
        raise NotFound
    return branch


def may_close(row: Any) -> bool:
    """Return whether the actor says what became of a promise or an activity."""
    return policy.can_close(
        current_actor(),
        row.branch_id,
        answering=(row.owner_id, row.backup_id),
        secretary_id=queries.secretary_of(reader(), row.branch_id),
    )


def _page(promise_id: int, kept: Any = None, other: Any = None) -> str:
    line = promises.promise_line(reader(), promise_id)
    if line is None:
        raise NotFound
    row = line.promise
    return render_template(
        "branches/promise.html",
        line=line,
        branch=reader().get_one(Branch, row.branch_id),
        may_close=row.state is PromiseState.OPEN and may_close(row),
        form=kept or other or KeptForm(formdata=None),
        kept_form=kept or KeptForm(formdata=None),
        other_form=other or OutcomeForm(formdata=None),
    )
