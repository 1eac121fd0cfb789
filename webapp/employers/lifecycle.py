"""The life of an employer's file."""

from enum import StrEnum


class EmployerState(StrEnum):
    """Where an employer's file stands."""

    PENDING = "pending"
    VERIFIED = "verified"
    SUSPENDED = "suspended"
    REFUSED = "refused"


class EmployerAction(StrEnum):
    """What may be done to it."""

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
    (S.SUSPENDED, A.VERIFY): S.VERIFIED,
    (S.REFUSED, A.RESUBMIT): S.PENDING,
}
