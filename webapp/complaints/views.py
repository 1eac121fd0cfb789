"""Complaints against employers: a resident's own, and the list that staff handle."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts.models import Account
from webapp.complaints import service
from webapp.complaints.forms import ComplaintForm, HandleForm
from webapp.complaints.lifecycle import ComplaintKind, ComplaintOutcome, ComplaintState
from webapp.complaints.models import EmployerComplaint
from webapp.core.access import Permission, current_actor, requires
from webapp.core.converters import LARGEST_ID
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.residents.models import Resident

bp = Blueprint("complaints", __name__)


@bp.get("/me/complaints/")
@requires(Permission.RESIDENT_SELF)
def mine() -> str:
    """What the resident has complained of, and what came of it."""
    rows = service.of_resident(reader(), current_actor().resident_id)
    return render_template("complaints/mine.html", rows=rows, answer_days=service.answer_days())


@bp.route("/me/complaints/new/<id:opening_id>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def complain(opening_id: int) -> ResponseReturnValue:
    """Complain of the employer of an opening."""
    actor = current_actor()
    opening, employer = service.complained_of(reader(), actor, opening_id=opening_id)
    form = ComplaintForm()
    if form.validate_on_submit():
        return write_and_redirect(
            service.file_complaint,
            _(
                "社区收到了，会找单位问清楚，%(n)d 天内答复您。单位不知道是谁说的",
                n=service.answer_days(),
            ),
            url_for("complaints.mine"),
            employer_id=employer.id,
            opening_id=opening_id,
            kind=ComplaintKind(form.kind.data),
            words=form.words.data,
        )
    page = render_template(
        "complaints/complain.html",
        form=form,
        employer=employer,
        back=url_for("openings.show", opening_id=opening_id),
        about=opening.title,
    )
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/complaints/")
@requires(Permission.EMPLOYER_VERIFY)
def index() -> str:
    """All complaints, those still open first."""
    asked = request.args.get("state", "")
    state = ComplaintState(asked) if asked in set(ComplaintState) else None
    employer_id = request.args.get("employer", "")
    of = int(employer_id) if employer_id.isascii() and employer_id.isdecimal() else None
    of = of if of is not None and of <= LARGEST_ID else None
    return render_template(
        "complaints/index.html",
        page=paginate(reader(), service.in_order(state=state, employer_id=of)),
        state=state,
        states=list(ComplaintState),
    )


@bp.get("/staff/complaints/<id:complaint_id>")
@requires(Permission.EMPLOYER_VERIFY)
def show(complaint_id: int) -> str:
    """One complaint in full."""
    return _page(complaint_id, HandleForm(formdata=None))


@bp.post("/staff/complaints/<id:complaint_id>/handle")
@requires(Permission.EMPLOYER_VERIFY)
def handle(complaint_id: int) -> ResponseReturnValue:
    """Note how it ended and what its writer is told."""
    form = HandleForm()
    if not form.validate_on_submit():
        return _page(complaint_id, form), 400
    return write_and_redirect(
        service.handle_complaint,
        _("办完了，来反映的人登录后能看到答复"),
        url_for("complaints.show", complaint_id=complaint_id),
        complaint_id=complaint_id,
        outcome=ComplaintOutcome(form.outcome.data),
        answer=form.answer.data,
    )


@bp.route("/staff/employers/<id:employer_id>/complaints/new", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_VERIFY)
def staff_complain(employer_id: int) -> ResponseReturnValue:
    """Write down what staff have seen or been told."""
    employer = reader().get(Employer, employer_id)
    if employer is None:
        raise NotFound
    form = ComplaintForm()
    if form.validate_on_submit():
        return write_and_redirect(
            service.file_complaint,
            _("记下了，接着去问单位"),
            lambda filed: url_for("complaints.show", complaint_id=filed.id),
            employer_id=employer_id,
            kind=ComplaintKind(form.kind.data),
            words=form.words.data,
        )
    page = render_template(
        "complaints/complain.html",
        form=form,
        employer=employer,
        back=url_for("caseload.employer", employer_id=employer_id),
        about="",
    )
    return page, 400 if form.is_submitted() else 200


def _page(complaint_id: int, form: HandleForm) -> str:
    row = reader().get(EmployerComplaint, complaint_id)
    if row is None:
        raise NotFound
    session = reader()
    return render_template(
        "complaints/show.html",
        complaint=row,
        employer=session.get_one(Employer, row.employer_id),
        opening=session.get(Opening, row.opening_id) if row.opening_id else None,
        resident=session.get(Resident, row.resident_id) if row.resident_id else None,
        filed_by=session.get(Account, row.filed_by_id) if row.filed_by_id else None,
        handled_by=session.get(Account, row.handled_by_id) if row.handled_by_id else None,
        form=form,
        is_open=row.state is ComplaintState.OPEN,
    )
