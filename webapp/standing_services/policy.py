"""Who may arrange, make and read of a standing service. Pure.

Which member is the secretary of a branch is asked by the services and handed in.
"""

from webapp.core.access import Actor, Permission
from webapp.standing_services.models import StandingService


def can_arrange(actor: Actor) -> bool:
    """Whether the actor arranges services for their own branch."""
    return actor.is_staff and actor.may(Permission.WORKBENCH) and actor.branch_id is not None


def can_see(actor: Actor, service: StandingService) -> bool:
    """Whether the actor sees that there is such a service and changes it: of their own branch."""
    return can_arrange(actor) and actor.branch_id == service.branch_id


def goes_there(actor: Actor, service: StandingService, *, secretary_id: int | None) -> bool:
    """Whether the actor writes down a visit: the visitor, the backup, the branch's secretary."""
    concerned = {service.owner_id, service.backup_id, secretary_id} - {None}
    return can_see(actor, service) and actor.account_id in concerned


def can_read_notes(actor: Actor, service: StandingService, *, secretary_id: int | None) -> bool:
    """Whether the actor reads what was noted of visits, saying why."""
    return goes_there(actor, service, secretary_id=secretary_id)


def is_own(actor: Actor, service: StandingService) -> bool:
    """Whether the actor is the person who is visited."""
    return actor.resident_id is not None and actor.resident_id == service.resident_id
