"""Who may correct what is published and say how the monthly report looks."""

from webapp.core.access import Actor, Permission
from webapp.core.errors import Forbidden


def can_keep(actor: Actor) -> bool:
    """Whether somebody may correct months and name the report's columns: the admin."""
    return actor.may(Permission.REPORT_KEEP)


def require_keeper(actor: Actor) -> None:
    """Raise ``Forbidden`` for everybody else."""
    if not can_keep(actor):
        raise Forbidden
