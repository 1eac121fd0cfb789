"""The 80% figure (people with work among those able to work), frozen month by month."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key


class EmploymentMonth(SQLModel, table=True):
    """The figure as it stood at the end of a month; ``month`` is its first day.

    ``working`` counts distinct people, who may stand in several of the ways; ``able`` is the
    denominator. Left out of it, each person once, are ``too_young``, ``too_old`` and those in
    ``retired``, ``studying``, ``unable`` and ``away``. Beside it stand ``said_working``, whose
    work rests on their own word, and ``recorded`` of all ``registered``. ``piecework_bands`` count
    the people of ``by_piecework`` by what it brought. Months from before spells were kept lack
    what nobody counted then.
    """

    __tablename__ = "employment_month"
    __table_args__ = (CheckConstraint("working <= able", name="part_of_all"),)

    id: int = primary_key()
    month: date = Field(unique=True)
    working: int
    able: int
    by_job: int
    by_business: int
    by_piecework: int
    in_training: int
    too_young: int
    too_old: int
    retired: int | None = None
    studying: int | None = None
    unable: int | None = None
    away: int | None = None
    said_working: int | None = None
    recorded: int | None = None
    registered: int | None = None
    piecework_bands: list[int] | None = Field(default=None, sa_column=Column(JSON))
    frozen_at: datetime
