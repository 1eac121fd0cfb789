"""The 80% figure (people with work among those able to work), frozen month by month."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key


class EmploymentMonth(SQLModel, table=True):
    """The figure as it stood at the end of a month; ``month`` is its first day.

    ``working`` counts distinct people, who may stand in several of the ways; ``able`` is the
    denominator, ``too_young`` and ``too_old`` are left out of it.
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
    frozen_at: datetime
