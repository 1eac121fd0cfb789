"""The life of a run of a course, and of one person's enrolment in it."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class CourseLevel(LabelledEnum):
    """How far a course goes."""

    TASTER = "taster", "体验"
    BEGINNER = "beginner", "入门、初级"
    INTERMEDIATE = "intermediate", "中级"
    ADVANCED = "advanced", "高级"
    LICENCE = "licence", "取证（特种作业等）"


class RunState(LabelledEnum):
    """Where a run of a course stands; the order is the usual course."""

    DRAFT = "draft", "草稿"
    ANNOUNCED = "announced", "已预告，还没开始报名"
    ENROLLING = "enrolling", "正在报名"
    RUNNING = "running", "正在上课"
    ASSESSED = "assessed", "考核完了"
    CLOSED = "closed", "已结班"
    CANCELLED = "cancelled", "不办了"


class RunAction(StrEnum):
    """What may be done to a run."""

    ANNOUNCE = "announce"
    OPEN = "open"
    BEGIN = "begin"
    ASSESS = "assess"
    CLOSE = "close"
    CANCEL = "cancel"


R, RA = RunState, RunAction
RUN_TRANSITIONS: dict[tuple[RunState, RunAction], RunState] = {
    (R.DRAFT, RA.ANNOUNCE): R.ANNOUNCED,
    (R.DRAFT, RA.OPEN): R.ENROLLING,
    (R.ANNOUNCED, RA.OPEN): R.ENROLLING,
    (R.ENROLLING, RA.BEGIN): R.RUNNING,
    (R.RUNNING, RA.ASSESS): R.ASSESSED,
    (R.ASSESSED, RA.CLOSE): R.CLOSED,
    **{(state, RA.CANCEL): R.CANCELLED for state in (R.DRAFT, R.ANNOUNCED, R.ENROLLING, R.RUNNING)},
}
# What the public sees of a course's runs.
PUBLIC_RUNS = frozenset({R.ANNOUNCED, R.ENROLLING, R.RUNNING})
# Those whose meetings, room, trainer and seats may still change.
CHANGEABLE_RUNS = frozenset({R.DRAFT, R.ANNOUNCED, R.ENROLLING, R.RUNNING})
# Those that take up their room and their trainer.
TAKING_PLACE = CHANGEABLE_RUNS


class EnrolmentState(LabelledEnum):
    """Where a person's enrolment in a course stands."""

    INVITED = "invited", "邀请了，等回话"
    APPLIED = "applied", "想学，等有班"
    WAITING = "waiting", "在候补"
    OFFERED = "offered", "轮到了，等回话"
    ACCEPTED = "accepted", "有座位"
    ATTENDING = "attending", "在上课"
    PASSED = "passed", "结业"
    NOT_PASSED = "not_passed", "这次没过"
    DROPPED = "dropped", "中途不学了"
    NO_SHOW = "no_show", "没有来"
    WITHDRAWN = "withdrawn", "现在没有报"


class EnrolmentAction(LabelledEnum):
    """What may happen to an enrolment."""

    INVITE = "invite", "邀请"
    APPLY = "apply", "想学"
    TAKE_SEAT = "take_seat", "报上名"
    JOIN_LINE = "join_line", "排进候补"
    OFFER = "offer", "候补轮到"
    ACCEPT = "accept", "轮到了，要这个座位"
    LAPSE = "lapse", "到时间没有回话"
    RELEASE = "release", "班没有开成或没轮到，名留着"
    BEGIN = "begin", "开课"
    PASS = "pass", "考核通过"
    FAIL = "fail", "考核没过"
    DROP = "drop", "中途不学了"
    MISS = "miss", "没有来"
    WITHDRAW = "withdraw", "撤回"


S, A = EnrolmentState, EnrolmentAction
# A seat of the run is taken in these states.
SEATED = frozenset({S.OFFERED, S.ACCEPTED, S.ATTENDING, S.PASSED, S.NOT_PASSED})
# Of these a person has one at most for a course.
LIVE = frozenset({S.INVITED, S.APPLIED, S.WAITING, S.OFFERED, S.ACCEPTED, S.ATTENDING})
# With a run; the others only name the course.
IN_A_RUN = SEATED | {S.WAITING, S.DROPPED, S.NO_SHOW}
# Whom a change of the run concerns.
TO_BE_TOLD = frozenset({S.WAITING, S.OFFERED, S.ACCEPTED, S.ATTENDING})
# A year's subsidy is taken up in these.
SUBSIDISED = frozenset({S.ACCEPTED, S.ATTENDING, S.PASSED, S.NOT_PASSED})
# Nothing comes any more.
OVER = frozenset({S.PASSED, S.NOT_PASSED, S.DROPPED, S.NO_SHOW, S.WITHDRAWN})
# Taken up again when the person enrols once more.
REUSABLE = frozenset({S.INVITED, S.APPLIED, S.WITHDRAWN})

