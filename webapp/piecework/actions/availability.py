"""Which acts a page offers, by state: the one that comes next, and the others.

Pure functions of the order or assignment and its balances.
"""

from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import (
    ASSIGNMENT_TRANSITIONS,
    CLAIMABLE,
    EDITABLE,
    OVER,
    POSTABLE,
    AssignmentAction,
    AssignmentHold,
    AssignmentState,
    OrderHold,
    OrderState,
)
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.order import Mode, PieceworkOrder
from webapp.piecework.services.deliveries import HANDS_IN
from webapp.piecework.services.material_returns import ISSUED_TO

A, S = AssignmentState, OrderState
_MAKES = {S.IN_PRODUCTION, S.PART_DELIVERED}
_GIVES_BACK = {A.CLAIMED, A.TRIAL_PASSED, A.ISSUED, A.WORKING}


def household_acts(
    order: PieceworkOrder,
    assignment: Assignment,
    totals: dict[AccountType, int],
    *,
    has_materials: bool,
    may_hand_in: int,
) -> list[str]:
    """Return what a household may do with its assignment now, the next act first.

    ``may_hand_in`` is how many pieces it could hand in.
    """
    state, open_order = assignment.state, order.state in POSTABLE
    used = (
        AccountType.HOUSEHOLD, AccountType.REPLACEMENT, AccountType.MADE, AccountType.ADVANCE
    )  # fmt: skip
    may = [
        ("start", state is A.ISSUED),
        ("hand_in", open_order and state in HANDS_IN - {A.ISSUED} and may_hand_in > 0),
        ("short", open_order and has_materials and state in ISSUED_TO
         and assignment.hold is not AssignmentHold.DISPUTED),
        ("dispute", state not in OVER),
        ("back", open_order and state in _GIVES_BACK
         and not any(totals.get(account_type, 0) for account_type in used)),
    ]  # fmt: skip
    return [name for name, wanted in may if wanted]


def assignment_main(
    order: PieceworkOrder,
    assignment: Assignment,
    totals: dict[AccountType, int],
    *,
    has_materials: bool,
) -> str | None:
    """Return the act that comes next for an assignment at the counter."""
    if totals.get(AccountType.PENDING, 0):
        return "inspect"
    if assignment.state is A.CLAIMED:
        return "trial"
    if assignment.state is A.TRIAL_PASSED:
        if order.hold is not None:
            return None  # no material while the order is on hold
        return "issue-all" if has_materials else "begin"
    if assignment.state in {A.ISSUED, A.WORKING, A.REWORK}:
        return "hand-in"
    if totals.get(AccountType.HOUSEHOLD, 0) or totals.get(AccountType.REPLACEMENT, 0):
        return "return-all"
    return "close" if assignment.state is A.SETTLED else None


def assignment_others(
    order: PieceworkOrder,
    assignment: Assignment,
    totals: dict[AccountType, int],
    *,
    has_materials: bool,
) -> list[str]:
    """Return the other acts of an assignment, the usual ones first."""
    state = assignment.state
    held = totals.get(AccountType.HOUSEHOLD, 0) or totals.get(AccountType.REPLACEMENT, 0)
    over = state in {A.CLOSED, A.WITHDRAWN}
    working = state in {A.ISSUED, A.WORKING, A.SUBMITTED, A.REWORK}
    on_hold = order.hold is not None
    issues = has_materials and not on_hold
    undisputed = assignment.hold is not AssignmentHold.DISPUTED
    may = [
        ("hand-in", state is A.SUBMITTED),
        ("issue-all", issues and state in {A.ISSUED, A.WORKING, A.SUBMITTED}),
        ("issue", issues and (working or state is A.TRIAL_PASSED)),
        ("replace", issues and state is A.REWORK),
        ("return-all", bool(held)),
        ("take-back", bool(held)),
        ("spoil", bool(held)),
        ("short", undisputed and has_materials and working),
        ("members", not over),
        ("reduce", state in {A.CLAIMED, A.TRIAL_PASSED, A.ISSUED, A.WORKING}),
        ("advance", working and not on_hold),
        ("clear", bool(totals.get(AccountType.ADVANCE, 0))),
        ("finding", undisputed and has_materials
         and (working or state in {A.ACCEPTED, A.SETTLED})),
        ("dispute", not over),
        ("finish", state in {A.ISSUED, A.WORKING, A.REWORK}
         and bool(totals.get(AccountType.MADE, 0))),
        ("withdraw", state in {A.CLAIMED, A.TRIAL_PASSED, A.ISSUED, A.WORKING}
         and not totals.get(AccountType.MADE, 0)),
    ]  # fmt: skip
    main = assignment_main(order, assignment, totals, has_materials=has_materials)
    return [name for name, wanted in may if wanted and name != main]


