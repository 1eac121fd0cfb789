"""What may still be done with a post that everybody has read: correct, retract, pin, send."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict
from webapp.notices import outbox
from webapp.posts.lifecycle import PostAction, PostState
from webapp.posts.models import MOST_PINNED, Post, PostCorrection
from webapp.posts.services import checks
from webapp.posts.services.publishing import key_of, send_to_channels
from webapp.posts.services.transitions import changeable, move


def correct(
    session: Session,
    actor: Actor,
    *,
    post_id: int,
    revision: int,
    text: str,
    photo_alt: str,
    why: str,
) -> Post:
    """Change the words for everybody to see: what stood there before can be opened beside them.

    ``Conflict`` when somebody has corrected it since the form was opened.
    """
    post = changeable(session, actor, post_id)
    alt = photo_alt if post.photo else ""
    if post.photo and not alt:
        raise BadField("photo_alt", _("看不见图的人靠这句话：写一句图上是什么"))
    if (text, alt) == (post.text, post.photo_alt):
        raise BadField("text", _("和原来一个字也没有差，不用更正"))
    checks.refuse_unfit(session, kind=post.kind, text=text, photo_alt=alt, why=why)
    before = PostCorrection(
        post_id=post.id,
        revision=revision,
        at=clock.now(),
        by_id=actor.account_id,
        why=why,
        text_before=post.text,
        alt_before=post.photo_alt,
    )
    move(
        session,
        post,
        PostAction.CORRECT,
        as_of=revision,
        text=text,
        photo_alt=alt,
        updated_at=clock.now(),
    )
    session.add(before)
    return post


def retract(session: Session, actor: Actor, *, post_id: int, reason: str) -> Post:
    """Take a post back: its page says so and why, its picture goes, what waits is not sent."""
    post = changeable(session, actor, post_id)
    checks.refuse_unfit(session, kind=post.kind, reason=reason)
    move(
        session,
        post,
        PostAction.RETRACT,
        retracted_at=clock.now(),
        retract_reason=reason,
        photo="",
        photo_alt="",
        pin_slot=None,
        updated_at=clock.now(),
    )
    outbox.take_back(session, key=key_of(post))
    return post


def pin(session: Session, actor: Actor, *, post_id: int) -> Post:
    """Put a post above the others; ``Conflict`` when all places are taken."""
    post = changeable(session, actor, post_id)
    if post.pin_slot is not None:
        return post
    taken = set(session.exec(select(Post.pin_slot).where(col(Post.pin_slot).is_not(None))))
    free = [slot for slot in range(1, MOST_PINNED + 1) if slot not in taken]
    if not free:
        raise Conflict(_("最多置顶 %(n)d 条，先取消一条", n=MOST_PINNED))
    try:
        with session.begin_nested():
            _set_pin(session, post, free[0])
    except IntegrityError as error:  # somebody took the place just now
        raise Conflict(_("刚才有人也置顶了一条，请刷新再试")) from error
    audit.record(session, "post.pin", post)
    return post


def unpin(session: Session, actor: Actor, *, post_id: int) -> Post:
    """Let a post go down with the others."""
    post = changeable(session, actor, post_id)
    if post.pin_slot is not None:
        _set_pin(session, post, None)
        audit.record(session, "post.unpin", post)
    return post


def send(session: Session, actor: Actor, *, post_id: int, channel_id: int, site: str) -> Post:
    """Send a post that is public to one more channel; each gets it once."""
    post = changeable(session, actor, post_id)
    if post.state is not PostState.PUBLISHED:
        raise Conflict(_("只有发出来的才能往群里发"))
    post.site = site
    session.add(post)
    session.flush()
    if not send_to_channels(session, post, [channel_id]):
        raise Conflict(_("这个群发过了，或者已经停了"))
    return post


def _set_pin(session: Session, post: Post, slot: int | None) -> None:
    step = (
        update(Post)
        .where(col(Post.id) == post.id, col(Post.state) == PostState.PUBLISHED)
        .values(pin_slot=slot)
    )
    if session.exec(step).rowcount != 1:
        raise Conflict(_("只有发出来的才能置顶"))
    session.refresh(post)
