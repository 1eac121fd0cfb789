"""/staff/piecework/: what waits, the orders, one order, households' shares, one share."""

from typing import Any

from flask import render_template, request

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.paging import SIZE, Page, asked_number
from webapp.piecework import policy
from webapp.piecework.actions.availability import order_main, order_others, share_main, share_others
from webapp.piecework.actions.item_actions import change_facts
from webapp.piecework.blueprint import bp
from webapp.piecework.lifecycle import CLAIMABLE, AssignmentState, OrderState
from webapp.piecework.models.assignment import Delivery
from webapp.piecework.presentation import next_step
from webapp.piecework.presentation.passbook_text import amount_words
from webapp.piecework.queries import assignments, detail_pages, orders
from webapp.piecework.queries import worklist as waits
from webapp.piecework.services import closing, settlements, timed_trials
from webapp.piecework.services.access import get_assignment, get_order
from webapp.piecework.views.actions import STAFF_ACTS
from webapp.rulebook import figures

A, S = AssignmentState, OrderState
#: Groups of states that the board shows together.
GROUPS: dict[str, tuple[OrderState, ...]] = {
    "prepare": (S.DRAFT, S.SAFETY_REVIEW, S.SAMPLE_SEALED),
    "work": (S.PUBLISHED, S.MATERIAL_IN, S.IN_PRODUCTION, S.PART_DELIVERED),
    "end": (S.COMPANY_ACCEPTED, S.PAID, S.CANCELLED),
    "over": (S.CLOSED,),
}
SHARE_GROUPS: dict[str, tuple[AssignmentState, ...]] = {
    "try": (A.CLAIMED,),
    "issue": (A.TRIAL_PASSED,),
    "work": (A.ISSUED, A.WORKING, A.REWORK),
    "settle": (A.ACCEPTED, A.REJECTED_FINAL),
    "close": (A.SETTLED,),
}


def page_of(rows: Any, total: int, number: int) -> Page:
    """Return a page of a list that was counted and read apart."""
    return Page(list(rows), number, max(-(-total // SIZE), 1), total)


def asked_page(total: int) -> int:
    """Return the page asked for; beyond the end, the last."""
    return min(asked_number(), max(-(-total // SIZE), 1))


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
    rows = orders.order_board(session, states=states, offset=(number - 1) * SIZE, limit=SIZE)
    return render_template(
        "piecework/board.html",
        page=page_of(rows, total, number),
        group=group,
        groups=list(GROUPS),
        waiting=waits.waiting(session),
        due=settlements.due(session),
        staff_next=next_step.staff_next,
    )


@bp.get("/staff/piecework/orders/<id:order_id>")
@requires(Permission.PIECEWORK_MANAGE)
def staff_order(order_id: int) -> str:
    """One order: where it stands, its material, households, goods and money."""
    session, actor = reader(), current_actor()
    order = get_order(session, actor, order_id)
    shown = detail_pages.order_page(session, order)
    total = assignments.count_shares(session, order_id=order.id)
    number = asked_page(total)
    rows = assignments.shares(session, order_id=order.id, offset=(number - 1) * SIZE, limit=SIZE)
    today = clock.today()
    timed = len(shown.timings) >= figures.rule("piecework_timings", on=today)
    main = order_main(order, shown.totals, timed=timed)
    others = order_others(order, shown.totals, timed=timed)
    ends = order.state in {S.PAID, S.CANCELLED}
    return render_template(
        "piecework/staff_order.html",
        shown=shown,
        order=order,
        totals=shown.totals,
        page=page_of(rows, total, number),
        main=(main, STAFF_ACTS["order", main]) if main else None,
        others=[(name, STAFF_ACTS["order", name]) for name in others],
        next_step=next_step.staff_next(order),
        floor=timed_trials.floor(shown.opening.place, on=today),
        keeps_open=closing.closing_faults(session, order) if ends else [],
        editable=policy.can_edit(actor, order),
        claimable=policy.is_claimable(order, on=today),
        may_return=order.state in CLAIMABLE | {S.COMPANY_ACCEPTED, S.PAID, S.CANCELLED},
        change_facts=change_facts,
        amount=amount_words,
    )


@bp.get("/staff/piecework/shares")
@requires(Permission.PIECEWORK_MANAGE)
def shares() -> str:
    """Households' shares by what they wait for, the soonest due first."""
    session = reader()
    group = request.args.get("group", "")
    overdue = group == "overdue"
    states = SHARE_GROUPS.get(group)
    if states is None and not overdue:
        group = ""
        states = tuple(state for state in A if state not in {A.CLOSED, A.WITHDRAWN})
    total = assignments.count_shares(session, states=states, overdue=overdue)
    number = asked_page(total)
    rows = assignments.shares(
        session, states=states, overdue=overdue, offset=(number - 1) * SIZE, limit=SIZE
    )
    return render_template(
        "piecework/shares.html",
        page=page_of(rows, total, number),
        group=group,
        groups=[*SHARE_GROUPS, "overdue"],
    )


@bp.get("/staff/piecework/shares/<id:assignment_id>")
@requires(Permission.PIECEWORK_MANAGE)
def staff_share(assignment_id: int) -> str:
    """One household's share at the counter: one thing to do next."""
    session = reader()
    share = get_assignment(session, current_actor(), assignment_id)
    shown = detail_pages.share_page(session, share)
    waiting: list[Delivery] = [one for one in shown.deliveries if not one.inspected]
    has_materials = bool(shown.materials)
    main = share_main(share, shown.totals, has_materials=has_materials)
    others = share_others(share, shown.totals, has_materials=has_materials)
    over = share.state in {A.CLOSED, A.WITHDRAWN}
    return render_template(
        "piecework/staff_share.html",
        shown=shown,
        share=share,
        order=shown.order,
        totals=shown.totals,
        waiting=waiting,
        main=main if main == "inspect" else None,
        act=(main, STAFF_ACTS["share", main]) if main and main != "inspect" else None,
        others=[(name, STAFF_ACTS["share", name]) for name in others],
        form=_main_form(main, assignment_id),
        due=policy.due_date(share),
        overdue=policy.is_overdue(share, on=clock.today()),
        keeps_open=[] if over else closing.share_faults(session, share),
        amount=amount_words,
    )


def _main_form(main: str | None, assignment_id: int) -> Any:
    """Return the form of the next act, so that it needs no page of its own."""
    from webapp.piecework.actions.context import share_scene

    if main is None or main == "inspect":
        return None
    scene = share_scene(reader(), current_actor(), assignment_id)
    return STAFF_ACTS["share", main].form(scene)


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
