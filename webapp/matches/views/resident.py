"""/me/: a resident's own matches: suggestions, answers, history."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import NotFound
from webapp.matches import services
from webapp.matches.actions import ANSWERING
from webapp.matches.blueprint import bp
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.queries import own_matches, skill_gaps
from webapp.matches.reason_codes import FollowUpSource
from webapp.matches.services import follow_ups
from webapp.matches.services.transitions import takes_people
from webapp.matches.views.run_action import forms_on_page, run_action

STEPS = "any('interested', 'share', 'decline', 'why', 'withdraw', 'still-there', 'leave')"
_MIND_CHANGED = frozenset({MatchState.DECLINED, MatchState.WITHDRAWN})


@bp.get("/me/matches/<id:match_id>")
@requires(Permission.MATCH_ANSWER)
def mine(match_id: int) -> str:
    """One match: why, what is missing, where it stands, what to do."""
    return _page(match_id, None)


@bp.post(f"/me/matches/<id:match_id>/<{STEPS}:step>")
@requires(Permission.MATCH_ANSWER)
def my_step(match_id: int, step: str) -> ResponseReturnValue:
    """Answer; the page then says what happens next."""
    return run_action(ANSWERING, step, match_id, page=_page, endpoint="matches.mine")


@bp.post("/me/openings/<id:opening_id>/interest")
@requires(Permission.MATCH_ANSWER)
def apply(opening_id: int) -> ResponseReturnValue:
    """Apply for an opening directly; consent is asked for on the next page."""
    _resident_id()
    with get_db().transaction(current_actor()) as session:
        match = services.apply_directly(session, current_actor(), opening_id=opening_id)
    flash(*_asked(match.state))
    return redirect(url_for("matches.mine", match_id=match.id), 303)


def _asked(state: MatchState) -> tuple[str, str]:
    if state is MatchState.INTERESTED:
        return _("记下了。还差一步：同意把情况告诉单位。"), "success"
    if state is MatchState.APPLIED:
        return _("您已经报名了，等单位回话。"), "success"
    return _("这个机会您已经在办了，看看办到哪一步。"), "info"


def _page(match_id: int, failed: Any, step: str = "") -> str:
    own = own_matches.own_match(reader(), current_actor(), match_id)
    forms = forms_on_page(ANSWERING, own.match.state, own.card.kind, failed, step)
    if "still-there" in forms and not _is_asked(own.match):
        del forms["still-there"]
    return render_template(
        "matches/mine.html",
        own=own,
        match=own.match,
        card=own.card,
        forms=forms,
        form=failed,
        can_ask_again=own.match.state in _MIND_CHANGED
        and takes_people(reader(), own.match.opening_id),
        outlook=skill_gaps.outlook(reader(), own.match),
    )


def _is_asked(match: Match) -> bool:
    """Whether the resident is asked after this job now."""
    said = FollowUpSource.RESIDENT in follow_ups.heard(reader(), match)
    return follow_ups.is_due(match) and not said


def _resident_id() -> int:
    resident_id = current_actor().resident_id
    if resident_id is None:  # an account whose file was never begun or is gone
        raise NotFound
    return resident_id
