"""/staff/matches/<id>: one match; those under way; what staff suggest on their own."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select as select_columns
from sqlmodel import col

from webapp.contacts import presentation as calls
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import as_choices
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.employers.models import Employer
from webapp.matches import presentation, services
from webapp.matches.actions import DECIDING, HELPING, HIRING
from webapp.matches.blueprint import back_to_person, bp, from_person
from webapp.matches.forms.suggesting import RemarkForm, SuggestForm, offer_channels
from webapp.matches.lifecycle import MatchState
from webapp.matches.policy import can_read_as_staff
from webapp.matches.queries import interviews, staff_queue
from webapp.matches.queries.match_detail import (
    Pair,
    contract_shown,
    history,
    read_pair,
    remarks_of,
)
from webapp.matches.reason_codes import Channel, RemarkVerdict
from webapp.matches.services import follow_ups
from webapp.matches.services.transitions import is_open_to_matches
from webapp.matches.views.interviews import fit_forms
from webapp.matches.views.run_action import forms_on_page, run_action
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState

STEPS = (
    "any('answer', 'renew', 'again', 'follow-up', 'one-sided', 'withdraw',"
    " 'other-time', 'seen', 'invite', 'keep-time', 'offer-job', 'hire', 'contract', 'refuse',"
    " 'leave', 'undo-hire')"
)
_ACTS = {**DECIDING, **HELPING, **HIRING}
_LONGEST_QUERY = 40
_FOUND = 20


@bp.get("/staff/matches/under-way")
@requires(Permission.MATCH_DECIDE)
def under_way() -> str:
    """All matches under way, by state, the longest waiting first."""
    asked = request.args.get("state", "")
    state = MatchState(asked) if asked in staff_queue.UNDER_WAY else None
    return render_template(
        "matches/under_way.html",
        page=paginate(reader(), staff_queue.under_way(state)),
        counts=staff_queue.state_counts(reader()),
        remarks=staff_queue.unread_remarks(reader()),
        states=[one for one in MatchState if one in staff_queue.UNDER_WAY],
        state=state,
        broken_words=presentation.broken_words,
        state_words=presentation.state_words,
    )


@bp.get("/staff/matches/<id:match_id>")
@requires(Permission.MATCH_DECIDE)
def show(match_id: int) -> str:
    """One match with both sides, its history and what may be done."""
    return page_of(match_id, None)


@bp.post(f"/staff/matches/<id:match_id>/<{STEPS}:step>")
@requires(Permission.MATCH_DECIDE)
def staff_step(match_id: int, step: str) -> ResponseReturnValue:
    """Record what the resident or the employer said, ask after a job, try again."""
    return run_action(
        _ACTS,
        step,
        match_id,
        page=page_of,
        onward=back_to_person(match_id) or url_for("matches.show", match_id=match_id),
    )


@bp.post("/staff/matches/<id:match_id>/remarks/<id:remark_id>")
@requires(Permission.MATCH_DECIDE)
def judge_remark(match_id: int, remark_id: int) -> ResponseReturnValue:
    """Release an employer's remark on a refusal to the resident, or keep it back."""
    form = RemarkForm()
    if not form.validate_on_submit():
        return page_of(match_id, None, remark_form=form), 400
    try:
        return write_and_redirect(
            services.judge_remark,
            _("记下了"),
            back_to_person(match_id) or url_for("matches.show", match_id=match_id),
            match_id=match_id,
            remark_id=remark_id,
            verdict=RemarkVerdict(form.verdict.data),
        )
    except BadField as error:
        form.verdict.errors = [error.message]
        return page_of(match_id, None, remark_form=form), 400


def page_of(
    match_id: int, failed: Any, step: str = "", *, remark_form: RemarkForm | None = None
) -> str:
    """Return the page of one match; ``failed`` is the form of ``step`` with its faults."""
    pair = read_pair(reader(), match_id)
    forms = forms_on_page(_ACTS, pair.match.state, pair.opening.kind, failed, step)
    for one in forms.values():
        offer_channels(one, pair.resident)
    interview = interviews.interview_of(reader(), pair.match)
    fit_forms(forms, failed, pair.match, interview)
    heard = sorted(follow_ups.heard(reader(), pair.match)) if "one-sided" in forms else []
    may_talk = can_read_as_staff(
        current_actor(), branch_id=pair.resident.branch_id, state=pair.match.state
    )
    return render_template(
        "matches/show.html",
        may_talk=may_talk,
        from_person=from_person(),
        pair=pair,
        match=pair.match,
        forms=forms,
        form=failed or remark_form,
        remark_form=remark_form or RemarkForm(formdata=None),
        remarks=remarks_of(reader(), match_id),
        interview=interview,
        heard=heard,
        history=history(reader(), match_id),
        calls=_calls(pair),
        contract=contract_shown(reader(), pair.match),
        tone=presentation.tone,
        state_words=presentation.state_words,
    )


def _calls(pair: Pair) -> list[Any]:
    """Return whom to telephone about a match: the person, and the employer if there is one."""
    person = calls.resident(pair.resident, "applicant", pair.match.id, waits=False)
    hirer = calls.employer(pair, "hirer", pair.match.id, waits=False)
    return [person, hirer] if hirer else [person]


@bp.route("/staff/residents/<id:resident_id>/suggest", methods=["GET", "POST"])
@requires(Permission.MATCH_DECIDE)
def suggest(resident_id: int) -> ResponseReturnValue:
    """Pick an opening for a resident on one's own judgement."""
    resident = reader().get(Resident, resident_id)
    if resident is None or resident.state is ResidentState.LEFT:
        raise NotFound
    form = SuggestForm()
    offer_channels(form, resident)
    q = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    found = _open_openings(q)
    form.opening_id.choices = as_choices((row.id, _in_a_line(row)) for row in found)
    if not form.validate_on_submit():
        page = render_template(
            "matches/suggest.html", form=form, resident=resident, q=q, found=found
        )
        return page, 400 if form.is_submitted() else 200
    return write_and_redirect(
        services.suggest_own,
        HELPING["again"].success_message,
        lambda match: url_for("matches.show", match_id=match.id),
        resident_id=resident_id,
        opening_id=form.opening_id.data,
        channel=Channel(form.own_channel.data),
        note=form.why.data,
    )


def _open_openings(q: str) -> list[Any]:
    statement: Any = (
        select_columns(col(Opening.id), col(Opening.title), col(Employer.name).label("employer"))
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(is_open_to_matches())
        .order_by(col(Opening.published_at).desc(), col(Opening.id).desc())
        .limit(_FOUND)
    )
    if q:
        in_employer = col(Employer.name).contains(q, autoescape=True)
        statement = statement.where(col(Opening.title).contains(q, autoescape=True) | in_employer)
    return list(reader().execute(statement).all())


def _in_a_line(row: Any) -> str:
    return f"{row.title}（{row.employer}）" if row.employer else str(row.title)
