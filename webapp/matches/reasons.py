"""The short lists people choose a reason from, and how a resident was told."""

from enum import StrEnum


class Channel(StrEnum):
    """How somebody was told or gave an answer; kept in words, as consents keep theirs."""

    PAGE = "网页"
    PHONE = "电话"
    IN_PERSON = "当面"


class DismissReason(StrEnum):
    """Why staff put a suggestion aside; a matter of the pair, never of the person's will."""

    TOO_FAR = "too_far"
    HOURS = "hours"
    TOO_HARD = "too_hard"
    PAY = "pay"
    KNOWN_UNFIT = "known_unfit"
    OTHER = "other"


class DeclineReason(StrEnum):
    """Why a resident chose something else; told only to staff, to suggest better next time."""

    TOO_FAR = "too_far"
    HOURS = "hours"
    PAY = "pay"
    HEALTH = "health"
    FAMILY = "family"
    OTHER = "other"


class RefuseReason(StrEnum):
    """Why an employer took somebody else."""

    FILLED = "filled"
    EXPERIENCE = "experience"
    HOURS = "hours"
    NOT_REACHED = "not_reached"
    OTHER = "other"


class LeaveReason(StrEnum):
    """How a job ended."""

    CONTRACT_ENDED = "contract_ended"
    RESIGNED = "resigned"
    DISMISSED = "dismissed"
    FAMILY = "family"
    OTHER = "other"


class FollowUpSource(StrEnum):
    """Who said that somebody taken on is still there."""

    RESIDENT = "resident"
    EMPLOYER = "employer"


class FollowUpBasis(StrEnum):
    """Whose word a follow-up rests on."""

    BOTH = "both"
    RESIDENT = "resident_only"
    EMPLOYER = "employer_only"
