"""The community's plan as staff look at it: its figures, its lines, and whether it is still new."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, func, literal, select
from sqlmodel import Session, col

from webapp.core.labels import LabelledEnum
from webapp.core.paging import Page, paginate
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchState, PlanGap, PlanState
from webapp.matches.models import Match
from webapp.matches.models.community_plan import CommunityPlan, PlanLine
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident

#: People whose suggestions changed are counted no further than this.
MOST_CHANGED = 200


class Part(LabelledEnum):
    """Which lines of a plan are looked at."""

    PICKS = "picks", "排到的"
    NOBODY = "nobody", "没排到的"
    OUT = "out", "拿出来的"


@dataclass(frozen=True)
class PlanView:
    """A plan with a page of its lines; ``changed`` counts people with newer suggestions.

    ``counts`` says how many lines each part has, ``gaps`` how many people get nothing for which
    reason. ``before`` is the plan in force where this one only waits.
    """

    plan: CommunityPlan
    before: CommunityPlan | None
    part: Part
    page: Page
    counts: Mapping[Part, int]
    gaps: Mapping[PlanGap, int]
    changed: int

    @property
    def changed_words(self) -> str:
        """How many people's suggestions are newer than the plan, empty for none."""
        if self.changed > MOST_CHANGED:
            return _("%(n)d 多", n=MOST_CHANGED)
        return str(self.changed) if self.changed else ""

    @property
    def waits(self) -> bool:
        """Whether it only waits to be taken over."""
        return self.plan.state is PlanState.MADE


def read_plan(session: Session, part: Part) -> PlanView | None:
    """Return the plan that waits, else the one in force, ``None`` without any."""
    standing = {
        one.state: one
        for one in session.scalars(
            select(CommunityPlan)
            .where(col(CommunityPlan.state) != PlanState.ENDED)
            .order_by(col(CommunityPlan.id))
        )
    }
    plan = standing.get(PlanState.MADE) or standing.get(PlanState.IN_FORCE)
    if plan is None:
        return None
    gaps: dict[PlanGap, int] = {}
    counts = dict.fromkeys(Part, 0)
    out = col(PlanLine.out_at).is_not(None)
    rows = session.execute(
        select(col(PlanLine.gap), out, func.count())
        .where(col(PlanLine.plan_id) == plan.id)
        .group_by(col(PlanLine.gap), out)
    )
    for gap, is_out, number in rows:
        counts[Part.OUT if is_out else Part.NOBODY if gap else Part.PICKS] += number
        if gap:
            gaps[gap] = number
    return PlanView(
        plan=plan,
        before=standing.get(PlanState.IN_FORCE) if plan.state is PlanState.MADE else None,
        part=part,
        page=paginate(
            session,
            _lines(plan.id).where(*_in_part(part)),
            counted=select(literal(counts[part])),
        ),
        counts=counts,
        gaps={gap: gaps[gap] for gap in PlanGap if gap in gaps},
        changed=_changed(session, plan),
    )


def read_all(session: Session, plan_id: int) -> list[Any]:
    """Return every line of a plan that stands, as :func:`read_plan` has them, by resident."""
    stands = _lines(plan_id).where(col(PlanLine.out_at).is_(None))
    in_order = stands.order_by(None).order_by(col(PlanLine.resident_id), col(PlanLine.rank))
    return list(session.execute(in_order))


def _in_part(part: Part) -> tuple[Any, ...]:
    if part is Part.NOBODY:
        return (col(PlanLine.rank) == 0,)
    is_out = col(PlanLine.out_at).is_not(None)
    return (col(PlanLine.rank) > 0, is_out if part is Part.OUT else ~is_out)


def _lines(plan_id: int) -> Any:
    """Return the statement of a plan's lines, households without any work first."""
    return (
        select(
            PlanLine,
            col(Resident.name),
            col(Household.unit_address),
            col(Opening.title),
            col(Employer.name).label("employer"),
            col(Match.id).label("match_id"),
            col(Match.state).label("match_state"),
        )
        .join(Resident, col(Resident.id) == PlanLine.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .outerjoin(Opening, col(Opening.id) == PlanLine.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .outerjoin(
            Match,
            and_(
                col(Match.resident_id) == PlanLine.resident_id,
                col(Match.opening_id) == PlanLine.opening_id,
            ),
        )
        .where(col(PlanLine.plan_id) == plan_id)
        .order_by(
            col(PlanLine.rank),
            col(PlanLine.needy).desc(),
            col(PlanLine.score).desc(),
            col(PlanLine.id),
        )
    )


def _changed(session: Session, plan: CommunityPlan) -> int:
    """Count people whose suggestions were computed after the plan was made."""
    newer = (
        select(col(Match.resident_id))
        .where(col(Match.computed_at) > plan.made_at, col(Match.state) == MatchState.SUGGESTED)
        .distinct()
        .limit(MOST_CHANGED + 1)
    )
    return int(session.execute(select(func.count()).select_from(newer.subquery())).scalar_one())
