"""What courses would open for whom, as worked out last; made anew as a whole each time."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import json_list, primary_key

#: What the key of a course begins with.
COURSE_KEY = "course:"


class CourseDemand(SQLModel, table=True):
    """One way to learn something, and what it would open.

    ``key`` names it: a course (``course:12``), a template of frequent courses (``template:sewing``)
    or a certificate that nothing teaches (``certificate:健康证``). ``people`` gain by it, of whom
    ``unlocked_people`` lack just a certificate of it; ``openings`` with ``places`` are those it
    opens for anybody, ``examples`` the ids of those it opens for most. ``placed`` is how many more
    people could be in work at once. ``hours`` are the usual class hours (days, start, end) that
    suit most of them, ``hours_fit`` how many.
    """

    __tablename__ = "course_demand"
    __table_args__ = (
        CheckConstraint(
            "people > 0 AND openings > 0 AND unlocked_people BETWEEN 0 AND people",
            name="opens_something",
        ),
        CheckConstraint("places >= 0 AND placed >= 0 AND hours_fit >= 0", name="not_negative"),
        CheckConstraint(
            "(course_id IS NOT NULL) = (template_key = '' AND certificate = '')",
            name="names_one_way",
        ),
        CheckConstraint("template_key = '' OR certificate = ''", name="names_no_two"),
    )

    id: int = primary_key()
    key: str = Field(max_length=120, unique=True)
    course_id: int | None = Field(
        default=None, foreign_key="course.id", unique=True, ondelete="CASCADE"
    )
    template_key: str = Field(default="", max_length=40)
    certificate: str = Field(default="", max_length=80)
    title: str = Field(max_length=120)
    people: int
    unlocked_people: int
    openings: int
    places: int
    placed: int
    examples: list[int] = json_list()
    hours: list[dict[str, str]] = json_list()
    hours_fit: int = 0
    computed_at: datetime


class DemandGain(SQLModel, table=True):
    """One person who gains by it, and what: ids of openings, the best first.

    ``unlocked`` is how many openings they may not do now and may do then, ``completed`` how many
    they may do already and lack a skill for. ``rank`` is their place in the list of whom to
    invite, from 1.
    """

    __tablename__ = "demand_gain"
    __table_args__ = (
        UniqueConstraint("demand_id", "resident_id"),
        UniqueConstraint("demand_id", "rank"),
        CheckConstraint("unlocked + completed > 0", name="gains_something"),
    )

    id: int = primary_key()
    demand_id: int = Field(foreign_key="course_demand.id", ondelete="CASCADE")
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    rank: int
    unlocked: int
    completed: int
    openings: list[int] = json_list()
