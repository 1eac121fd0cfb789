"""Who may do what in a branch: its members, its secretary, the admin."""

from webapp.accounts.models import Account
from webapp.core.access import Actor, Permission, Role


def can_edit(actor: Actor, member: Account) -> bool:
    """Whether the actor may write a member's profile: the member, or who keeps the accounts."""
    if member.role is not Role.STAFF:
        return False
    return actor.account_id == member.id or actor.may(Permission.ACCOUNT_MANAGE)


def can_serve(actor: Actor, branch_id: int) -> bool:
    """Whether the actor writes down what a branch promises and puts on: its members, an admin."""
    if not actor.may(Permission.BRANCH_SERVE):
        return False
    return actor.branch_id == branch_id or actor.may(Permission.ACCOUNT_MANAGE)


def can_lead(actor: Actor, branch_id: int | None, *, secretary_id: int | None) -> bool:
    """Whether the actor decides for a branch: an admin, or its secretary (``secretary_id``)."""
    if branch_id is None or not can_serve(actor, branch_id):
        return False
    return actor.may(Permission.ACCOUNT_MANAGE) or actor.account_id == secretary_id


def can_close(
    actor: Actor, branch_id: int, *, answering: tuple[int, int], secretary_id: int | None
) -> bool:
    """Whether the actor says what became of something: who answers for it, or who leads."""
    if not can_serve(actor, branch_id):
        return False
    return actor.account_id in answering or can_lead(actor, branch_id, secretary_id=secretary_id)


def can_write_guide(actor: Actor) -> bool:
    """Whether the actor writes where the community's office is: who keeps the accounts."""
    return actor.may(Permission.ACCOUNT_MANAGE)


def can_keep_rota(actor: Actor, *, secretary_id: int | None) -> bool:
    """Whether the actor writes the rota: the secretary of their own branch, or an admin."""
    if not actor.may(Permission.BRANCH_SERVE):
        return False
    if actor.may(Permission.ACCOUNT_MANAGE):
        return True
    return actor.account_id is not None and actor.account_id == secretary_id
