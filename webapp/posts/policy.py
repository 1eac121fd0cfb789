"""Who may write and change posts. Pure."""

from webapp.core.access import Actor, Permission
from webapp.posts.models import Post


def can_write(actor: Actor) -> bool:
    """Whether the actor writes posts: every member of a branch."""
    return actor.may(Permission.POST_WRITE) and actor.branch_id is not None


def can_change(actor: Actor, post: Post) -> bool:
    """Whether the actor may change, send and retract this post: its branch, or who answers for it.

    The branch for work serves all, so its members may mend what the others wrote.
    """
    if not can_write(actor):
        return False
    own = actor.account_id is not None and post.responsible_id == actor.account_id
    return own or actor.serves_all or post.branch_id == actor.branch_id
