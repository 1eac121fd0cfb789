"""/me/piecework/: what a household may claim, holds, hands in and earns."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts import service as accounts
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import Conflict, NotFound, Refused
from webapp.core.paging import SIZE, Page, asked_number
from webapp.core.posting import write_and_redirect
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.piecework import policy, turns
from webapp.piecework.actions.availability import household_acts
from webapp.piecework.blueprint import bp
from webapp.piecework.forms.fields import PieceworkForm, asking_ages
from webapp.piecework.forms.resident import (
    ClaimForm,
    DisputeForm,
    GiveBackForm,
    ShortForm,
    hand_in_form,
)
from webapp.piecework.lifecycle import OVER, AssignmentState
from webapp.piecework.models.assignment import Assignment, DisputeAbout
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.presentation import assignment_figures, order_figures
from webapp.piecework.queries import assignments, detail_pages, hourly_rates, orders, samples
from webapp.piecework.services import (
    claim_returns,
    claims,
    deliveries,
    disputes,
    material_returns,
)
from webapp.piecework.services.access import materials_of
from webapp.residents.models import Household
from webapp.rulebook import figures


@bp.get("/me/piecework/")
@requires(Permission.PIECEWORK_WORK)
def mine() -> str:
    """The household's assignments, and what it will be paid."""
    session = reader()
    home = claims.my_membership(session, current_actor())
    days = figures.rule("piecework_counts_days", on=clock.today())
    of_it: dict[str, Any] = {"household_id": home.household_id, "since": home.since}
    rows = assignments.list_assignments(
        session,
        **of_it,
        states=[state for state in AssignmentState if state not in OVER],
        limit=SIZE,
    )
    own = [row for row in rows if turns.is_own(row.assignment)]
    return render_template(
        "piecework/mine.html",
        groups=[
            (_("手上的活"), own),
            (_("等社区的"), [row for row in rows if row not in own]),
        ],
        finished=assignments.count_assignments(session, **of_it, states=list(OVER)),
        pay=assignments.pay_summary(
            session,
            home.household_id,
            since=clock.today() - timedelta(days=days),
            joined=home.since,
        ),
        days=days,
        words=assignment_figures.own_row,
        status=assignment_figures.own_status,
        open_orders=orders.count_open_orders(session),
    )