def may_correct(order: PieceworkOrder, assignment: Assignment) -> bool:
    """Whether an inspection of the assignment may be reversed."""
    reopens = (assignment.state, AssignmentAction.REOPEN) in ASSIGNMENT_TRANSITIONS
    return reopens and order.state in POSTABLE


def order_main(order: PieceworkOrder, totals: dict[AccountType, int], *, timed: bool) -> str | None:
    """Return the act of staff that comes next for an order."""
    if order.hold is OrderHold.PAUSED:
        return "uphold" if order.second_inspector_not_id else "resume"
    if order.state is S.SAMPLE_SEALED:
        return "publish" if timed else "time"
    if order.state in _MAKES and order.hold is None and totals.get(AccountType.FINISHED, 0):
        return "offer"
    return {
        S.DRAFT: "submit",
        S.SAFETY_REVIEW: "seal",
        S.PUBLISHED: "receive" if order.mode is not Mode.OWN_MATERIAL else None,
        S.PAID: "close",
        S.CANCELLED: "close" if order.published_at else None,  # else nothing was ever booked
    }.get(order.state)


def order_others(
    order: PieceworkOrder, totals: dict[AccountType, int], *, timed: bool
) -> list[str]:
    """Return the other acts of staff on an order."""
    state = order.state
    may = [
        ("return", state in {S.SAFETY_REVIEW, S.SAMPLE_SEALED}),
        ("time", state in CLAIMABLE | {S.SAFETY_REVIEW, S.SAMPLE_SEALED}),
        ("publish", state is S.SAMPLE_SEALED),
        ("receive", state in CLAIMABLE),
        ("offer", state in _MAKES | {S.CANCELLED} and order.hold is None
         and bool(totals.get(AccountType.FINISHED, 0))),
        ("declare", totals.get(AccountType.RECEIVABLE, 0) > 0),
        ("accept", state in _MAKES),
        ("change", state in CLAIMABLE and order.hold is None),
        ("pause", state in CLAIMABLE and order.hold is None),
        ("dispute", state in CLAIMABLE),
        ("cancel", state not in {S.COMPANY_ACCEPTED, S.PAID, S.CLOSED, S.CANCELLED}),
    ]  # fmt: skip
    main = order_main(order, totals, timed=timed)
    return [name for name, wanted in may if wanted and name != main]


def employer_acts(order: PieceworkOrder, totals: dict[AccountType, int]) -> list[str]:
    """Return what an employer may do with its own order, the next act first."""
    state = order.state
    may = [
        ("submit", state in EDITABLE),
        ("declare", totals.get(AccountType.RECEIVABLE, 0) > 0),
        ("accept", state in _MAKES and order.hold is None
         and totals.get(AccountType.TAKEN, 0) + totals.get(AccountType.RELEASED, 0) > 0
         and not totals.get(AccountType.OFFERED, 0) and not totals.get(AccountType.FINISHED, 0)),
        ("change", state in CLAIMABLE and order.hold is None),
        ("dispute", state in CLAIMABLE),
        ("cancel", state not in {S.COMPANY_ACCEPTED, S.PAID, S.CLOSED, S.CANCELLED}),
    ]  # fmt: skip
    return [name for name, wanted in may if wanted]
