"""What staff do on behalf of others: write an employer's order; claim pieces and print the
passbook for a household."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col, select

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import Conflict, Forbidden, NotFound, Refused
from webapp.core.local_addresses import local_next
from webapp.core.posting import write_and_redirect
from webapp.piecework.blueprint import bp
from webapp.piecework.forms.fields import asking_ages
from webapp.piecework.forms.order import OrderForm
from webapp.piecework.forms.resident import ClaimForm
from webapp.piecework.presentation import order_figures
from webapp.piecework.queries import assignments, hourly_rates
from webapp.piecework.services import claims, opening_sync
from webapp.piecework.services.access import get_order
from webapp.piecework.views.order_form import edit_page, order_form_page
from webapp.piecework.views.passbook_page import printed
from webapp.residents.models import Household, Resident, ResidentState

FOUND = 20
LONGEST_QUERY = 40


@bp.route("/staff/piecework/new", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def staff_new() -> ResponseReturnValue:
    """Write an order for an employer."""
    return order_form_page(OrderForm(by_staff=True), None)


@bp.route("/staff/piecework/orders/<id:order_id>/edit", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def staff_edit(order_id: int) -> ResponseReturnValue:
    """Change any draft."""
    return edit_page(order_id)


@bp.get("/staff/piecework/orders/<id:order_id>/claim")
@requires(Permission.PIECEWORK_MANAGE)
def claim_for(order_id: int) -> str:
    """Find the household that wants pieces."""
    session = reader()
    order = get_order(session, current_actor(), order_id)
    q = request.args.get("q", "").strip()[:LONGEST_QUERY]
    return render_template(
        "piecework/claim_for.html",
        order=order,
        title=opening_sync.title(session, order),
        q=q,
        found=_households(q),
    )


def _households(q: str) -> list[tuple[int, str, str]]:
    if not q:
        return []
    named = (
        select(Household.id, Household.unit_address, Resident.name)
        .join(Resident, col(Resident.household_id) == col(Household.id))
        .where(
            col(Resident.state) != ResidentState.LEFT,
            col(Resident.name).contains(q, autoescape=True)
            | col(Household.unit_address).contains(q, autoescape=True)
            | (col(Resident.phone) == q),
        )
        .order_by(col(Household.unit_address), col(Resident.id))
        .limit(FOUND * 5)
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for id_, unit_address, name in reader().exec(named).all():
        found.setdefault(id_, (unit_address, []))[1].append(name)
    return [
        (id_, unit_address, "、".join(names))
        for id_, (unit_address, names) in list(found.items())[:FOUND]
    ]


@bp.route("/staff/piecework/orders/<id:order_id>/claim/<id:household_id>", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def claim_as(order_id: int, household_id: int) -> ResponseReturnValue:
    """Claim pieces for a household, its grown-ups named."""
    session, actor = reader(), current_actor()
    order = get_order(session, actor, order_id)
    household = session.get(Household, household_id)
    if household is None:
        raise NotFound
    least = claims.youngest_for(session, order)
    form = _claim_form(household_id, least)
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                claims.claim,
                _("领好了。下一步：试做一次，再发料。"),
                lambda assignment: url_for(".staff_assignment", assignment_id=assignment.id),
                order_id=order.id,
                household_id=household_id,
                pieces=form.pieces.data,
                member_ids=form.members.data,
                birth_dates=form.birth_dates,
                idempotency_key=form.own_key,
            )
        except (Refused, Conflict, Forbidden) as error:
            form.tell(error)
            status = error.status
    page = render_template(
        "piecework/claim_as.html",
        form=form,
        least=least,
        order=order,
        hint=order_figures.behalf_hint(order),
        household=household,
        title=opening_sync.title(session, order),
        an_hour=hourly_rates.hourly(session, order),
    )
    return page, status


def _claim_form(household_id: int, least: int) -> Any:
    people = assignments.may_work(reader(), household_id, least=least)
    form: Any = asking_ages(ClaimForm, people)
    asked = request.args.get("pieces", "")
    if not form.is_submitted() and asked.isascii() and asked.isdigit() and len(asked) < 7:
        form.pieces.data = int(asked)
    if not form.is_submitted() and len(people) == 1:
        form.members.data = [people[0].id]
    return form


@bp.get("/staff/piecework/households/<id:household_id>/passbook")
@requires(Permission.PIECEWORK_MANAGE)
def staff_passbook(household_id: int) -> str:
    """A household's passbook to print at the counter; ``next`` is the page it was opened from."""
    if reader().get(Household, household_id) is None:
        raise NotFound
    return printed(household_id, local_next() or url_for(".board"))
