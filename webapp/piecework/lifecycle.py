"""The states of an order and of an assignment, and the transitions between them."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class OrderState(LabelledEnum):
    """The states of an order, listed in their usual course."""

    DRAFT = "draft", "草稿"
    SAFETY_REVIEW = "safety_review", "等安全检查"
    SAMPLE_SEALED = "sample_sealed", "已封样"
    PUBLISHED = "published", "可以领了"
    MATERIAL_IN = "material_in", "材料到了"
    IN_PRODUCTION = "in_production", "正在做"
    PART_DELIVERED = "part_delivered", "交了一部分"
    COMPANY_ACCEPTED = "company_accepted", "单位已验收"
    PAID = "paid", "钱已付清"
    CLOSED = "closed", "已结清"
    CANCELLED = "cancelled", "已取消"


class OrderHold(LabelledEnum):
    """Why an order is on hold; it keeps its state meanwhile."""

    PAUSED = "paused", "暂停"
    REQUIREMENT_CHANGED = "requirement_changed", "单位要改要求"
    DISPUTED = "disputed", "有争议"


class OrderAction(StrEnum):
    """What may be done to an order."""

    CANCEL = "cancel"
    CLOSE = "close"
    COMPANY_ACCEPT = "company_accept"
    CONTINUE = "continue"
    DELIVER = "deliver"
    PAY = "pay"
    PUBLISH = "publish"
    RECEIVE = "receive"
    RETURN = "return"
    SEAL = "seal"
    START = "start"
    SUBMIT = "submit"


class AssignmentState(LabelledEnum):
    """The states of an assignment, listed in their usual course."""

    CLAIMED = "claimed", "领了，等试做"
    TRIAL_PASSED = "trial_passed", "试做过了，等领料"
    ISSUED = "issued", "已领料"
    WORKING = "working", "正在做"
    SUBMITTED = "submitted", "交了货，等验收"
    INSPECTED = "inspected", "验过了"
    ACCEPTED = "accepted", "验收合格，等结算"
    REWORK = "rework", "要返工"
    REJECTED_FINAL = "rejected_final", "没有合格"
    SETTLED = "settled", "已结算"
    CLOSED = "closed", "已结清"
    WITHDRAWN = "withdrawn", "已退回"


class AssignmentHold(LabelledEnum):
    """Why an assignment is on hold. Being overdue is no hold: it follows from the due date."""

    MATERIAL_SHORT = "material_short", "缺材料"
    DISPUTED = "disputed", "有争议"


class AssignmentAction(StrEnum):
    """What may be done to an assignment."""

    ACCEPT = "accept"
    AWAIT = "await"
    CLOSE = "close"
    CONTINUE = "continue"
    FINISH = "finish"
    INSPECT = "inspect"
    ISSUE = "issue"
    PASS_TRIAL = "pass_trial"  # noqa: S105 - a step, no password
    REJECT = "reject"
    REOPEN = "reopen"
    SEND_BACK = "send_back"
    SETTLE = "settle"
    START = "start"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"


S, D = OrderState, OrderAction
ORDER_TRANSITIONS: dict[tuple[OrderState, OrderAction], OrderState] = {
    (S.DRAFT, D.SUBMIT): S.SAFETY_REVIEW,
    (S.SAFETY_REVIEW, D.RETURN): S.DRAFT,
    (S.SAFETY_REVIEW, D.SEAL): S.SAMPLE_SEALED,
    (S.SAMPLE_SEALED, D.RETURN): S.DRAFT,
    (S.SAMPLE_SEALED, D.PUBLISH): S.PUBLISHED,
    (S.PUBLISHED, D.RECEIVE): S.MATERIAL_IN,
    (S.PUBLISHED, D.START): S.IN_PRODUCTION,  # households use their own material
    (S.MATERIAL_IN, D.START): S.IN_PRODUCTION,
    (S.IN_PRODUCTION, D.DELIVER): S.PART_DELIVERED,
    (S.PART_DELIVERED, D.CONTINUE): S.IN_PRODUCTION,
    (S.IN_PRODUCTION, D.COMPANY_ACCEPT): S.COMPANY_ACCEPTED,
    (S.PART_DELIVERED, D.COMPANY_ACCEPT): S.COMPANY_ACCEPTED,
    (S.COMPANY_ACCEPTED, D.PAY): S.PAID,
    (S.PAID, D.CLOSE): S.CLOSED,
    (S.CANCELLED, D.CLOSE): S.CLOSED,  # once all is handed back and paid
    **{
        (state, D.CANCEL): S.CANCELLED
        for state in (
            S.DRAFT, S.SAFETY_REVIEW, S.SAMPLE_SEALED, S.PUBLISHED, S.MATERIAL_IN,
            S.IN_PRODUCTION, S.PART_DELIVERED,
        )
    },
}  # fmt: skip

A, T = AssignmentState, AssignmentAction
ASSIGNMENT_TRANSITIONS: dict[tuple[AssignmentState, AssignmentAction], AssignmentState] = {
    (A.CLAIMED, T.PASS_TRIAL): A.TRIAL_PASSED,
    (A.TRIAL_PASSED, T.ISSUE): A.ISSUED,
    (A.ISSUED, T.START): A.WORKING,
    **{
        (state, T.SUBMIT): A.SUBMITTED for state in (A.ISSUED, A.WORKING, A.REWORK, A.SUBMITTED)
    },
    (A.SUBMITTED, T.INSPECT): A.INSPECTED,
    (A.INSPECTED, T.AWAIT): A.SUBMITTED,  # another delivery is still to be looked at
    (A.INSPECTED, T.SEND_BACK): A.REWORK,
    (A.INSPECTED, T.CONTINUE): A.WORKING,
    (A.INSPECTED, T.ACCEPT): A.ACCEPTED,
    (A.INSPECTED, T.REJECT): A.REJECTED_FINAL,
    **{
        (state, T.FINISH): A.INSPECTED  # the household ends early; then as after an inspection
        for state in (A.ISSUED, A.WORKING, A.REWORK)
    },
    **{
        (state, T.REOPEN): A.SUBMITTED  # a mistaken inspection was reversed
        for state in (
            A.SUBMITTED, A.REWORK, A.WORKING, A.ACCEPTED, A.REJECTED_FINAL, A.SETTLED,
        )
    },
    (A.ACCEPTED, T.SETTLE): A.SETTLED,
    (A.REJECTED_FINAL, T.SETTLE): A.SETTLED,
    (A.SETTLED, T.CLOSE): A.CLOSED,
    **{
        (state, T.WITHDRAW): A.WITHDRAWN
        for state in (A.CLAIMED, A.TRIAL_PASSED, A.ISSUED, A.WORKING)
    },
}  # fmt: skip

#: Orders whose pieces households may still claim.
CLAIMABLE = frozenset({S.PUBLISHED, S.MATERIAL_IN, S.IN_PRODUCTION, S.PART_DELIVERED})
#: Orders in whose ledgers something may be posted: under way, or being wound up.
POSTABLE = CLAIMABLE | {S.COMPANY_ACCEPTED, S.PAID, S.CANCELLED}
#: Orders whose terms may still be written.
EDITABLE = frozenset({S.DRAFT})
#: Assignments a household still has work or pieces in.
AT_WORK = frozenset(
    {A.CLAIMED, A.TRIAL_PASSED, A.ISSUED, A.WORKING, A.SUBMITTED, A.INSPECTED, A.REWORK}
)
#: Assignments that are over for good.
OVER = frozenset({A.CLOSED, A.WITHDRAWN})
