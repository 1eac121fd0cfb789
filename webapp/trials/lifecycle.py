"""The life of a trial day: from a proposal to what both sides say came of it."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum
from webapp.matches.lifecycle import HANDED_IN


class Party(LabelledEnum):
    """Who proposes, agrees or says what came of it; staff also record it for the other two."""

    RESIDENT = "resident", "本人"
    EMPLOYER = "employer", "单位"
    STAFF = "staff", "社区"


class TrialState(LabelledEnum):
    """Where a trial day stands; the order is the usual course."""

    PROPOSED = "proposed", "还没说定"
    AGREED = "agreed", "说定了"
    DISPUTED = "disputed", "两边说的不一样"
    SETTLED = "settled", "有结果了"
    CANCELLED = "cancelled", "不去了"


class TrialAction(StrEnum):
    """What may happen to a trial day."""

    AGREE = "agree"
    CANCEL = "cancel"
    DISPUTE = "dispute"
    REVISE = "revise"
    SETTLE = "settle"


class Outcome(LabelledEnum):
    """What came of it."""

    CAME_TO_JOB = "came_to_job", "留下来上班"
    EMPLOYER_NO = "employer_no", "单位这次没要"
    RESIDENT_NO = "resident_no", "本人想再看看别的"
    NOT_HELD = "not_held", "没有去成"


class Cause(LabelledEnum):
    """Whose cause it was that it did not take place."""

    EMPLOYER = "employer", "单位那边有变"
    RESIDENT = "resident", "本人那边有事"
    TRANSPORT = "transport", "路上车不通"
    ILLNESS = "illness", "生病了"
    OTHER = "other", "别的原因"


class AgreementKind(LabelledEnum):
    """Which paper is signed: work from the first hour, or the one for people past the age."""

    LABOUR = "labour", "试岗协议（从第一个小时起就算上班）"
    SERVICE = "service_agreement", "劳务协议（过了退休年龄的人用）"


class Heard(LabelledEnum):
    """How a side's yes, or its word of what came of it, reached us."""

    ONLINE = "online", "自己点的"
    PAPER = "paper", "在纸上签了"
    PHONE = "phone", "电话里说的"
    IN_PERSON = "in_person", "当面说的"


class InjuryCover(LabelledEnum):
    """By what an injury at work is covered."""

    WORK_INJURY = "work_injury", "工伤保险"
    LIABILITY = "liability", "雇主责任险"
    ACCIDENT = "accident", "团体意外险"


S, A = TrialState, TrialAction
TRANSITIONS: dict[tuple[TrialState, TrialAction], TrialState] = {
    (S.PROPOSED, A.REVISE): S.PROPOSED,
    (S.AGREED, A.REVISE): S.PROPOSED,
    (S.PROPOSED, A.AGREE): S.AGREED,
    (S.PROPOSED, A.CANCEL): S.CANCELLED,
    (S.AGREED, A.CANCEL): S.CANCELLED,
    (S.AGREED, A.DISPUTE): S.DISPUTED,
    (S.AGREED, A.SETTLE): S.SETTLED,
    (S.DISPUTED, A.SETTLE): S.SETTLED,
}
# Its days are kept free in these states.
TO_COME = frozenset({S.PROPOSED, S.AGREED})
# How staff hear of it; what is only said is signed on paper as well.
BY_STAFF = (Heard.PAPER, Heard.PHONE, Heard.IN_PERSON)
ONLY_SAID = frozenset({Heard.PHONE, Heard.IN_PERSON})
# A match in one of these may lead to a trial day.
FROM_MATCH = HANDED_IN
