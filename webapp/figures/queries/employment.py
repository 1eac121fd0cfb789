"""The 80% figure: who of those able to work has a job, a business or pay for piecework.

Numerator: distinct people with a job noted with its evidence, an active stall or business, or
piecework accepted within the last days that count. Training stands beside it, never in it.
Denominator: recorded residents of working age; whom it leaves out is counted too. An unknown
date of birth leaves nobody out.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, union
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.vocabulary import Kind
from webapp.figures.models import EmploymentMonth
from webapp.matches.lifecycle import TAKEN
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.piecework.models.assignment import AssignmentMember, Inspection
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import rule


@dataclass(frozen=True)
class Employment:
    """People counted; see :class:`webapp.figures.models.EmploymentMonth`."""

    working: int
    able: int
    by_job: int
    by_business: int
    by_piecework: int
    in_training: int
    too_young: int
    too_old: int

    @property
    def percent(self) -> float | None:
        """``working`` of a hundred able; ``None`` without anybody."""
        return round(100 * self.working / self.able, 1) if self.able else None


def employment(session: Session) -> Employment:
    """Return the figure as it stands now, in two queries."""
    today = clock.today()
    young = _born_after(today, rule("working_age_from", on=today))
    old = _born_by(today, rule("working_age_until", on=today) + 1)
    here = col(Resident.state) != ResidentState.LEFT
    able = and_(here, or_(col(Resident.birth_date).is_(None), ~or_(young, old)))
    ways = {
        "by_job": _taken(Kind.VACANCY),
        "by_business": _taken(Kind.VENTURE),
        "by_piecework": _accepted_pieces(today),
    }
    counted = {
        "able": able,
        "too_young": and_(here, young),
        "too_old": and_(here, old),
        "working": and_(able, col(Resident.id).in_(union(*ways.values()))),
        "in_training": and_(able, col(Resident.id).in_(_taken(Kind.COURSE))),
        **{name: and_(able, col(Resident.id).in_(people)) for name, people in ways.items()},
    }
    row = session.execute(
        select(
            *(func.count().filter(who).label(name) for name, who in counted.items())
        ).select_from(Resident)
    ).one()
    return Employment(**row._asdict())


def freeze_month(session: Session) -> bool:
    """Keep the figure of the month that has ended, once; return whether it was new."""
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    known = session.execute(
        select(col(EmploymentMonth.id)).where(col(EmploymentMonth.month) == month)
    ).first()
    if known is not None:
        return False
    session.add(EmploymentMonth(month=month, frozen_at=clock.now(), **asdict(employment(session))))
    session.flush()
    return True


def frozen_months(session: Session, most: int = 12) -> list[EmploymentMonth]:
    """Return the months kept, the newest first."""
    rows = select(EmploymentMonth).order_by(col(EmploymentMonth.month).desc()).limit(most)
    return list(session.scalars(rows).all())


def _taken(kind: Kind) -> Any:
    """Return the ids of people taken on for a kind of opening, with what shows it."""
    return (
        select(col(Match.resident_id))
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(col(Match.state).in_(TAKEN), col(Opening.kind) == kind, col(Match.evidence) != "")
    )


def _accepted_pieces(today: date) -> Any:
    """Return the ids of people whose pieces were accepted lately."""
    since = clock.now() - timedelta(days=rule("piecework_counts_days", on=today))
    return (
        select(col(AssignmentMember.resident_id))
        .join(Inspection, col(Inspection.assignment_id) == AssignmentMember.assignment_id)
        .where(
            col(Inspection.accepted) > 0,
            col(Inspection.reversed_by_id).is_(None),
            col(Inspection.at) >= since,
        )
    )


def _born_after(today: date, years: int) -> Any:
    """Return the condition of being younger than ``years``."""
    return col(Resident.birth_date) > _years_before(today, years)


def _born_by(today: date, years: int) -> Any:
    """Return the condition of being at least ``years`` old."""
    return col(Resident.birth_date) <= _years_before(today, years)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
