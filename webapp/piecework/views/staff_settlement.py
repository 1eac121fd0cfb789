"""/staff/piecework/settlements: what is due, the runs, and a run's payment list."""

import io
from typing import Any

from flask import render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import col

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import Conflict, NotFound, Refused
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.piecework.blueprint import bp
from webapp.piecework.forms.staff_assignment import ConfirmForm
from webapp.piecework.models.money import Payment, SettlementLine, SettlementRun
from webapp.piecework.presentation import order_figures
from webapp.piecework.presentation import payment_sheet as payment_sheets
from webapp.piecework.queries import payees as payee_queries
from webapp.piecework.services import automatic_settlement, payouts, settlements

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/staff/piecework/settlements", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def settlement_runs() -> ResponseReturnValue:
    """What is due now, and the runs made so far."""
    form = ConfirmForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                settlements.settle,
                _("结好了。核对付款单，请没验过货的同事付钱。"),
                lambda run: url_for(".settlement", run_id=run.id),
                idempotency_key=form.own_key,
            )
        except (Refused, Conflict) as error:
            form.tell(error)
            status = error.status
    session = reader()
    paid = (
        select(col(SettlementLine.run_id), func.count(col(Payment.id)).label("paid"))
        .join(Payment, col(Payment.line_id) == col(SettlementLine.id))
        .group_by(col(SettlementLine.run_id))
        .subquery()
    )
    runs: Any = (
        select(SettlementRun, col(SettlementRun.lines) - func.coalesce(paid.c.paid, 0))
        .outerjoin(paid, paid.c.run_id == col(SettlementRun.id))
        .order_by(col(SettlementRun.id).desc())
    )
    due = settlements.due(session)
    page = render_template(
        "piecework/settlements.html",
        form=form,
        due=due,
        due_words=order_figures.settle_words(due),
        why_late=automatic_settlement.why_late(session, due),
        payees_waiting=payee_queries.count_waiting(session, current_actor()),
        page=paginate(session, runs),
    )
    return page, status


@bp.get("/staff/piecework/settlements/<id:run_id>")
@requires(Permission.PIECEWORK_MANAGE)
def settlement(run_id: int) -> str:
    """The payment list of one run."""
    session = reader()
    run = session.get(SettlementRun, run_id)
    if run is None:
        raise NotFound
    rows = payouts.payment_list(session, run_id)
    payees = payee_queries.payees_of(session, [one.assignment_id for one in rows])
    unpaid = [one for one in rows if one.method is None]
    return render_template(
        "piecework/settlement.html",
        run=run,
        rows=rows,
        payees=payees,
        masked=payee_queries.masked,
        unpaid=len(unpaid),
        unpaid_fen=sum(one.net_fen for one in unpaid),
    )


@bp.get("/staff/piecework/settlements/<id:run_id>/list.xlsx")
@requires(Permission.PIECEWORK_MANAGE)
def payment_sheet(run_id: int) -> ResponseReturnValue:
    """The payment list as a spreadsheet, accounts masked."""
    session = reader()
    run = session.get(SettlementRun, run_id)
    if run is None:
        raise NotFound
    rows = payouts.payment_list(session, run_id)
    payees = payee_queries.payees_of(session, [one.assignment_id for one in rows])
    accounts = {
        one.line_id: (
            payees[one.assignment_id].resident.name,
            payee_queries.masked(payees[one.assignment_id].account),
        )
        for one in rows
        if one.assignment_id in payees
    }
    data = payment_sheets.workbook(run, rows, accounts)
    name = _("付款单%(n)d.xlsx", n=run_id)
    return send_file(io.BytesIO(data), mimetype=_XLSX, as_attachment=True, download_name=name)
