"""/employer/: the people who agreed to be seen by this employer, and what comes of it."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.formfields import as_choices
from webapp.core.paging import paginate
from webapp.matches import presentation
from webapp.matches.actions import EMPLOYING
from webapp.matches.blueprint import bp
from webapp.matches.models import Match
from webapp.matches.queries import applicants as queries
from webapp.matches.queries import interviews
from webapp.matches.queries.match_detail import contract_shown
from webapp.matches.reason_codes import FollowUpSource
from webapp.matches.services import follow_ups
from webapp.matches.services.access import visible_match
from webapp.matches.views.interviews import fit_forms
from webapp.matches.views.run_action import forms_on_page, run_action
from webapp.messages.queries.threads import get_thread

STEPS = (
    "any('seen', 'invite', 'keep-time', 'offer-job', 'hire', 'contract', 'refuse', 'leave',"
    " 'undo-hire', 'still-there', 'ask-for')"
)


@bp.get("/employer/applicants")
@requires(Permission.MATCH_HIRE)
def applicants() -> str:
    """All applicants, by opening, the latest first; ``show`` narrows to those who wait."""
    asked = request.args.get("show", "")
    what = next((one for one in queries.AwaitedFor if one.value == asked), None)
    return render_template(
        "matches/applicants.html",
        page=paginate(reader(), queries.applicants(current_actor(), what)),
        what=what,
        tone=presentation.tone,
        state_words=presentation.state_words,
        is_chased=presentation.is_chased,
    )


@bp.get("/employer/matches/<id:match_id>")
@requires(Permission.MATCH_HIRE)
def applicant(match_id: int) -> str:
    """One applicant: what they can do, how to reach them, what to do next."""
    return _page(match_id, None)


@bp.post(f"/employer/matches/<id:match_id>/<{STEPS}:step>")
@requires(Permission.MATCH_HIRE)
def employer_step(match_id: int, step: str) -> ResponseReturnValue:
    """Run a button of the employer: invite, offer, hire, refuse, end."""
    return run_action(
        EMPLOYING,
        step,
        match_id,
        page=_page,
        onward=url_for("matches.applicant", match_id=match_id),
    )


def _page(match_id: int, failed: Any, step: str = "") -> str:
    match = visible_match(reader(), current_actor(), match_id)
    applicant = queries.applicant(reader(), match)
    forms = forms_on_page(EMPLOYING, match.state, applicant.kind, failed, step)
    if "still-there" in forms and not _is_asked(match):
        del forms["still-there"]
    if "ask-for" in forms:
        others = queries.other_openings(reader(), current_actor(), match)
        forms["ask-for"].other_opening.choices = as_choices(others)
        if not others:
            del forms["ask-for"]
    interview = interviews.interview_of(reader(), match)
    fit_forms(forms, failed, match, interview)
    return render_template(
        "matches/applicant.html",
        interview=interview,
        applicant=applicant,
        match=match,
        contract=contract_shown(reader(), match),
        thread=get_thread(reader(), current_actor(), match_id),
        forms=forms,
        form=failed,
        tone=presentation.tone,
        state_words=presentation.state_words,
        is_chased=presentation.is_chased,
    )


def _is_asked(match: Match) -> bool:
    """Whether the employer is asked after this job now."""
    said = FollowUpSource.EMPLOYER in follow_ups.heard(reader(), match)
    return follow_ups.is_due(match) and not said
