"""Where pay goes: …/payee of a person, /staff/piecework/payees to look at, accounts for payers."""

import io
from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import select

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.piecework.blueprint import bp
from webapp.piecework.forms.payee import PayeeForm, SeenForm
from webapp.piecework.forms.staff_assignment import ReasonForm
from webapp.piecework.models.money import SettlementLine, SettlementRun
from webapp.piecework.models.payee import PayeeAccount
from webapp.piecework.presentation import payment_sheet
from webapp.piecework.queries import payees as queries
from webapp.piecework.services import payees, payouts
from webapp.residents.models import ConsentChannel, Resident

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class PayeeUrls:
    """Where one person's page and forms are, for themself or for staff."""

    resident: Resident
    own: bool
    page: str
    back: str

    @property
    def change(self) -> str:
        """Return where it is written down."""
        return f"{self.page}/new"

    @property
    def drop(self) -> str:
        """Return where it is erased."""
        return f"{self.page}/drop"


def _own() -> PayeeUrls:
    resident = payees.payable(reader(), current_actor(), current_actor().resident_id or 0)
    return PayeeUrls(resident, True, url_for(".my_payee"), url_for(".mine"))


def _of(resident_id: int) -> PayeeUrls:
    resident = payees.payable(reader(), current_actor(), resident_id)
    page = url_for(".staff_payee", resident_id=resident_id)
    return PayeeUrls(resident, False, page, url_for("caseload.resident", resident_id=resident_id))


@bp.get("/me/payee")
@requires(Permission.PIECEWORK_WORK)
def my_payee() -> str:
    """Where the own pay goes, and what it was before."""
    return _page(_own())


@bp.get("/staff/residents/<id:resident_id>/payee")
@requires(Permission.PIECEWORK_MANAGE)
def staff_payee(resident_id: int) -> str:
    """Where somebody's pay goes, masked."""
    return _page(_of(resident_id))


@bp.route("/me/payee/new", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_WORK)
def my_payee_new() -> ResponseReturnValue:
    """Write down where the own pay is to go, shown once more before it is kept."""
    return _write(_own())


