"""Writing openings: an employer's own under /employer/, anybody's under /staff/ for staff."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import escape

from webapp.core import clock, errors
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.employers.queries import verified_names
from webapp.openings import own_pages, policy, presentation
from webapp.openings.blueprint import bp
from webapp.openings.forms import CloseForm, OpeningForm, form_values
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.queries.own_openings import OwnWork, own_openings
from webapp.openings.services import editing
from webapp.openings.views import words
from webapp.openings.views.sharing import text_for_groups
from webapp.rulebook import lint

KIND = "any(vacancy, course, venture)"  # piecework is written as an order of its own
# What has been let through is not held against its writer again.
_IN_WRITING = {OpeningState.DRAFT, OpeningState.RETURNED, OpeningState.EXPIRED}


@bp.get("/employer/openings/")
@requires(Permission.OPENING_SUBMIT)
def mine() -> str:
    """The employer's own openings, newest first; ``show`` narrows to those that wait for it."""
    asked = request.args.get("show", "")
    what = next((one for one in OwnWork if one.value == asked), None)
    page = paginate(reader(), own_openings(current_actor(), what))
    return render_template("openings/mine.html", page=page, what=what)


@bp.get("/employer/openings/new")
@requires(Permission.OPENING_SUBMIT)
def new() -> str:
    """Choose the kind first."""
    return render_template(
        "openings/kinds.html",
        kinds=list(Kind),
        target="openings.write",
        own={Kind.PIECEWORK: "piecework.employer_new"},
    )


@bp.get("/staff/openings/new")
@requires(Permission.OPENING_REVIEW)
def staff_new() -> str:
    """Choose the kind first."""
    return render_template(
        "openings/kinds.html",
        kinds=list(Kind),
        target="openings.staff_write",
        own={Kind.PIECEWORK: "piecework.staff_new", Kind.VENTURE: "ventures.new"},
    )


@bp.route(f"/employer/openings/new/<{KIND}:kind>", methods=["GET", "POST"])
@requires(Permission.OPENING_SUBMIT)
def write(kind: str) -> ResponseReturnValue:
    """Write an opening of the employer's own."""
    return _write(OpeningForm(Kind(kind)), None)


@bp.route(f"/staff/openings/new/<{KIND}:kind>", methods=["GET", "POST"])
@requires(Permission.OPENING_REVIEW)
def staff_write(kind: str) -> ResponseReturnValue:
    """Write an opening for an employer or for the community."""
    return _write(OpeningForm(Kind(kind), by_staff=True), None)


@bp.route("/employer/openings/<id:opening_id>/edit", methods=["GET", "POST"])
@requires(Permission.OPENING_SUBMIT)
def edit(opening_id: int) -> ResponseReturnValue:
    """Change an opening of the employer's own."""
    opening = editing.get_opening(reader(), current_actor(), opening_id)
    kept = own_pages.kept(reader(), current_actor(), opening)
    if kept:
        return redirect(kept)
    return _write(OpeningForm(opening.kind, data=form_values(opening)), opening)


@bp.route("/staff/openings/<id:opening_id>/edit", methods=["GET", "POST"])
@requires(Permission.OPENING_REVIEW)
def staff_edit(opening_id: int) -> ResponseReturnValue:
    """Change any opening."""
    opening = editing.get_opening(reader(), current_actor(), opening_id)
    kept = own_pages.kept(reader(), current_actor(), opening)
    if kept:
        return redirect(kept)
    employer = reader().get(Employer, opening.employer_id) if opening.employer_id else None
    values = {**form_values(opening), "employer": employer.name if employer else ""}
    return _write(OpeningForm(opening.kind, by_staff=True, data=values), opening)


@bp.get("/employer/openings/<id:opening_id>")
@requires(Permission.OPENING_SUBMIT)
def own(opening_id: int) -> ResponseReturnValue:
    """One opening as its writer sees it: how it was understood, and what comes next."""
    opening = editing.get_opening(reader(), current_actor(), opening_id)
    kept = own_pages.kept(reader(), current_actor(), opening)
    return redirect(kept) if kept else _own_page(opening, [])


