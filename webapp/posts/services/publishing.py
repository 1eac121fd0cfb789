"""Publish what is due, once however many schedulers look; send posts to the community's groups."""

from sqlmodel import Session, col, select

from webapp.core import audit, clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import Conflict
from webapp.notices import outbox
from webapp.openings import policy as openings
from webapp.openings.models import Opening
from webapp.posts.lifecycle import PostAction, PostState
from webapp.posts.models import Post
from webapp.posts.services.transitions import move


def publish_due(db: Database) -> int:
    """Publish the scheduled posts whose moment has come; return how many (a frequent job).

    Each in a transaction of its own, by an UPDATE that finds it scheduled: of two schedulers one
    does. What tells of an opening that is over by then is put away instead.
    """
    due = select(Post.id).where(
        Post.state == PostState.SCHEDULED, col(Post.publish_at) <= clock.now()
    )
    with db.reader() as session:
        ids = session.exec(due.order_by(col(Post.publish_at))).all()
    return sum(_publish(db, post_id) for post_id in ids)


def _publish(db: Database, post_id: int) -> bool:
    with db.transaction(SYSTEM) as session:
        post = session.get_one(Post, post_id)
        moment = post.publish_at
        if post.state is not PostState.SCHEDULED or moment is None or moment > clock.now():
            return False
        opening = session.get(Opening, post.opening_id) if post.opening_id else None
        over = opening is not None and not openings.is_open(opening, on=clock.today())
        step = PostAction.DISCARD if over else PostAction.PUBLISH
        published_at = None if over else clock.now()
        try:
            move(session, post, step, updated_at=clock.now(), published_at=published_at)
        except Conflict:  # another scheduler, or somebody who sent or changed it by hand
            return False
        if not over:
            send_to_channels(session, post, post.channel_ids)
        return not over


def key_of(post: Post) -> str:
    """Return the key of a post in the outbox."""
    return f"post:{post.id}"


def send_to_channels(session: Session, post: Post, channel_ids: list[int]) -> int:
    """Write a post for outside channels, each once; return for how many."""
    if not channel_ids:
        return 0
    known = {channel.id for channel in outbox.community_channels(session) if channel.enabled}
    wanted = [channel_id for channel_id in channel_ids if channel_id in known]
    sent = outbox.put_public(
        session, key=key_of(post), channel_ids=wanted, words=channel_words(post)
    )
    if sent:
        audit.record(session, "post.send", post, count=sent)
    return sent


def channel_words(post: Post) -> str:
    """Return what the groups read: the text, and where it stands."""
    link = f"{post.site}posts/{post.id}" if post.site else ""
    return "\n".join(part for part in (post.text, link) if part)
