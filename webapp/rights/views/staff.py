"""/staff/rights/: whose claims are open; one person's claims, looked through together."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import heartbeats
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.jobs import service as jobs
from webapp.jobs.lifecycle import JobState
from webapp.jobs.models import JobKind
from webapp.residents.services import registration
from webapp.rights import known_facts, policies, policy, queries
from webapp.rights.blueprint import bp
from webapp.rights.forms.checker import CheckerForm, prefilled
from webapp.rights.lifecycle import ClaimState
from webapp.rights.services import claims, findings
from webapp.rights.views.public import questions_page


@bp.get("/staff/rights/")
@requires(Permission.RESIDENT_MANAGE)
def found() -> str:
    """Who of one's own residents may be entitled and has not claimed, as last looked for."""
    actor = current_actor()
    job = jobs.latest(
        reader(), kind=JobKind.RIGHTS_SEARCH, arguments={"account_id": actor.account_id}
    )
    return render_template(
        "rights/found.html",
        page=paginate(reader(), queries.findings_of(actor.account_id or 0)),
        names={one.code: one.name for one in policies.shipped()},
        job=job,
        states=JobState,
        waiting=heartbeats.is_silent(reader(), heartbeats.SCHEDULER) is not False,
        days=queries.figure("rights_findings_days"),
    )


@bp.post("/staff/rights/search")
@requires(Permission.RESIDENT_MANAGE)
def search() -> ResponseReturnValue:
    """Look through one's own residents anew."""
    actor = current_actor()
    if not EmptyForm().validate_on_submit():
        return redirect(url_for("rights.found"), 303)
    with get_db().transaction(actor) as session:
        job = findings.start_search(session, actor)
    return redirect(url_for("jobs.show", job_id=job.id), 303)


@bp.get("/staff/rights/<id:resident_id>")
@requires(Permission.RESIDENT_MANAGE)
def claims_of(resident_id: int) -> str:
    """How far one person is with each policy."""
    actor = current_actor()
    resident = registration.get_resident(reader(), actor, resident_id)
    return render_template(
        "rights/claims.html",
        resident=resident,
        views=[view for view in queries.views(reader()) if not view.gone],
        claims=claims.of_resident(reader(), resident_id),
        found=queries.found_of(reader(), actor.account_id or 0, resident_id),
        states=ClaimState,
        may_note=policy.can_note_claim(actor, resident),
    )


@bp.post("/staff/rights/<id:resident_id>/check")
@requires(Permission.RESIDENT_MANAGE)
def check_together(resident_id: int) -> ResponseReturnValue:
    """Fill in what the file says, to go through the questions with the person; nothing is kept."""
    form = CheckerForm(formdata=None)
    if EmptyForm().validate_on_submit():
        prefilled(form, known_facts.answers_of(reader(), current_actor(), resident_id))
    return questions_page(form, filled=True)


@bp.post("/staff/rights/<id:resident_id>/<string(maxlength=40):code>")
@requires(Permission.RESIDENT_MANAGE)
def note_claim(resident_id: int, code: str) -> ResponseReturnValue:
    """Note how far the person is with one policy, as they said."""
    state = request.form.get("state", "")
    if state not in set(ClaimState) or not EmptyForm().validate_on_submit():
        raise NotFound
    return write_and_redirect(
        claims.note,
        _("记下了。"),
        url_for("rights.claims_of", resident_id=resident_id),
        resident_id=resident_id,
        code=code,
        state=ClaimState(state),
    )
