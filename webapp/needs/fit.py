"""Whether some of those who look for work fit an employer's words: more than that is not told.

Asked is only for work, certificates and hours. Names, addresses, telephones and ages in the words
are left out, and nothing that is kept encrypted is read, so that no wording singles anybody out:
fewer than :data:`FEWEST` count as nobody.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.caseload.queries.people_search import search_people
from webapp.caseload.queries.people_words import Asked, Condition, read_conditions
from webapp.residents.models import Resident, ResidentState

FEWEST = 5
_WORK = {Condition.SKILL, Condition.WISH, Condition.WORDS}
_HELD = {Condition.FREE, Condition.CERTIFICATE}


@dataclass(frozen=True)
class Read:
    """What a need was read as: ``text`` to search by, and the words that are not searched by."""

    text: str
    left_out: list[str]


def read(words: str) -> Read | None:
    """Return how a need is read; ``None`` when no work is named in it."""
    asked = read_conditions(words)
    if not any(one.condition in _WORK for one in asked):
        return None
    kept = [_as_asked(one) for one in asked if one.condition in _WORK | _HELD]
    left_out = [one.typed for one in asked if one.condition not in _WORK | _HELD]
    return Read("，".join(kept), left_out)


def some_fit(session: Session, text: str, *, today: date) -> bool:
    """Return whether at least :data:`FEWEST` of those who look for work fit all of it."""
    seeking = select(col(Resident.id)).where(col(Resident.state) == ResidentState.SEEKING)
    found = search_people(session, seeking.order_by(col(Resident.id)), seeking, text, today=today)
    return not found.near and len(found.ids) >= FEWEST


def _as_asked(one: Asked) -> str:
    # Words alone could be somebody's name; what one can do is none.
    return f"会{one.value}" if one.condition in _WORK else one.typed
