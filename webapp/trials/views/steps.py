"""What the pages of all three have in common: propose, and the steps of a trial day."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import current_actor
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.posting import write_and_redirect
from webapp.matches.services.access import visible_match
from webapp.openings.models import Opening
from webapp.trials import queries
from webapp.trials.forms import AgreeForm, DaysForm, SideForm, TermsForm, WordForm, filled
from webapp.trials.lifecycle import Heard, Outcome, Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services import agreement, days, outcome
from webapp.trials.services.terms import least_pay, refuse_match
from webapp.trials.services.transitions import visible_trial

Page = Callable[[TrialDay, dict[str, Any]], str]


def propose_page(match_id: int, form: DaysForm, *, show: str, back: str) -> ResponseReturnValue:
    """Propose a trial day on a match; one that is under way is shown instead."""
    match = visible_match(reader(), current_actor(), match_id)
    known = queries.of_match(reader(), match_id)
    if known is not None and not form.is_submitted():
        return redirect(url_for(show, trial_id=known.id))
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                agreement.propose,
                _("约好了这些，对方点了行就算数。"),
                lambda trial: url_for(show, trial_id=trial.id),
                match_id=match_id,
                first_day=form.first_day.data,
                days=int(form.days.data),
                terms=form.terms,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    opening = refuse_match(reader(), match)
    page = render_template(
        "trials/propose.html",
        form=form,
        opening=opening,
        back=url_for(back, match_id=match_id),
        least=_least(opening, form),
    )
    return page, 400 if form.is_submitted() else 200


def run_step(
    trial_id: int, step: str, *, page: Page, show: str, side: Party | None
) -> ResponseReturnValue:
    """Do what a button says and show the page again; ``side`` is ``None`` for staff."""
    trial, _party = visible_trial(reader(), current_actor(), trial_id)
    again = url_for(show, trial_id=trial_id)
    if step == "cancel":
        return write_and_redirect(
            agreement.cancel, _("好，这次不去了。没关系。"), again, trial_id=trial_id
        )
    form = forms_of(trial, side)[step]
    if form.validate_on_submit():
        try:
            if step == "revise":
                return write_and_redirect(
                    agreement.revise,
                    _("改好了，再问对方行不行。"),
                    again,
                    trial_id=trial_id,
                    first_day=form.first_day.data,
                    days=int(form.days.data),
                    terms=form.terms,
                )
            whose = side or _side_of(form)
            if step == "agree":
                return write_and_redirect(
                    agreement.agree,
                    lambda row: _("说定了。") if row.state.value == "agreed" else _("好，记下了。"),
                    again,
                    trial_id=trial_id,
                    version=int(form.version.data),
                    side=whose,
                    heard=_heard(form),
                )
            if step == "sign":
                return write_and_redirect(
                    agreement.sign, _("记下了，纸在。"), again, trial_id=trial_id, side=whose
                )
            if step == "confirm":
                return write_and_redirect(
                    outcome.confirm,
                    _("记下了，谢谢。"),
                    lambda row: _after(row, whose, again),
                    trial_id=trial_id,
                    side=whose,
                    heard=_heard(form),
                )
            return write_and_redirect(
                outcome.say,
                _("记下了，谢谢。"),
                lambda row: _after(row, whose, again),
                trial_id=trial_id,
                side=whose,
                word=form.word,
                heard=_heard(form),
            )
        except BadField as error:
            if step == "confirm":
                form = forms_of(trial, side)["word"]
            if isinstance(form, WordForm):
                form.blame(error.field, error.message)
            else:
                form[error.field].errors = [error.message]
    return page(trial, {"word" if step == "confirm" else step: form}), 400


def paper(trial_id: int, *, back: str) -> str:
    """Return the agreement to print and sign; there is none before its terms are written."""
    trial, _party = visible_trial(reader(), current_actor(), trial_id)
    if agreement.written_terms(trial) is None or trial.state is TrialState.CANCELLED:
        raise NotFound
    return render_template(
        "trials/paper.html",
        view=queries.view(reader(), trial),
        trial=trial,
        back_href=url_for(back, trial_id=trial_id),
    )


def forms_of(trial: TrialDay, side: Party | None) -> dict[str, Any]:
    """Return the forms of a trial day's page, by step."""
    revise = DaysForm if side is Party.RESIDENT else TermsForm
    word = WordForm()
    other = None if side is None else outcome.said(trial, _other(side))
    word.ask(side, other_spoke=other is not None)
    return {
        "agree": AgreeForm(),
        "revise": revise(data=filled(trial)),
        "confirm": SideForm(),
        "sign": SideForm(),
        "word": word,
    }


def shown(trial: TrialDay, side: Party, failed: dict[str, Any]) -> dict[str, Any]:
    """Return what a side's page is drawn from; ``failed`` is the form that was wrong."""
    view = queries.view(reader(), trial)
    words, tone = queries.sentence(trial, side)
    opening_id = visible_match(reader(), current_actor(), trial.match_id).opening_id
    forms = {**forms_of(trial, side), **failed}
    return {
        "view": view,
        "trial": trial,
        "sentence": words,
        "tone": tone,
        "forms": forms,
        "failed": next(iter(failed.values()), None),
        "theirs": queries.neutral(outcome.said(trial, _other(side))),
        "to_tell": outcome.can_be_told(trial, side),
        "least": _least(reader().get_one(Opening, opening_id), forms["revise"]),
        "clash": clash_words(trial, side),
    }


def clash_words(trial: TrialDay, to: Party) -> str:
    """Return what has come to stand against the days of a trial that is not agreed yet."""
    waits = trial.state is TrialState.PROPOSED and trial.first_day > clock.today()
    return days.clash_of(reader(), trial, to) if waits else ""


def _least(opening: Opening, form: Any) -> int | None:
    if not isinstance(form, TermsForm):
        return None
    start, end = form.starts_at.data, form.ends_at.data
    hours = (f"{start:%H:%M}", f"{end:%H:%M}") if start and end else ("08:30", "16:30")
    return least_pay(opening, form.first_day.data or clock.today(), hours)


def _after(trial: TrialDay, side: Party | None, again: str) -> str:
    """Lead an employer who keeps the person straight to the hire, its start filled in."""
    own = outcome.said(trial, side) if side else None
    if side is Party.EMPLOYER and own is not None and own.outcome is Outcome.CAME_TO_JOB:
        endpoint = "matches.show" if current_actor().is_staff else "matches.applicant"
        start = trial.starts_on.isoformat() if trial.starts_on else None
        return url_for(endpoint, match_id=trial.match_id, start=start, _anchor="hire")
    return again


def _other(side: Party) -> Party:
    return Party.EMPLOYER if side is Party.RESIDENT else Party.RESIDENT


def _side_of(form: Any) -> Party:
    said = form.side.data if "side" in form else ""
    if said not in {Party.RESIDENT.value, Party.EMPLOYER.value}:
        raise BadField("side", _("请选这是谁说的"))
    return Party(said)


def _heard(form: Any) -> Heard | None:
    said = form.heard.data if "heard" in form else ""
    return Heard(said) if said in set(Heard) else None
