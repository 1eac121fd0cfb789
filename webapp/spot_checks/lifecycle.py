"""What a quarter's spot check looks at, and what a member of another branch found."""

from webapp.core.labels import LabelledEnum


class SpotKind(LabelledEnum):
    """What is drawn from."""

    HIRE = "hire", "录用"
    TICKET = "ticket", "办结的民情"


class Finding(LabelledEnum):
    """What somebody from another branch found, having looked at how a thing was done."""

    AS_IT_SHOULD = "as_it_should", "办得对"
    PARTLY = "partly", "有的地方不到位"
    NOT = "not", "没有办到位"
    UNCLEAR = "unclear", "看不出来"


#: The branch has to say what it did about these.
TO_FOLLOW_UP = frozenset({Finding.PARTLY, Finding.NOT})


class Task(LabelledEnum):
    """What a member has to do about something that was drawn."""

    LOOK = "look", "请您看一看"
    REPLY = "reply", "您可以说明"
    FOLLOW_UP = "follow_up", "支部要写怎么改的"
