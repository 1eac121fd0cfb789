"""The life of a file handed in."""

from enum import StrEnum


class ImportState(StrEnum):
    """Where a file stands.

    A run that fails leaves the file waiting as before; one that was cut off altogether may be
    begun anew after a while. Rows that are in stay in, and come in once.
    """

    UPLOADED = "uploaded"
    RUNNING = "running"
    DONE = "done"


class ImportAction(StrEnum):
    """What may be done to it."""

    BREAK_OFF = "break_off"
    FINISH = "finish"
    RUN = "run"


S, A = ImportState, ImportAction
TRANSITIONS: dict[tuple[ImportState, ImportAction], ImportState] = {
    (S.UPLOADED, A.RUN): S.RUNNING,
    (S.RUNNING, A.RUN): S.RUNNING,
    (S.RUNNING, A.BREAK_OFF): S.UPLOADED,
    (S.RUNNING, A.FINISH): S.DONE,
}
