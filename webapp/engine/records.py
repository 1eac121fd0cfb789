"""Rows to ranking records, and the answers of the library as plain values.

Nothing of the library is imported before it is needed, so that web workers stay light. Sex,
disability, allowance and household circumstances have no way through this door.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from webapp.core.formatting import age_on
from webapp.core.vocabulary import PayUnit

if TYPE_CHECKING:
    from matching.records import Opening, Seeker

FEN = 100
# The hard rules that say something of the person and the work; wishes (the kinds somebody looks
# for) and free places are no obstacle to whoever applies of their own accord.
OWN_RULES = ("age", "demand", "certificate", "education", "hours", "place")
MONTHS = 12


# The columns of an opening that :func:`opening_record` takes.
OPENING_FIELDS = (
    "id", "kind", "title", "category", "description", "place", "at_home", "skills", "certificates",
    "education", "demands", "hours", "flexible", "hazardous", "pay_text", "pay_min_fen",
    "pay_max_fen", "pay_unit", "headcount", "hired_count", "teaches",
)  # fmt: skip


@dataclass(frozen=True)
class ReadPay:
    """What a pay text says, in fen; ``None`` where it says nothing.

    The month figures are for comparing (21.75 days of 8 hours), ``None`` for piece pay.
    """

    min_fen: int | None = None
    max_fen: int | None = None
    unit: PayUnit | None = None
    month_min_fen: int | None = None
    month_max_fen: int | None = None


class SearchKeys(NamedTuple):
    """One text as people may type it: simplified and lower case, by sound, by initials."""

    plain: str
    pinyin: str
    initials: str


def read_pay(text: str) -> ReadPay:
    """Return what a pay text such as 「6-8千/月」 says; all ``None`` when it says nothing."""
    from matching.pay import parser as pay_parser

    read = pay_parser.parse_pay(text)
    month_low, month_high = pay_parser.monthly(read) or (None, None)
    return ReadPay(
        min_fen=_fen(read.min),
        max_fen=_fen(read.max),
        unit=PayUnit(read.unit) if read.unit else None,
        month_min_fen=_fen(month_low),
        month_max_fen=_fen(month_high),
    )


def search_keys(text: str) -> SearchKeys:
    """Return the forms of ``text`` that a search compares."""
    from matching.text.normalise import initials, normalise, pinyin

    return SearchKeys(normalise(text), pinyin(text).replace(" ", ""), initials(text))


def seeker_record(
    resident: Any,
    *,
    home: str,
    today: date,
    experience: Sequence[Any] = (),
    past: Sequence[Mapping[str, Any]] = (),
) -> "Seeker":
    """Return the record of a resident.

    ``resident`` and ``experience`` are rows (whole ones or of their columns); ``home`` is the
    household's place; ``past`` holds :func:`past_record`, oldest first.
    """
    from matching.records import Seeker

    return Seeker.model_validate(
        {
            "id": resident.id,
            "wanted": resident.wanted,
            "skills": resident.skills,
            "certificates": resident.certificates,
            "experience": [
                {
                    "title": job.title,
                    "employer": job.employer or None,
                    "place": job.place or None,
                    "years": None if job.months is None else job.months / MONTHS,
                }
                for job in experience
            ],
            "education": resident.education,
            "age": age_on(resident.birth_date, today),
            "home": home or None,
            "reach": resident.reach,
            "available": resident.available or None,
            "limits": resident.limits,
            "min_pay": _yuan(resident.min_pay_fen),
            "kinds": resident.kinds or None,
            "past": past,
        }
    )


def past_record(opening: Any, *, action: str, employer: str | None) -> dict[str, Any]:
    """Return an opening met before, as :func:`seeker_record` takes it.

    ``opening`` is a row of the columns that tell what work it was, for whom and where: ``id``,
    ``kind``, ``title``, ``category``, ``place`` and ``at_home``. What else an opening says is
    asked of openings to come alone.
    """
    return {
        "action": action,
        "id": opening.id,
        "kind": opening.kind,
        "title": opening.title,
        "employer": employer,
        "category": opening.category or None,
        "place": opening.place or None,
        "at_home": opening.at_home,
    }


def opening_record(opening: Any, *, employer: str | None = None) -> "Opening":
    """Return the record of an opening (a row); its capacity is the places left."""
    from matching.records import Opening

    pay = {
        "text": opening.pay_text or None,
        "min": _yuan(opening.pay_min_fen),
        "max": _yuan(opening.pay_max_fen),
        "unit": opening.pay_unit,
    }
    return Opening.model_validate(
        {
            "id": opening.id,
            "kind": opening.kind,
            "title": opening.title,
            "employer": employer,
            "category": opening.category or None,
            "description": opening.description or None,
            "place": opening.place or None,
            "at_home": opening.at_home,
            "skills": opening.skills,
            "certificates": opening.certificates,
            "education": opening.education,
            "demands": opening.demands,
            "hours": opening.hours,
            "flexible": opening.flexible,
            "hazardous": opening.hazardous,
            "pay": pay if any(value is not None for value in pay.values()) else None,
            "capacity": max(0, opening.headcount - opening.hired_count),
            "teaches": opening.teaches,
        }
    )


def broken_rules(seeker: "Seeker", opening: "Opening") -> dict[str, str]:
    """Return the hard rules a pair breaks: code to plain sentence, in the order of the rules."""
    from matching.eligibility.rules import broken_rules as broken

    return {note.code: note.text for note in broken(seeker, opening)}


def certificates_lacking(seeker: "Seeker", opening: "Opening") -> list[str]:
    """Return the certificates an opening asks for that the seeker does not hold, as written."""
    from matching.eligibility import certificates

    return [
        asked.strip()
        for asked in opening.certificates
        if not certificates.holds(seeker.certificates, asked)
    ]


def unknowns(seeker: "Seeker", opening: "Opening") -> list[dict[str, str]]:
    """Return what should be asked before a pair goes ahead."""
    from matching.eligibility.rules import unknown_gaps

    return [note.model_dump() for note in unknown_gaps(seeker, opening)]


def explain(
    seeker: "Seeker", opening: "Opening"
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return why an opening fits a seeker and what is missing, as suggestions store it."""
    from matching.explain.reasons import explain as explained

    found = explained(seeker, opening)
    return [note.model_dump() for note in found.reasons], [note.model_dump() for note in found.gaps]


