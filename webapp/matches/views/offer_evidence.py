"""/me/… and /staff/matches/…/evidence: what an offer was like, on paper, for the person alone."""

from flask import Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.posting import write_and_redirect
from webapp.matches.blueprint import bp
from webapp.matches.forms.suggesting import EvidenceForm
from webapp.matches.models import OfferEvidence
from webapp.matches.reason_codes import AskedHow
from webapp.matches.services import offer_evidence
from webapp.matches.services.access import visible_match
from webapp.residents.models import Resident


@bp.get("/me/matches/<id:match_id>/evidence")
@requires(Permission.MATCH_ANSWER)
def my_evidence(match_id: int) -> Response:
    """What one was offered, and what of it did not fit, to print."""
    rows = offer_evidence.of_match(reader(), current_actor(), match_id)
    return _paper(match_id, rows, url_for(".mine", match_id=match_id))


@bp.route("/staff/matches/<id:match_id>/evidence", methods=["GET", "POST"])
@requires(Permission.MATCH_DECIDE)
def ask_for_evidence(match_id: int) -> ResponseReturnValue:
    """Note that the resident asked for it; then it can be printed for them."""
    match = visible_match(reader(), current_actor(), match_id)
    if not offer_evidence.has_any(reader(), match_id):
        raise NotFound
    form = EvidenceForm()
    if form.validate_on_submit():
        return write_and_redirect(
            offer_evidence.ask,
            "",
            lambda row: url_for(".evidence_for", match_id=match_id, request_id=row.id),
            match_id=match_id,
            how=AskedHow(form.how.data),
        )
    page = render_template(
        "matches/evidence_ask.html",
        form=form,
        match=match,
        name=reader().get_one(Resident, match.resident_id).name,
    )
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/matches/<id:match_id>/evidence/<id:request_id>")
@requires(Permission.MATCH_DECIDE)
def evidence_for(match_id: int, request_id: int) -> Response:
    """What the resident asked this member to print."""
    rows = offer_evidence.of_request(
        reader(), current_actor(), match_id=match_id, request_id=request_id
    )
    return _paper(match_id, rows, url_for(".show", match_id=match_id))


def _paper(match_id: int, rows: list[OfferEvidence], back: str) -> Response:
    if not rows:
        raise NotFound
    match = visible_match(reader(), current_actor(), match_id)
    page = render_template(
        "matches/evidence.html",
        rows=rows,
        name=reader().get_one(Resident, match.resident_id).name,
        back_href=back,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
