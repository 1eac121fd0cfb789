"""What a person's file says already of the checker's questions; nothing sensitive is opened."""

from datetime import date
from typing import Any

from sqlmodel import Session

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.formatting import age_on
from webapp.employment import queries as employment
from webapp.employment.lifecycle import BUSINESS, JOBS, SpellKind
from webapp.residents.services import registration

_AGES = (60, 50, 40, 25, 16, 0)
_YEAR = 365


def answers_of(session: Session, actor: Actor, resident_id: int | None = None) -> dict[str, Any]:
    """Return question → option as far as the file tells; the actor may see the file."""
    resident = registration.get_resident(session, actor, resident_id or actor.resident_id or 0)
    today = clock.today()
    found: dict[str, Any] = {}
    age = age_on(resident.birth_date, today)
    if age is not None:
        found["age"] = str(next(low for low in _AGES if age >= low))
    if resident.sex is not None:
        found["sex"] = resident.sex.value
    for spell in employment.now(session, resident.id, on=today):
        found |= _of_spell(spell.kind, spell.starts_on, today)
    return found


def _of_spell(kind: SpellKind, since: date, today: date) -> dict[str, str]:
    if kind in JOBS:
        return {"work": "job"}
    if kind is BUSINESS:
        years = (today - since).days // _YEAR
        return {"work": "own", "business": "new" if years < 1 else "young" if years < 3 else "old"}
    if kind is SpellKind.LOOKING:
        return {"work": "long" if (today - since).days >= _YEAR else "idle"}
    return {
        SpellKind.PIECEWORK: {"work": "odd"},
        SpellKind.STUDYING: {"work": "study"},
    }.get(kind, {})