@bp.get("/me/piecework/finished")
@requires(Permission.PIECEWORK_WORK)
def finished() -> str:
    """What the household has done with: settled to the end, or given back."""
    session = reader()
    home = claims.my_membership(session, current_actor())
    of_it: dict[str, Any] = {
        "household_id": home.household_id,
        "since": home.since,
        "states": list(OVER),
    }
    total = assignments.count_assignments(session, **of_it)
    pages_ = max(-(-total // SIZE), 1)
    number = min(asked_number(), pages_)
    rows = assignments.list_assignments(
        session, **of_it, newest=True, offset=(number - 1) * SIZE, limit=SIZE
    )
    return render_template(
        "piecework/finished.html",
        page=Page(rows, number, pages_, total),
        words=assignment_figures.finished_row,
        status=assignment_figures.row_status,
    )


@bp.route("/me/piecework/orders/<id:order_id>", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_WORK)
def order(order_id: int) -> ResponseReturnValue:
    """One order: what it asks, what it pays, and how to claim pieces of it."""
    session, actor = reader(), current_actor()
    home = claims.my_membership(session, actor).household_id
    found = session.get(PieceworkOrder, order_id)
    if found is None or not policy.shows_price(found.state):
        raise NotFound
    least = claims.youngest_for(session, found)
    people = assignments.may_work(session, home, least=least)
    form: Any = asking_ages(ClaimForm, people)
    if not form.is_submitted():
        form.pieces.data = order_figures.least_claim(found)
        form.members.data = [people[0].id] if len(people) == 1 else []
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                claims.claim,
                _("领好了。下一步：带身份证到社区试做一次，再领材料。"),
                lambda assignment: url_for(".my_assignment", assignment_id=assignment.id),
                order_id=order_id,
                household_id=home,
                pieces=form.pieces.data,
                member_ids=form.members.data,
                birth_dates=form.birth_dates,
                idempotency_key=form.own_key,
            )
        except (Refused, Conflict) as error:
            form.tell(error, usual="pieces")
            status = error.status
    opening = session.get_one(Opening, found.opening_id)
    page = render_template(
        "piecework/order.html",
        order=found,
        opening=opening,
        employer=session.get_one(Employer, found.employer_id),
        an_hour=hourly_rates.hourly(session, found),
        form=form,
        least=least,
        claim_hint=order_figures.claim_hint(found),
        verified=accounts.is_verified(session, actor.account_id),
        closed=order_figures.closed_words(found, on=clock.today()),
        homeless=not session.get_one(Household, home).unit_address,
        able=bool(people),
        floor=hourly_rates.floor(opening.place, on=clock.today()),
        samples=samples.of_opening(session, found.opening_id),
    )
    return page, status


@bp.get("/me/piecework/<id:assignment_id>")
@requires(Permission.PIECEWORK_WORK)
def my_assignment(assignment_id: int) -> str:
    """One assignment: where it stands, what is held, what was found, what is paid."""
    return _assignment_page(_own(assignment_id))


@bp.post("/me/piecework/<id:assignment_id>/start")
@requires(Permission.PIECEWORK_WORK)
def start(assignment_id: int) -> ResponseReturnValue:
    """Start work on an assignment."""
    return write_and_redirect(
        claims.start,
        _("好的，慢慢做，做好一批交一批。"),
        url_for(".my_assignment", assignment_id=assignment_id),
        assignment_id=assignment_id,
    )


@bp.post("/me/piecework/<id:assignment_id>/hand-in")
@requires(Permission.PIECEWORK_WORK)
def hand_in(assignment_id: int) -> ResponseReturnValue:
    """Hand in a delivery."""
    found = _own(assignment_id)
    form = hand_in_form(materials_of(reader(), found.order_id))()

    def run(session: Any) -> object:
        return deliveries.submit(
            session,
            current_actor(),
            assignment_id=assignment_id,
            pieces=form.pieces.data or 0,
            idempotency_key=form.own_key,
            wastage=form.wastage,
        )

    return _run_action(found, form, run, _("记下了。把货送到社区，当面点数验收。"), "hand_in")


@bp.post("/me/piecework/<id:assignment_id>/short")
@requires(Permission.PIECEWORK_WORK)
def short(assignment_id: int) -> ResponseReturnValue:
    """Report missing material."""
    found, form = _own(assignment_id), ShortForm()

    def run(session: Any) -> object:
        return material_returns.report_short(
            session, current_actor(), assignment_id=assignment_id, reason=form.reason.data
        )

    return _run_action(found, form, run, _("已告诉社区，材料到了叫您来拿。"), "short")


@bp.post("/me/piecework/<id:assignment_id>/give-back")
@requires(Permission.PIECEWORK_WORK)
def give_back(assignment_id: int) -> ResponseReturnValue:
    """Give an assignment up, so that others can claim its pieces."""
    found, form = _own(assignment_id), GiveBackForm()

    def run(session: Any) -> object:
        return claim_returns.withdraw(
            session, current_actor(), assignment_id=assignment_id, reason=form.reason.data
        )

    success_message = _("退好了，别的家庭可以领。不影响您以后再领一份。")
    return _run_action(found, form, run, success_message, "back")


@bp.post("/me/piecework/<id:assignment_id>/dispute")
@requires(Permission.PIECEWORK_WORK)
def dispute(assignment_id: int) -> ResponseReturnValue:
    """Open a dispute about an assignment."""
    found, form = _own(assignment_id), DisputeForm()

    def run(session: Any) -> object:
        return disputes.open_dispute(
            session,
            current_actor(),
            order_id=found.order_id,
            assignment_id=assignment_id,
            about=DisputeAbout(form.about.data),
            words=form.words.data,
            idempotency_key=form.own_key,
        )

    success_message = _("已告诉社区。查清以前，不扣钱，也不结这一份。")
    return _run_action(found, form, run, success_message, "dispute")


def _own(assignment_id: int) -> Assignment:
    session, actor = reader(), current_actor()
    found = session.get(Assignment, assignment_id)
    if found is None or not claims.my_membership(session, actor).sees(found):
        raise NotFound
    return found


def _run_action(
    found: Assignment, form: PieceworkForm, run: Any, success_message: str, name: str
) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                lambda session, actor: run(session),
                success_message,
                url_for(".my_assignment", assignment_id=found.id),
            )
        except (Refused, Conflict) as error:
            form.tell(error, usual="pieces")
            return _assignment_page(found, {name: form}), error.status
    return _assignment_page(found, {name: form}), 400


def _assignment_page(found: Assignment, failed: dict[str, PieceworkForm] | None = None) -> str:
    """Show an assignment with its forms; one that failed keeps what was sent."""
    shown = detail_pages.assignment_page(reader(), found)
    acts = household_acts(
        shown.order,
        found,
        shown.totals,
        has_materials=bool(shown.materials),
        may_hand_in=shown.may_hand_in,
    )
    kinds: dict[str, Callable[..., PieceworkForm]] = {
        "hand_in": hand_in_form([row.material for row in shown.materials]),
        "short": ShortForm,
        "back": GiveBackForm,
        "dispute": DisputeForm,
    }
    forms = {name: kinds[name](formdata=None) for name in acts if name in kinds}
    return render_template(
        "piecework/assignment.html",
        shown=shown,
        assignment=found,
        order=shown.order,
        statuses=assignment_figures.page_statuses(shown),
        pay_facts=assignment_figures.pay_facts(shown),
        piece_facts=assignment_figures.piece_facts(shown),
        materials=assignment_figures.own_materials(shown.materials),
        findings=assignment_figures.own_findings(shown),
        due=policy.due_date(found),
        overdue=policy.is_overdue(found, on=clock.today()),
        acts=acts,
        forms={**forms, **(failed or {})},
        failed=failed or {},
        samples=samples.of_opening(reader(), shown.order.opening_id),
    )
