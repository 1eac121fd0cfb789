"""The life of an employer's file."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class EmployerState(LabelledEnum):
    """Where an employer's file stands."""

    PENDING = "pending", "等社区核实"
    VERIFIED = "verified", "已核实"
    LAPSED = "lapsed", "核实过期"
    SUSPENDED = "suspended", "已暂停"
    REFUSED = "refused", "核实没通过"
    CLOSED = "closed", "已注销"


class EmployerAction(StrEnum):
    """What may be done to it."""

    CLOSE = "close"
    LAPSE = "lapse"
    REFUSE = "refuse"
    RESUBMIT = "resubmit"
    SUSPEND = "suspend"
    VERIFY = "verify"


S, A = EmployerState, EmployerAction
TRANSITIONS: dict[tuple[EmployerState, EmployerAction], EmployerState] = {
    (S.PENDING, A.VERIFY): S.VERIFIED,
    (S.PENDING, A.REFUSE): S.REFUSED,
    (S.VERIFIED, A.VERIFY): S.VERIFIED,  # checked again: a new date
    (S.VERIFIED, A.SUSPEND): S.SUSPENDED,
    (S.VERIFIED, A.RESUBMIT): S.PENDING,  # a change of name or code needs a new check
    (S.VERIFIED, A.LAPSE): S.LAPSED,  # the check of the papers ran out
    (S.LAPSED, A.VERIFY): S.VERIFIED,
    (S.LAPSED, A.SUSPEND): S.SUSPENDED,
    (S.LAPSED, A.RESUBMIT): S.PENDING,
    (S.SUSPENDED, A.VERIFY): S.VERIFIED,
    (S.REFUSED, A.RESUBMIT): S.PENDING,
    (S.CLOSED, A.VERIFY): S.VERIFIED,  # back again, papers in hand
    **{(state, A.CLOSE): S.CLOSED for state in S if state is not S.CLOSED},
}
