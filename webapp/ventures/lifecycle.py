"""The life of a case: somebody and their stall, shop or home trade, from a wish to its end."""

from webapp.core.labels import LabelledEnum


class Allocation(LabelledEnum):
    """How it is decided who gets a place that several want."""

    DRAW = "draw", "抽签"
    POINTS = "points", "按公布的分数"
    OPEN = "open", "不限人，谁想做都行"


class CaseState(LabelledEnum):
    """Where a case stands; the order is the usual course."""

    APPLIED = "applied", "报了名，等分摊位"
    OFFERED = "offered", "轮到了，等回话"
    PLANNING = "planning", "正在准备"
    ACTIVE = "active", "开张了"
    CLOSED = "closed", "收摊了"
    STOPPED = "stopped", "没有做成"
    PASSED_OVER = "passed_over", "这次没有轮到"
    LAPSED = "lapsed", "到时间没有回话"
    REFUSED = "refused", "条件不合"
    WITHDRAWN = "withdrawn", "本人撤回"


class CaseAction(LabelledEnum):
    """What may happen to a case."""

    ACCEPT = "accept", "要这个摊位"
    APPLY = "apply", "报名"
    CLOSE = "close", "收摊"
    LAPSE = "lapse", "到时间没有回话"
    OFFER = "offer", "轮到"
    OPEN = "open", "开张"
    PASS_OVER = "pass_over", "没有轮到"
    PLAN = "plan", "开始准备"
    REFUSE = "refuse", "条件不合"
    STOP = "stop", "没有做成"
    WITHDRAW = "withdraw", "撤回"


S, A = CaseState, CaseAction
TRANSITIONS: dict[tuple[CaseState, CaseAction], CaseState] = {
    (S.APPLIED, A.OFFER): S.OFFERED,
    (S.APPLIED, A.PASS_OVER): S.PASSED_OVER,
    (S.APPLIED, A.REFUSE): S.REFUSED,
    (S.APPLIED, A.WITHDRAW): S.WITHDRAWN,
    (S.OFFERED, A.ACCEPT): S.PLANNING,
    (S.OFFERED, A.LAPSE): S.LAPSED,
    (S.OFFERED, A.WITHDRAW): S.WITHDRAWN,
    (S.PLANNING, A.OPEN): S.ACTIVE,
    (S.PLANNING, A.STOP): S.STOPPED,
    (S.ACTIVE, A.CLOSE): S.CLOSED,
}
# Of one venture a person has one of these at most.
LIVE = frozenset({S.APPLIED, S.OFFERED, S.PLANNING, S.ACTIVE})
# Takes up one of the venture's places, where they are counted.
HOLDING = frozenset({S.OFFERED, S.PLANNING, S.ACTIVE})
# Looked after: planned, visited, with a mentor.
CARED_FOR = frozenset({S.PLANNING, S.ACTIVE})


class CaseOrigin(LabelledEnum):
    """How somebody came to it."""

    SELF = "self", "自己报的名"
    STAFF = "staff", "社区代报"
    MATCH = "match", "社区推荐"
    OWN_IDEA = "own_idea", "自己的主意"


class EndCause(LabelledEnum):
    """Why a business ended or did not begin; nobody outside the branch reads it."""

    NO_CUSTOMERS = "no_customers", "生意不好"
    TOO_DEAR = "too_dear", "本钱、租金太高"
    NO_CAPITAL = "no_capital", "凑不齐本钱"
    NO_LICENCE = "no_licence", "手续办不下来"
    PLACE_LOST = "place_lost", "摊位收回、没谈成"
    SEASON = "season", "季节过了"
    FOUND_WORK = "found_work", "找到别的事做"
    HEALTH = "health", "身体、家里有事"
    OTHER = "other", "别的原因"


class RefuseCause(LabelledEnum):
    """Why somebody could not be let in; told to the person in a sentence beside it."""

    UNDER_AGE = "under_age", "不满十六岁"
    NOT_LOCAL = "not_local", "摊位只分给住在这里的人"
    HAS_ONE = "has_one", "家里已经有一个这样的摊位"
    DOUBLE = "double", "同一个人报了两次"


class MentorState(LabelledEnum):
    """What the member asked to stand by somebody has said."""

    ASKED = "asked", "问了，等回话"
    AGREED = "agreed", "答应带"
    DECLINED = "declined", "这次带不了"


class RoundState(LabelledEnum):
    """Where the allocation of a venture's places stands."""

    FROZEN = "frozen", "名单定死了，等抽签"
    DECIDED = "decided", "顺序出来了"


class SaidBy(LabelledEnum):
    """On whose word a month's figures rest."""

    RESIDENT = "resident", "本人说的"
    STAFF = "staff", "社区看过账"


class Survival(LabelledEnum):
    """What is known of a business some months after it opened."""

    OPEN = "open", "还在做"
    CLOSED = "closed", "收了"
    UNSEEN = "unseen", "还没去看"


#: Months after opening at which it is asked whether a business is still there.
MILESTONES = (3, 6, 12)
