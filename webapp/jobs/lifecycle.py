"""The life of a background job."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class JobState(LabelledEnum):
    """Where a job stands."""

    QUEUED = "queued", "排着队"
    RUNNING = "running", "正在做"
    DONE = "done", "做好了"
    FAILED = "failed", "没做成"
    CANCELLED = "cancelled", "已取消"


class JobAction(StrEnum):
    """What may be done to it; a running one whose process died is claimed anew."""

    CANCEL = "cancel"
    CLAIM = "claim"
    FAIL = "fail"
    FINISH = "finish"


S, A = JobState, JobAction
TRANSITIONS: dict[tuple[JobState, JobAction], JobState] = {
    (S.QUEUED, A.CLAIM): S.RUNNING,
    (S.QUEUED, A.CANCEL): S.CANCELLED,
    (S.RUNNING, A.CLAIM): S.RUNNING,
    (S.RUNNING, A.CANCEL): S.CANCELLED,
    (S.RUNNING, A.FINISH): S.DONE,
    (S.RUNNING, A.FAIL): S.FAILED,
}
UNDER_WAY = (S.QUEUED, S.RUNNING)
# It ended before it was done, and what it was to do may stand half done.
BROKEN_OFF = (S.FAILED, S.CANCELLED)
