"""Published points for a place that several want: what each criterion is worth, and who has it.

Worth is a dated row of the rule book (``venture_points_…``). Nothing of disability, allowance or
papers counts: points stand beside receipt codes on a public page. What counts is what members
have verified, or what the portal has written itself.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core.labels import LabelledEnum
from webapp.employment import queries as employment
from webapp.employment.lifecycle import WORK, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import rule
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.enrolments import Enrolment
from webapp.ventures.lifecycle import CaseState
from webapp.ventures.models.cases import VentureCase


class Criterion(LabelledEnum):
    """What brings points, in the order they are shown."""

    NO_WORK = "no_work", "全家没有人有活路"
    LONG_LOOKING = "long_looking", "找活路很久了"
    COURSE = "course", "在社区学过手艺"
    PASSED_OVER = "passed_over", "以前报过摊位没轮到"
    NO_STALL = "no_stall", "家里还没有摊位、店面"


def worth(criterion: Criterion, *, on: date) -> int:
    """Return what a criterion is worth on a day."""
    return rule(f"venture_points_{criterion.value}", on=on)


def points_of(
    session: Session, resident_ids: Iterable[int], *, on: date
) -> dict[int, list[dict[str, str | int]]]:
    """Return resident → ``[{"code", "value"}]`` of the criteria each fulfils on a day."""
    ids = sorted(set(resident_ids))
    lived = select(col(Resident.id), col(Resident.household_id)).where(col(Resident.id).in_(ids))
    households = dict(session.execute(lived).all())
    busy = _households_with(session, households.values(), employment.people_in(WORK, on=on))
    at_work = _households_with(
        session,
        households.values(),
        select(col(Resident.id)).where(col(Resident.state) == ResidentState.EMPLOYED),
    )
    stalls = _households_with(
        session,
        households.values(),
        select(col(VentureCase.resident_id)).where(col(VentureCase.state) == CaseState.ACTIVE),
    )
    looking = _looking_long(session, ids, on=on)
    taught = set(
        session.scalars(
            select(col(Enrolment.resident_id)).where(
                col(Enrolment.resident_id).in_(ids), col(Enrolment.state) == EnrolmentState.PASSED
            )
        )
    )
    missed = set(
        session.scalars(
            select(col(VentureCase.resident_id)).where(
                col(VentureCase.resident_id).in_(ids),
                col(VentureCase.state) == CaseState.PASSED_OVER,
            )
        )
    )
    fulfilled = {
        id_: {
            Criterion.NO_WORK: household not in busy | at_work,
            Criterion.LONG_LOOKING: id_ in looking,
            Criterion.COURSE: id_ in taught,
            Criterion.PASSED_OVER: id_ in missed,
            Criterion.NO_STALL: household not in stalls,
        }
        for id_, household in households.items()
    }
    return {
        id_: [
            {"code": criterion.value, "value": worth(criterion, on=on)}
            for criterion in Criterion
            if has[criterion]
        ]
        for id_, has in fulfilled.items()
    }


def total(detail: list[dict[str, str | int]]) -> int:
    """Return the sum of what somebody's criteria are worth."""
    return sum(int(one["value"]) for one in detail)


def _households_with(session: Session, household_ids: Iterable[int], people: object) -> set[int]:
    """Return those households that hold one of the people of a statement."""
    rows = select(col(Resident.household_id)).where(
        col(Resident.household_id).in_(set(household_ids)),
        col(Resident.id).in_(people),  # type: ignore[arg-type]
        col(Resident.state) != ResidentState.LEFT,
    )
    return set(session.scalars(rows))


def _looking_long(session: Session, ids: list[int], *, on: date) -> set[int]:
    since = on - timedelta(days=rule("venture_points_long_looking_days", on=on))
    rows = (
        select(col(EmploymentSpell.resident_id))
        .where(
            col(EmploymentSpell.resident_id).in_(ids),
            employment.standing(on),
            col(EmploymentSpell.kind) == SpellKind.LOOKING,
            col(EmploymentSpell.verified_at).is_not(None),
        )
        .group_by(col(EmploymentSpell.resident_id))
        .having(func.min(col(EmploymentSpell.starts_on)) <= since)
    )
    return set(session.scalars(rows))