@bp.route("/staff/residents/<id:resident_id>/payee/new", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def staff_payee_new(resident_id: int) -> ResponseReturnValue:
    """Write it down for somebody at the counter who agrees."""
    return _write(_of(resident_id))


@bp.route("/me/payee/drop", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_WORK)
def my_payee_drop() -> ResponseReturnValue:
    """Ask once, then erase the own account."""
    return _drop(_own())


@bp.route("/staff/residents/<id:resident_id>/payee/drop", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def staff_payee_drop(resident_id: int) -> ResponseReturnValue:
    """Ask once, then erase somebody's account."""
    return _drop(_of(resident_id))


@bp.get("/staff/piecework/payees")
@requires(Permission.PIECEWORK_MANAGE)
def payees_waiting() -> str:
    """Accounts that a second person has to look at."""
    page = paginate(reader(), queries.waiting(current_actor()))
    return render_template("piecework/payees.html", page=page, masked=queries.masked)


@bp.route("/staff/piecework/payees/<id:payee_id>", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def check_payee(payee_id: int) -> ResponseReturnValue:
    """Compare an account with the card the person shows."""
    form = SeenForm()
    payee, resident = payees.checkable(reader(), current_actor(), payee_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                payees.check,
                _("对上了，以后工钱付到这里。已经告诉本人。"),
                url_for(".payees_waiting"),
                payee_id=payee_id,
                seen=form.seen.data or "",
            )
        except BadField as error:
            form.tell(error)
    page = render_template(
        "piecework/check_payee.html", form=form, payee=payee, resident=resident,
        masked=queries.masked(payee),
    )  # fmt: skip
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/piecework/payees/<id:payee_id>/refuse", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def refuse_payee(payee_id: int) -> ResponseReturnValue:
    """Say what is not right with it; the person reads that."""
    form = ReasonForm()
    payee, resident = payees.checkable(reader(), current_actor(), payee_id)
    if form.validate_on_submit():
        return write_and_redirect(
            payees.refuse,
            _("退回去了，本人看得到原因。"),
            url_for(".payees_waiting"),
            payee_id=payee_id,
            reason=form.reason.data,
        )
    page = render_template("piecework/refuse_payee.html", form=form, payee=payee, resident=resident)
    return page, 400 if form.is_submitted() else 200


@bp.post("/staff/piecework/lines/<id:line_id>/account")
@requires(Permission.PIECEWORK_MANAGE)
def line_account(line_id: int) -> ResponseReturnValue:
    """Show the account of one unpaid line to its payer, on this one answer; it is written down."""
    line = reader().get(SettlementLine, line_id)
    if line is None:
        raise NotFound
    back = url_for(".settlement", run_id=line.run_id)
    if not EmptyForm().validate_on_submit():
        return redirect(back, 303)
    actor = current_actor()
    with get_db().transaction(actor) as session:
        found = payees.reveal(session, actor, line_id=line_id)
        return render_template(
            "piecework/line_account.html",
            line=line,
            name=found.resident.name,
            account=queries.in_full(found.account),
            back=back,
        )


@bp.post("/staff/piecework/settlements/<id:run_id>/sign")
@requires(Permission.PIECEWORK_MANAGE)
def sign_list(run_id: int) -> ResponseReturnValue:
    """Print the list to pay by, each line with a place to sign; what was read is written down."""
    return _list_for_payer(run_id, _print_list)


@bp.post("/staff/piecework/settlements/<id:run_id>/accounts.xlsx")
@requires(Permission.PIECEWORK_MANAGE)
def accounts_sheet(run_id: int) -> ResponseReturnValue:
    """The list to pay by as a spreadsheet, accounts in full; what was read is written down."""
    return _list_for_payer(run_id, _sheet)


def _list_for_payer(run_id: int, make: Any) -> ResponseReturnValue:
    run = reader().get(SettlementRun, run_id)
    if run is None:
        raise NotFound
    if not EmptyForm().validate_on_submit():
        return redirect(url_for(".settlement", run_id=run_id), 303)
    actor = current_actor()
    with get_db().transaction(actor) as session:
        lines = list(
            session.exec(select(SettlementLine).where(SettlementLine.run_id == run_id)).all()
        )
        full = payees.read_for_payer(session, actor, lines)
        accounts = {
            line_id: (one.resident.name, queries.in_full(one.account))
            for line_id, one in full.items()
        }
        rows = payouts.payment_list(session, run_id)
        known = queries.payees_of(session, [row.assignment_id for row in rows])
        for row in rows:  # what is not the actor's to pay stays masked
            payee = known.get(row.assignment_id)
            if payee is not None:
                shown = (payee.resident.name, queries.masked(payee.account))
                accounts.setdefault(row.line_id, shown)
        return make(run, rows, accounts)


def _print_list(run: SettlementRun, rows: list[Any], accounts: dict[int, Any]) -> str:
    return render_template(
        "piecework/sign_list.html",
        run=run,
        rows=rows,
        accounts=accounts,
        today=clock.today(),
        back_href=url_for(".settlement", run_id=run.id),
    )


def _sheet(run: SettlementRun, rows: list[Any], accounts: dict[int, Any]) -> ResponseReturnValue:
    data = payment_sheet.workbook(run, rows, accounts)
    name = _("付款单%(n)d（带账户）.xlsx", n=run.id)
    sent = send_file(io.BytesIO(data), mimetype=_XLSX, as_attachment=True, download_name=name)
    return make_response(sent)


def _page(urls: PayeeUrls) -> str:
    return render_template(
        "piecework/payee.html",
        urls=urls,
        payee=queries.own(reader(), urls.resident.id),
        masked=queries.masked,
    )


def _write(urls: PayeeUrls) -> ResponseReturnValue:
    form = PayeeForm(own=urls.own)
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            if form.sure.data:
                return write_and_redirect(
                    payees.record,
                    _("记好了。社区对过卡，就付到这里；对好以前还照老样子付。"),
                    urls.page,
                    resident_id=urls.resident.id,
                    channel=ConsentChannel.PAGE if urls.own else ConsentChannel.IN_PERSON,
                    **form.values(),
                )
            payees.own_name(urls.resident, form.holder.data or "")
            shown = PayeeAccount(**form.values())
            return render_template(
                "piecework/payee_sure.html", form=form, urls=urls, account=queries.in_full(shown)
            )
        except BadField as error:
            form.tell(error)
    return render_template("piecework/payee_new.html", form=form, urls=urls), status


def _drop(urls: PayeeUrls) -> ResponseReturnValue:
    if EmptyForm().validate_on_submit():
        return write_and_redirect(
            payees.drop,
            _("删掉了，以后付现金。"),
            urls.page,
            resident_id=urls.resident.id,
        )
    return render_template("piecework/payee_drop.html", urls=urls)
