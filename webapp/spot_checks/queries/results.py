"""What spot checks came to, by quarter and kind; small counts hidden, also against subtraction."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core.suppression import FEW, few
from webapp.draws import order
from webapp.draws.models import Draw
from webapp.spot_checks.lifecycle import Finding, SpotKind
from webapp.spot_checks.models import SpotCheck, SpotCheckLine
from webapp.spot_checks.services import making

Cell = TypeVar("Cell")
WAITING = "waiting"  # drawn, and not looked at yet


@dataclass(frozen=True)
class Result:
    """What came of one quarter's check of one kind; ``None`` is a hidden count.

    ``counts`` holds each finding and :data:`WAITING`; they add up to ``sample`` once it is drawn,
    and are empty before. ``draw_code`` opens the public page of how it was drawn.
    """

    check_id: int
    quarter: str
    kind: SpotKind
    population: int | None
    sample: int | None
    looked_at: int | None
    counts: dict[str, int | None]
    replies: int | None
    list_hash: str
    draw_code: str


def results(session: Session) -> list[Result]:
    """Return what came of every check as everybody may know it, the newest first."""
    return [_for_everybody(one) for one in figures(session)]


def figures(session: Session) -> list[Result]:
    """Return what came of every check, nothing hidden, the newest first; three queries."""
    said: dict[int, Counter[str]] = {}
    for check_id, finding, count in session.execute(
        select(col(SpotCheckLine.check_id), col(SpotCheckLine.finding), func.count())
        .where(col(SpotCheckLine.selected))
        .group_by(col(SpotCheckLine.check_id), col(SpotCheckLine.finding))
    ):
        said.setdefault(check_id, Counter())[finding.value if finding else WAITING] = count
    replied = session.execute(
        select(col(SpotCheckLine.check_id), func.count())
        .where(col(SpotCheckLine.replied_at).is_not(None))
        .group_by(col(SpotCheckLine.check_id))
    )
    replies: dict[int, int] = {row[0]: row[1] for row in replied}
    checks = session.execute(
        select(SpotCheck, col(Draw.code))
        .outerjoin(Draw, col(Draw.id) == SpotCheck.draw_id)
        .order_by(col(SpotCheck.quarter).desc(), col(SpotCheck.kind))
    )
    return [
        _result(check, code or "", said.get(check.id), replies.get(check.id, 0))
        for check, code in checks
    ]


def _result(check: SpotCheck, code: str, said: Counter[str] | None, replies: int) -> Result:
    counts = {} if said is None else {one: said[one] for one in [*Finding, WAITING]}
    return Result(
        check_id=check.id,
        quarter=check.quarter,
        kind=check.kind,
        population=check.population,
        sample=check.sample,
        looked_at=sum(count for one, count in counts.items() if one != WAITING),
        counts=dict(counts),
        replies=replies,
        list_hash=check.list_hash,
        draw_code=code,
    )


def _for_everybody(one: Result) -> Result:
    cells = {name: count or 0 for name, count in one.counts.items()}
    looked_at = few(one.looked_at or 0)
    counts = dict.fromkeys(cells) if looked_at is None else hidden(cells)
    return replace(
        one,
        population=few(one.population or 0),
        sample=few(one.sample or 0),
        looked_at=None if counts.get(WAITING, 0) is None else looked_at,
        counts=counts,
        replies=few(one.replies or 0),
    )


def found_between(session: Session, start: datetime, end: datetime) -> dict[Finding, int]:
    """Return how many findings of each kind were written from ``start`` to before ``end``."""
    rows = session.execute(
        select(col(SpotCheckLine.finding), func.count())
        .where(col(SpotCheckLine.found_at) >= start, col(SpotCheckLine.found_at) < end)
        .group_by(col(SpotCheckLine.finding))
    )
    found = {row[0]: row[1] for row in rows}
    return {one: found.get(one, 0) for one in Finding}


def hidden(cells: Mapping[Cell, int]) -> dict[Cell, int | None]:
    """Hide the cells of 1 to 4, and others with them while the sum would give one of them away.

    The sum of all cells is taken to be known.

    >>> hidden({"a": 17, "b": 2, "c": 1, "d": 0})
    {'a': 17, 'b': None, 'c': None, 'd': 0}
    >>> hidden({"a": 17, "b": 2, "c": 0, "d": 6})
    {'a': 17, 'b': None, 'c': 0, 'd': None}
    """
    away = {one for one, count in cells.items() if few(count) is None}
    if away and sum(cells.values()) < FEW:
        return dict.fromkeys(cells)
    while away and _given_away([cells[one] for one in away]):
        shown = [one for one, count in cells.items() if count and one not in away]
        if not shown:
            return dict.fromkeys(cells)
        away.add(min(shown, key=lambda one: cells[one]))
    return {one: None if one in away else count for one, count in cells.items()}


def _given_away(counts: list[int]) -> bool:
    """Whether somebody who knows the sum of these hidden counts can tell a small one of them."""
    total = sum(counts)
    small = sum(count < FEW for count in counts)
    large = len(counts) - small
    # What the others can add up to at the least and, without one that has no upper end, at most.
    least = max(1, total - (FEW - 1) * (small - 1)) if not large else 1
    most = min(FEW - 1, total - (small - 1) - FEW * large)
    return least >= most


def faults(session: Session) -> list[str]:
    """Return what does not hold of the checks, a line each (``fumin verify``)."""
    found = []
    for check in session.execute(select(SpotCheck).order_by(col(SpotCheck.id))).scalars():
        rows = session.execute(
            select(col(SpotCheckLine.code), col(SpotCheckLine.selected)).where(
                col(SpotCheckLine.check_id) == check.id
            )
        ).all()
        name = f"spot check {check.quarter} {check.kind.value}"
        if len(rows) != check.population:
            found.append(f"{name}: {len(rows)} of {check.population} in its list")
        text = making.all_text(check.quarter, check.kind, [row.code for row in rows])
        if check.draw_id is None and order.digest(text) != check.list_hash:
            found.append(f"{name}: the list is not the one of the hash")
        drawn = sum(row.selected for row in rows)
        if check.selected_at is not None and drawn != check.sample:
            found.append(f"{name}: {drawn} of {check.sample} in the sample")
    return found
