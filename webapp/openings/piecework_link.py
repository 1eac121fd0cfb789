"""From an opening of piecework to the order behind it.

The pages of openings link to what families and companies do with the order, so this module looks
up one part higher (an exception named in ``tests/test_architecture.py``).
"""

from flask import url_for
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.vocabulary import Kind
from webapp.openings.models import Opening
from webapp.piecework.queries.orders import order_by_opening


def order_to_claim(session: Session, actor: Actor, opening: Opening) -> int | None:
    """Return the order that a resident claims from instead of applying, None for other openings."""
    if opening.kind is not Kind.PIECEWORK or actor.resident_id is None:
        return None
    order = order_by_opening(session, opening.id)
    return order.id if order else None


def order_page(session: Session, actor: Actor, opening: Opening) -> str | None:
    """Return the address of the order's page for staff or its company, None without an order."""
    if opening.kind is not Kind.PIECEWORK:
        return None
    order = order_by_opening(session, opening.id)
    if order is None:
        return None
    endpoint = "piecework.staff_order" if actor.is_staff else "piecework.employer_order"
    return url_for(endpoint, order_id=order.id)
