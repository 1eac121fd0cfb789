"""/staff/trials/: what the branch is informed of, records for others, and has to decide."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.trials import queries
from webapp.trials.blueprint import bp
from webapp.trials.forms import DecideForm, TermsForm
from webapp.trials.lifecycle import BY_STAFF, TO_COME, Cause, Outcome, Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services import outcome
from webapp.trials.services.transitions import visible_trial
from webapp.trials.views.steps import clash_words, forms_of, paper, propose_page, run_step

STEPS = "any(agree, sign, revise, cancel, word, confirm)"


@bp.get("/staff/trials/")
@requires(Permission.MATCH_DECIDE)
def board() -> str:
    """What two sides tell differently, and all that is under way."""
    return render_template(
        "trials/index.html",
        disputed=reader().execute(queries.for_staff(disputed=True)).all(),
        page=paginate(reader(), queries.for_staff(disputed=False)),
        waits_for=queries.waits_for,
        days_words=queries.days_words,
        decide_by=queries.decide_by,
        today=clock.today(),
    )


@bp.route("/staff/trials/matches/<id:match_id>", methods=["GET", "POST"])
@requires(Permission.MATCH_DECIDE)
def staff_proposal(match_id: int) -> ResponseReturnValue:
    """Propose a trial day to both."""
    return propose_page(match_id, TermsForm(), show="trials.show", back="matches.show")


@bp.get("/staff/trials/<id:trial_id>")
@requires(Permission.MATCH_DECIDE)
def show(trial_id: int) -> str:
    """One trial day with all that was said of it."""
    trial, _party = visible_trial(reader(), current_actor(), trial_id)
    return _page(trial, {})


@bp.post(f"/staff/trials/<id:trial_id>/<{STEPS}:step>")
@requires(Permission.MATCH_DECIDE)
def staff_trial_step(trial_id: int, step: str) -> ResponseReturnValue:
    """Record what one of the two said by telephone or in person."""
    return run_step(trial_id, step, page=_page, show="trials.show", side=None)


@bp.get("/staff/trials/<id:trial_id>/paper")
@requires(Permission.MATCH_DECIDE)
def paper_to_sign(trial_id: int) -> str:
    """The agreement on paper, for both to sign."""
    return paper(trial_id, back="trials.show")


@bp.post("/staff/trials/<id:trial_id>/decide")
@requires(Permission.MATCH_DECIDE)
def decide(trial_id: int) -> ResponseReturnValue:
    """Settle what the two tell differently."""
    trial, _party = visible_trial(reader(), current_actor(), trial_id)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                outcome.decide,
                _("定好了，两边都会看到。"),
                url_for("trials.show", trial_id=trial_id),
                trial_id=trial_id,
                outcome=Outcome(form.outcome.data),
                cause=Cause(form.cause.data) if form.cause.data else None,
                note=form.note.data,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(trial, {"decide": form}), 400


def _page(trial: TrialDay, failed: dict[str, Any]) -> str:
    sides = (Party.RESIDENT, Party.EMPLOYER)
    return render_template(
        "trials/show.html",
        view=queries.view(reader(), trial),
        trial=trial,
        forms={**forms_of(trial, None), "decide": DecideForm(), **failed},
        failed=next(iter(failed.values()), None),
        waits_for=queries.waits_for(trial) if trial.state in TO_COME else "",
        words=[(side, queries.word_words(trial, side)) for side in sides],
        signatures=queries.signatures(trial),
        to_sign=queries.to_sign(trial),
        ways=BY_STAFF,
        clash=clash_words(trial, Party.STAFF),
        decide_by=queries.decide_by(trial),
        may_agree=[side for side in sides if _may_agree(trial, side)],
        may_tell=[side for side in sides if outcome.can_be_told(trial, side)],
        upcoming=trial.first_day > clock.today() and trial.state in TO_COME,
    )


def _may_agree(trial: TrialDay, side: Party) -> bool:
    agreed = trial.resident_agreed_at if side is Party.RESIDENT else trial.employer_agreed_at
    return trial.state is TrialState.PROPOSED and bool(trial.pay_day_fen) and agreed is None
