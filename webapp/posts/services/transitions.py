"""One step of a post: by an UPDATE that finds it as it was, with its audit entry."""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, update

from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import Conflict, NotFound
from webapp.posts import policy
from webapp.posts.lifecycle import TRANSITIONS, PostAction
from webapp.posts.models import Post

MOVED_ON = "刚才已经有人动过这一条，请刷新后再看"


def changeable(session: Session, actor: Actor, post_id: int) -> Post:
    """Return a post the actor may change; any other raises ``NotFound``."""
    post = session.get(Post, post_id)
    if post is None or not policy.can_change(actor, post):
        raise NotFound
    return post


def move(
    session: Session, post: Post, action: PostAction, *, as_of: int | None = None, **values: Any
) -> Post:
    """Take a step; ``Conflict`` where it is not allowed, or somebody else was first.

    With ``as_of`` the words change by it, and only while they are still those of that revision.
    """
    target = TRANSITIONS.get((post.state, action))
    if target is None:
        raise Conflict(_(MOVED_ON))
    step = update(Post).where(col(Post.id) == post.id, col(Post.state) == post.state)
    if as_of is not None:
        step = step.where(col(Post.revision) == as_of)
        values["revision"] = as_of + 1
    if session.exec(step.values(state=target, **values)).rowcount != 1:
        raise Conflict(_(MOVED_ON))
    session.refresh(post)
    audit.record(session, f"post.{action.value}", post)
    return post
