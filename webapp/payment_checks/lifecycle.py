"""The life of a month's check whether settled pay arrived, and what people answer."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class CheckState(LabelledEnum):
    """Where a month's check stands; the order is the usual course."""

    AWAITING = "awaiting", "名单定了，等抽签"
    CALLING = "calling", "正在打电话问"
    DONE = "done", "问完了"


class CheckAction(StrEnum):
    """What may happen to a month's check."""

    CLOSE = "close"
    SELECT = "select"


TRANSITIONS: dict[tuple[CheckState, CheckAction], CheckState] = {
    (CheckState.AWAITING, CheckAction.SELECT): CheckState.CALLING,
    (CheckState.CALLING, CheckAction.CLOSE): CheckState.DONE,
}


class Answer(LabelledEnum):
    """What came of a call."""

    FULL = "full", "收到了，数目对"
    LATE = "late", "收到了，来得晚"
    LESS = "less", "收到了，少了"
    NOT = "not", "没有收到"
    NOT_REACHED = "not_reached", "没联系上"


# The money is there.
ARRIVED = frozenset({Answer.FULL, Answer.LATE})
# The money, or a part of it, is not: somebody has to look into it.
DOUBTS = frozenset({Answer.LESS, Answer.NOT})
# Nobody has said anything yet; never counted as paid.
UNKNOWN = frozenset({Answer.NOT_REACHED})


class Resolution(LabelledEnum):
    """What came of looking into it."""

    PAID_SINCE = "paid_since", "补到了，本人说收到了"
    CLEARED_UP = "cleared_up", "问清楚了，本人说数目对"
    STANDS = "stands", "还是没到，转给支部书记办"
