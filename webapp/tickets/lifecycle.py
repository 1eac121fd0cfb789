"""The life of a ticket: what people bring to the community, until it has an outcome.

``closed`` says only that nobody works on it any more; how it ended is the :class:`Outcome`.
"""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class TicketKind(LabelledEnum):
    """What somebody wants."""

    REQUEST = "request", "要办件事"
    COMPLAINT = "complaint", "投诉"
    HELP = "help", "求助"
    QUESTION = "question", "问一下"
    THANKS = "thanks", "谢谢谁"
    NOT_FOR_US = "not_for_us", "不归社区管的"


class Urgency(LabelledEnum):
    """How soon somebody has to answer; the limits are rows of the rule book."""

    DANGER = "danger", "有危险"
    UTILITIES = "utilities", "停水停电停气"
    QUESTION = "question", "问一问就清楚"
    ORDINARY = "ordinary", "一般的事"
    COMPLEX = "complex", "难办的事"


class TicketChannel(LabelledEnum):
    """How it reached the community."""

    WEB = "web", "网页上写的"
    COUNTER = "counter", "到大厅说的"
    PHONE = "phone", "打电话说的"
    PAPER = "paper", "纸上写的"
    WALL_CODE = "wall_code", "扫墙上的码写的"
    SYSTEM = "system", "系统记下的"


class TicketState(LabelledEnum):
    """Where a ticket stands; the order is the usual course."""

    RECEIVED = "received", "收到了"
    CLASSIFIED = "classified", "分好了，还没派人"
    DISPATCHED = "dispatched", "派了人，还没接"
    ACKNOWLEDGED = "acknowledged", "有人接了"
    IN_PROGRESS = "in_progress", "正在办"
    WAITING_REPORTER = "waiting_reporter", "等本人回话"
    REPLIED = "replied", "答复了，等回访"
    CALLBACK = "callback", "回访中"
    CLOSED = "closed", "办结"
    REFERRED_OUT = "referred_out", "转到别处了"
    DUPLICATE = "duplicate", "并到另一件了"
    OUT_OF_SCOPE = "out_of_scope", "不归社区管"


class Outcome(LabelledEnum):
    """What came of it, in the reporter's own word; nobody's silence is one."""

    RESOLVED = "resolved", "解决了"
    PARTLY = "partly", "解决了一部分"
    UNRESOLVED = "unresolved", "没有解决"
    UNREACHABLE = "unreachable", "没联系上本人"


class Rating(LabelledEnum):
    """How the reporter found the way it was handled."""

    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "一般"
    UNSATISFIED = "unsatisfied", "不满意"


class Escalation(LabelledEnum):
    """Who has been told that it is getting late; each once, in this order."""

    NOBODY = "nobody", "还没有催"
    OWNER = "owner", "快到期，提醒了责任人"
    BACKUP = "backup", "过期了，告诉了后备"
    SECRETARY = "secretary", "过期了，告诉了支部书记"
    PUBLIC = "public", "过期太久，上了公开名单"


class TicketAction(StrEnum):
    """What may happen to a ticket."""

    FILE = "file"
    CLASSIFY = "classify"
    DISPATCH = "dispatch"
    REASSIGN = "reassign"
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    ASK = "ask"
    ANSWER = "answer"
    RESUME = "resume"
    EXTEND = "extend"
    REPLY = "reply"
    CALL = "call"
    NOT_REACHED = "not_reached"
    CLOSE = "close"
    REOPEN = "reopen"
    REFER_OUT = "refer_out"
    RETURN = "return"
    MERGE = "merge"
    SET_OUT_OF_SCOPE = "set_out_of_scope"
    TAKE_NOTE = "take_note"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ADD = "add"
    ESCALATE = "escalate"
    ERASE = "erase"


