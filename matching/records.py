"""The records of ranking: seekers, openings, tasks and rankings.

Every field except the ids is optional and unknown fields are ignored, so a record written by a
newer program can still be ranked. ``None`` (or an empty list) means unknown and excludes nothing.
Money is in yuan. A place is a path from broad to narrow, ``重庆市/九龙坡区/华岩镇/华龙家园``.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _text_id(value: object) -> object:
    # Callers may use integer ids; the library only uses text.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Id = Annotated[str, BeforeValidator(_text_id)]


class Kind(StrEnum):
    """The four kinds of opening."""

    VACANCY = "vacancy"
    PIECEWORK = "piecework"
    COURSE = "course"
    VENTURE = "venture"


class Education(StrEnum):
    """Levels of schooling, lowest first; compare them by :attr:`rank`."""

    NONE = "none"
    PRIMARY = "primary"
    JUNIOR_HIGH = "junior_high"
    SENIOR_HIGH = "senior_high"
    VOCATIONAL = "vocational"
    COLLEGE = "college"
    BACHELOR = "bachelor"

    @property
    def rank(self) -> int:
        """Height from 0; senior_high and vocational are one level."""
        return _EDUCATION_RANK[self]


_EDUCATION_RANK = {
    Education.NONE: 0,
    Education.PRIMARY: 1,
    Education.JUNIOR_HIGH: 2,
    Education.SENIOR_HIGH: 3,
    Education.VOCATIONAL: 3,
    Education.COLLEGE: 4,
    Education.BACHELOR: 5,
}


class Reach(StrEnum):
    """How far from home a seeker can go, nearest first."""

    HOME = "home"
    ESTATE = "estate"
    STREET = "street"
    DISTRICT = "district"
    CITY = "city"
    ANYWHERE = "anywhere"


class Demand(StrEnum):
    """Physical and other demands of work. A seeker's ``limits`` name those they cannot meet."""

    STANDING = "standing"
    WALKING = "walking"
    LIFTING = "lifting"
    STAIRS = "stairs"
    OUTDOORS = "outdoors"
    HEIGHTS = "heights"
    NIGHT = "night"
    FINE_HAND = "fine_hand"
    TWO_HANDS = "two_hands"
    EYESIGHT = "eyesight"
    HEARING = "hearing"
    SPEECH = "speech"
    READING = "reading"
    SMARTPHONE = "smartphone"
    CUSTOMER_CONTACT = "customer_contact"


class PayUnit(StrEnum):
    """Unit of pay."""

    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    PIECE = "piece"


class Record(BaseModel):
    """Base of all records: immutable, unknown fields ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_missing(cls, data: object) -> object:
        if isinstance(data, dict) and None in data.values():
            return {key: value for key, value in data.items() if value is not None}
        return data


class Window(Record):
    """Hours on some days of the week.

    ``days`` are digits, 1 = Monday … 7 = Sunday. ``end`` at or before ``start`` runs past
    midnight and belongs to the day it starts on; ``24:00`` is the end of the day.
    """

    days: str = Field(default="1234567", pattern=r"^[1-7]*$")
    start: str = Field(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$|^24:00$")
    end: str = Field(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$|^24:00$")
    flexible: bool = False


class Experience(Record):
    """One past job; ``years`` may be a fraction."""

    title: str = ""
    employer: str | None = None
    place: str | None = None
    years: float | None = None


class PayRange(Record):
    """Pay in yuan per unit, or a text to parse it from; a bound of ``None`` is open."""

    text: str | None = None
    min: float | None = None
    max: float | None = None
    unit: PayUnit | None = None


class Opening(Record):
    """Anything a seeker can be matched with; the kinds are those of :class:`Kind`."""

    id: Id
    kind: Kind = Kind.VACANCY
    title: str = ""
    employer: str | None = None
    category: str | None = None
    description: str | None = None
    place: str | None = None
    at_home: bool = False
    skills: list[str] = Field(default_factory=list)
    certificates: list[str] = Field(default_factory=list)
    education: Education | None = None
    demands: list[str] = Field(default_factory=list)
    hours: list[Window] = Field(default_factory=list)
    flexible: bool = False
    hazardous: bool = False
    pay: PayRange | None = None
    capacity: int = 1
    teaches: list[str] = Field(default_factory=list)


class PastOpening(Opening):
    """An opening the seeker interacted with before, and how."""

    id: Id = ""
    action: Literal["viewed", "applied", "hired", "declined", "left"] = "viewed"


class Seeker(Record):
    """A person looking for work.

    ``limits`` are demands the person cannot meet (abilities, never a diagnosis);
    ``min_pay`` is yuan a month; ``available`` missing means always; ``kinds`` missing means all;
    ``past`` is oldest first; ``priority`` is read by planning alone, never by ranking.
    """

    id: Id
    household: str | None = None
    wanted: list[str] = Field(default_factory=list)
    skills: list[str] = Field(default_factory=list)
    certificates: list[str] = Field(default_factory=list)
    experience: list[Experience] = Field(default_factory=list)
    education: Education | None = None
    age: int | None = None
    home: str | None = None
    reach: Reach | None = None
    available: list[Window] | None = None
    limits: list[str] = Field(default_factory=list)
    min_pay: float | None = None
    kinds: list[Kind] | None = None
    past: list[PastOpening] = Field(default_factory=list)
    priority: list[str] = Field(default_factory=list)


class Task(Record):
    """One ranking task: a seeker and the openings to rank."""

    qid: Id
    task: str = ""
    seeker: Seeker
    openings: list[Opening]


class Note(Record):
    """A reason for an opening, or a gap: a stable code and a Chinese sentence."""

    code: str
    text: str


class Ranked(Record):
    """An entry of a ranking; higher scores are better."""

    id: Id
    score: float
    eligible: bool
    reasons: list[Note] = Field(default_factory=list)
    gaps: list[Note] = Field(default_factory=list)
