"""/employer/trials/: whom an employer lets try the work, on which terms, and how it went."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.paging import paginate
from webapp.trials import queries
from webapp.trials.blueprint import bp
from webapp.trials.forms import TermsForm
from webapp.trials.lifecycle import Party
from webapp.trials.models import TrialDay
from webapp.trials.services.transitions import visible_trial
from webapp.trials.views.steps import paper, propose_page, run_step, shown

STEPS = "any(agree, revise, cancel, word, confirm)"


@bp.get("/employer/trials/")
@requires(Permission.MATCH_HIRE)
def employer_trials() -> str:
    """The organisation's trial days, those that wait for something first."""
    employer_id = current_actor().employer_id
    if employer_id is None:
        raise NotFound
    page = paginate(reader(), queries.of_employer(current_actor()))
    return render_template(
        "trials/employer_index.html",
        page=page,
        sentence=queries.sentence,
        days_words=queries.days_words,
        side=Party.EMPLOYER,
    )


@bp.route("/employer/trials/matches/<id:match_id>", methods=["GET", "POST"])
@requires(Permission.MATCH_HIRE)
def employer_proposal(match_id: int) -> ResponseReturnValue:
    """Propose a trial day to an applicant, all terms written down."""
    return propose_page(
        match_id, TermsForm(), show="trials.employer_trial", back="matches.applicant"
    )


@bp.get("/employer/trials/<id:trial_id>")
@requires(Permission.MATCH_HIRE)
def employer_trial(trial_id: int) -> str:
    """One trial day, as the employer sees it."""
    trial, _party = visible_trial(reader(), current_actor(), trial_id)
    return _page(trial, {})


@bp.post(f"/employer/trials/<id:trial_id>/<{STEPS}:step>")
@requires(Permission.MATCH_HIRE)
def employer_trial_step(trial_id: int, step: str) -> ResponseReturnValue:
    """Say yes, change the terms, call it off, say how it went."""
    return run_step(trial_id, step, page=_page, show="trials.employer_trial", side=Party.EMPLOYER)


@bp.get("/employer/trials/<id:trial_id>/paper")
@requires(Permission.MATCH_HIRE)
def employer_paper(trial_id: int) -> str:
    """The agreement on paper, for both to sign."""
    return paper(trial_id, back="trials.employer_trial")


def _page(trial: TrialDay, failed: dict[str, Any]) -> str:
    return render_template("trials/employer.html", **shown(trial, Party.EMPLOYER, failed))
