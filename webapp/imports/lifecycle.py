"""The life of a file handed in."""

from enum import StrEnum


class ImportState(StrEnum):
    """Where a file stands.

    ``running`` may be taken up again when its run was cut off: rows that are in stay in,
    and come in once.
    """

    UPLOADED = "uploaded"
    RUNNING = "running"
    DONE = "done"


class ImportAction(StrEnum):
    """What may be done to it."""

    FINISH = "finish"
    RUN = "run"


S, A = ImportState, ImportAction
TRANSITIONS: dict[tuple[ImportState, ImportAction], ImportState] = {
    (S.UPLOADED, A.RUN): S.RUNNING,
    (S.RUNNING, A.RUN): S.RUNNING,
    (S.RUNNING, A.FINISH): S.DONE,
}
