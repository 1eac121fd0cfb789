"""/staff/ventures/cases/<id>: one case, and what staff and mentors do with it."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock, picture_forms
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import EmptyForm, as_choices
from webapp.core.posting import write_and_redirect
from webapp.employment.lifecycle import Evidence
from webapp.guides.trades import Site, Trade
from webapp.residents.models import Resident
from webapp.ventures import policy
from webapp.ventures.blueprint import bp
from webapp.ventures.forms.cases import (
    CloseForm,
    IdeaForm,
    LicenceForm,
    MentorForm,
    MonthForm,
    OpenForm,
    PlanForm,
    StopForm,
    VisitForm,
    plan_values,
)
from webapp.ventures.lifecycle import EndCause
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.records import VentureVisit
from webapp.ventures.queries import cases, staff
from webapp.ventures.services import applying, keeping, mentors, records, visits
from webapp.ventures.services.transitions import readable_case
from webapp.ventures.services.visits import PHOTOS

_STEPS = "any(accept, close, licence, mentor, month, open, stop, withdraw)"


@bp.get("/staff/ventures/cases/<id:case_id>")
@requires(Permission.VENTURE_MANAGE)
def staff_case(case_id: int) -> str:
    """One case: plan, licences, visits, months, mentor."""
    return _page(*_case(case_id), {})


@bp.route("/staff/residents/<id:resident_id>/ventures/new", methods=["GET", "POST"])
@requires(Permission.VENTURE_MANAGE)
def idea_for(resident_id: int) -> ResponseReturnValue:
    """Begin a business for somebody who told staff of it."""
    resident = reader().get(Resident, resident_id)
    if resident is None:
        raise NotFound
    form = IdeaForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                applying.bring_idea,
                _("记下了。"),
                lambda case: _at(case.id),
                resident_id=resident_id,
                title=form.title.data,
                trade=Trade(form.trade.data),
                site=Site(form.site.data),
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template("ventures/idea_for.html", form=form, resident=resident)
    return page, 400 if form.is_submitted() else 200


@bp.post(f"/staff/ventures/cases/<id:case_id>/<{_STEPS}:step>")
@requires(Permission.VENTURE_MANAGE)
def case_step(case_id: int, step: str) -> ResponseReturnValue:
    """Do what a form of the case's page says, and show the page again."""
    case, resident = _case(case_id)
    form = _form(case, step)
    if form.validate_on_submit():
        verb, words, values = _VERBS[step](form)
        try:
            return write_and_redirect(verb, words, _at(case_id, step), case_id=case_id, **values)
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(case, resident, {step: form}), 400


@bp.post("/staff/ventures/cases/<id:case_id>/visits")
@requires(Permission.VENTURE_MANAGE)
def visit(case_id: int) -> ResponseReturnValue:
    """Write down a visit, with its picture."""
    case, resident = _case(case_id)
    form, stored = VisitForm(), list[str]()

    def go(photo: Any) -> tuple[ResponseReturnValue, str]:
        def target(row: VentureVisit) -> str:
            stored.append(row.photo)
            return _at(case_id, "visits")

        response = write_and_redirect(
            visits.note_visit,
            _("记下了。"),
            target,
            case_id=case_id,
            visited_on=form.visited_on.data,
            note=form.note.data,
            next_step=form.next_step.data or "",
            next_on=form.next_on.data,
            idempotency_key=form.own_key,
            photo=photo,
        )
        return response, stored[0] if stored else ""

    if form.validate_on_submit():
        try:
            return picture_forms.write_with(PHOTOS, form.photo.data, go)
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(case, resident, {"visit": form}), 400


@bp.post("/staff/ventures/cases/<id:case_id>/mentor/<any(yes, no):answer>")
@requires(Permission.VENTURE_MANAGE)
def mentor_answer(case_id: int, answer: str) -> ResponseReturnValue:
    """Say whether one stands by the person."""
    yes = answer == "yes"
    return write_and_redirect(
        mentors.answer_as_mentor,
        _("好，谢谢您带一程。") if yes else _("没关系，社区再问别人。"),
        _at(case_id) if yes else url_for("ventures.board"),
        case_id=case_id,
        yes=yes,
    )


