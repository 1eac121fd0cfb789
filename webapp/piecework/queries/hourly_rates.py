"""Hourly rates of orders, beside the minimum wage where the work is done."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core.vocabulary import PayUnit
from webapp.piecework.hourly_rate import Hourly, hourly_from
from webapp.piecework.models.order import PieceworkOrder, TimedTrial
from webapp.rulebook.figures import Rule, pay_floor


def hourly(session: Session, order: PieceworkOrder) -> Hourly | None:
    """Return what an hour earns on this order, ``None`` before the first timing."""
    return hourly_of(session, [order]).get(order.id)


def hourly_of(session: Session, orders: Iterable[PieceworkOrder]) -> dict[int, Hourly]:
    """Return what an hour earns on each order that was timed; one query."""
    rates = {order.id: order.rate_fen for order in orders}
    query = select(col(TimedTrial.order_id), col(TimedTrial.seconds), col(TimedTrial.passed)).where(
        col(TimedTrial.order_id).in_(rates)
    )
    timed: dict[int, list[tuple[int, int]]] = {}
    for order_id, seconds, passed in session.execute(query).all():
        timed.setdefault(order_id, []).append((seconds, passed))
    return {order_id: hourly_from(rates[order_id], found) for order_id, found in timed.items()}


def floor(place: str, *, on: date) -> Rule | None:
    """Return the minimum wage an hour where the work is done: a dated row of the rule book."""
    return pay_floor(PayUnit.HOUR, place, on=on)
