"""…/openings/words: what is being typed is checked by the rules that hold when it is saved."""

import hashlib
from collections.abc import Mapping
from itertools import islice
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.core import clock
from webapp.core.access import Permission, requires
from webapp.core.errors import BadField
from webapp.core.vocabulary import Kind
from webapp.openings import pay_check, policy
from webapp.openings.blueprint import bp
from webapp.openings.models import Opening
from webapp.openings.services import editing
from webapp.rulebook.lint import Finding

# The fields of an opening or of an order of piecework that people read.
_FIELDS = (
    "title", "category", "description", "quality", "pay_text", "address", "material_supply",
    "acceptance_note", "skills", "certificates", "teaches",
)  # fmt: skip
_PLACE = ("city", "district", "town", "estate")
_LONGEST = 4000
_MOST_SHOWN = 12


@bp.post("/employer/openings/words")
@requires(Permission.OPENING_SUBMIT)
def words() -> ResponseReturnValue:
    """Return what to look at again in what an employer has typed so far; nothing is kept."""
    return _answer()


@bp.post("/staff/openings/words")
@requires(Permission.OPENING_REVIEW)
def staff_words() -> ResponseReturnValue:
    """Return what to look at again in what staff have typed so far; nothing is kept."""
    return _answer()


def found(kind: Kind, typed: Mapping[str, Any]) -> list[Finding]:
    """Return what the rules find in the typed fields of an opening of this kind."""
    values = (typed.get(name) for name in _FIELDS)
    texts = [value[:_LONGEST] for value in values if isinstance(value, str)]
    low = _low_pay(kind, typed)
    return [*islice(policy.check_words(kind, texts), _MOST_SHOWN), *([low] if low else [])]


def _low_pay(kind: Kind, typed: Mapping[str, Any]) -> Finding | None:
    """Return what to say of pay below the floor where the work is."""
    text = str(typed.get("pay_text") or "")[:_LONGEST]
    place = "/".join(str(typed[part]) for part in _PLACE if typed.get(part))
    try:
        opening = Opening(kind=kind, place=place, pay_text=text, **editing.pay_columns(text))
    except BadField:  # said beside the field when it is saved
        return None
    return pay_check.below_floor(opening, on=clock.today())


def digest(findings: list[Finding]) -> str:
    """Return by which name the page knows what it shows already, so that it is not said again."""
    said = "\n".join(f"{one.code} {one.sentence}" for one in findings)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _answer() -> ResponseReturnValue:
    asked = request.args.get("kind", "")
    kind = next((one for one in Kind if one.value == asked), Kind.VACANCY)
    findings = found(kind, request.form)
    if request.form.get("words_shown") == digest(findings):
        return "", 204
    return render_template("openings/_words.html", found=findings, digest=digest(findings))
