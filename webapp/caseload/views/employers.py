"""The staff's files of employers: find one, see its papers' check, decide."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlmodel import col

from webapp.accounts.models import Account
from webapp.caseload.blueprint import bp
from webapp.caseload.forms import BrokerForm
from webapp.caseload.queries.brokers import broker_lines
from webapp.complaints.models import EmployerComplaint
from webapp.core import clock
from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import as_choices
from webapp.core.labels import labels_of
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.employers import policy
from webapp.employers.forms import ReasonForm, VerifyForm
from webapp.employers.lifecycle import TRANSITIONS, EmployerAction, EmployerState
from webapp.employers.models import Employer
from webapp.employers.services import brokers, checks, members
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

_LONGEST_QUERY = 80


@bp.get("/staff/employers/")
@requires(Permission.EMPLOYER_VERIFY)
def employers() -> str:
    """All employers, those waiting for a check first."""
    live = (
        select(func.count())
        .where(
            col(Opening.employer_id) == col(Employer.id),
            col(Opening.state) == OpeningState.PUBLISHED,
        )
        .scalar_subquery()
    )
    statement: Any = select(
        col(Employer.id),
        col(Employer.name),
        col(Employer.industry),
        col(Employer.state),
        col(Employer.verified_at),
        live.label("live"),
    ).order_by(
        case(
            (col(Employer.state) == EmployerState.PENDING, 0),
            (col(Employer.state) == EmployerState.LAPSED, 1),
            else_=2,
        ),
        col(Employer.created_at).desc(),
        col(Employer.id).desc(),
    )
    state = request.args.get("state", "")
    if state in set(EmployerState):
        statement = statement.where(col(Employer.state) == EmployerState(state))
    q = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    if q:
        by_code = col(Employer.credit_code) == q.upper()
        statement = statement.where(col(Employer.name).contains(q, autoescape=True) | by_code)
    return render_template(
        "caseload/employers.html",
        page=paginate(reader(), statement),
        state=state,
        q=q,
        states=labels_of(EmployerState),
    )


@bp.get("/staff/employers/<id:employer_id>")
@requires(Permission.EMPLOYER_VERIFY)
def employer(employer_id: int) -> str:
    """One employer's file."""
    return _page(employer_id)


@bp.get("/staff/employers/brokers")
@requires(Permission.EMPLOYER_VERIFY)
def broker_list() -> str:
    """The labour brokers of all branches: whom they look after, what they brought, if filled."""
    return render_template("caseload/brokers.html", lines=broker_lines(reader()))


@bp.post("/staff/employers/<id:employer_id>/broker")
@requires(Permission.EMPLOYER_VERIFY)
def assign_broker(employer_id: int) -> ResponseReturnValue:
    """Have a broker look after an employer."""
    form = _broker_form()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                brokers.assign_broker,
                _("记下了，以后这家单位发的机会都算在这位名下。"),
                url_for("caseload.employer", employer_id=employer_id),
                employer_id=employer_id,
                account_id=int(form.broker.data) if form.broker.data else None,
            )
        except BadField as error:
            form.broker.errors = [error.message]
    return _page(employer_id, broker_form=form), 400


@bp.post("/staff/employers/<id:employer_id>/verify")
@requires(Permission.EMPLOYER_VERIFY)
def verify_employer(employer_id: int) -> ResponseReturnValue:
    """Note that the papers were seen today."""
    form = VerifyForm()
    if not form.validate_on_submit():
        return _page(employer_id, verify_form=form), 400
    seen = form.revision.data or ""
    return write_and_redirect(
        checks.verify_employer,
        _("已核实，单位现在可以发布招聘了"),
        url_for("caseload.employer", employer_id=employer_id),
        employer_id=employer_id,
        revision=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
        papers=form.seen(),
    )


@bp.post("/staff/employers/<id:employer_id>/refuse")
@requires(Permission.EMPLOYER_VERIFY)
def refuse_employer(employer_id: int) -> ResponseReturnValue:
    """Refuse a file with a reason."""
    return _decide(employer_id, checks.refuse_employer, _("已退回，单位登录后能看到原因"))


