"""Who may open, work on and read a long case. Pure; the secretary's account is handed in."""

from webapp.core.access import Actor, Permission
from webapp.tickets.models.long_cases import LongCase


def can_open(actor: Actor) -> bool:
    """Whether the actor opens a case for their branch."""
    return actor.is_staff and actor.may(Permission.WORKBENCH) and actor.branch_id is not None


def can_see(actor: Actor, case: LongCase) -> bool:
    """Whether the actor knows that there is such a case: of their own branch."""
    return can_open(actor) and actor.branch_id == case.branch_id


def can_work(actor: Actor, case: LongCase, *, secretary_id: int | None) -> bool:
    """Whether the actor works on it and reads its words: owner, backup, the branch's secretary."""
    concerned = {case.owner_id, case.backup_id, secretary_id} - {None}
    return can_see(actor, case) and actor.account_id in concerned


def is_own(actor: Actor, case: LongCase) -> bool:
    """Whether it is the actor's own case."""
    return actor.resident_id is not None and actor.resident_id == case.resident_id
