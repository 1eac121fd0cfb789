"""/staff/payment-checks/: ask whether settled pay arrived; /me/payment-checks/: what was said."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound, Refused
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.draws.models import Draw
from webapp.notices import quiet_hours
from webapp.payment_checks import queries
from webapp.payment_checks.forms import AnswerForm, CallForm, ResolveForm
from webapp.payment_checks.lifecycle import UNKNOWN, Answer, CheckState, Resolution
from webapp.payment_checks.models import PaymentCheck, PaymentCheckLine
from webapp.payment_checks.services import calling
from webapp.piecework.services import claims

bp = Blueprint("payment_checks", __name__)


@bp.get("/staff/payment-checks/")
@requires(Permission.PIECEWORK_MANAGE)
def index() -> str:
    """Every month's check with its figures, and what is not settled."""
    session = reader()
    return render_template(
        "payment_checks/index.html",
        months=queries.figures(session),
        awaiting=queries.awaiting(session),
        doubts=session.execute(queries.doubts()).all(),
        is_overdue=queries.is_overdue,
    )


@bp.get("/staff/payment-checks/<id:check_id>")
@requires(Permission.PIECEWORK_MANAGE)
def show(check_id: int) -> str:
    """One month: how its sample was found, what was answered, who is still to be asked."""
    session = reader()
    check = session.get(PaymentCheck, check_id)
    if check is None:
        raise NotFound
    return render_template(
        "payment_checks/show.html",
        check=check,
        draw=session.get(Draw, check.draw_id) if check.draw_id else None,
        figures=next((one for one in queries.figures(session) if one.check.id == check_id), None),
        page=paginate(session, queries.sample_of(check_id)),
        is_overdue=queries.is_overdue,
    )


@bp.get("/staff/payment-checks/lines/<id:line_id>")
@requires(Permission.PIECEWORK_MANAGE)
def line(line_id: int) -> str:
    """One settlement of the sample: ask, note the answer, note what came of a doubt."""
    return _page(line_id, {})


@bp.post("/staff/payment-checks/lines/<id:line_id>/call")
@requires(Permission.PIECEWORK_MANAGE)
def begin_call(line_id: int) -> ResponseReturnValue:
    """Show the numbers to the caller from now on."""
    form = CallForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                calling.begin_call,
                "",
                url_for(".line", line_id=line_id),
                line_id=line_id,
                no_relative=form.no_relative.data,
            )
        except Refused as error:
            form.no_relative.errors = [error.message]
    return _page(line_id, {"call": form}), 400


@bp.post("/staff/payment-checks/lines/<id:line_id>/answer")
@requires(Permission.PIECEWORK_MANAGE)
def answer(line_id: int) -> ResponseReturnValue:
    """Note what the household said."""
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                calling.answer,
                lambda row: (
                    _("记下了。没到的钱要有人去查，记在「今天要办」里。")
                    if row.due_on
                    else _("记下了。")
                ),
                lambda row: url_for(".show", check_id=row.check_id),
                line_id=line_id,
                answer=Answer(form.answer.data),
                amount_fen=form.amount_fen,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(line_id, {"answer": form}), 400


@bp.post("/staff/payment-checks/lines/<id:line_id>/resolve")
@requires(Permission.PIECEWORK_MANAGE)
def resolve(line_id: int) -> ResponseReturnValue:
    """Note what came of looking into a doubt."""
    form = ResolveForm()
    if form.validate_on_submit():
        return write_and_redirect(
            calling.resolve,
            _("记下了。"),
            lambda row: url_for(".show", check_id=row.check_id),
            line_id=line_id,
            resolution=Resolution(form.resolution.data),
            words=form.words.data,
        )
    return _page(line_id, {"resolve": form}), 400


@bp.get("/me/payment-checks/")
@requires(Permission.PIECEWORK_WORK)
def mine() -> str:
    """What was noted as the household's own answers, for it to compare with what it said."""
    session = reader()
    home = claims.my_membership(session, current_actor())
    rows = queries.of_household(session, home.household_id, since=home.since)
    return render_template("payment_checks/mine.html", rows=rows)


def _page(line_id: int, failed: dict[str, Any]) -> str:
    session, actor = reader(), current_actor()
    row, kept = queries.one_line(session, line_id), session.get(PaymentCheckLine, line_id)
    if row is None or kept is None:
        raise NotFound
    call = calling.open_call(session, line_id)
    mine = call is not None and call.caller_id == actor.account_id
    to_ask = row.state is CheckState.CALLING and (row.answer is None or row.answer in UNKNOWN)
    return render_template(
        "payment_checks/line.html",
        row=row,
        stake=calling.stake_of(session, actor, kept),
        people=queries.people_to_ask(session, row.household_id) if mine and to_ask else [],
        calling=mine and to_ask,
        to_ask=to_ask,
        too_early=quiet_hours.next_allowed(clock.now()) > clock.now(),
        to_resolve=row.due_on is not None and row.resolution is None,
        is_overdue=queries.is_overdue(row),
        forms={"call": CallForm(), "answer": AnswerForm(), "resolve": ResolveForm(), **failed},
        failed=next(iter(failed), ""),
    )
