"""What the page of models reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.engine import training
from webapp.engine.models import ModelVersion
from webapp.learning.queries import comparison
from webapp.learning.queries.decisions import Decided, decided, sightings
from webapp.matches.models import Impression, Match

# By database: what its places were worked out from, and the places.
_worked_out: dict[str, tuple[Any, list[float]]] = {}
_creator, _switcher = aliased(Account), aliased(Account)


def versions() -> Any:
    """Return the statement of all versions with who made and who switched them, newest first."""
    return (
        select(
            ModelVersion,
            col(_creator.name).label("creator"),
            col(_switcher.name).label("switcher"),
        )
        .outerjoin(_creator, col(_creator.id) == ModelVersion.created_by_id)
        .outerjoin(_switcher, col(_switcher.id) == ModelVersion.switched_by_id)
        .order_by(col(ModelVersion.id).desc())
    )


def version(session: Session, version_id: int) -> Any:
    """Return one version with who made and who switched it, or ``None``."""
    return session.execute(versions().where(col(ModelVersion.id) == version_id)).first()


@dataclass(frozen=True)
class Evidence:
    """What there is to learn from: how much was shown, and how far down people look."""

    shown: int
    opened: int
    exchanged: int
    decisions: int
    places: list[float]


def evidence(session: Session) -> Evidence:
    """Return what was shown in the last half year, and where people look."""
    since = clock.now() - comparison.WINDOW
    counts = session.execute(
        select(
            func.count(),
            func.count().filter(col(Impression.in_full)),
            func.count().filter(col(Impression.rank) != col(Impression.position)),
        ).where(col(Impression.at) >= since)
    ).one()
    every = decided(session)
    return Evidence(
        shown=counts[0],
        opened=counts[1],
        exchanged=counts[2],
        decisions=len(every),
        places=_places(session, every),
    )


def _places(session: Session, every: Sequence[Decided]) -> list[float]:
    """Return how far down people look; worked out again when suggestions or decisions are others.

    Going through the suggestions of 20,000 residents takes half a second.
    """
    computed_at = session.execute(select(func.max(col(Match.computed_at)))).scalar_one()
    stand = (computed_at, len(every), every[-1] if every else None)
    where = str(session.get_bind().engine.url)
    if where not in _worked_out or _worked_out[where][0] != stand:
        _worked_out[where] = stand, training.places(sightings(session, every))
    return _worked_out[where][1]