@bp.route("/staff/ventures/cases/<id:case_id>/plan", methods=["GET", "POST"])
@requires(Permission.VENTURE_MANAGE)
def staff_plan(case_id: int) -> ResponseReturnValue:
    """Write the plan together with the person."""
    case, _resident = _case(case_id)
    plan = records.readable_plan(reader(), current_actor(), case_id)
    form = PlanForm(data=plan_values(plan, case))
    if form.validate_on_submit():
        return write_and_redirect(
            records.write_plan, _("存好了。"), _at(case_id), case_id=case_id, terms=form.terms()
        )
    page = render_template("ventures/plan.html", form=form, case=case, back=_at(case_id))
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/ventures/cases/<id:case_id>/visits/<id:visit_id>/photo")
@requires(Permission.VENTURE_MANAGE)
def visit_photo(case_id: int, visit_id: int) -> ResponseReturnValue:
    """The picture of a visit."""
    _case(case_id)
    found = reader().get(VentureVisit, visit_id)
    if found is None or found.case_id != case_id:
        raise NotFound
    return picture_forms.send(PHOTOS, found.photo, public=False)


Verb = tuple[Callable[..., Any], Any, dict[str, Any]]
_VERBS: dict[str, Callable[[Any], Verb]] = {
    "accept": lambda _form: (applying.accept, _("记下了：本人要这个摊位。"), {}),
    "withdraw": lambda _form: (applying.withdraw, _("记下了，只有社区知道。"), {}),
    "stop": lambda form: (
        applying.stop,
        _("记下了，只有社区知道。"),
        {"cause": EndCause(form.cause.data), "note": form.note.data or ""},
    ),
    "open": lambda form: (
        keeping.open_business,
        _("开张了，就业情况里也记上了。"),
        {"opened_on": form.opened_on.data, "evidence": Evidence(form.evidence.data)},
    ),
    "close": lambda form: (
        keeping.close_business,
        _("收摊了，就业情况里也记到那天为止。"),
        {
            "closed_on": form.closed_on.data,
            "cause": EndCause(form.cause.data),
            "note": form.note.data or "",
        },
    ),
    "licence": lambda form: (
        records.note_licence,
        _("记下了。"),
        {
            "key": form.key.data,
            "done_on": form.done_on.data,
            "note": form.note.data or "",
        },
    ),
    "mentor": lambda form: (
        mentors.ask_mentor,
        _("问了，本人答应才算。"),
        {"account_id": form.mentor.data},
    ),
    "month": lambda form: (records.note_month, _("记下了。"), {"month": form.figures()}),
}


_KINDS: dict[str, Any] = {
    "accept": EmptyForm,
    "close": CloseForm,
    "licence": LicenceForm,
    "mentor": MentorForm,
    "month": MonthForm,
    "open": OpenForm,
    "stop": StopForm,
    "visit": VisitForm,
    "withdraw": EmptyForm,
}


def _form(case: VentureCase, step: str, **kwargs: Any) -> Any:
    """Return the form of a step, its choices filled in."""
    form = _KINDS[step](**kwargs)
    if step == "month":
        form.offer(case)
    elif step == "mentor":
        form.mentor.choices = as_choices(staff.mentors(reader(), case.trade.label))
    return form


def _page(case: VentureCase, resident: Resident, failed: dict[str, Any]) -> str:
    actor = current_actor()
    begins = {"opened_on": clock.today(), "closed_on": clock.today()}
    fresh = {step: _form(case, step, formdata=None, data=begins) for step in _KINDS}
    return render_template(
        "ventures/staff_case.html",
        view=cases.case_view(reader(), case),
        case=case,
        resident=resident,
        forms={**fresh, **failed},
        failed=next(iter(failed.values()), None),
        may_keep=policy.can_keep(actor, case, resident),
        may_visit=policy.can_visit(actor, case, resident),
        is_asked=policy.is_mentor(actor, case) and case.mentor_state == "asked",
        today=clock.today(),
    )


def _case(case_id: int) -> tuple[VentureCase, Resident]:
    return readable_case(reader(), current_actor(), case_id)


def _at(case_id: int, anchor: str | None = None) -> str:
    return url_for("ventures.staff_case", case_id=case_id, _anchor=anchor)