S, A = TicketState, TicketAction
#: Somebody has it in hand: it has an owner who has said so, and no answer is out.
IN_HAND = (S.ACKNOWLEDGED, S.IN_PROGRESS)
#: It has an owner and a backup, by a CHECK of the database.
OWNED = (S.DISPATCHED, *IN_HAND, S.WAITING_REPORTER, S.REPLIED, S.CALLBACK, S.REFERRED_OUT)
#: Nobody works on it any more.
FINISHED = (S.CLOSED, S.DUPLICATE, S.OUT_OF_SCOPE)
OPEN = (S.RECEIVED, S.CLASSIFIED, *OWNED)
#: The first reply is still due.
BEFORE_REPLY = (S.RECEIVED, S.CLASSIFIED, S.DISPATCHED, *IN_HAND, S.WAITING_REPORTER)
#: Its reporter may say that it is not solved.
MAY_REOPEN = (S.REPLIED, S.CALLBACK, *FINISHED)

TRANSITIONS: dict[tuple[TicketState, TicketAction], TicketState] = {
    (S.RECEIVED, A.CLASSIFY): S.CLASSIFIED,
    (S.CLASSIFIED, A.CLASSIFY): S.CLASSIFIED,
    # Sent to the wrong branch: whoever got it gives it back to be sorted again.
    (S.DISPATCHED, A.CLASSIFY): S.CLASSIFIED,
    (S.CLASSIFIED, A.DISPATCH): S.DISPATCHED,
    (S.DISPATCHED, A.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, A.START): S.IN_PROGRESS,
    (S.IN_PROGRESS, A.START): S.IN_PROGRESS,  # a word to the reporter on how far it is
    (S.WAITING_REPORTER, A.ANSWER): S.IN_PROGRESS,
    (S.WAITING_REPORTER, A.RESUME): S.IN_PROGRESS,
    (S.REPLIED, A.CALL): S.CALLBACK,
    (S.CALLBACK, A.NOT_REACHED): S.CALLBACK,
    (S.REPLIED, A.CLOSE): S.CLOSED,
    (S.CALLBACK, A.CLOSE): S.CLOSED,
    (S.REFERRED_OUT, A.RETURN): S.IN_PROGRESS,
    (S.REPLIED, A.REOPEN): S.IN_PROGRESS,
    (S.CALLBACK, A.REOPEN): S.IN_PROGRESS,
    (S.CLOSED, A.REOPEN): S.IN_PROGRESS,
    # These two were never given to anybody: they begin anew.
    (S.DUPLICATE, A.REOPEN): S.RECEIVED,
    (S.OUT_OF_SCOPE, A.REOPEN): S.RECEIVED,
    (S.RECEIVED, A.TAKE_NOTE): S.CLOSED,
    (S.CLASSIFIED, A.TAKE_NOTE): S.CLOSED,
    # A new owner has to say that they took it.
    (S.DISPATCHED, A.REASSIGN): S.DISPATCHED,
    **{(state, A.REASSIGN): S.DISPATCHED for state in IN_HAND},
    **{
        (state, A.REASSIGN): state
        for state in (S.WAITING_REPORTER, S.REPLIED, S.CALLBACK, S.REFERRED_OUT)
    },
    **{(state, A.ASK): S.WAITING_REPORTER for state in IN_HAND},
    **{(state, A.EXTEND): state for state in IN_HAND},
    **{(state, A.REPLY): S.REPLIED for state in IN_HAND},
    **{(state, A.REFER_OUT): S.REFERRED_OUT for state in IN_HAND},
    **{(state, A.MERGE): S.DUPLICATE for state in (S.RECEIVED, S.CLASSIFIED, S.DISPATCHED)},
    **{(state, A.MERGE): S.DUPLICATE for state in IN_HAND},
    **{(state, A.SET_OUT_OF_SCOPE): S.OUT_OF_SCOPE for state in (S.RECEIVED, S.CLASSIFIED)},
    (S.DISPATCHED, A.SET_OUT_OF_SCOPE): S.OUT_OF_SCOPE,
    **{(state, A.SET_OUT_OF_SCOPE): S.OUT_OF_SCOPE for state in IN_HAND},
    # What changes nothing of where it stands.
    **{(state, A.PUBLISH): state for state in TicketState if state is not S.DUPLICATE},
    **{(state, A.UNPUBLISH): state for state in TicketState},
    **{(state, A.ADD): state for state in OPEN if state is not S.WAITING_REPORTER},
    **{(state, A.ESCALATE): state for state in OPEN},
    # Its reporter has left the service with all that was private.
    **{(state, A.ERASE): S.CLOSED for state in OPEN},
}
