"""The life of a file handed in."""

from enum import StrEnum

from webapp.core.labels import LabelledEnum


class ImportState(StrEnum):
    """Where a file stands.

    ``uploaded``: kept, not read yet; ``unreadable``: of no use; ``read``: its columns wait to be
    confirmed; ``checked``: every row was read, nothing is written; ``undone``: what it brought
    was taken back. A run that fails leaves the file checked as before; one that was cut off may
    be begun anew. Rows that are in stay in, and come in once.
    """

    UPLOADED = "uploaded"
    UNREADABLE = "unreadable"
    READ = "read"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


class ImportAction(StrEnum):
    """What may be done to it."""

    BREAK_OFF = "break_off"
    CHECK = "check"
    CHOOSE = "choose"
    CHOOSE_HEADER = "choose_header"
    FINISH = "finish"
    GIVE_UP = "give_up"
    READ = "read"
    RUN = "run"
    UNDO = "undo"


class Readiness(LabelledEnum):
    """What a look through an imported opening found; whoever is in doubt looks at it alone."""

    READY = "ready", "可以放出去"
    LACKING = "lacking", "还差内容"
    FLAGGED = "flagged", "要单独看"


S, A = ImportState, ImportAction
TRANSITIONS: dict[tuple[ImportState, ImportAction], ImportState] = {
    (S.UPLOADED, A.READ): S.READ,
    (S.UPLOADED, A.GIVE_UP): S.UNREADABLE,
    (S.READ, A.CHOOSE_HEADER): S.UPLOADED,  # it is read anew
    (S.CHECKED, A.CHOOSE_HEADER): S.UPLOADED,
    (S.UNDONE, A.CHOOSE_HEADER): S.UPLOADED,
    (S.READ, A.CHOOSE): S.READ,
    (S.CHECKED, A.CHOOSE): S.READ,
    (S.UNDONE, A.CHOOSE): S.READ,
    (S.READ, A.CHECK): S.CHECKED,
    (S.CHECKED, A.RUN): S.RUNNING,
    (S.RUNNING, A.RUN): S.RUNNING,
    (S.RUNNING, A.BREAK_OFF): S.CHECKED,
    (S.RUNNING, A.FINISH): S.DONE,
    (S.DONE, A.UNDO): S.UNDONE,
}


def before(action: ImportAction) -> list[ImportState]:
    """Return the states in which ``action`` may be done."""
    return [state for state, possible in TRANSITIONS if possible is action]
