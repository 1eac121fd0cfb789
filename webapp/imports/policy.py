"""Who may hand in spreadsheets, and see what became of them."""

from webapp.core.access import SYSTEM, Actor, Permission
from webapp.imports.lifecycle import ImportAction, before
from webapp.imports.models import ImportBatch, ImportKind


def can_import(actor: Actor) -> bool:
    """Whether the actor may import at all: staff, or whoever sits at the command line."""
    return actor is SYSTEM or (actor.is_staff and actor.may(Permission.IMPORT_RUN))


def can_see(actor: Actor, batch: ImportBatch) -> bool:
    """Whether the file was handed in at the actor's branch."""
    if actor is SYSTEM:
        return True
    return can_import(actor) and batch.branch_id is not None and batch.branch_id == actor.branch_id


def can_review(actor: Actor, batch: ImportBatch) -> bool:
    """Whether the actor may review the openings of a file all together."""
    reviews = actor.may(Permission.OPENING_REVIEW)
    return reviews and batch.kind is ImportKind.VACANCIES and can_see(actor, batch)


def can_take_refused(actor: Actor, batch: ImportBatch) -> bool:
    """Whether the actor handed the file in: the refused rows hold all that stood in them."""
    return (
        can_import(actor) and actor.account_id is not None and batch.account_id == actor.account_id
    )


def may(action: ImportAction, batch: ImportBatch) -> bool:
    """Whether the state of the file allows a step."""
    return batch.state in before(action)
