"""From an opening of piecework to the pages of the order behind it."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, literal, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.openings.models import Opening
from webapp.openings.own_marks import OwnMark
from webapp.openings.own_pages import Link, OwnPages
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import Assignment, AssignmentMember
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.presentation import order_figures
from webapp.piecework.queries import samples
from webapp.piecework.queries.hourly_rates import floor, hourly_of
from webapp.piecework.queries.orders import order_by_opening


def _claimed(session: Session, actor: Actor, opening: Opening) -> Link | None:
    """Return where a resident claims from the order, and a visitor once they have registered."""
    if actor.role is not None and actor.resident_id is None:
        return None
    order = order_by_opening(session, opening.id)
    if order is None:
        return None
    claim = url_for("piecework.order", order_id=order.id)
    if actor.role is None:
        claim = url_for("matches.newcomer", opening_id=opening.id, next=claim)
    return Link(claim, _("领一份"))


def _kept(session: Session, actor: Actor, opening: Opening) -> str | None:
    """Return the page of the order for staff or for its company, None without an order."""
    order = order_by_opening(session, opening.id)
    if order is None:
        return None
    endpoint = "piecework.staff_order" if actor.is_staff else "piecework.employer_order"
    return url_for(endpoint, order_id=order.id)


def marks(actor: Actor) -> Select[int, str]:
    """Return the statement for the openings of which a resident has work in hand."""
    return (
        select(col(PieceworkOrder.opening_id), literal(OwnMark.CLAIMED.value))
        .join(Assignment, col(Assignment.order_id) == col(PieceworkOrder.id))
        .join(AssignmentMember, col(AssignmentMember.assignment_id) == col(Assignment.id))
        .where(
            col(AssignmentMember.resident_id) == actor.resident_id,
            col(Assignment.state).not_in((AssignmentState.CLOSED, AssignmentState.WITHDRAWN)),
        )
    )


def _an_hour(session: Session, opening_ids: Sequence[int]) -> Mapping[int, str]:
    """Return what an hour brings, beside the minimum wage where the work is; two queries."""
    rows = session.execute(
        select(col(Opening.id), col(Opening.place), PieceworkOrder)
        .outerjoin(PieceworkOrder, col(PieceworkOrder.opening_id) == col(Opening.id))
        .where(col(Opening.id).in_(opening_ids))
    ).all()
    timed = hourly_of(session, [order for _id, _place, order in rows if order is not None])
    today = clock.today()
    return {
        id_: order_figures.hour_words(
            timed.get(order.id) if order else None, floor(place, on=today)
        )
        for id_, place, order in rows
    }


PAGES = OwnPages(taken=_claimed, kept=_kept, an_hour=_an_hour, samples=samples.released)
