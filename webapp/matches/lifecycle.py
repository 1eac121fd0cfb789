"""The life of a match: one resident and one opening, from suggestion to a kept job."""

from enum import StrEnum


class MatchState(StrEnum):
    """Where a match stands; the order is the usual course."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    OFFERED = "offered"
    INTERESTED = "interested"
    DECLINED = "declined"
    NO_REPLY = "no_reply"
    SHARED = "shared"
    APPLIED = "applied"
    SEEN = "seen"
    INTERVIEW = "interview"
    JOB_OFFER = "job_offer"
    HIRED = "hired"
    DAY_30 = "day_30"
    DAY_90 = "day_90"
    RETAINED = "retained"
    LEFT = "left"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    HIRED_ELSEWHERE = "hired_elsewhere"
    OPENING_CLOSED = "opening_closed"


class MatchAction(StrEnum):
    """What may be done to a match.

    Those in :data:`NOTES` leave the state as it is; ASK_ONESELF, EMPLOYER_ASKS and SUGGEST_OWN
    may also begin a match.
    """

    APPLY = "apply"
    ASK_ONESELF = "ask_oneself"
    CHASE = "chase"
    CLOSE_OPENING = "close_opening"
    CONFIRM = "confirm"
    DECLINE = "decline"
    DISMISS = "dismiss"
    EMPLOYER_ASKS = "employer_asks"
    FOLLOW_UP_30 = "follow_up_30"
    FOLLOW_UP_90 = "follow_up_90"
    HEAR_EMPLOYER = "hear_employer"
    HEAR_RESIDENT = "hear_resident"
    HIRE = "hire"
    HIRE_ELSEWHERE = "hire_elsewhere"
    INVITE_INTERVIEW = "invite_interview"
    LEAVE = "leave"
    OFFER = "offer"
    OFFER_JOB = "offer_job"
    POSTPONE = "postpone"
    REFUSE = "refuse"
    RESTORE = "restore"
    RETAIN = "retain"
    SAY_INTERESTED = "say_interested"
    SAY_WHY = "say_why"
    SEE = "see"
    SHARE = "share"
    SUGGEST_AGAIN = "suggest_again"
    SUGGEST_OWN = "suggest_own"
    TELL_SILENT = "tell_silent"
    TIME_OUT = "time_out"
    UNDO_HIRE = "undo_hire"
    WITHDRAW = "withdraw"


class MatchOrigin(StrEnum):
    """Whose idea a match was."""

    MODEL = "model"
    STAFF = "staff"
    RESIDENT = "resident"
    EMPLOYER = "employer"


S, A = MatchState, MatchAction

# The opening's places are taken in these states.
TAKEN = frozenset({S.HIRED, S.DAY_30, S.DAY_90, S.RETAINED})
# The employer may look at the resident's file in these states, given standing consent.
WITH_EMPLOYER = frozenset({S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER, S.REFUSED, *TAKEN, S.LEFT})
# Still on its way: what a hire elsewhere or the opening's end puts to rest.
PENDING = frozenset(
    {
        S.CONFIRMED,
        S.OFFERED,
        S.INTERESTED,
        S.NO_REPLY,
        S.SHARED,
        S.APPLIED,
        S.SEEN,
        S.INTERVIEW,
        S.JOB_OFFER,
    }
)
# The employer's word is waited for: it is asked again, and at last the resident is told.
AWAITS_EMPLOYER = frozenset({S.APPLIED, S.SEEN, S.INTERVIEW})
# Handed in to the employer and not decided: consent withdrawn ends it at once.
HANDED_IN = frozenset({S.SHARED, S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER})
# Steps that are noted and leave the match where it stands.
NOTES = frozenset({A.CHASE, A.HEAR_EMPLOYER, A.HEAR_RESIDENT, A.POSTPONE, A.SAY_WHY, A.TELL_SILENT})
# What the resident may see: all that staff have confirmed and handed on.
SHOWN_TO_RESIDENT = frozenset(MatchState) - {S.SUGGESTED, S.CONFIRMED, S.DISMISSED}
# Over, but staff may try the same pair again; a computed suggestion never does.
CAN_BE_TRIED_AGAIN = frozenset(
    {S.DISMISSED, S.DECLINED, S.WITHDRAWN, S.REFUSED, S.LEFT, S.OPENING_CLOSED, S.HIRED_ELSEWHERE}
)
# The resident asks for the opening without waiting for anybody; what is under way stays so.
OPEN_TO_ONESELF = frozenset(
    {
        S.SUGGESTED,
        S.CONFIRMED,
        S.DISMISSED,
        S.OFFERED,
        S.NO_REPLY,
        S.DECLINED,
        S.WITHDRAWN,
        S.LEFT,
        S.OPENING_CLOSED,
        S.HIRED_ELSEWHERE,
    }
)

# Where a step leads. A hire (UNDO_HIRE) and a hire elsewhere (RESTORE) are undone to where the
# match stood before: see :func:`after`.
TRANSITIONS: dict[tuple[MatchState, MatchAction], MatchState] = {
    (S.SUGGESTED, A.CONFIRM): S.CONFIRMED,
    (S.SUGGESTED, A.DISMISS): S.DISMISSED,
    (S.CONFIRMED, A.OFFER): S.OFFERED,
    (S.CONFIRMED, A.DISMISS): S.DISMISSED,
    (S.OFFERED, A.SAY_INTERESTED): S.INTERESTED,
    (S.OFFERED, A.DECLINE): S.DECLINED,
    (S.OFFERED, A.TIME_OUT): S.NO_REPLY,
    (S.NO_REPLY, A.SAY_INTERESTED): S.INTERESTED,
    (S.NO_REPLY, A.DECLINE): S.DECLINED,
    (S.NO_REPLY, A.OFFER): S.OFFERED,
    (S.INTERESTED, A.SHARE): S.SHARED,
    (S.INTERESTED, A.DECLINE): S.DECLINED,
    (S.SHARED, A.APPLY): S.APPLIED,
    (S.APPLIED, A.SEE): S.SEEN,
    (S.HIRED, A.FOLLOW_UP_30): S.DAY_30,
    (S.DAY_30, A.FOLLOW_UP_90): S.DAY_90,
    (S.DAY_90, A.RETAIN): S.RETAINED,
    **{(state, A.INVITE_INTERVIEW): S.INTERVIEW for state in (S.APPLIED, S.SEEN, S.INTERVIEW)},
    **{(state, A.OFFER_JOB): S.JOB_OFFER for state in (S.APPLIED, S.SEEN, S.INTERVIEW)},
    **{(state, A.HIRE): S.HIRED for state in (S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER)},
    **{(state, A.REFUSE): S.REFUSED for state in (S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER)},
    **{(state, A.LEAVE): S.LEFT for state in TAKEN},
    **{(state, A.WITHDRAW): S.WITHDRAWN for state in (*PENDING, S.HIRED_ELSEWHERE)},
    **{(state, A.EMPLOYER_ASKS): S.SUGGESTED for state in CAN_BE_TRIED_AGAIN - {S.HIRED_ELSEWHERE}},
    **{(state, A.SUGGEST_AGAIN): S.CONFIRMED for state in CAN_BE_TRIED_AGAIN},
    **{(state, A.ASK_ONESELF): S.INTERESTED for state in OPEN_TO_ONESELF},
    **{(state, A.HIRE_ELSEWHERE): S.HIRED_ELSEWHERE for state in PENDING},
    **{(state, A.CLOSE_OPENING): S.OPENING_CLOSED for state in PENDING},
}


def after(
    state: MatchState, action: MatchAction, previous: MatchState | None = None
) -> MatchState | None:
    """Return where ``action`` leads from ``state``; ``None`` when it is not possible there.

    ``previous`` is where the match stood before it was hired, or put to rest by a hire elsewhere.
    """
    if state in TAKEN and action is A.UNDO_HIRE:
        return previous if previous in WITH_EMPLOYER & PENDING else None
    if state is S.HIRED_ELSEWHERE and action is A.RESTORE:
        return previous if previous in PENDING else None
    return TRANSITIONS.get((state, action))


def actions(state: MatchState) -> frozenset[MatchAction]:
    """Return what may be done in ``state`` (restoring apart, which depends on the past)."""
    return frozenset(action for start, action in TRANSITIONS if start is state)
