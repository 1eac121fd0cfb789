"""From an opening of piecework to the pages of the order behind it."""

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.openings.models import Opening
from webapp.openings.own_pages import Link, OwnPages
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


PAGES = OwnPages(taken=_claimed, kept=_kept)
