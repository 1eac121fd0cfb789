"""The life of a match: one resident and one opening, from suggestion to a kept job."""

from datetime import timedelta
from enum import IntEnum, StrEnum

from webapp.core.labels import LabelledEnum
from webapp.core.vocabulary import Kind


class MatchState(LabelledEnum):
    """Where a match stands; the order is the usual course."""

    SUGGESTED = "suggested", "待确认"
    CONFIRMED = "confirmed", "已确认，待通知"
    DISMISSED = "dismissed", "不合适"
    OFFERED = "offered", "已推荐，等回话"
    INTERESTED = "interested", "有意愿"
    DECLINED = "declined", "本人说先不去"
    NO_REPLY = "no_reply", "还没回话"
    SHARED = "shared", "已同意给单位看"
    APPLIED = "applied", "已报名"
    SEEN = "seen", "单位已看"
    INTERVIEW = "interview", "约了面试"
    JOB_OFFER = "job_offer", "单位想要"
    HIRED = "hired", "已录用"
    DAY_30 = "day_30", "上岗满30天"
    DAY_90 = "day_90", "上岗满90天"
    RETAINED = "retained", "稳定就业"
    LEFT = "left", "已离岗"
    REFUSED = "refused", "单位没要"
    WITHDRAWN = "withdrawn", "本人撤回"
    HIRED_ELSEWHERE = "hired_elsewhere", "别处已录用"
    OPENING_CLOSED = "opening_closed", "机会已结束"


class MatchAction(LabelledEnum):
    """What may be done to a match.

    Those in :data:`NOTES` leave the state as it is; APPLY_DIRECTLY, EMPLOYER_ASKS and SUGGEST_OWN
    may also begin a match.
    """

    APPLY = "apply", "报名交给单位"
    ASK_OTHER_TIME = "ask_other_time", "本人想改面试时间"
    APPLY_DIRECTLY = "apply_directly", "本人想要这个机会"
    CAN_COME = "can_come", "本人又能按时去面试"
    CHASE = "chase", "催单位回话"
    CLOSE_OPENING = "close_opening", "机会结束"
    CONFIRM = "confirm", "确认合适"
    DECLINE = "decline", "本人说先不去"
    DISMISS = "dismiss", "放在一边"
    EMPLOYER_ASKS = "employer_asks", "单位想请这个人"
    FOLLOW_UP_30 = "follow_up_30", "满30天回访，还在岗"
    FOLLOW_UP_90 = "follow_up_90", "满90天回访，还在岗"
    HEAR_EMPLOYER = "hear_employer", "单位说还在岗"
    HEAR_RESIDENT = "hear_resident", "本人说还在岗"
    HIRE = "hire", "录用"
    HIRE_ELSEWHERE = "hire_elsewhere", "别处录用了，先放下"
    INVITE_INTERVIEW = "invite_interview", "约面试"
    KEEP_TIME = "keep_time", "面试时间不改"
    LEAVE = "leave", "离岗"
    OFFER = "offer", "推荐给居民"
    OFFER_JOB = "offer_job", "单位想要"
    POSTPONE = "postpone", "以后再看"
    REFUSE = "refuse", "单位没要"
    RESTORE = "restore", "接着办"
    RETAIN = "retain", "满半年回访，还在岗"
    SAY_INTERESTED = "say_interested", "本人愿意"
    GIVE_DECLINE_REASON = "give_decline_reason", "本人说了为什么"
    SEE = "see", "单位看过"
    SHARE = "share", "本人同意给单位看"
    SUGGEST_AGAIN = "suggest_again", "再推荐一次"
    SUGGEST_OWN = "suggest_own", "社区自己推荐"
    TELL_SILENT = "tell_silent", "告诉本人：雇主未回复"
    TIME_OUT = "time_out", "到期没有回话"
    UNDO_DECISION = "undo_decision", "撤销刚才的决定"
    UNDO_HIRE = "undo_hire", "记错了，撤销录用"
    WITHDRAW = "withdraw", "撤回"


class WishState(LabelledEnum):
    """What became of somebody's wish for another time of an interview."""

    OPEN = "open", "等单位回话"
    MOVED = "moved", "改了时间"
    KEPT = "kept", "时间没有改"
    TAKEN_BACK = "taken_back", "本人又能去了"
    DROPPED = "dropped", "面试不办了"


class MatchOrigin(LabelledEnum):
    """Who proposed a match."""

    MODEL = "model", "系统建议"
    STAFF = "staff", "社区推荐"
    RESIDENT = "resident", "本人报名"
    EMPLOYER = "employer", "单位邀请"


class Pick(IntEnum):
    """Why a suggestion stands in the staff's queue; the higher comes first."""

    BESIDES = 1  # the plan gives the person this opening beside another
    FIRST = 2  # the plan gives the person this opening
    ASKED = 3  # an employer asked for the person

    @classmethod
    def of(cls, rank: int) -> "Pick":
        """Return what a line of a plan stands for."""
        return {1: cls.FIRST, 2: cls.BESIDES}[rank]


