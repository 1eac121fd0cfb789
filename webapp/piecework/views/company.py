"""/employer/piecework/: a company's orders, how far they are, and what it owes."""

from flask import render_template

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.paging import SIZE, Page, asked_number
from webapp.piecework import policy
from webapp.piecework.actions.availability import company_acts
from webapp.piecework.actions.item_actions import change_facts
from webapp.piecework.actions.order_actions import declared_fen
from webapp.piecework.blueprint import bp
from webapp.piecework.ledger.posting import Place
from webapp.piecework.lifecycle import EDITABLE
from webapp.piecework.presentation import next_step
from webapp.piecework.queries import detail_pages, orders, worklist
from webapp.piecework.services.access import get_order
from webapp.piecework.views.actions import COMPANY_ACTS


@bp.get("/employer/piecework/")
@requires(Permission.PIECEWORK_ORDER)
def company_orders() -> str:
    """The company's orders and what it owes for each."""
    session, employer_id = reader(), current_actor().employer_id or 0
    total = orders.count_orders(session, employer_id=employer_id)
    last = max(-(-total // SIZE), 1)
    number = min(asked_number(), last)
    rows = orders.order_board(
        session, employer_id=employer_id, offset=(number - 1) * SIZE, limit=SIZE
    )
    money = worklist.balances(session, [row.order.id for row in rows])
    return render_template(
        "piecework/company_orders.html",
        page=Page(rows, number, last, total),
        money=money,
        offered=worklist.waiting_for_company(session, employer_id),
        owed=worklist.owed_by(session, employer_id),
        Place=Place,
    )


@bp.get("/employer/piecework/<id:order_id>")
@requires(Permission.PIECEWORK_ORDER)
def company_order(order_id: int) -> str:
    """One order of the company: pieces, tranches, money. No family is named."""
    session, actor = reader(), current_actor()
    order = get_order(session, actor, order_id)
    shown = detail_pages.order_page(session, order)
    names = company_acts(order, shown.totals)
    faults = (
        policy.faults(order, shown.materials, on=clock.today()) if order.state in EDITABLE else []
    )
    return render_template(
        "piecework/company_order.html",
        shown=shown,
        order=order,
        totals=shown.totals,
        households=worklist.count_households(session, order.id),
        acts=[(name, COMPANY_ACTS["order", name]) for name in names],
        faults=faults,
        editable=policy.can_edit(actor, order),
        disputes=[one for one in shown.disputes if one.assignment_id is None],
        events=[one for one in shown.events if one.assignment_id is None and one.to_state],
        change_facts=change_facts,
        declared=declared_fen(shown.payments),
        next_step=next_step.company_next(order, shown.totals),
    )
