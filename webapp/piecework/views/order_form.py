"""The form of an order, for an employer and for staff alike; only a draft may be edited."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core.access import Actor, current_actor
from webapp.core.db import reader
from webapp.core.errors import BadField, Conflict
from webapp.core.posting import write_and_redirect
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.employers.queries import verified_names
from webapp.openings.models import Opening
from webapp.openings.views import words
from webapp.piecework import policy
from webapp.piecework.actions.context import order_url
from webapp.piecework.forms.order import OrderForm, order_values
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.services import orders
from webapp.piecework.services.access import get_order, materials_of
from webapp.piecework.services.transitions import order_state_conflict


def edit_page(order_id: int) -> ResponseReturnValue:
    """Return the form of a draft; raises ``Conflict`` once the order was submitted."""
    session, actor = reader(), current_actor()
    order = get_order(session, actor, order_id)
    if not policy.can_edit(actor, order):
        raise order_state_conflict(order)
    opening = session.get_one(Opening, order.opening_id)
    employer = session.get_one(Employer, order.employer_id).name
    values = order_values(order, opening, materials_of(session, order.id), employer)
    return order_form_page(OrderForm(by_staff=policy.can_manage(actor), data=values), order)


def order_form_page(form: OrderForm, order: PieceworkOrder | None) -> ResponseReturnValue:
    """Return the form, or save what was sent; ``order`` is ``None`` for a new one."""
    actor = current_actor()
    by_staff = policy.can_manage(actor)
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                _save,
                _("存好了。请核对一遍，再交给社区做安全检查。"),
                lambda saved: order_url(actor, saved.id),
                form=form,
                order=order,
            )
        except (BadField, Conflict) as error:
            form.tell(error)
            status = error.status
    back = url_for(".board" if by_staff else ".employer_orders")
    found = words.found(Kind.PIECEWORK, request.form if form.is_submitted() else form.data)
    page = render_template(
        "piecework/edit_order.html",
        form=form,
        found=found,
        found_digest=words.digest(found),
        kind=Kind.PIECEWORK,
        by_staff=by_staff,
        order=order,
        back=order_url(actor, order.id) if order else back,
        names=verified_names(reader()) if by_staff else [],
    )
    return page, status


def _save(
    session: Session, actor: Actor, *, form: OrderForm, order: PieceworkOrder | None
) -> PieceworkOrder:
    if order is not None:
        opening = session.get_one(Opening, order.opening_id)
        return orders.edit_order(
            session,
            actor,
            order_id=order.id,
            terms=form.terms(),
            fields=form.fields(opening),
        )
    employer_id = None
    if "employer" in form:
        query = select(Employer.id).where(Employer.name == (form.employer.data or ""))
        employer_id = session.exec(query).first()
    return orders.create_order(
        session,
        actor,
        terms=form.terms(),
        fields=form.fields(),
        idempotency_key=form.own_key,
        employer_id=employer_id,
    )
