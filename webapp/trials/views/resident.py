"""/me/trials/: one's own trial days: see what is offered, say yes, another day, how it went."""

from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col

from webapp.branches.queries.members import serving_phone
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.icalendar import calendar, calendar_file
from webapp.openings.presentation import map_link
from webapp.trials import turns
from webapp.trials.blueprint import bp
from webapp.trials.forms import DaysForm
from webapp.trials.lifecycle import Party, TrialState
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


@bp.get("/me/trials/<id:trial_id>.ics")
@requires(Permission.MATCH_ANSWER)
def trial_calendar(trial_id: int) -> Response:
    """The agreed days as a calendar file."""
    trial, _party = visible_trial(reader(), current_actor(), trial_id)
    url = url_for("trials.mine", trial_id=trial_id, _external=True)
    entries = turns.entries(reader(), col(TrialDay.id) == trial.id, url=url)
    return calendar_file(calendar(_("试岗"), entries), f"trial-{trial_id}.ics")


@bp.post(f"/me/trials/<id:trial_id>/<{STEPS}:step>")
@requires(Permission.MATCH_ANSWER)
def my_trial_step(trial_id: int, step: str) -> ResponseReturnValue:
    """Say yes, name another day, call it off, say how it went."""
    return run_step(trial_id, step, page=_page, show="trials.mine", side=Party.RESIDENT)


def _page(trial: TrialDay, failed: dict[str, Any]) -> str:
    ahead = trial.state is TrialState.AGREED and trial.first_day > clock.today()
    return render_template(
        "trials/mine.html",
        **shown(trial, Party.RESIDENT, failed),
        road=turns.road_of(trial),
        map_url=map_link("", trial.address) if trial.address else "",
        phone=serving_phone(reader()),
        calendar_url=url_for("trials.trial_calendar", trial_id=trial.id) if ahead else "",
    )
