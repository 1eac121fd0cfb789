"""/me/: a resident's own matches: suggestions, answers, history."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts.service import is_verified
from webapp.branches.queries.members import serving_phone
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.posting import write_and_redirect
from webapp.matches import services
from webapp.matches.actions import ANSWERING
from webapp.matches.blueprint import bp
from webapp.matches.lifecycle import ENDS_AT_INTEREST, MatchState
from webapp.matches.models import Match
from webapp.matches.queries import interviews, own_matches, skill_gaps
from webapp.matches.queries.match_detail import contract_shown
from webapp.matches.reason_codes import FollowUpSource
from webapp.matches.services import follow_ups
from webapp.matches.services.access import visible_match
from webapp.matches.services.requirements import Requirements, RulesNotTold, weigh
from webapp.matches.services.transitions import takes_people
from webapp.matches.views.interviews import fit_forms
from webapp.matches.views.run_action import forms_on_page, run_action
from webapp.openings import last_list
from webapp.openings.models import Opening
from webapp.openings.policy import is_open
from webapp.residents.sections import SECTIONS as SECTION_TITLES

STEPS = (
    "any('interested', 'share', 'decline', 'why', 'withdraw', 'still-there', 'leave',"
    " 'other-time', 'can-come')"
)
_MIND_CHANGED = frozenset({MatchState.DECLINED, MatchState.WITHDRAWN})


@bp.get("/me/matches/<id:match_id>")
@requires(Permission.MATCH_ANSWER)
def mine(match_id: int) -> str:
    """One match: why, what is missing, where it stands, what to do."""
    return _page(match_id, None)


@bp.post(f"/me/matches/<id:match_id>/<{STEPS}:step>")
@requires(Permission.MATCH_ANSWER)
def my_step(match_id: int, step: str) -> ResponseReturnValue:
    """Answer; the page then says what happens next, or first what the opening asks."""
    try:
        return run_action(
            ANSWERING, step, match_id, page=_page, onward=url_for("matches.mine", match_id=match_id)
        )
    except RulesNotTold:
        opening_id = visible_match(reader(), current_actor(), match_id).opening_id
        return redirect(url_for("matches.apply", opening_id=opening_id), 303)


@bp.route("/me/openings/<id:opening_id>/interest", methods=["GET", "POST"])
@requires(Permission.MATCH_ANSWER)
def apply(opening_id: int) -> ResponseReturnValue:
    """Apply for an opening directly; consent is asked for on the next page.

    A GET shows what the opening asks that one's file does not meet. ``knowing`` in the form are
    the codes of rules the resident has read there.
    """
    _resident_id()
    if request.method == "GET":
        return _requirements(opening_id)
    knowing = frozenset(request.form.getlist("knowing"))
    try:
        return write_and_redirect(
            services.apply_directly,
            lambda match: _asked(match.state),
            lambda match: url_for("matches.mine", match_id=match.id),
            opening_id=opening_id,
            knowing=knowing,
        )
    except RulesNotTold:
        return redirect(url_for("matches.apply", opening_id=opening_id), 303)


def _requirements(opening_id: int) -> ResponseReturnValue:
    opening = reader().get(Opening, opening_id)
    if opening is None or not is_open(opening, on=clock.today()):
        raise NotFound
    if opening.kind in ENDS_AT_INTEREST:  # it leads on from its own page
        return redirect(url_for("openings.show", opening_id=opening_id))
    found = weigh(reader(), resident_id=_resident_id(), opening=opening)
    if not found.codes:  # nothing stands in the way any more: back to where the yes is said
        match_id = own_matches.shown_match_id(reader(), _resident_id(), opening_id)
        if match_id:
            return redirect(url_for("matches.mine", match_id=match_id))
        return redirect(url_for("openings.show", opening_id=opening_id))
    sections = dict.fromkeys(one.section for one in [*found.broken_told, *found.to_ask])
    return render_template(
        "matches/requirements.html",
        opening=opening,
        found=found,
        fill=[_to_fill(section, found, opening_id) for section in sections],
    )


def _to_fill(section: str, found: Requirements, opening_id: int) -> tuple[str, str]:
    """Return the button that leads to a section of one's file and back here."""
    href = url_for("residents.my_section", section=section, opening=opening_id)
    broken = {one.section for one in found.broken_told}
    title = SECTION_TITLES[section].title
    if section == "certificates":
        return _("我有，去补上"), href
    if section in broken:
        return _("写得不对，去改%(what)s", what=title), href
    return _("去填%(what)s", what=title), href


def _asked(state: MatchState) -> str:
    if state is MatchState.INTERESTED:
        return _("记下了。还差一步：同意把情况告诉单位。")
    if state is MatchState.APPLIED:
        return _("您已经报名了，等单位回话。")
    return _("这个机会您已经在办了，看看办到哪一步。")


def _page(match_id: int, failed: Any, step: str = "") -> str:
    own = own_matches.own_match(reader(), current_actor(), match_id)
    forms = forms_on_page(ANSWERING, own.match.state, own.card.kind, failed, step)
    if "still-there" in forms and not _is_asked(own.match):
        del forms["still-there"]
    interview = interviews.interview_of(reader(), own.match)
    fit_forms(forms, failed, own.match, interview)
    return render_template(
        "matches/mine.html",
        own=own,
        match=own.match,
        card=own.card,
        forms=forms,
        form=failed,
        can_ask_again=own.match.state in _MIND_CHANGED
        and takes_people(reader(), own.match.opening_id),
        verified=is_verified(reader(), current_actor().account_id),
        contract=contract_shown(reader(), own.match),
        interview=interview,
        phone=serving_phone(reader()),
        outlook=skill_gaps.outlook(reader(), own.match),
        list_href=last_list.address(own.match.opening_id),
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
