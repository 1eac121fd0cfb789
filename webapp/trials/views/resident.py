"""/me/trials/: one's own trial days: see what is offered, say yes, another day, how it went."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.trials.blueprint import bp
from webapp.trials.forms import DaysForm
from webapp.trials.lifecycle import Party
from webapp.trials.models import TrialDay
from webapp.trials.services.transitions import visible_trial
from webapp.trials.views.steps import propose_page, run_step, shown

STEPS = "any(agree, revise, cancel, word, confirm)"


@bp.route("/me/trials/matches/<id:match_id>", methods=["GET", "POST"])
@requires(Permission.MATCH_ANSWER)
def my_proposal(match_id: int) -> ResponseReturnValue:
    """Say on which day one would like to try the work."""
    return propose_page(match_id, DaysForm(), show="trials.mine", back="matches.mine")


@bp.get("/me/trials/<id:trial_id>")
@requires(Permission.MATCH_ANSWER)
def mine(trial_id: int) -> str:
    """One trial day: the facts first, then yes or another day."""
    trial, _party = visible_trial(reader(), current_actor(), trial_id)
    return _page(trial, {})


@bp.post(f"/me/trials/<id:trial_id>/<{STEPS}:step>")
@requires(Permission.MATCH_ANSWER)
def my_trial_step(trial_id: int, step: str) -> ResponseReturnValue:
    """Say yes, name another day, call it off, say how it went."""
    return run_step(trial_id, step, page=_page, show="trials.mine", side=Party.RESIDENT)


def _page(trial: TrialDay, failed: dict[str, Any]) -> str:
    return render_template("trials/mine.html", **shown(trial, Party.RESIDENT, failed))
