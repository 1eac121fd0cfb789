"""The life of an employer's file."""

from enum import StrEnum


class EmployerState(StrEnum):
    """Where an employer's file stands."""

    PENDING = "pending"
    VERIFIED = "verified"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    CLOSED = "closed"


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


class ComplaintKind(StrEnum):
    """What somebody complains of."""

    FEE = "fee"
    ID_RETENTION = "id_retention"
    FALSE_OFFER = "false_offer"
    UNPAID = "unpaid"
    DISCRIMINATION = "discrimination"
    TREATMENT = "treatment"
    OTHER = "other"


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    OPEN = "open"
    HANDLED = "handled"


class ComplaintOutcome(StrEnum):
    """How it ended."""

    UPHELD = "upheld"
    SETTLED = "settled"
    UNFOUNDED = "unfounded"
    REFERRED = "referred"
