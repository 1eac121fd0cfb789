"""What a pasted text says, and which of its words say so.

Nothing of the library is imported before it is needed, so that web workers stay light.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from webapp.core.vocabulary import Education, PayUnit, Reach, Sex

#: The library reads no further than this many characters; a longer text is refused.
LONGEST = 4000
#: The library joins words that stand apart in the text with this.
APART = " | "
_CLAUSE = re.compile(r"[^,，。;；!！?？\n]+")

Span = tuple[int, int]


@dataclass(frozen=True)
class ReadOpening:
    """One job of a message; ``None`` and empty mean that the message doesn't say.

    ``pay_min`` and ``pay_max`` are in yuan a ``pay_unit``, ``illegal`` codes of conditions that
    may not be published. ``title`` and all words stand in the message as they are here, but for
    width, script and spacing.
    """

    title: str | None
    headcount: int | None
    pay_min: float | None
    pay_max: float | None
    pay_unit: PayUnit | None
    place_words: str | None
    employer: str | None
    contact_phone: str | None
    hours_words: str | None
    education: Education | None
    certificates: tuple[str, ...]
    welfare: tuple[str, ...]
    illegal: tuple[str, ...]


@dataclass(frozen=True)
class ReadPerson:
    """One person of a paragraph; ``None`` and empty mean that it doesn't say.

    ``limits`` are values of ``Demand``; ``min_pay_month`` is in yuan; ``experience`` holds what
    was done and for how many years.
    """

    name: str | None
    age: int | None
    birth_year: int | None
    sex: Sex | None
    phone: str | None
    wanted: tuple[str, ...]
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    limits: tuple[str, ...]
    reach: Reach | None
    hours: str | None
    min_pay_month: float | None
    education: Education | None
    experience: tuple[tuple[str, float | None], ...]
    looking: bool

    @property
    def is_empty(self) -> bool:
        """Whether the paragraph says nothing of a person."""
        told = (self.name, self.age, self.birth_year, self.phone, self.reach, self.hours)
        lists = (self.wanted, self.skills, self.certificates, self.limits, self.experience)
        return not any(one is not None for one in told) and not any(lists)


def read_openings(text: str) -> list[ReadOpening]:
    """Return the jobs of a message in its order; none when it offers no work."""
    from matching.extraction.vacancies import extract_vacancies

    return [
        ReadOpening(
            title=one["title"],
            headcount=one["headcount"],
            pay_min=one["pay_min"],
            pay_max=one["pay_max"],
            pay_unit=PayUnit(one["pay_unit"]) if one["pay_unit"] else None,
            place_words=one["place_words"],
            employer=one["employer"],
            contact_phone=one["contact_phone"],
            hours_words=one["hours_words"],
            education=Education(one["education"]) if one["education"] else None,
            certificates=tuple(one["certificates"]),
            welfare=tuple(one["welfare"]),
            illegal=tuple(one["illegal"]),
        )
        for one in extract_vacancies(text)["openings"]
    ]


def read_person(text: str) -> ReadPerson:
    """Return what a paragraph says of the person it is about."""
    from matching.extraction.residents import extract_resident

    found = extract_resident(text)
    return ReadPerson(
        name=found["name"],
        age=found["age"],
        birth_year=found["birth_year"],
        sex=Sex(found["sex"]) if found["sex"] else None,
        phone=found["phone"],
        wanted=tuple(found["wanted"]),
        skills=tuple(found["skills"]),
        certificates=tuple(found["certificates"]),
        limits=tuple(found["limits"]),
        reach=Reach(found["reach"]) if found["reach"] else None,
        hours=found["hours"],
        min_pay_month=found["min_pay_month"],
        education=Education(found["education"]) if found["education"] else None,
        experience=tuple((job["title"], job["years"]) for job in found["experience"]),
        looking=found["looking"],
    )


@dataclass(frozen=True)
class ReadDescription:
    """What a description says of a vacancy; ``several`` when it is about other jobs too."""

    education: Education | None
    headcount: int | None
    hours_words: str | None
    certificates: tuple[str, ...]
    skills: tuple[str, ...]
    several: bool


def read_description(title: str, text: str) -> ReadDescription:
    """Return what the description beside a vacancy's title says of the job."""
    from matching.extraction import described

    found = described.read_description(title, text)
    return ReadDescription(
        education=Education(found.education) if found.education else None,
        headcount=found.headcount,
        hours_words=found.hours_words,
        certificates=found.certificates,
        skills=found.skills,
        several=found.several,
    )


@dataclass(frozen=True)
class ReadRemark:
    """What a remark beside a name says; fields as in :class:`ReadPerson`."""

    certificates: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    reach: Reach | None = None
    min_pay_month: float | None = None
    education: Education | None = None


@lru_cache(maxsize=20_000)
def read_remark(text: str) -> ReadRemark:
    """Return what a remark says; lists repeat theirs, so it is remembered for a while."""
    from matching.extraction.residents import extract_remark

    found = extract_remark(text)
    return ReadRemark(
        certificates=tuple(found["certificates"]),
        limits=tuple(found["limits"]),
        reach=Reach(found["reach"]) if found["reach"] else None,
        min_pay_month=found["min_pay_month"],
        education=Education(found["education"]) if found["education"] else None,
    )


def spans_of(text: str, phrase: str | None) -> list[Span]:
    """Return where the words of ``phrase`` stand first in ``text``; nothing for what does not.

    Width, spaces and signs between the characters make no difference.

    >>> spans_of("电话：１３８ 0000-1201", "13800001201")
    [(3, 16)]
    """
    plain, origin = _letters(text)
    found = []
    for part in (phrase or "").split(APART):
        wanted, _ = _letters(part)
        at = plain.find(wanted) if wanted else -1
        if at >= 0:
            found.append((origin[at], origin[at + len(wanted) - 1] + 1))
    return found


def _letters(text: str) -> tuple[str, list[int]]:
    """Return letters and digits alone, in NFKC and lower case, and where each of them stood."""
    letters, origin = [], []
    for index, character in enumerate(text):
        for one in unicodedata.normalize("NFKC", character).lower():
            if unicodedata.category(one)[0] in "LN":
                letters.append(one)
                origin.append(index)
    return "".join(letters), origin


def pay_spans(text: str, opening: ReadOpening) -> list[Span]:
    """Return the first clause that says the opening's pay, if one clause says all of it."""
    from matching.extraction.message import clean_message
    from matching.extraction.wages import read_pay

    wanted = (opening.pay_min, opening.pay_max, opening.pay_unit)
    if opening.pay_min is None and opening.pay_max is None:
        return []
    for clause in _CLAUSE.finditer(text):
        pay = read_pay(clean_message(clause[0]))
        if (pay.min, pay.max, pay.unit and PayUnit(pay.unit)) == wanted:
            return [clause.span()]
    return []


def without_phones(text: str) -> str:
    """Return a text with its telephone numbers taken out."""
    from matching.extraction.phones import without_phones as blanked

    return " ".join(blanked(text).split())
