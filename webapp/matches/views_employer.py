"""/employer/: the people who agreed to be seen by this employer, and what comes of it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.access import Permission, current_actor, requires
from webapp.db import get_db, reader
from webapp.matches import queries, wording
from webapp.matches.acts import HIRING, offered
from webapp.matches.blueprint import bp
from webapp.matches.scopes import visible_match
from webapp.paging import paginate

STEPS = "any('seen', 'invite', 'offer-job', 'hire', 'refuse', 'leave')"


@bp.get("/employer/applicants")
@requires(Permission.MATCH_HIRE)
def applicants() -> str:
    """All applicants, by opening, the latest first."""
    page = paginate(reader(), queries.applicants(current_actor()))
    return render_template("matches/applicants.html", page=page, tone=wording.tone)


@bp.get("/employer/matches/<id:match_id>")
@requires(Permission.MATCH_HIRE)
def applicant(match_id: int) -> str:
    """One applicant: what they can do, how to reach them, what to do next."""
    return _page(match_id, None)


@bp.post(f"/employer/matches/<id:match_id>/<{STEPS}:step>")
@requires(Permission.MATCH_HIRE)
def employer_step(match_id: int, step: str) -> ResponseReturnValue:
    """Invite, want, hire, take somebody else, note the end."""
    act = HIRING[step]
    form = act.form()
    if not form.validate_on_submit():
        return _page(match_id, form, step), 400
    with get_db().transaction(current_actor()) as session:
        act.do(session, current_actor(), match_id, form)
    flash(str(act.said), "success")
    return redirect(url_for("matches.applicant", match_id=match_id), 303)


def _page(match_id: int, failed: Any, step: str = "") -> str:
    match = visible_match(reader(), current_actor(), match_id)
    forms = offered(HIRING, match.state)
    if failed is not None and step in forms:
        forms[step] = failed
    return render_template(
        "matches/applicant.html",
        applicant=queries.applicant(reader(), match),
        match=match,
        forms=forms,
        form=failed,
        tone=wording.tone,
    )
