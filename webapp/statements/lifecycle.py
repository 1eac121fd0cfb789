"""Whose earnings a statement shows, and where a request for one stands."""

from webapp.core.labels import LabelledEnum


class StatementScope(LabelledEnum):
    """Whose earnings a statement shows."""

    PERSON = "person", "只写我自己的"
    HOUSEHOLD = "household", "写全家的"


class RequestState(LabelledEnum):
    """Where a request for a statement stands; who said no is kept nowhere."""

    OPEN = "open", "等家里人同意"
    ISSUED = "issued", "开好了"
    REFUSED = "refused", "没有都同意"
    CANCELLED = "cancelled", "不开了"


#: Periods that can be asked for, in whole months before the current one, which counts too.
PERIODS = (1, 3, 6, 12)
