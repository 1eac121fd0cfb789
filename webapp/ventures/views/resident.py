"""/me/ventures/: apply for a stall, answer, bring an own idea, plan, months; one's own cases."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts import service as accounts
from webapp.core import clock, picture_forms
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.posting import write_and_redirect
from webapp.guides.trades import GUIDES, Site, Trade
from webapp.matches.services.requirements import weigh
from webapp.ventures.blueprint import bp
from webapp.ventures.forms.cases import IdeaForm, LicenceForm, MonthForm, PlanForm, plan_values
from webapp.ventures.lifecycle import Allocation
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.records import VentureVisit
from webapp.ventures.models.ventures import Venture
from webapp.ventures.queries import cases, own, ventures
from webapp.ventures.services import applying, records
from webapp.ventures.services.points import Criterion
from webapp.ventures.services.transitions import readable_case
from webapp.ventures.services.visits import PHOTOS

_ANSWERS = "any(accept, withdraw)"


@bp.get("/me/ventures/")
@requires(Permission.VENTURE_OWN)
def mine() -> str:
    """All cases of one's own."""
    return render_template("ventures/mine.html", cases=own.own_cases(reader(), _resident_id()))


@bp.get("/me/ventures/apply/<id:venture_id>")
@requires(Permission.VENTURE_OWN)
def apply(venture_id: int) -> str:
    """Enter oneself for a stall: what it asks, then one button."""
    view = ventures.public_venture(reader(), venture_id)
    if view is None:
        raise NotFound
    found = weigh(reader(), resident_id=_resident_id(), opening=view.opening)
    mine = own.own_case(reader(), _resident_id(), venture_id)
    return render_template(
        "ventures/apply.html",
        view=view,
        barred=found.barred,
        notes=[one.text for one in [*found.broken_told, *found.to_ask]],
        verified=accounts.is_verified(reader(), current_actor().account_id),
        mine=None if mine is None or mine.is_over else mine,
        unlimited=view.venture.allocation is Allocation.OPEN,
    )


@bp.post("/me/ventures/apply/<id:venture_id>")
@requires(Permission.VENTURE_OWN)
def enter(venture_id: int) -> ResponseReturnValue:
    """Enter oneself."""
    return write_and_redirect(
        applying.apply,
        _("报上了。凭条号记下来，结果只写号，不写名字。"),
        lambda case: url_for("ventures.my_case", case_id=case.id),
        venture_id=venture_id,
        resident_id=_resident_id(),
    )


@bp.route("/me/ventures/new", methods=["GET", "POST"])
@requires(Permission.VENTURE_OWN)
def idea() -> ResponseReturnValue:
    """Begin a business of one's own idea."""
    form = IdeaForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                applying.bring_idea,
                _("记下了。先看要办什么手续，再把账算一算。"),
                lambda case: url_for("ventures.my_case", case_id=case.id),
                resident_id=_resident_id(),
                title=form.title.data,
                trade=Trade(form.trade.data),
                site=Site(form.site.data),
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template("ventures/idea.html", form=form)
    return page, 400 if form.is_submitted() else 200


@bp.get("/me/ventures/<id:case_id>")
@requires(Permission.VENTURE_OWN)
def my_case(case_id: int) -> str:
    """One case of one's own."""
    return _case_page(_own(case_id))


@bp.post(f"/me/ventures/<id:case_id>/<{_ANSWERS}:answer>")
@requires(Permission.VENTURE_OWN)
def answer(case_id: int, answer: str) -> ResponseReturnValue:
    """Take the place that is kept, or take the application back."""
    verb, words = {
        "accept": (applying.accept, _("定了，摊位是您的。下面一样一样准备。")),
        "withdraw": (applying.withdraw, _("撤回了。这件事只有社区知道。")),
    }[answer]
    return write_and_redirect(verb, words, _at(case_id), case_id=case_id)


@bp.route("/me/ventures/<id:case_id>/plan", methods=["GET", "POST"])
@requires(Permission.VENTURE_OWN)
def my_plan(case_id: int) -> ResponseReturnValue:
    """The one-page plan, reckoned as one types."""
    case = _own(case_id)
    plan = records.readable_plan(reader(), current_actor(), case_id)
    form = PlanForm(data=plan_values(plan, case))
    if form.validate_on_submit():
        return write_and_redirect(
            records.write_plan,
            _("存好了，账在下面。"),
            _at(case_id, "plan"),
            case_id=case_id,
            terms=form.terms(),
        )
    page = render_template("ventures/plan.html", form=form, case=case, back=_at(case_id))
    return page, 400 if form.is_submitted() else 200


@bp.post("/me/ventures/<id:case_id>/licence")
@requires(Permission.VENTURE_OWN)
def my_licence(case_id: int) -> ResponseReturnValue:
    """Tick a step of the licences, or take the tick back."""
    case, form = _own(case_id), LicenceForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                records.note_licence,
                _("记下了。"),
                _at(case_id, "licences"),
                case_id=case_id,
                key=form.key.data,
                done_on=form.done_on.data,
                note=form.note.data or "",
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _case_page(case, licence=form), 400


@bp.post("/me/ventures/<id:case_id>/month")
@requires(Permission.VENTURE_OWN)
def my_month(case_id: int) -> ResponseReturnValue:
    """Write down a month in three numbers."""
    case, form = _own(case_id), MonthForm()
    form.offer(case)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                records.note_month,
                _("记下了，只有您、带您的人和社区看得到。"),
                _at(case_id, "months"),
                case_id=case_id,
                month=form.figures(),
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _case_page(case, month=form), 400


@bp.get("/me/ventures/<id:case_id>/visits/<id:visit_id>/photo")
@requires(Permission.VENTURE_OWN)
def my_photo(case_id: int, visit_id: int) -> ResponseReturnValue:
    """The picture of a visit to one's own business."""
    _own(case_id)
    visit = reader().get(VentureVisit, visit_id)
    if visit is None or visit.case_id != case_id:
        raise NotFound
    return picture_forms.send(PHOTOS, visit.photo, public=False)


def _case_page(case: VentureCase, **failed: Any) -> str:
    month = MonthForm(formdata=None)
    month.offer(case)
    forms = {"licence": LicenceForm(formdata=None), "month": month, **failed}
    return render_template(
        "ventures/my_case.html",
        view=cases.case_view(reader(), case),
        own=own.told(reader(), case),
        forms=forms,
        own_points=[
            (Criterion(str(one["code"])).label, one["value"]) for one in case.points_detail
        ],
        failed=next(iter(failed.values()), None),
        today=clock.today(),
        guide=GUIDES.get(case.trade),
        opening_id=reader().get_one(Venture, case.venture_id).opening_id
        if case.venture_id
        else None,
    )


def _own(case_id: int) -> VentureCase:
    case, _resident = readable_case(reader(), current_actor(), case_id)
    return case


def _at(case_id: int, anchor: str | None = None) -> str:
    return url_for("ventures.my_case", case_id=case_id, _anchor=anchor)


def _resident_id() -> int:
    resident_id = current_actor().resident_id
    if resident_id is None:
        raise NotFound
    return resident_id
