"""Compare the model with first come, first served by what staff confirmed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.learning.queries.decisions import Decided, decided
from webapp.matches.suggestions.snapshot import IDS_AT_ONCE, in_blocks
from webapp.residents.models import Resident

WINDOW = timedelta(days=180)
# Openings a share must rest on; fewer are not told.
LEAST_OPENINGS = 5


@dataclass(frozen=True)
class Comparison:
    """Of the people whom staff decided on for one opening, as many as were confirmed are picked.

    ``model`` is the share of those picked by the model's score that staff confirmed, ``first``
    the same picked by who registered first, ``chance`` by lot: each the mean over ``openings``
    with both confirmed and dismissed people. ``decisions`` counts all of a version, with
    ``confirmed`` among them.
    """

    version: str
    decisions: int
    confirmed: int
    openings: int
    model: float
    first: float
    chance: float

    @property
    def is_told(self) -> bool:
        """Whether there are enough openings to show shares."""
        return self.openings >= LEAST_OPENINGS


def compare(session: Session) -> list[Comparison]:
    """Return the comparison of the last half year, all versions together first, then each."""
    every = [
        one
        for one in decided(session, since=clock.now() - WINDOW)
        if one.score is not None and one.model_version
    ]
    if not every:
        return []
    registered = {
        row.id: row.created_at
        for some in in_blocks(sorted({one.resident_id for one in every}), IDS_AT_ONCE)
        for row in session.execute(
            select(col(Resident.id), col(Resident.created_at)).where(col(Resident.id).in_(some))
        )
    }
    versions: dict[str, list[Decided]] = defaultdict(list)
    for one in every:
        versions[one.model_version].append(one)
    parts = {"": every, **(dict(sorted(versions.items())) if len(versions) > 1 else {})}
    return [compared(name, some, registered) for name, some in parts.items()]


def compared(version: str, every: Sequence[Decided], registered: dict[int, datetime]) -> Comparison:
    """Return one comparison; equal scores and equal days count as their mean over all orders."""
    of_opening: dict[int, list[Decided]] = defaultdict(list)
    for one in every:
        of_opening[one.opening_id].append(one)
    shares = []
    for some in of_opening.values():
        fits = [one.decision == "confirmed" for one in some]
        if 0 < sum(fits) < len(fits):
            by_model = [-(one.score or 0.0) for one in some]
            by_day = [registered[one.resident_id].timestamp() for one in some]
            shares.append((_picked(by_model, fits), _picked(by_day, fits), sum(fits) / len(fits)))
    means = [sum(column) / len(shares) for column in zip(*shares, strict=True)] or [0.0] * 3
    return Comparison(
        version=version,
        decisions=len(every),
        confirmed=sum(one.decision == "confirmed" for one in every),
        openings=len(shares),
        model=means[0],
        first=means[1],
        chance=means[2],
    )


def _picked(order: Sequence[float], fits: Sequence[bool]) -> float:
    """Return which share of the first ``sum(fits)`` in ascending order fit (R-precision)."""
    places = sum(fits)
    found, left = 0.0, places
    groups: dict[float, list[bool]] = defaultdict(list)
    for value, fit in zip(order, fits, strict=True):
        groups[value].append(fit)
    for value in sorted(groups):
        taken = min(left, len(groups[value]))
        found += taken * sum(groups[value]) / len(groups[value])
        left -= taken
        if not left:
            break
    return found / places