# Gaps that a course can close.
LEARNABLE = frozenset({"certificate", "skill_missing"})


def courses_that_help(
    seeker: "Seeker", opening: "Opening", courses: Iterable["Opening"]
) -> list[int]:
    """Return the ids of the courses after which less would be missing for ``opening``."""
    from matching.explain.reasons import gaps

    def missing(one: "Seeker") -> list[str]:
        return [note.text for note in gaps(one, opening) if note.code in LEARNABLE]

    now = missing(seeker)
    found = []
    for course in courses:
        learnt = {
            "skills": [*seeker.skills, *course.teaches],
            "certificates": [*seeker.certificates, *course.teaches],
        }
        if missing(seeker.model_copy(update=learnt)) != now:
            found.append(int(course.id))
    return found


class PieceworkShare(NamedTuple):
    """What one household could do of an order."""

    household_id: int
    resident_ids: list[int]
    pieces: int
    hours: float
    hours_a_week: float


def share_pieces(
    seekers: "Sequence[tuple[Seeker, int]]",
    opening: "Opening",
    *,
    pieces: int,
    hours_a_piece: float,
    weeks: float,
    pack: int,
    promised: Mapping[int, float],
) -> tuple[list[PieceworkShare], int]:
    """Share an order's pieces among households by their free hours; return the pieces left too.

    ``seekers`` come with their household; ``promised`` is a household's hours a week that are
    given to other work.
    """
    from matching.planning.piecework_assignment import PieceworkOrder, assign_piecework

    people = [one.model_copy(update={"household": str(home)}) for one, home in seekers]
    wanted = opening.model_copy(update={"capacity": 1})  # places do not count, hours do
    order = PieceworkOrder(wanted, pieces, hours_a_piece, weeks, pack)
    found = assign_piecework(
        people, [order], promised={str(home): hours for home, hours in promised.items()}
    )
    shares = [
        PieceworkShare(
            household_id=int(one.household),
            resident_ids=[int(member) for member in one.members],
            pieces=one.pieces,
            hours=one.hours,
            hours_a_week=one.hours_a_week,
        )
        for one in found.assignments
    ]
    return shares, found.left.get(str(opening.id), 0)


def place_parts(path: str) -> tuple[str, ...]:
    """Return the parts of a place path from broad to narrow, each in one spelling."""
    from matching.eligibility.places import split_path

    return split_path(path)


def _fen(yuan: float | None) -> int | None:
    return None if yuan is None else round(yuan * FEN)


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / FEN
