"""What courses and certificates would open for whom: rows in, ids and figures out.

Nothing of the library is imported before it is needed, so that web workers stay light.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from webapp.engine import people

if TYPE_CHECKING:
    from matching.records import Opening, Seeker, Window

CERTIFICATE = "certificate:"
# Usual class hours, the most welcome one is proposed: mornings, afternoons, evenings, weekends.
_CLASS_HOURS = (
    ("12345", "09:00", "11:30"),
    ("12345", "14:00", "16:30"),
    ("135", "19:00", "21:00"),
    ("67", "09:00", "11:30"),
)


@dataclass(frozen=True)
class Teaching:
    """A way to learn something; ``key`` names it, ``title`` is what it is called.

    ``skills`` and ``certificates`` are what it gives, ``required`` the certificates, ``education``
    and ``demands`` what it asks of learners, ``place`` where it is held, empty for the community.
    """

    key: str
    title: str
    skills: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)
    education: str | None = None
    demands: list[str] = field(default_factory=list)
    place: str = ""


class ResidentGain(NamedTuple):
    """What one person gains: ids of openings, best first, and the sum of their scores."""

    resident_id: int
    unlocked: list[int]
    completed: list[int]
    score: float


class Demand(NamedTuple):
    """What one way opens; ``placed`` is how many more people could be in work at once."""

    teaching: Teaching
    placed: int
    gains: list[ResidentGain]
    hours: dict[str, str]
    hours_fit: int


def without_doubles(teachings: Sequence[Teaching], known: Sequence[Teaching]) -> list[Teaching]:
    """Return those that give something ``known`` ones, courses that are there, do not."""
    from matching.eligibility import certificates

    taught = {one for course in known for one in course.skills}
    held = [one for course in known for one in course.certificates]
    titles = {course.title for course in known}
    return [
        one
        for one in teachings
        if one.title not in titles
        and not (
            set(one.skills) <= taught
            and all(certificates.holds(held, name) for name in one.certificates)
        )
    ]


def course_demand(
    seekers: "Sequence[Seeker]",
    openings: "Sequence[Opening]",
    teachings: Sequence[Teaching],
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Demand]:
    """Return what each way of learning opens, and each certificate asked for that none gives.

    A person who looks for certain kinds of work alone may learn for it: that kinds leave courses
    out bars nobody here. Hours of classes are not asked, a new run has its own. The work of
    ``openings`` counts, whatever kind; ``progress`` is called with (done, total).
    """
    from matching.planning.course_demand import DemandFinder

    work = [one for one in openings if one.kind != "course"]
    learners = [
        one.model_copy(update={"kinds": [*one.kinds, "course"]}) if one.kinds else one
        for one in seekers
    ]
    ways = {one.key: one for one in [*teachings, *_not_taught(work, teachings)]}

    def counted(records: "Iterable[Opening]") -> "Iterable[Opening]":
        for number, record in enumerate(records):
            progress(number, len(ways))
            yield record
        progress(len(ways), len(ways))

    finder = DemandFinder(learners, work)
    free = {one.id: one.available for one in learners}
    found = []
    for demand in finder.demand([_record(one) for one in ways.values()], progress=counted):
        hours, fit = _hours([free[gain.seeker] for gain in demand.gains])
        found.append(
            Demand(
                ways[demand.course],
                demand.placed,
                [
                    ResidentGain(
                        int(gain.seeker),
                        [int(id_) for id_ in gain.unlocked],
                        [int(id_) for id_ in gain.completed],
                        gain.score,
                    )
                    for gain in demand.gains
                ],
                hours,
                fit,
            )
        )
    return found


def _not_taught(work: "Sequence[Opening]", teachings: Sequence[Teaching]) -> list[Teaching]:
    """Return each certificate that openings ask for and nothing gives, in one spelling."""
    from matching.eligibility import certificates

    given = [name for one in teachings for name in one.certificates]
    asked = {
        certificates.required_forms([name]): name.strip()
        for one in work
        for name in one.certificates
        if name.strip() and not certificates.holds(given, name)
    }
    return [
        Teaching(f"{CERTIFICATE}{name}", name, certificates=[name])
        for name in sorted(asked.values())
    ]


def _record(one: Teaching) -> "Opening":
    from matching.records import Opening

    return Opening.model_validate(
        {
            "id": one.key,
            "kind": "course",
            "title": one.title,
            "place": one.place or None,
            "certificates": one.required,
            "education": one.education,
            "demands": one.demands,
            "teaches": [*one.skills, *one.certificates],
        }
    )


def _hours(free: "Sequence[Sequence[Window] | None]") -> tuple[dict[str, str], int]:
    """Return the usual class hours that suit most, and how many; earlier ones win a tie.

    Who said no hours can come at any.
    """
    windows = [None if one is None else [window.model_dump() for window in one] for one in free]
    best, most = _CLASS_HOURS[0], -1
    for days, start, end in _CLASS_HOURS:
        fit = sum(
            one is None or len(people.free_days(one, days, start, end)) == len(days)
            for one in windows
        )
        if fit > most:
            best, most = (days, start, end), fit
    return dict(zip(("days", "start", "end"), best, strict=True)), most
