"""The kinds of standing services, where one stands, what a visit comes to; words beside values."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class ServiceKind(LabelledEnum):
    """What a member or volunteer does for somebody again and again."""

    PAIRING = "pairing", "结对帮扶"
    ELDERLY = "elderly", "居家养老探访"
    REHABILITATION = "rehabilitation", "康复训练"
    HEALTH = "health", "健康跟踪"


#: What to ask at the door, whoever it is. What concerns one person alone is asked besides.
QUESTIONS: dict[ServiceKind, tuple[str, ...]] = {
    ServiceKind.PAIRING: ("家里最近有什么变化", "有没有难处要帮忙", "想不想找点活做"),
    ServiceKind.ELDERLY: ("吃饭、睡觉怎么样", "水电气关好没有", "缺不缺东西、要不要代买"),
    ServiceKind.REHABILITATION: ("这几天练了没有", "练的时候疼不疼", "辅具好不好用"),
    ServiceKind.HEALTH: ("药按时吃了没有", "量的数记下没有", "下次复诊是哪天、有没有人陪"),
}


class ServiceState(LabelledEnum):
    """Where a standing service stands."""

    ACTIVE = "active", "正在做"
    PAUSED = "paused", "先停一停"
    ENDED = "ended", "结束了"


class ServiceAction(StrEnum):
    """What may happen to a standing service."""

    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


TRANSITIONS: dict[tuple[ServiceState, ServiceAction], ServiceState] = {
    (ServiceState.ACTIVE, ServiceAction.PAUSE): ServiceState.PAUSED,
    (ServiceState.PAUSED, ServiceAction.RESUME): ServiceState.ACTIVE,
    (ServiceState.ACTIVE, ServiceAction.END): ServiceState.ENDED,
    (ServiceState.PAUSED, ServiceAction.END): ServiceState.ENDED,
}


class VisitOutcome(LabelledEnum):
    """What came of going there.

    ``MISSED`` is written by itself for a day whose turn was over before anybody had been there.
    """

    VISITED = "visited", "去过了"
    NOT_HOME = "not_home", "没人在家"
    POSTPONED = "postponed", "改天再去"
    MISSED = "missed", "这次没去成"


#: What somebody says who went, or would have gone.
SAID = (VisitOutcome.VISITED, VisitOutcome.NOT_HOME, VisitOutcome.POSTPONED)
#: What settles the day a visit was due; of each day there is one.
SETTLED = frozenset({VisitOutcome.VISITED, VisitOutcome.MISSED})


class PauseReason(LabelledEnum):
    """Why nobody goes there for a while."""

    HOSPITAL = "hospital", "住院了"
    TRAVELLING = "travelling", "出门了、走亲戚"
    WISH = "wish", "本人说先停一停"


class EndReason(LabelledEnum):
    """Why nobody goes there any more."""

    WISH = "wish", "本人说不用了"
    BETTER = "better", "好起来了，用不着了"
    MOVED = "moved", "搬走了"
    CARED_FOR = "cared_for", "住进养老院、康复机构"
    DIED = "died", "人不在了"


class AgreedHow(LabelledEnum):
    """How the person agreed to be visited."""

    PAPER = "paper", "签了字的纸"
    IN_PERSON = "in_person", "当面说的，有人在场"
    PHONE = "phone", "电话里说的"
    GUARDIAN = "guardian", "监护人、家里人替他答应"


class ReadReason(LabelledEnum):
    """Why somebody reads the notes of earlier visits."""

    BEFORE_VISIT = "before_visit", "去之前看一下"
    TAKING_OVER = "taking_over", "接手、替人去"
    ASKED = "asked_about", "本人或家里人问起"
    CHECKING = "checking", "书记看做得怎么样"
