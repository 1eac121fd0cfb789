"""Who may judge whether two files are one."""

from webapp.core.access import Actor, Permission
from webapp.duplicates.models import DuplicateKind

_NEEDS = {
    DuplicateKind.RESIDENT: Permission.RESIDENT_MANAGE,
    DuplicateKind.OPENING: Permission.OPENING_REVIEW,
}


def can_judge(actor: Actor, kind: DuplicateKind) -> bool:
    """Whether the actor may merge files of ``kind`` or keep them apart."""
    return actor.is_staff and actor.may(_NEEDS[kind])
