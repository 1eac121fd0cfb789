"""The 80% figure: who of those able to work has a job, a business or pay for piecework.

Numerator: distinct people in a verified spell of a job or a business, or named as working on
pieces that were accepted within the last days that count. Training stands beside it, never in
it, and so does what rests on a person's own word. Denominator: everybody registered but those
left out: below working age, beyond the age of retirement, and those of whom evidence shows that
they are retired, studying, unable or away. An unknown date of birth leaves nobody out, and nor
does a file without any spell: who is not recorded counts as without work.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, union
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.vocabulary import Sex
from webapp.employment.lifecycle import BUSINESS, JOBS, NOT_ABLE, WORK
from webapp.employment.models import EmploymentSpell
from webapp.employment.queries import people_in, recorded
from webapp.figures.models import EmploymentMonth
from webapp.piecework.models.assignment import Assignment, AssignmentMember, Inspection
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import rule
from webapp.rulebook.retirement import past_age_if_born_by
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.enrolments import Enrolment

#: Where the bands of piecework earnings begin, in fen for the days that count.
BANDS = (0, 100_00, 500_00, 1000_00)


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
    retired: int
    studying: int
    unable: int
    away: int
    said_working: int
    recorded: int
    registered: int
    piecework_bands: list[int] = field(default_factory=list)

    @property
    def percent(self) -> float | None:
        """``working`` of a hundred able; ``None`` without anybody."""
        return round(100 * self.working / self.able, 1) if self.able else None

    @property
    def percent_recorded(self) -> float | None:
        """``recorded`` of a hundred registered; ``None`` without anybody."""
        return round(100 * self.recorded / self.registered, 1) if self.registered else None


def employment(session: Session, *, on: date | None = None) -> Employment:
    """Return the figure as it stands at the end of a day (today), in three queries.

    Age is counted over everybody, by an index that holds all it asks. Everything else is known of
    few, who are asked about one by one: of twenty thousand, most have no spell and no piecework.
    """
    day = on or clock.today()
    earned = _piecework_earnings(day)
    by_age, by_evidence = _by_age(day), _by_evidence(day)
    counted = _counted(session, _here(), _each_once(_here(), by_age)) | _of_those_known(
        session, day, earned
    )
    counted["able"] = counted["registered"] - sum(counted[one] for one in (*by_age, *by_evidence))
    able = and_(_here(), ~or_(*by_age.values(), *by_evidence.values()))
    return Employment(**counted, piecework_bands=_bands(session, earned, able))


def _here() -> Any:
    return col(Resident.state) != ResidentState.LEFT


def _counted(session: Session, here: Any, which: dict[str, Any]) -> dict[str, int]:
    asked = {"registered": here, **which}
    row = session.execute(
        select(*(func.count().filter(who).label(name) for name, who in asked.items()))
        .select_from(Resident)
    ).one()  # fmt: skip
    return dict(row._asdict())


def _of_those_known(session: Session, day: date, earned: Any) -> dict[str, int]:
    """Return the counts of people in a spell, in training or with pay for piecework."""
    ways = {
        "by_job": people_in(JOBS, on=day),
        "by_business": people_in({BUSINESS}, on=day),
        "by_piecework": select(earned.c.resident_id),
    }
    lists = {
        **ways,
        "in_work": union(*ways.values()),
        "said": people_in(WORK, on=day, verified=False),
        "in_training": _in_training(),
        "recorded": recorded(),
    }
    known = union(select(col(EmploymentSpell.resident_id)), ways["by_piecework"], _in_training())
    by_age, by_evidence = _by_age(day), _by_evidence(day)
    # Every question about a person is asked once, and then counted in many ways.
    person = (
        select(
            _here().label("here"),
            *(condition.label(name) for name, condition in (by_age | by_evidence).items()),
            *(col(Resident.id).in_(people).label(name) for name, people in lists.items()),
        )
        .where(col(Resident.id).in_(known))
        .cte("person")
        .prefix_with("MATERIALIZED")
        .c
    )
    reasons = {name: person[name] for name in by_age | by_evidence}
    able = and_(person.here, ~or_(*reasons.values()))
    counted = {
        **_each_once(person.here, reasons),
        "working": and_(able, person.in_work),
        "said_working": and_(able, ~person.in_work, person.said),
        "in_training": and_(able, person.in_training),
        "recorded": and_(person.here, person.recorded),
        **{name: and_(able, person[name]) for name in ways},
    }
    row = session.execute(
        select(
            *(
                func.count().filter(who).label(name)
                for name, who in counted.items()
                if name not in by_age
            )
        )
    ).one()
    return dict(row._asdict())


def freeze_month(session: Session) -> bool:
    """Keep the figure of the month that has ended, once; return whether it was new."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    month = last.replace(day=1)
    known = session.execute(
        select(col(EmploymentMonth.id)).where(col(EmploymentMonth.month) == month)
    ).first()
    if known is not None:
        return False
    figure = employment(session, on=last)
    session.add(EmploymentMonth(month=month, frozen_at=clock.now(), **asdict(figure)))
    session.flush()
    return True