@bp.post("/employer/openings/<id:opening_id>/submit")
@requires(Permission.OPENING_SUBMIT)
def submit(opening_id: int) -> ResponseReturnValue:
    """Hand an opening in for review."""
    actor = current_actor()
    try:
        with get_db().transaction(actor) as session:
            editing.submit_opening(session, actor, opening_id=opening_id)
    except errors.Incomplete as error:
        opening = editing.get_opening(reader(), actor, opening_id)
        return _own_page(opening, error.faults), 400
    flash(_("已交给社区审核，一般两个工作日内审好"), "success")
    return redirect(url_for("openings.own", opening_id=opening_id), 303)


@bp.route("/employer/openings/<id:opening_id>/close", methods=["GET", "POST"])
@requires(Permission.OPENING_SUBMIT)
def close(opening_id: int) -> ResponseReturnValue:
    """Ask once, then end an opening."""
    return _close(opening_id, "openings.own")


@bp.route("/staff/openings/<id:opening_id>/close", methods=["GET", "POST"])
@requires(Permission.OPENING_REVIEW)
def staff_close(opening_id: int) -> ResponseReturnValue:
    """Ask once, then end an opening."""
    return _close(opening_id, "openings.review_page")


def _own_page(opening: Opening, faults: list[errors.Fault]) -> str:
    employer = reader().get(Employer, opening.employer_id) if opening.employer_id else None
    in_writing = opening.state in _IN_WRITING
    return render_template(
        "openings/own.html",
        opening=opening,
        facts=presentation.facts(opening, employer.name if employer else ""),
        pay=presentation.pay_of(opening),
        next_step=presentation.next_step(opening),
        faults=faults,
        found=policy.findings(opening, on=clock.today()) if in_writing else [],
        mark=lint.mark if in_writing else escape,
        editable=opening.state in policy.EDITABLE,
        share_text=text_for_groups(opening, employer.name if employer else ""),
    )


def _write(form: OpeningForm, opening: Opening | None) -> ResponseReturnValue:
    """Show the form, or save it and go on to the page that shows how it was understood."""
    actor = current_actor()
    by_staff = policy.can_review(actor)
    if form.validate_on_submit():
        name = (form.employer.data or "") if by_staff else ""
        target = "openings.review_page" if by_staff else "openings.own"
        which: dict[str, Any] = (
            {"kind": form.kind, "idempotency_key": form.own_key}
            if opening is None
            else {"opening_id": opening.id}
        )
        try:
            return write_and_redirect(
                editing.create_opening if opening is None else editing.edit_opening,
                _("存好了，请核对一遍"),
                lambda saved: url_for(target, opening_id=saved.id),
                fields=form.fields(),
                employer_name=name,
                **which,
            )
        except errors.BadField as error:
            form[error.field].errors = [error.message]
    found = _found(form, opening)
    page = render_template(
        "openings/edit.html",
        form=form,
        opening=opening,
        found=found,
        found_digest=words.digest(found),
        by_staff=by_staff,
        names=verified_names(reader()) if by_staff else [],
        back=_back(opening, by_staff),
    )
    return page, 400 if form.is_submitted() else 200


def _found(form: OpeningForm, opening: Opening | None) -> list[lint.Finding]:
    """Return what to look at again: in what was just typed, or in what is being mended."""
    if form.is_submitted():
        return words.found(form.kind, request.form)
    return policy.findings(opening, on=clock.today()) if opening else []


def _back(opening: Opening | None, by_staff: bool) -> str:
    if opening is None:
        return url_for("openings.review_list" if by_staff else "openings.mine")
    target = "openings.review_page" if by_staff else "openings.own"
    return url_for(target, opening_id=opening.id)


def _close(opening_id: int, target: str) -> ResponseReturnValue:
    actor = current_actor()
    kept = own_pages.kept(reader(), actor, editing.get_opening(reader(), actor, opening_id))
    if kept:
        return redirect(kept, 303)
    form = CloseForm()
    if form.validate_on_submit():
        return write_and_redirect(
            editing.close_opening,
            _("已结束，别人看不到了；报了名的人会收到消息"),
            url_for(target, opening_id=opening_id),
            opening_id=opening_id,
        )
    opening = editing.get_opening(reader(), actor, opening_id)
    back = url_for(target, opening_id=opening_id)
    return render_template("openings/close.html", opening=opening, back=back)