@bp.post("/staff/employers/<id:employer_id>/suspend")
@requires(Permission.EMPLOYER_VERIFY)
def suspend_employer(employer_id: int) -> ResponseReturnValue:
    """Suspend an employer with a reason; its openings are taken down."""
    return _decide(employer_id, checks.suspend_employer, _("已暂停，它的招聘都撤下来了"))


@bp.route("/staff/employers/<id:employer_id>/close", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_VERIFY)
def close_employer(employer_id: int) -> ResponseReturnValue:
    """Say what closing does, then close the file with a reason."""
    employer = reader().get(Employer, employer_id)
    if employer is None:
        raise NotFound
    form = ReasonForm()
    if not form.validate_on_submit():
        page = render_template("employers/close.html", employer=employer, form=form, own=False)
        return page, 400 if form.is_submitted() else 200
    return _decide(employer_id, checks.close_employer, _("已注销，它的招聘都结束了"))


def _decide(employer_id: int, decision: Any, done: str) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(employer_id, reason_form=form), 400
    return write_and_redirect(
        decision,
        done,
        url_for("caseload.employer", employer_id=employer_id),
        employer_id=employer_id,
        reason=form.reason.data,
    )


def _broker_form(current: Account | None = None) -> BrokerForm:
    form = BrokerForm(data={"broker": str(current.id) if current else ""})
    people = brokers.brokers(reader())
    if current is not None and current not in people:
        people = [current, *people]
    form.broker.choices = as_choices(
        [("", _("没有人")), *((str(one.id), one.name) for one in people)]
    )
    return form


def _page(
    employer_id: int,
    *,
    verify_form: VerifyForm | None = None,
    reason_form: ReasonForm | None = None,
    broker_form: BrokerForm | None = None,
) -> str:
    employer = reader().get(Employer, employer_id)
    if employer is None:
        raise NotFound
    until = policy.checked_until(employer, days=checks.check_days())
    openings: Any = select(
        col(Opening.id), col(Opening.title), col(Opening.state), col(Opening.valid_until)
    ).where(col(Opening.employer_id) == employer_id)
    checker = reader().get(Account, employer.verified_by_id) if employer.verified_by_id else None
    actions = {action for (state, action) in TRANSITIONS if state is employer.state}
    return render_template(
        "caseload/employer.html",
        employer=employer,
        until=until,
        overdue=until is not None and until < clock.today(),
        soon=until is not None and (until - clock.today()).days <= checks.warn_days(),
        days=checks.check_days(),
        checker=checker,
        history=checks.history(reader(), employer_id),
        members=members.members_of(reader(), employer_id),
        complaints=complaint_counts(employer_id),
        page=paginate(reader(), openings.order_by(col(Opening.updated_at).desc())),
        verify_form=verify_form or _fresh_form(employer),
        reason_form=reason_form or ReasonForm(formdata=None),
        broker_form=broker_form or _broker_form(brokers.broker_of(reader(), employer_id)),
        can_refuse=EmployerAction.REFUSE in actions,
        can_suspend=EmployerAction.SUSPEND in actions,
        can_verify=EmployerAction.VERIFY in actions,
        can_close=EmployerAction.CLOSE in actions,
    )


def _fresh_form(employer: Employer) -> VerifyForm:
    """Return the form with what is known, for staff to compare with the papers."""
    return VerifyForm(
        formdata=None,
        data={
            "revision": employer.revision,
            "licence_number": employer.licence_number or employer.credit_code or "",
            "licence_until": employer.licence_until,
            "agent_name": employer.contact_name,
            "authorised_until": employer.authorised_until,
        },
    )


def complaint_counts(employer_id: int) -> dict[str, int]:
    """Return how many complaints there are against an employer, by state."""
    rows = reader().execute(
        select(col(EmployerComplaint.state), func.count())
        .where(col(EmployerComplaint.employer_id) == employer_id)
        .group_by(col(EmployerComplaint.state))
    )
    return {state.value: number for state, number in rows}
