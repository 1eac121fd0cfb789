"""/employer/piecework/: an employer's orders, how far they are, and what it owes."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.paging import SIZE, Page, asked_number
from webapp.openings.views.sharing import text_for_groups
from webapp.piecework import policy
from webapp.piecework.actions.availability import employer_acts
from webapp.piecework.actions.registry import EMPLOYER_ACTS
from webapp.piecework.blueprint import bp
from webapp.piecework.forms.order import OrderForm
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import EDITABLE
from webapp.piecework.presentation import next_step, order_figures
from webapp.piecework.queries import detail_pages, orders, samples, worklist
from webapp.piecework.services import danger
from webapp.piecework.services.access import get_order
from webapp.piecework.views.order_form import edit_page, order_form_page


@bp.get("/employer/piecework/")
@requires(Permission.PIECEWORK_ORDER)
def employer_orders() -> str:
    """The employer's orders and what it owes for each."""
    session, employer_id = reader(), current_actor().employer_id or 0
    total = orders.count_orders(session, employer_id=employer_id)
    last = max(-(-total // SIZE), 1)
    number = min(asked_number(), last)
    rows = orders.order_board(
        session, employer_id=employer_id, offset=(number - 1) * SIZE, limit=SIZE
    )
    money = worklist.balances(session, [row.order.id for row in rows])
    return render_template(
        "piecework/employer_orders.html",
        page=Page(rows, number, last, total),
        money=money,
        words=order_figures.employer_row,
        waits=order_figures.waits_for_employer,
        offered=worklist.waiting_for_company(session, employer_id),
        owed=worklist.owed_by(session, employer_id),
    )


@bp.get("/employer/piecework/<id:order_id>")
@requires(Permission.PIECEWORK_ORDER)
def employer_order(order_id: int) -> str:
    """One order of the employer: pieces, shipments, money. No household is named."""
    session, actor = reader(), current_actor()
    order = get_order(session, actor, order_id)
    shown = detail_pages.order_page(session, order)
    names = employer_acts(order, shown.totals)
    faults = []
    if order.state in EDITABLE:
        found = danger.find_in(order, shown.opening, shown.materials)
        faults = policy.faults(order, shown.materials, on=clock.today())
        faults += danger.faults(shown.opening, found)
    return render_template(
        "piecework/employer_order.html",
        shown=shown,
        order=order,
        figures=order_figures.employer_figures(
            shown, households=worklist.count_households(session, order.id)
        ),
        accepted=order_figures.accepted_pieces(shown),
        owes=shown.totals[AccountType.RECEIVABLE] != 0,
        waits=order_figures.waits_for_employer(order, shown.totals),
        terms=order_figures.terms(shown),
        bill_rows=order_figures.bill_rows(shown.materials),
        lots=[order_figures.delivered_lot(one) for one in shown.lots],
        acts=[(name, EMPLOYER_ACTS["order", name]) for name in names],
        faults=faults,
        editable=policy.can_edit(actor, order),
        disputes=[one for one in shown.disputes if one.assignment_id is None],
        history=order_figures.history(shown.events, reasons=False),
        change_facts=order_figures.change_facts,
        samples=samples.all_of(session, order.id),
        next_step=next_step.employer_next(order, shown.totals),
        share_text=text_for_groups(shown.opening, shown.employer.name),
    )


@bp.route("/employer/piecework/new", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_ORDER)
def employer_new() -> ResponseReturnValue:
    """Write a new order."""
    return order_form_page(OrderForm(), None)


@bp.route("/employer/piecework/<id:order_id>/edit", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_ORDER)
def employer_edit(order_id: int) -> ResponseReturnValue:
    """Change a draft of the employer's own."""
    return edit_page(order_id)
