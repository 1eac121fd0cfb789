"""The blueprint of the pages of matches, and the way somebody came to a match."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import col, select

from webapp.core.db import reader
from webapp.matches.models import Match

bp = Blueprint("matches", __name__)

VIA = "via"
PERSON = "person"  # came from the file of the match's person, and goes back there
_STEPS = frozenset({"matches.decide", "matches.staff_step", "matches.judge_remark"})


@bp.url_defaults
def _keep_way(endpoint: str, values: dict[str, Any]) -> None:
    """Have the forms on a match's page remember where its reader came from."""
    if endpoint in _STEPS and request and from_person():
        values.setdefault(VIA, PERSON)


def from_person() -> bool:
    """Whether the reader came from the person's file."""
    return request.args.get(VIA) == PERSON


def back_to_person(match_id: int) -> str | None:
    """Return the file of the match's person, if the reader came from there."""
    if not from_person():
        return None
    asked = select(Match.resident_id).where(col(Match.id) == match_id)
    resident_id = reader().exec(asked).first()
    return None if resident_id is None else url_for("caseload.resident", resident_id=resident_id)
