"""/staff/piecework/: the board, one order, the assignments, one assignment, open decisions."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.paging import Page, asked_number, page_size
from webapp.openings.views.sharing import text_for_groups
from webapp.piecework import policy
from webapp.piecework.actions.availability import (
    assignment_main,
    assignment_others,
    may_correct,
    order_main,
    order_others,
)
from webapp.piecework.actions.context import assignment_context
from webapp.piecework.actions.registry import STAFF_ACTS
from webapp.piecework.blueprint import bp
from webapp.piecework.lifecycle import CLAIMABLE, AssignmentState, OrderState
from webapp.piecework.models.assignment import Delivery
from webapp.piecework.presentation import assignment_figures, next_step, order_figures
from webapp.piecework.queries import assignments, detail_pages, hourly_rates, orders, samples
from webapp.piecework.queries import worklist as waits
from webapp.piecework.services import closing, settlements
from webapp.piecework.services.access import get_assignment, get_order
from webapp.rulebook import figures

A, S = AssignmentState, OrderState
#: Orders that the board shows together, by the word of the address.
GROUPS: dict[str, tuple[OrderState, ...]] = {
    "prepare": (S.DRAFT, S.SAFETY_REVIEW, S.SAMPLE_SEALED),
    "work": (S.PUBLISHED, S.MATERIAL_IN, S.IN_PRODUCTION, S.PART_DELIVERED),
    "end": (S.COMPANY_ACCEPTED, S.PAID, S.CANCELLED),
    "over": (S.CLOSED,),
}
GROUP_NAMES = {
    "prepare": lazy_gettext("准备中"),
    "work": lazy_gettext("在做"),
    "end": lazy_gettext("要了结"),
    "over": lazy_gettext("结清了"),
}
#: Assignments listed together, by the word of the address; ``overdue`` goes by the day, ``issue``
#: by the material.
ASSIGNMENT_GROUPS: dict[str, tuple[AssignmentState, ...]] = {
    "try": (A.CLAIMED,),
    "work": (A.ISSUED, A.WORKING, A.REWORK),
    "settle": (A.ACCEPTED, A.REJECTED_FINAL),
    "close": (A.SETTLED,),
}
ASSIGNMENT_GROUP_NAMES = {
    "try": lazy_gettext("等试做"),
    "issue": lazy_gettext("等领料"),
    "work": lazy_gettext("在做"),
    "settle": lazy_gettext("等结算"),
    "close": lazy_gettext("等结清"),
    "overdue": lazy_gettext("过期没交"),
}


def page_of(rows: Any, total: int, number: int) -> Page:
    """Return a page of a list whose rows and total were read separately."""
    return Page(list(rows), number, max(-(-total // page_size()), 1), total)


def group_chips(
    endpoint: str, all_of_them: str, names: dict[str, Any], group: str
) -> list[tuple[Any, str, bool]]:
    """Return the filters over a list as (words, address, whether it is the one shown)."""
    chips = [(all_of_them, url_for(endpoint), not group)]
    return chips + [
        (name, url_for(endpoint, group=one), one == group) for one, name in names.items()
    ]


def asked_page(total: int) -> int:
    """Return the page asked for; beyond the end, the last."""
    return min(asked_number(), max(-(-total // page_size()), 1))


@bp.get("/staff/piecework/")
@requires(Permission.PIECEWORK_MANAGE)
def board() -> str:
    """What waits today, and the orders by state."""
    session = reader()
    group = request.args.get("group", "")
    states = GROUPS.get(group)
    if states is None:
        group, states = "", tuple(state for state in S if state is not S.CLOSED)
    total = orders.count_orders(session, states=states)
    number = asked_page(total)
    rows = orders.order_board(
        session, states=states, offset=(number - 1) * page_size(), limit=page_size()
    )
    due = settlements.due(session)
    return render_template(
        "piecework/board.html",
        page=page_of(rows, total, number),
        group=group,
        groups=group_chips(".board", _("没结清的"), GROUP_NAMES, group),
        waiting=waits.waiting(session),
        due=due,
        due_words=order_figures.due_words(due),
        words=order_figures.board_row,
    )


@bp.get("/staff/piecework/orders/<id:order_id>")
@requires(Permission.PIECEWORK_MANAGE)
def staff_order(order_id: int) -> str:
    """One order: where it stands, its material, households, goods and money."""
    session, actor = reader(), current_actor()
    order = get_order(session, actor, order_id)
    shown = detail_pages.order_page(session, order)
    total = assignments.count_assignments(session, order_id=order.id)
    number = asked_page(total)
    rows = assignments.list_assignments(
        session, order_id=order.id, offset=(number - 1) * page_size(), limit=page_size()
    )
    today = clock.today()
    timed = len(shown.timings) >= figures.rule("piecework_timings", on=today)
    main = order_main(order, shown.totals, timed=timed)
    others = order_others(order, shown.totals, timed=timed)
    photos = samples.all_of(session, order.id)
    ends = order.state in {S.PAID, S.CANCELLED}
    return render_template(
        "piecework/staff_order.html",
        shown=shown,
        order=order,
        page=page_of(rows, total, number),
        main=(main, STAFF_ACTS["order", main]) if main else None,
        others=[(name, STAFF_ACTS["order", name]) for name in others],
        next_step=next_step.staff_next(order),
        floor=hourly_rates.floor(shown.opening.place, on=today),
        keeps_open=closing.closing_faults(session, order) if ends else [],
        editable=policy.can_edit(actor, order),
        claimable=policy.is_claimable(order, on=today),
        may_return=order.state in CLAIMABLE | {S.COMPANY_ACCEPTED, S.PAID, S.CANCELLED},
        figures=order_figures.staff_figures(shown),
        terms=order_figures.terms(shown),
        bill_rows=order_figures.bill_rows(shown.materials),
        history=order_figures.history(shown.events, reasons=True),
        change_facts=order_figures.change_facts,
        samples=photos,
        unseen=sum(one.released_at is None for one in photos),
        share_text=text_for_groups(shown.opening, shown.employer.name),
        lot_words=order_figures.lot_words,
        row_words=assignment_figures.progress_row,
        status=assignment_figures.row_status,
    )


@bp.get("/staff/piecework/shares")
@requires(Permission.PIECEWORK_MANAGE)
def staff_assignments() -> str:
    """Households' assignments by what they wait for, the soonest due first."""
    session = reader()
    group = request.args.get("group", "")
    overdue, lacks = group == "overdue", group == "issue"
    states = ASSIGNMENT_GROUPS.get(group)
    if states is None and not (overdue or lacks):
        group = ""
        states = tuple(state for state in A if state not in {A.CLOSED, A.WITHDRAWN})
    total = assignments.count_assignments(session, states=states, overdue=overdue, lacks=lacks)
    number = asked_page(total)
    rows = assignments.list_assignments(
        session,
        states=states,
        overdue=overdue,
        lacks=lacks,
        offset=(number - 1) * page_size(),
        limit=page_size(),
    )
    return render_template(
        "piecework/staff_assignments.html",
        page=page_of(rows, total, number),
        groups=group_chips(".staff_assignments", _("全部没结清的"), ASSIGNMENT_GROUP_NAMES, group),
        words=assignment_figures.household_row,
        status=assignment_figures.row_status,
    )