TRANSITIONS: dict[tuple[EnrolmentState, EnrolmentAction], EnrolmentState] = {
    (S.WITHDRAWN, A.APPLY): S.APPLIED,
    (S.INVITED, A.APPLY): S.APPLIED,
    (S.WITHDRAWN, A.INVITE): S.INVITED,
    (S.INVITED, A.LAPSE): S.WITHDRAWN,
    **{(state, A.TAKE_SEAT): S.ACCEPTED for state in REUSABLE},
    **{(state, A.JOIN_LINE): S.WAITING for state in REUSABLE},
    (S.WAITING, A.OFFER): S.OFFERED,
    (S.OFFERED, A.ACCEPT): S.ACCEPTED,
    (S.OFFERED, A.LAPSE): S.APPLIED,
    **{(state, A.RELEASE): S.APPLIED for state in (S.WAITING, S.OFFERED, S.ACCEPTED, S.ATTENDING)},
    (S.ACCEPTED, A.BEGIN): S.ATTENDING,
    (S.ATTENDING, A.PASS): S.PASSED,
    (S.ATTENDING, A.FAIL): S.NOT_PASSED,
    (S.ATTENDING, A.DROP): S.DROPPED,
    (S.ATTENDING, A.MISS): S.NO_SHOW,
    **{
        (state, A.WITHDRAW): S.WITHDRAWN
        for state in (S.INVITED, S.APPLIED, S.WAITING, S.OFFERED, S.ACCEPTED)
    },
}


class InvitationOutcome(LabelledEnum):
    """What came of an invitation; none of it is a refusal of anything."""

    ACCEPTED = "accepted", "报上了"
    BLOCKED = "blocked", "想来，没有座位了"
    NOT_THIS_TIME = "not_this_time", "这次不去"
    LAPSED = "lapsed", "到时间没有回话"
    CALLED_OFF = "called_off", "班不办了"


class EnrolmentOrigin(LabelledEnum):
    """How somebody came to a course."""

    SELF = "self", "自己报的名"
    STAFF = "staff", "社区代报"
    MATCH = "match", "社区推荐"


class NewsKind(LabelledEnum):
    """What a learner is told."""

    SEAT = "seat", "报上名了"
    LINE = "line", "排进候补"
    OFFER = "offer", "候补轮到了"
    LAPSED = "lapsed", "到时间没有回话"
    MOVED = "moved", "课有变动"
    CANCELLED = "cancelled", "班不办了"
    FULL = "full", "这个班没有轮到"
    CLASS = "class", "提醒上课"
    PAPERS = "papers", "提醒交材料"
    PASSED = "passed", "结业了"
    NOT_PASSED = "not_passed", "这次没过"
    REVOKED = "revoked", "结业证作废"
    ORDER = "order", "说好要人的单位有变"
    INVITED = "invited", "请您来学"


N = NewsKind
# News of where one stands in a course: the last of them holds.
NEWS_OF_STANDING = frozenset({N.INVITED, N.SEAT, N.LINE, N.OFFER, N.LAPSED, N.FULL})
# News that matters until what it reminds of has come.
NEWS_REMINDING = frozenset({N.CLASS, N.PAPERS})


class Presence(LabelledEnum):
    """Whether somebody was at a class meeting."""

    PRESENT = "present", "到了"
    LATE = "late", "迟到"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "没到"


# Counted as having been there.
WAS_THERE = frozenset({Presence.PRESENT, Presence.LATE})


class AttendanceSource(LabelledEnum):
    """From what a mark was made."""

    LIST = "list", "名单上点的"
    CODE = "code", "扫码点的"
    PAPER = "paper", "照纸上补录的"


class MarkOutcome(LabelledEnum):
    """What came of a tap that a telephone sent."""

    COUNTED = "counted", "记上了"
    WAITS = "waits", "记上了，等另一位同事看"
    SAME = "same", "网上已经这样点了"
    CONFLICT = "conflict", "跟网上点的不一样，等社区定"
    REFUSED = "refused", "没有记"
    UNDONE = "undone", "撤回了"


class OrderState(LabelledEnum):
    """Where an employer's promise to take people on after a course stands."""

    SIGNED = "signed", "说好了"
    KEPT = "kept", "做到了"
    PARTLY = "partly", "做到一部分"
    NOT_KEPT = "not_kept", "没做到"
    WITHDRAWN = "withdrawn", "单位收回了"


class OrderCause(LabelledEnum):
    """Why a promise was not kept in full; none of them is put down to a learner."""

    FEW_PASSED = "few_passed", "学完的人不够"
    POST_GONE = "post_gone", "单位不缺人了"
    EMPLOYER_CHOSE = "employer_chose", "单位没有要学完的人"
    TERMS_CHANGED = "terms_changed", "条件跟说好的不一样"
    NO_AGREEMENT = "no_agreement", "双方没有谈成"
    EMPLOYER_GONE = "employer_gone", "单位注销、停了或没通过核实"
