"""/staff/ventures/: all cases, post a stall, one stall's entries, give out its places."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock, picture_forms
from webapp.core.access import Permission, current_actor, requires
from webapp.core.converters import LARGEST_ID
from webapp.core.db import reader
from webapp.core.errors import BadField, Incomplete, NotFound
from webapp.core.formfields import clean, show_faults
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.draws.lifecycle import SeedSource
from webapp.employers.models import Employer
from webapp.employers.queries import verified_names
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.ventures.blueprint import bp
from webapp.ventures.forms.venture import FreezeForm, RefuseForm, VentureForm, starting_values
from webapp.ventures.lifecycle import Allocation, RefuseCause
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.queries import staff, ventures
from webapp.ventures.services import applying, posting, rounds
from webapp.ventures.services.visits import PHOTOS
from webapp.ventures.views.public import slip_page

_LONGEST_SEARCH = 40
# Where the form shows what publishing an opening finds wrong.
_FIELDS = {"pay_text": "earn_min", "headcount": "places", "education": "demands"}


@bp.get("/staff/ventures/")
@requires(Permission.VENTURE_MANAGE)
def board() -> str:
    """Cases, what is overdue first; and stalls to give out."""
    shown = request.args.get("show", "")
    actor = current_actor()
    return render_template(
        "ventures/board.html",
        page=paginate(reader(), staff.cases(actor, shown)),
        shown=shown,
        report=staff.report(reader()),
        to_give=staff.offers_in_line(reader()),
        asked=staff.asked_of(reader(), actor.account_id),
    )


@bp.route("/staff/ventures/new", methods=["GET", "POST"])
@requires(Permission.VENTURE_MANAGE)
def new() -> ResponseReturnValue:
    """Post a stall on one page."""
    form = VentureForm(data=starting_values(None, None))
    if form.validate_on_submit():
        try:
            return _post(form, posting.post_venture, idempotency_key=form.own_key)
        except (BadField, Incomplete) as error:
            show_faults(form, error, _FIELDS)
    return _form_page(form, None)


@bp.route("/staff/ventures/<id:venture_id>/edit", methods=["GET", "POST"])
@requires(Permission.VENTURE_MANAGE)
def edit(venture_id: int) -> ResponseReturnValue:
    """Change a stall, or offer it anew."""
    venture = posting.get_venture(reader(), current_actor(), venture_id)
    opening = reader().get_one(Opening, venture.opening_id)
    values = starting_values(venture, opening)
    if opening.employer_id:
        values["employer"] = reader().get_one(Employer, opening.employer_id).name
    form = VentureForm(data=values)
    if form.validate_on_submit():
        try:
            return _post(form, posting.edit_venture, venture_id=venture_id)
        except (BadField, Incomplete) as error:
            show_faults(form, error, _FIELDS)
    return _form_page(form, venture_id)


@bp.get("/staff/ventures/<id:venture_id>")
@requires(Permission.VENTURE_MANAGE)
def staff_venture(venture_id: int) -> str:
    """One stall: who wants it, in which order, and what is to be done next."""
    return _venture_page(venture_id, FreezeForm(formdata=None), {})


@bp.post("/staff/ventures/<id:venture_id>/freeze")
@requires(Permission.VENTURE_MANAGE)
def freeze(venture_id: int) -> ResponseReturnValue:
    """Close the list and find the order, or wait for the draw that does."""
    form = FreezeForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                rounds.freeze,
                lambda row: (
                    _("名单定死了，凭条号和指纹已经公布，等开奖。")
                    if row.decided_at is None
                    else _("顺序出来了，轮到的人已经告诉；没有账号的请打电话。")
                ),
                url_for("ventures.staff_venture", venture_id=venture_id),
                venture_id=venture_id,
                source=SeedSource(form.source.data) if form.source.data else None,
                day=form.day.data,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _venture_page(venture_id, form, {}), 400


@bp.post("/staff/ventures/<id:venture_id>/take-back")
@requires(Permission.VENTURE_MANAGE)
def take_back(venture_id: int) -> ResponseReturnValue:
    """Take a stall back that is not given out after all."""
    return write_and_redirect(
        posting.take_back,
        _("收回去了，报了名的人都告诉了。"),
        url_for("ventures.staff_venture", venture_id=venture_id),
        venture_id=venture_id,
    )


@bp.post("/staff/ventures/<id:venture_id>/enter")
@requires(Permission.VENTURE_MANAGE)
def enter_for(venture_id: int) -> ResponseReturnValue:
    """Enter somebody who asked for it at the counter."""
    typed = request.form.get("resident_id", "")
    known = typed.isascii() and typed.isdecimal() and 0 < int(typed[:10]) <= LARGEST_ID
    if not known:
        raise NotFound
    return write_and_redirect(
        applying.apply,
        lambda case: _("报上了，凭条号 %(code)s，抄给本人。", code=case.code),
        url_for("ventures.staff_venture", venture_id=venture_id),
        venture_id=venture_id,
        resident_id=int(typed),
    )


@bp.get("/staff/ventures/entries/<id:case_id>/slip")
@requires(Permission.VENTURE_MANAGE)
def receipt(case_id: int) -> str:
    """The receipt of somebody who applied at the counter, to take home."""
    case = reader().get(VentureCase, case_id)
    view = ventures.staff_view(reader(), case.venture_id) if case and case.venture_id else None
    if case is None or view is None:
        raise NotFound
    back = url_for("ventures.staff_venture", venture_id=view.venture.id)
    return slip_page(view, case, back=back)


@bp.post("/staff/ventures/entries/<id:case_id>/refuse")
@requires(Permission.VENTURE_MANAGE)
def refuse(case_id: int) -> ResponseReturnValue:
    """Leave somebody out who may not be on the list."""
    case = reader().get(VentureCase, case_id)
    if case is None or case.venture_id is None:
        raise NotFound
    form = RefuseForm()
    if form.validate_on_submit():
        return write_and_redirect(
            applying.refuse,
            _("从名单里拿掉了，本人看得到为什么。"),
            url_for("ventures.staff_venture", venture_id=case.venture_id),
            case_id=case_id,
            cause=RefuseCause(form.cause.data),
            note=form.note.data,
        )
    return _venture_page(case.venture_id, FreezeForm(formdata=None), {case_id: form}), 400


def _venture_page(venture_id: int, freezing: FreezeForm, refusing: dict[int, Any]) -> str:
    posting.get_venture(reader(), current_actor(), venture_id)
    view = ventures.staff_view(reader(), venture_id)
    if view is None:
        raise NotFound
    words = str(clean(request.args.get("q", "")))[:_LONGEST_SEARCH]
    waiting = rounds.waiting_entries(reader(), venture_id)
    until = view.opening.valid_until
    closed = view.opening.state is OpeningState.CLOSED
    over = not closed and until is not None and until < clock.today()
    return render_template(
        "ventures/staff_venture.html",
        view=view,
        venture=view.venture,
        opening=view.opening,
        entries=staff.entries(reader(), venture_id),
        rounds=ventures.rounds_of(reader(), venture_id),
        to_freeze=waiting if over and view.free and not view.waits_for_draw else [],
        contested=len(waiting) > view.free,
        closed=closed,
        limited=view.venture.allocation is not Allocation.OPEN,
        freezing=freezing,
        refusing=refusing,
        refuse_form=RefuseForm(formdata=None),
        words=words,
        found=staff.people_to_enter(reader(), venture_id, words) if view.takes_entries else [],
    )


def _post(form: VentureForm, verb: Any, **which: Any) -> ResponseReturnValue:
    stored: list[str] = []

    def go(photo: Any) -> tuple[ResponseReturnValue, str]:
        def target(venture: Any) -> str:
            stored.append(venture.photo)
            return url_for("ventures.staff_venture", venture_id=venture.id)

        response = write_and_redirect(
            verb,
            _("发出去了，居民现在就能看到、报名。"),
            target,
            fields=form.opening_fields(),
            terms=form.terms(),
            employer_name=form.employer.data or "",
            note=form.note.data or "",
            photo=photo,
            **which,
        )
        return response, stored[0] if stored else ""

    return picture_forms.write_with(PHOTOS, form.photo.data, go)


def _form_page(form: VentureForm, venture_id: int | None) -> ResponseReturnValue:
    page = render_template(
        "ventures/new.html",
        form=form,
        venture_id=venture_id,
        employers=verified_names(reader()),
    )
    return page, 400 if form.is_submitted() else 200