@bp.get("/staff/piecework/shares/<id:assignment_id>")
@requires(Permission.PIECEWORK_MANAGE)
def staff_assignment(assignment_id: int) -> str:
    """One household's assignment at the counter: one thing to do next."""
    session = reader()
    assignment = get_assignment(session, current_actor(), assignment_id)
    shown = detail_pages.assignment_page(session, assignment)
    waiting: list[Delivery] = [one for one in shown.deliveries if not one.inspected]
    has_materials = bool(shown.materials)
    main = assignment_main(shown.order, assignment, shown.totals, has_materials=has_materials)
    others = assignment_others(shown.order, assignment, shown.totals, has_materials=has_materials)
    settled = assignment.state is A.SETTLED
    return render_template(
        "piecework/staff_assignment.html",
        shown=shown,
        assignment=assignment,
        order=shown.order,
        waiting=waiting if main == "inspect" else [],
        act=(main, STAFF_ACTS["share", main]) if main and main != "inspect" else None,
        others=[(name, STAFF_ACTS["share", name]) for name in others],
        may_correct=may_correct(shown.order, assignment),
        form=_main_form(main, assignment_id),
        due=policy.due_date(assignment),
        overdue=policy.is_overdue(assignment, on=clock.today()),
        keeps_open=closing.assignment_faults(session, assignment) if settled else [],
        statuses=assignment_figures.page_statuses(shown),
        summary=assignment_figures.summary(shown),
        facts=assignment_figures.counter_facts(shown),
        materials=assignment_figures.counter_materials(shown.materials),
        history=assignment_figures.history(shown),
        inspection_words=assignment_figures.inspection_words,
        photo_height=assignment_figures.photo_height,
        samples=[one for one in samples.all_of(session, shown.order.id) if one.released_at],
    )


def _main_form(main: str | None, assignment_id: int) -> Any:
    """Return the form of the next act, so that it needs no page of its own."""
    if main is None or main == "inspect":
        return None
    context = assignment_context(reader(), current_actor(), assignment_id)
    return STAFF_ACTS["share", main].form(context)


@bp.get("/staff/piecework/decisions")
@requires(Permission.PIECEWORK_MANAGE)
def decisions() -> str:
    """Money of companies to look for, compensations and disputes to decide."""
    session = reader()

    def few(statement: Any) -> list[Any]:
        return list(session.execute(statement.limit(100)).all())

    return render_template(
        "piecework/decisions.html",
        payments=few(waits.open_payments()),
        compensations=few(waits.open_compensations()),
        disputes=few(waits.open_disputes()),
        second=few(waits.second_looks()),
    )
