"""Capacity planning: how many pieces each household could make by the deadline; for staff.

All households are weighed against each other, which takes seconds: a background job does it and
keeps ids and figures, the page puts names to them.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden, Refused
from webapp.core.formatting import age_on
from webapp.core.vocabulary import Kind
from webapp.engine import records
from webapp.jobs import service as jobs
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.worker import Work
from webapp.openings.models import Opening
from webapp.piecework import policy
from webapp.piecework.hourly_rate import HOUR, Hourly
from webapp.piecework.lifecycle import AT_WORK
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries import hourly_rates
from webapp.piecework.services.access import get_order
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


def start_plan(session: Session, actor: Actor, *, order_id: int) -> BackgroundJob:
    """Have an order planned anew; raise ``Refused`` when it lacks what a plan needs."""
    order = get_order(session, actor, order_id)
    if not policy.can_manage(actor):
        raise Forbidden
    why_not = lacks(session, order)
    if why_not:
        raise Refused(why_not)
    return jobs.start(
        session,
        actor,
        kind=JobKind.PIECEWORK_PLAN,
        arguments={"order_id": order.id},
        result_url=f"/staff/piecework/orders/{order.id}/plan",
    )


def do_plan(work: Work) -> dict[str, Any]:
    """Plan the order of a background job."""
    with work.db.reader() as session:
        order = get_order(session, work.actor, work.arguments["order_id"])
        return plan_order(session, order)


def lacks(session: Session, order: PieceworkOrder) -> str:
    """Return what has to be done before an order can be planned, empty when nothing."""
    if hourly_rates.hourly(session, order) is None or order.deadline is None:
        return _("先试做计时，写明哪天交齐，才能算哪些家庭做得下来")
    return ""


def plan_order(session: Session, order: PieceworkOrder) -> dict[str, Any]:
    """Distribute the unclaimed pieces of a timed order by households' free hours; five queries.

    Hours that households have promised to other assignments are not given out twice. Returns
    JSON values: ``pieces``, ``left``, ``weeks`` and ``rows`` of ``household_id``,
    ``resident_ids``, ``pieces``, ``hours``, ``hours_a_week``. Raises ``Refused`` while the order
    has no timing or no day to be ready by.
    """
    hourly = hourly_rates.hourly(session, order)
    if hourly is None or order.deadline is None:
        raise Refused(lacks(session, order))
    days = (order.deadline - clock.today()).days
    unclaimed = max(order.unclaimed, 0)
    if days < 1 or unclaimed < 1:
        return {"rows": [], "pieces": unclaimed, "left": unclaimed, "weeks": 0.0}
    opening = session.get_one(Opening, order.opening_id)
    planned, left = records.share_pieces(
        [
            (records.seeker_record(one, home=place, today=clock.today()), one.household_id)
            for one, place in _people(session)
        ],
        records.opening_record(opening),
        pieces=unclaimed,
        hours_a_piece=hourly.middle_seconds / HOUR,
        weeks=days / _WEEK,
        pack=order.lot_pieces,
        promised=_promised(session),
    )
    rows = [
        {
            "household_id": one.household_id,
            "resident_ids": one.resident_ids,
            "pieces": one.pieces,
            "hours": one.hours,
            "hours_a_week": one.hours_a_week,
        }
        for one in planned
        if one.pieces
    ]
    return {"rows": rows, "pieces": unclaimed, "left": left, "weeks": days / _WEEK}


def view_plan(session: Session, result: dict[str, Any]) -> PlanView:
    """Return a plan with addresses and names; households that are gone by now are left out."""
    households = {one["household_id"] for one in result["rows"]}
    people = {id_ for one in result["rows"] for id_ in one["resident_ids"]}
    addresses = _texts(session, Household.id, Household.unit_address, households)
    names = _texts(session, Resident.id, Resident.name, people)
    rows = [
        PlanRow(
            one["household_id"],
            addresses[one["household_id"]],
            [names[id_] for id_ in one["resident_ids"] if id_ in names],
            one["pieces"],
            one["hours"],
            one["hours_a_week"],
        )
        for one in result["rows"]
        if one["household_id"] in addresses
    ]
    return PlanView(rows, result["pieces"], result["left"], result["weeks"])


def _texts(session: Session, id_: Any, text: Any, ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(col(id_), col(text)).where(col(id_).in_(ids))).all()
    return {row[0]: row[1] for row in rows}


def _people(session: Session) -> list[tuple[Resident, str]]:
    """Return the grown-ups who look for work and would take piecework, with their place."""
    rows = session.execute(
        select(Resident, col(Household.place))
        .join(Household, col(Household.id) == col(Resident.household_id))
        .where(col(Resident.state) == ResidentState.SEEKING)
        .order_by(col(Resident.id))
    ).all()
    today = clock.today()
    return [
        (one, place)
        for one, place in rows
        if (not one.kinds or Kind.PIECEWORK in one.kinds)
        and (age_on(one.birth_date, today) or ADULT) >= ADULT
    ]


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
