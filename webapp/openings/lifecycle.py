"""The life of an opening."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class OpeningState(LabelledEnum):
    """Where an opening stands."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "等社区审核"
    RETURNED = "returned", "退回修改"
    PUBLISHED = "published", "正在招"
    PAUSED = "paused", "暂停，等单位再核实"
    EXPIRED = "expired", "已过期"
    CLOSED = "closed", "已结束"


class OpeningAction(StrEnum):
    """What may be done to it."""

    CLOSE = "close"
    EXPIRE = "expire"
    PAUSE = "pause"
    PUBLISH = "publish"
    RESUME = "resume"
    RETURN = "return"
    SUBMIT = "submit"


S, A = OpeningState, OpeningAction
TRANSITIONS: dict[tuple[OpeningState, OpeningAction], OpeningState] = {
    (S.DRAFT, A.SUBMIT): S.SUBMITTED,
    (S.DRAFT, A.CLOSE): S.CLOSED,
    (S.SUBMITTED, A.PUBLISH): S.PUBLISHED,
    (S.SUBMITTED, A.RETURN): S.RETURNED,
    (S.SUBMITTED, A.CLOSE): S.CLOSED,
    (S.RETURNED, A.SUBMIT): S.SUBMITTED,
    (S.RETURNED, A.CLOSE): S.CLOSED,
    (S.PUBLISHED, A.SUBMIT): S.SUBMITTED,  # an edit goes back to review
    (S.PUBLISHED, A.RETURN): S.RETURNED,  # taken down: a complaint, a suspended employer
    (S.PUBLISHED, A.EXPIRE): S.EXPIRED,
    (S.PUBLISHED, A.CLOSE): S.CLOSED,
    (S.PUBLISHED, A.PAUSE): S.PAUSED,  # the check of its employer's papers ran out
    (S.PAUSED, A.RESUME): S.PUBLISHED,
    (S.PAUSED, A.SUBMIT): S.SUBMITTED,  # an edit goes back to review
    (S.PAUSED, A.RETURN): S.RETURNED,
    (S.PAUSED, A.EXPIRE): S.EXPIRED,
    (S.PAUSED, A.CLOSE): S.CLOSED,
    (S.EXPIRED, A.SUBMIT): S.SUBMITTED,  # renewed
    (S.EXPIRED, A.CLOSE): S.CLOSED,
}