class PlanState(LabelledEnum):
    """What became of a plan of the whole community."""

    MADE = "made", "算好了，还没照着办"
    IN_FORCE = "in_force", "正照着办"
    ENDED = "ended", "过去的"


class PlanAction(StrEnum):
    """What may be done to a plan."""

    TAKE_OVER = "take_over"
    REPLACE = "replace"


PLAN_TRANSITIONS: dict[tuple[PlanState, PlanAction], PlanState] = {
    (PlanState.MADE, PlanAction.TAKE_OVER): PlanState.IN_FORCE,
    (PlanState.MADE, PlanAction.REPLACE): PlanState.ENDED,
    (PlanState.IN_FORCE, PlanAction.REPLACE): PlanState.ENDED,
}


class PlanGap(LabelledEnum):
    """Why a plan gives somebody nothing."""

    BUSY = "busy", "手上有在办的，等有了结果再排"
    BLANK = "blank", "档案里还没写想做什么、会什么"
    NONE_FITS = "none_fits", "现在招人的，条件一个都对不上"
    MET = "met", "对得上的都推荐过了，或者您拿出来了"
    CONTESTED = "contested", "对得上的，名额都给了别人"


S, A = MatchState, MatchAction

# So long a decision can be taken back; nothing of it is told outside before.
UNDO_WITHIN = timedelta(seconds=10)
# The opening's places are taken in these states.
TAKEN = frozenset({S.HIRED, S.DAY_30, S.DAY_90, S.RETAINED})
# Somebody has worked there: what was signed is shown.
HAD_WORK = TAKEN | {S.LEFT}
# The employer may look at the resident's file in these states, given standing consent.
WITH_EMPLOYER = frozenset({S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER, S.REFUSED, *TAKEN, S.LEFT})
# Under way: what a hire elsewhere suspends and the end of the opening ends.
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
# Waiting for the employer: reminders go out, and at last the resident is told.
AWAITS_EMPLOYER = frozenset({S.APPLIED, S.SEEN, S.INTERVIEW})
# With the employer and undecided: withdrawing the consent ends these at once.
HANDED_IN = frozenset({S.SHARED, S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER})
# A match of these kinds ends at INTERESTED: another part goes on from there.
ENDS_AT_INTEREST = frozenset({Kind.COURSE, Kind.VENTURE})
# The person has been asked or is talked with: another opening would confuse them.
BUSY = HANDED_IN | {S.CONFIRMED, S.OFFERED, S.INTERESTED}
# Actions that are recorded and leave the state unchanged.
NOTES = frozenset(
    {
        A.ASK_OTHER_TIME,
        A.CAN_COME,
        A.CHASE,
        A.GIVE_DECLINE_REASON,
        A.HEAR_EMPLOYER,
        A.HEAR_RESIDENT,
        A.KEEP_TIME,
        A.POSTPONE,
        A.TELL_SILENT,
    }
)
# What the resident may see: all that staff have confirmed and handed on.
SHOWN_TO_RESIDENT = frozenset(MatchState) - {S.SUGGESTED, S.CONFIRMED, S.DISMISSED}
# Over; staff may suggest the same pair again, the ranking never does.
CAN_BE_TRIED_AGAIN = frozenset(
    {S.DISMISSED, S.DECLINED, S.WITHDRAWN, S.REFUSED, S.LEFT, S.OPENING_CLOSED, S.HIRED_ELSEWHERE}
)
# An offer taken back at once leads there where it was made from: a suggestion, an offer that nobody
# answered, or what had ended.
BEFORE_AN_OFFER = CAN_BE_TRIED_AGAIN | {S.SUGGESTED, S.NO_REPLY}
# States from which a resident may apply directly; what is under way stays as it is.
OPEN_TO_DIRECT_APPLICATION = frozenset(
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
    **{(state, A.APPLY_DIRECTLY): S.INTERESTED for state in OPEN_TO_DIRECT_APPLICATION},
    **{(state, A.HIRE_ELSEWHERE): S.HIRED_ELSEWHERE for state in PENDING},
    **{(state, A.CLOSE_OPENING): S.OPENING_CLOSED for state in PENDING},
}


def after(
    state: MatchState, action: MatchAction, previous: MatchState | None = None
) -> MatchState | None:
    """Return the state after ``action``; ``None`` if it is not allowed in ``state``.

    A decision made a moment ago is taken back (UNDO_DECISION): :mod:`.services.undoing` says when.

    ``previous`` is the state before a hire, here (UNDO_HIRE) or elsewhere (RESTORE), or before
    that decision.
    """
    if action is A.UNDO_DECISION:
        if state is S.DISMISSED:
            return S.SUGGESTED
        return previous if state is S.OFFERED and previous in BEFORE_AN_OFFER else None
    if state in TAKEN and action is A.UNDO_HIRE:
        return previous if previous in WITH_EMPLOYER & PENDING else None
    if state is S.HIRED_ELSEWHERE and action is A.RESTORE:
        return previous if previous in PENDING else None
    return TRANSITIONS.get((state, action))


def actions(state: MatchState) -> frozenset[MatchAction]:
    """Return the actions allowed in ``state``, except those that depend on the past."""
    return frozenset(action for start, action in TRANSITIONS if start is state)
