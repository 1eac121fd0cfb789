"""How promises, activities and what volunteers are asked for come to an end."""

from webapp.core.labels import LabelledEnum


class PromiseState(LabelledEnum):
    """Where a promise stands; that its day has passed is reckoned, not written."""

    OPEN = "open", "正在办"
    KEPT = "kept", "做到了"
    MISSED = "missed", "没做到"
    CANCELLED = "cancelled", "不办了"


class ActivityState(LabelledEnum):
    """Where an activity stands."""

    PLANNED = "planned", "要办"
    HELD = "held", "办过了"
    CANCELLED = "cancelled", "不办了"


class DutyVia(LabelledEnum):
    """Why somebody is the one who is rung."""

    SHIFT = "shift", "排了班"
    SECRETARY = "secretary", "没有人值班，找支部书记"
    ADMIN = "admin", "没有人值班，找管理员"


class Ending(LabelledEnum):
    """How a member's time in a branch ends."""

    LEAVES = "leaves", "不在社区做了，账号停用"
    MOVES = "moves", "调到别的支部"


class HelpState(LabelledEnum):
    """Where it stands that volunteers are wanted for something."""

    OPEN = "open", "在找人"
    DONE = "done", "办完了"
    CANCELLED = "cancelled", "不用了"


class CallState(LabelledEnum):
    """What somebody who was asked to help has said."""

    ASKED = "asked", "问了，等回话"
    YES = "yes", "能来"
    NO = "no", "这次来不了"
    NOT_NEEDED = "not_needed", "人够了，这次不用来"
