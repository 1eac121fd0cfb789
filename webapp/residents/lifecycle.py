"""When a resident wants suggestions and when not."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum
from webapp.residents.models import ResidentState


class AgeTold(LabelledEnum):
    """How old a newcomer says they are, as far as the law on work asks; ``least`` is in years."""

    ADULT = "adult", "满18岁了"
    MINOR = "minor", "16岁、17岁"
    CHILD = "child", "还没满16岁"

    @property
    def least(self) -> int | None:
        """The least age it may mean; ``None`` where no work is allowed anyway."""
        return {AgeTold.ADULT: 18, AgeTold.MINOR: 16}.get(self)


class ResidentAction(StrEnum):
    """What may be done to a resident's search."""

    LEAVE = "leave"
    PAUSE = "pause"
    RESUME = "resume"


S, A = ResidentState, ResidentAction
TRANSITIONS: dict[tuple[ResidentState, ResidentAction], ResidentState] = {
    (S.SEEKING, A.PAUSE): S.PAUSED,
    (S.PAUSED, A.RESUME): S.SEEKING,
    (S.EMPLOYED, A.RESUME): S.SEEKING,  # in work and looking for something else
    **{(state, A.LEAVE): S.LEFT for state in (S.SEEKING, S.PAUSED, S.EMPLOYED)},
}
