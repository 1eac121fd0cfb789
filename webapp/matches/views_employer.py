"""/employer/: the people who agreed to be seen by this employer, and what comes of it."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.access import Permission, current_actor, requires
from webapp.db import reader
from webapp.matches import followups, queries, wording
from webapp.matches.acts import EMPLOYING
from webapp.matches.blueprint import bp
from webapp.matches.models import Match
from webapp.matches.presses import forms_on_page, press
from webapp.matches.reasons import FollowUpSource
from webapp.matches.scopes import visible_match
from webapp.messages.scopes import get_talk
from webapp.paging import paginate
from webapp.words import as_choices

STEPS = (
    "any('seen', 'invite', 'offer-job', 'hire', 'refuse', 'leave', 'undo-hire', 'still-there',"
    " 'ask-for')"
)


@bp.get("/employer/applicants")
@requires(Permission.MATCH_HIRE)
def applicants() -> str:
    """All applicants, by opening, the latest first."""
    page = paginate(reader(), queries.applicants(current_actor()))
    return render_template(
        "matches/applicants.html",
        page=page,
        tone=wording.tone,
        is_chased=wording.is_chased,
        chased=queries.chased_applicants(reader(), current_actor()),
    )


@bp.get("/employer/matches/<id:match_id>")
@requires(Permission.MATCH_HIRE)
def applicant(match_id: int) -> str:
    """One applicant: what they can do, how to reach them, what to do next."""
    return _page(match_id, None)


@bp.post(f"/employer/matches/<id:match_id>/<{STEPS}:step>")
@requires(Permission.MATCH_HIRE)
def employer_step(match_id: int, step: str) -> ResponseReturnValue:
    """Invite, want, hire, take somebody else, note the end."""
    return press(EMPLOYING, step, match_id, page=_page, endpoint="matches.applicant")


def _page(match_id: int, failed: Any, step: str = "") -> str:
    match = visible_match(reader(), current_actor(), match_id)
    forms = forms_on_page(EMPLOYING, match.state, failed, step)
    if "still-there" in forms and not _is_asked(match):
        del forms["still-there"]
    if "ask-for" in forms:
        others = queries.other_openings(reader(), current_actor(), match)
        forms["ask-for"].other_opening.choices = as_choices(others)
        if not others:
            del forms["ask-for"]
    return render_template(
        "matches/applicant.html",
        applicant=queries.applicant(reader(), match),
        match=match,
        talk=get_talk(reader(), current_actor(), match_id),
        forms=forms,
        form=failed,
        tone=wording.tone,
        is_chased=wording.is_chased,
    )


def _is_asked(match: Match) -> bool:
    """Whether the employer is asked after this job now."""
    said = FollowUpSource.EMPLOYER in followups.heard(reader(), match)
    return followups.is_due(match) and not said
