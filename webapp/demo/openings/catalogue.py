"""The demo community's openings: about 300 of all four kinds.

Pure: the same seed and day give the same openings. Every base text is hand-written in
``data/demo``; the generator adds employer, site, hours, pay and dates.
"""

import datetime
from collections.abc import Iterator
from random import Random

from webapp.demo.openings.offers import courses, piecework, ventures
from webapp.demo.openings.record import DemoOpening
from webapp.demo.openings.vacancies import vacancies

__all__ = ["DemoOpening", "openings"]


def openings(today: datetime.date, seed: int = 20260102) -> Iterator[DemoOpening]:
    """Yield 200 vacancies, 35 piecework orders, 35 courses and 30 ventures.

    ``today`` is the day that dates in the texts and ``published_days_ago`` count from.
    """
    rng = Random(seed)  # noqa: S311 - invented openings, no secret
    yield from vacancies(rng)
    yield from piecework(rng, today)
    yield from courses(rng, today)
    yield from ventures(rng)
