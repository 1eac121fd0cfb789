"""From an opening of piecework to the pages of the order behind it."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, literal, select
from sqlmodel import Session, col

from webapp.core.access import Actor
from webapp.core.formatting import yuan
from webapp.openings.models import Opening
from webapp.openings.own_marks import OwnMark
from webapp.openings.own_pages import Link, OwnPages
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import Assignment, AssignmentMember
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries.hourly_rates import hourly_of
from webapp.piecework.queries.orders import order_by_opening


def _claimed(session: Session, actor: Actor, opening: Opening) -> Link | None:
    """Return the page where a resident claims from the order."""
    order = order_by_opening(session, opening.id) if actor.resident_id is not None else None
    if order is None:
        return None
    return Link(url_for("piecework.order", order_id=order.id), _("看怎么领、一小时挣多少"))


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
    """Return what an hour brings, for the openings whose order has been timed; two queries."""
    orders = session.execute(
        select(PieceworkOrder).where(col(PieceworkOrder.opening_id).in_(opening_ids))
    ).scalars()
    by_id = {order.id: order for order in orders}
    return {
        by_id[order_id].opening_id: _(
            "一般一小时 %(middle)s 元，慢的 %(slow)s 元",
            middle=yuan(found.middle_fen),
            slow=yuan(found.slow_fen),
        )
        for order_id, found in hourly_of(session, by_id.values()).items()
    }


PAGES = OwnPages(taken=_claimed, kept=_kept, an_hour=_an_hour)
