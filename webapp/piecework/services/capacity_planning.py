"""Capacity planning: how many pieces each household could make by the deadline; for staff."""

from collections import defaultdict
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.errors import Refused
from webapp.core.formatting import age_on
from webapp.core.vocabulary import Kind
from webapp.engine import records
from webapp.openings.models import Opening
from webapp.piecework.hourly_rate import HOUR, Hourly
from webapp.piecework.lifecycle import AT_WORK
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries import hourly_rates
from webapp.piecework.services.claims import ADULT
from webapp.residents.models import Household, Resident, ResidentState

_WEEK = 7


class PlanRow(NamedTuple):
    """What one household could take on; ``hours`` are for all of ``pieces``."""

    household_id: int
    unit_address: str
    members: list[str]
    pieces: int
    hours: float
    hours_a_week: float


class PlanView(NamedTuple):
    """A plan for what is still unclaimed; ``left`` are pieces nobody has hours for."""

    rows: list[PlanRow]
    pieces: int
    left: int
    weeks: float


def plan_order(session: Session, order: PieceworkOrder) -> PlanView:
    """Distribute the unclaimed pieces of a timed order by households' free hours; five queries.

    Hours that households have promised to other assignments are not given out twice. Raises
    ``Refused`` while the order has no timing or no day to be ready by.
    """

    hourly = hourly_rates.hourly(session, order)
    if hourly is None or order.deadline is None:
        raise Refused(_("先试做计时，写明哪天交齐，才能算哪些家庭做得下来"))
    days = (order.deadline - clock.today()).days
    if days < 1 or order.unclaimed < 1:
        return PlanView([], max(order.unclaimed, 0), max(order.unclaimed, 0), 0.0)
    people = _people(session)
    opening = session.get_one(Opening, order.opening_id)
    planned, left = records.share_pieces(
        [
            (records.seeker_record(one, home=place, today=clock.today()), one.household_id)
            for one, place, _ignored in people.values()
        ],
        records.opening_record(opening),
        pieces=order.unclaimed,
        hours_a_piece=hourly.middle_seconds / HOUR,
        weeks=days / _WEEK,
        pack=order.lot_pieces,
        promised=_promised(session),
    )
    addresses = {one.household_id: unit_address for one, _ignored, unit_address in people.values()}
    rows = [
        PlanRow(
            one.household_id,
            addresses[one.household_id],
            [people[id_][0].name for id_ in one.resident_ids],
            one.pieces,
            one.hours,
            one.hours_a_week,
        )
        for one in planned
        if one.pieces
    ]
    return PlanView(rows, order.unclaimed, left, days / _WEEK)


def _people(session: Session) -> dict[int, tuple[Resident, str, str]]:
    """Return the grown-ups who look for work and would take piecework, with place and address."""
    rows = session.execute(
        select(Resident, col(Household.place), col(Household.unit_address))
        .join(Household, col(Household.id) == col(Resident.household_id))
        .where(col(Resident.state) == ResidentState.SEEKING)
        .order_by(col(Resident.id))
    ).all()
    today = clock.today()
    return {
        one.id: (one, place, unit_address)
        for one, place, unit_address in rows
        if (not one.kinds or Kind.PIECEWORK in one.kinds)
        and (age_on(one.birth_date, today) or ADULT) >= ADULT
    }


def _promised(session: Session) -> dict[int, float]:
    """Return the hours a week that each household owes to assignments it has already."""
    rows = session.execute(
        select(
            col(Assignment.household_id),
            col(Assignment.order_id),
            col(Assignment.due),
            func.sum(col(Assignment.pieces)),
        )
        .where(col(Assignment.state).in_(AT_WORK))
        .group_by(col(Assignment.household_id), col(Assignment.order_id), col(Assignment.due))
    ).all()
    orders = session.execute(
        select(PieceworkOrder).where(col(PieceworkOrder.id).in_({row[1] for row in rows}))
    ).scalars()
    speeds: dict[int, Hourly] = hourly_rates.hourly_of(session, orders.all())
    promised: dict[int, float] = defaultdict(float)
    for household_id, order_id, due, pieces in rows:
        weeks = max((due - clock.today()).days, 1) / _WEEK
        if order_id in speeds:
            promised[household_id] += pieces * speeds[order_id].middle_seconds / HOUR / weeks
    return promised
