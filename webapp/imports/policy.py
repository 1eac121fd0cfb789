"""Who may hand in spreadsheets, and see what became of them."""

from datetime import datetime, timedelta

from webapp.core.access import SYSTEM, Actor, Permission
from webapp.imports.lifecycle import ImportState
from webapp.imports.models import ImportBatch

#: After this long without an end a run was cut off, and may be begun anew.
CUT_OFF = timedelta(minutes=10)


def can_import(actor: Actor) -> bool:
    """Whether the actor may import at all: staff, or whoever sits at the command line."""
    return actor is SYSTEM or (actor.is_staff and actor.may(Permission.IMPORT_RUN))


def can_see(actor: Actor, batch: ImportBatch) -> bool:
    """Whether the file was handed in at the actor's branch."""
    if actor is SYSTEM:
        return True
    return can_import(actor) and batch.branch_id is not None and batch.branch_id == actor.branch_id


def may_begin(batch: ImportBatch, *, now: datetime) -> bool:
    """Whether a run of the file may begin: it waits, or its last run was cut off."""
    if batch.state is ImportState.RUNNING:
        return batch.running_since is not None and batch.running_since < now - CUT_OFF
    return batch.state is ImportState.UPLOADED
