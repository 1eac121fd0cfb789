"""Who may change what stands of a member on the public page."""

from webapp.accounts.models import Account
from webapp.core.access import Actor, Permission, Role


def can_edit(actor: Actor, member: Account) -> bool:
    """Whether the actor may write a member's profile: the member, or who keeps the accounts."""
    if member.role is not Role.STAFF:
        return False
    return actor.account_id == member.id or actor.may(Permission.ACCOUNT_MANAGE)
