"""Results and certificates: staff enter, confirm, revoke; anybody reads one by its code."""

from datetime import timedelta

import segno
from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.core import rate_limits
from webapp.core.access import SYSTEM, Permission, current_actor, public, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import NotFound
from webapp.core.formfields import clean
from webapp.core.posting import write_and_redirect
from webapp.core.rate_limits import Limit
from webapp.residents.models import Resident
from webapp.training.blueprint import bp
from webapp.training.forms.results import NameForm, ResultForm, RevokeForm
from webapp.training.models.courses import CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Assessment, Certificate
from webapp.training.services import assessment, certificates

_GUESSES, _WINDOW = 30, timedelta(hours=1)
_NAMES = 10
_LONGEST_CODE = 40  # blanks and hyphens of a code as people copy it


@bp.route("/staff/training/enrolments/<id:enrolment_id>/result", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def enter_result(enrolment_id: int) -> ResponseReturnValue:
    """Type in the trainer's result of one person."""
    enrolment = reader().get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.run_id is None:
        raise NotFound
    run = reader().get_one(CourseRun, enrolment.run_id)
    form = ResultForm(data={"trainer": run.trainer})
    if form.validate_on_submit():
        return write_and_redirect(
            assessment.enter,
            _("记下了，等另一位同事核对。"),
            url_for("training.staff_run", run_id=run.id),
            enrolment_id=enrolment_id,
            passed=form.passed.data == "yes",
            trainer=form.trainer.data,
            note=form.note.data or "",
        )
    page = render_template(
        "training/result.html",
        form=form,
        run=run,
        name=reader().get_one(Resident, enrolment.resident_id).name,
        attended=certificates.attendance_of(reader(), enrolment),
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/staff/training/results/<id:assessment_id>/confirm")
@requires(Permission.TRAINING_MANAGE)
def confirm_result(assessment_id: int) -> ResponseReturnValue:
    """Confirm a result that another member typed in."""
    row = reader().get(Assessment, assessment_id)
    if row is None:
        raise NotFound
    run_id = reader().get_one(Enrolment, row.enrolment_id).run_id
    return write_and_redirect(
        assessment.confirm,
        _("核对好了。通过的，结业证和本事都记好了。"),
        url_for("training.staff_run", run_id=run_id),
        assessment_id=assessment_id,
    )


@bp.post("/staff/training/runs/<id:run_id>/close")
@requires(Permission.TRAINING_MANAGE)
def close_run(run_id: int) -> ResponseReturnValue:
    """Close a run whose results are all in."""
    return write_and_redirect(
        assessment.close_run,
        _("结班了。"),
        url_for("training.staff_run", run_id=run_id),
        run_id=run_id,
    )


@bp.get("/me/training/certificates/<id:certificate_id>")
@requires(Permission.TRAINING_LEARN)
def my_certificate(certificate_id: int) -> str:
    """One's own certificate, to print."""
    return _paper(certificate_id, url_for("training.mine"))


@bp.get("/staff/training/certificates/<id:certificate_id>")
@requires(Permission.TRAINING_MANAGE)
def staff_certificate(certificate_id: int) -> str:
    """A certificate, to print for its holder."""
    return _paper(certificate_id, _run_page(certificate_id))


@bp.route("/staff/training/certificates/<id:certificate_id>/revoke", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def revoke_certificate(certificate_id: int) -> ResponseReturnValue:
    """Say that a certificate no longer stands."""
    row, name = certificates.own_certificate(reader(), current_actor(), certificate_id)
    form = RevokeForm()
    if form.validate_on_submit():
        return write_and_redirect(
            certificates.revoke,
            _("作废了，本人会看到原因。"),
            _run_page(certificate_id),
            certificate_id=certificate_id,
            reason=form.reason.data,
        )
    page = render_template(
        "training/revoke.html", form=form, row=row, name=name, back=_run_page(certificate_id)
    )
    return page, 400 if form.is_submitted() else 200


@bp.get("/certificates/")
@public
def find_certificate() -> ResponseReturnValue:
    """Type in the code of a certificate."""
    code = str(clean(request.args.get("code", "")))[:_LONGEST_CODE].replace("/", "")
    if code:
        return redirect(url_for("training.certificate", code=code))
    return render_template("training/certificate.html", row=None, code="")


@bp.route("/certificates/<code>", methods=["GET", "POST"])
@public
def certificate(code: str) -> Response:
    """What a certificate says, the name masked, and whether it stands; guesses are counted.

    Who has the paper may type the whole name on it, and is told whether it is the one signed for.
    """
    limit = [Limit(f"certificate:{request.remote_addr or ''}", _GUESSES, _WINDOW)]
    with get_db().transaction(SYSTEM) as session:
        rate_limits.take(session, limit)
        row = certificates.by_code(session, code)
        if row is not None:  # no guess
            rate_limits.give_back(session, limit)
    form = NameForm()
    is_holder: bool | None = None
    if row is not None and form.validate_on_submit():
        with get_db().transaction(SYSTEM) as session:
            rate_limits.take(session, [Limit(f"certificate name:{row.id}", _NAMES, _WINDOW)])
        is_holder = certificates.is_holder(row, form.name.data or "")
    page = render_template(
        "training/certificate.html",
        row=row,
        code=code[:_LONGEST_CODE],
        content=row.content if row else {},
        ours=row is not None and certificates.is_ours(row),
        form=form,
        is_holder=is_holder,
    )
    wrong = form.is_submitted() and is_holder is None
    response = make_response(page, 404 if row is None else 400 if wrong else 200)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _paper(certificate_id: int, back: str) -> str:
    row, name = certificates.own_certificate(reader(), current_actor(), certificate_id)
    url = url_for("training.certificate", code=row.code, _external=True)
    code = segno.make(url, error="m").svg_inline(omitsize=True, border=0)
    return render_template(
        "training/certificate_print.html",
        row=row,
        name=name,
        content=row.content,
        qr=Markup(code),  # noqa: S704 - drawn by segno from our own address
        url=url,
        back_href=back,
    )


def _run_page(certificate_id: int) -> str:
    row = reader().get(Certificate, certificate_id)
    if row is None:
        raise NotFound
    run_id = reader().get_one(Enrolment, row.enrolment_id).run_id
    return url_for("training.staff_run", run_id=run_id)