def frozen_months(session: Session, most: int = 12) -> list[EmploymentMonth]:
    """Return the months kept, the newest first."""
    rows = select(EmploymentMonth).order_by(col(EmploymentMonth.month).desc()).limit(most)
    return list(session.scalars(rows).all())


def _by_age(day: date) -> dict[str, Any]:
    """Return why somebody's age leaves them out → the condition of it, false where unknown."""
    born = col(Resident.birth_date)
    is_woman = func.coalesce(col(Resident.sex) == Sex.FEMALE, False)
    past = case(
        (is_woman, born <= past_age_if_born_by(day, Sex.FEMALE)),
        else_=born <= past_age_if_born_by(day, None),
    )
    young = born > _years_before(day, rule("working_age_from", on=day))
    return {"too_young": func.coalesce(young, False), "too_old": func.coalesce(past, False)}


def _by_evidence(day: date) -> dict[str, Any]:
    """Return what evidence leaves somebody out → the condition of it."""
    return {kind.value: col(Resident.id).in_(people_in({kind}, on=day)) for kind in NOT_ABLE}


def _each_once(here: Any, left_out: dict[str, Any]) -> dict[str, Any]:
    """Return the conditions so that everybody left out is counted for the first reason alone."""
    found: dict[str, Any] = {}
    before: list[Any] = []
    for name, condition in left_out.items():
        found[name] = and_(here, condition, *(~other for other in before))
        before.append(condition)
    return found


def _in_training() -> Any:
    """Return the ids of people who attend a course now."""
    return select(col(Enrolment.resident_id)).where(
        col(Enrolment.state) == EnrolmentState.ATTENDING
    )


def _piecework_earnings(day: date) -> Any:
    """Return resident_id and fen of those named as working on pieces accepted lately.

    What an assignment brought is shared equally among those named.
    """
    until = clock.end_of_day(day)
    since = until - timedelta(days=rule("piecework_counts_days", on=day))
    brought = (
        select(
            col(Inspection.assignment_id),
            func.sum(col(Inspection.accepted) * func.coalesce(col(Assignment.rate_fen), 0)).label(
                "fen"
            ),
        )
        .join(Assignment, col(Assignment.id) == Inspection.assignment_id)
        .where(
            col(Inspection.accepted) > 0,
            col(Inspection.reversed_by_id).is_(None),
            col(Inspection.at) >= since,
            col(Inspection.at) < until,
        )
        .group_by(col(Inspection.assignment_id))
        .subquery()
    )
    hands = (
        select(col(AssignmentMember.assignment_id), func.count().label("number"))
        .group_by(col(AssignmentMember.assignment_id))
        .subquery()
    )
    return (
        select(
            col(AssignmentMember.resident_id),
            func.sum(brought.c.fen // hands.c.number).label("fen"),
        )
        .join(brought, brought.c.assignment_id == AssignmentMember.assignment_id)
        .join(hands, hands.c.assignment_id == AssignmentMember.assignment_id)
        .group_by(col(AssignmentMember.resident_id))
        .subquery()
    )


def _bands(session: Session, earned: Any, able: Any) -> list[int]:
    """Return how many of those able to work earned as much as each band says."""
    rows = session.execute(
        select(earned.c.fen).join(Resident, col(Resident.id) == earned.c.resident_id).where(able)
    )
    found = Counter(sum(fen >= start for start in BANDS) - 1 for (fen,) in rows)
    return [found[number] for number in range(len(BANDS))]


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
