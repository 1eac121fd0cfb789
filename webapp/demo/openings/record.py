"""What the generator of openings yields."""

from dataclasses import dataclass

from webapp.demo.content import DemoWindow


@dataclass(frozen=True)
class DemoOpening:
    """One opening of any kind.

    ``kind``, ``education``, ``demands`` hold values of :mod:`webapp.core.vocabulary`; ``employer``
    is a key of ``organisations.employers``; ``place`` a path, ``address`` what a visitor asks
    for. No ``hours`` means one's own time. ``headcount`` counts people, for piecework
    households. It was published ``published_days_ago`` and shows for ``valid_days`` from then on: a
    few have expired.
    """

    key: str
    kind: str
    title: str
    employer: str
    category: str
    description: str
    place: str
    address: str
    pay_text: str
    headcount: int
    published_days_ago: int
    valid_days: int
    at_home: bool = False
    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    education: str | None = None
    demands: tuple[str, ...] = ()
    hours: tuple[DemoWindow, ...] = ()
    flexible: bool = False
    hazardous: bool = False
    teaches: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
