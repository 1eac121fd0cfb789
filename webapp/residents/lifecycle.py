"""When a resident wants suggestions and when not."""

from enum import StrEnum

from webapp.residents.models import ResidentState


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
