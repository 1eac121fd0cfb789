"""Write a post: as a draft, for a later moment, or for everybody now."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.core.photos import Kept
from webapp.notices import outbox
from webapp.openings import policy as openings
from webapp.openings.models import Opening
from webapp.posts import policy
from webapp.posts.lifecycle import UNSEEN, PostAction, PostKind
from webapp.posts.models import Post
from webapp.posts.services import checks
from webapp.posts.services.publishing import send_to_channels
from webapp.posts.services.transitions import changeable, move

PHOTOS = "post_photos"
FURTHEST = timedelta(days=90)  # ahead of now that a post may be scheduled
NOBODY = "写明谁负责：有人问，找得到人"


@dataclass(frozen=True)
class PostFields:
    """What the form says; ``photo_alt`` describes the picture that is kept or handed in."""

    kind: PostKind
    text: str
    responsible_id: int
    photo_alt: str = ""
    drop_photo: bool = False
    channel_ids: tuple[int, ...] = ()
    site: str = ""


def save(
    session: Session,
    actor: Actor,
    *,
    fields: PostFields,
    step: PostAction,
    photo: Kept | None = None,
    publish_at: datetime | None = None,
    post_id: int | None = None,
    revision: int | None = None,
) -> Post:
    """Write a post and take ``step``: keep it as a draft, schedule it, or publish it.

    ``revision`` is that of the text the form was filled in on. Raises ``Incomplete`` or
    ``BadField`` for what may not stand so, ``NotFound`` for another branch's.
    """
    if not policy.can_write(actor):
        raise Forbidden
    post = _new(actor) if post_id is None else changeable(session, actor, post_id)
    if post.state not in UNSEEN:
        raise NotFound
    if step is PostAction.SCHEDULE:
        _check_moment(publish_at)
    _check_opening(session, post, step)
    checks.refuse_unfit(session, kind=fields.kind, text=fields.text, photo_alt=fields.photo_alt)
    values = {
        "kind": fields.kind,
        "text": fields.text,
        "responsible_id": fields.responsible_id,
        "branch_id": _branch_of(session, actor, fields.responsible_id),
        "channel_ids": _channels(session, fields.channel_ids),
        "site": fields.site,
        "publish_at": publish_at if step is PostAction.SCHEDULE else None,
        "updated_at": clock.now(),
        **_picture(post, fields, photo),
    }
    if post_id is None:
        post.sqlmodel_update(values)
        session.add(post)
        session.flush()
    if step is PostAction.PUBLISH:
        values["published_at"] = clock.now()
    move(session, post, step, as_of=revision, **values)
    if step is PostAction.PUBLISH:
        send_to_channels(session, post, post.channel_ids)
    return post


def discard(session: Session, actor: Actor, *, post_id: int) -> Post:
    """Put a draft away; nobody has seen it."""
    post = changeable(session, actor, post_id)
    return move(session, post, PostAction.DISCARD, photo="", photo_alt="", updated_at=clock.now())


def _new(actor: Actor) -> Post:
    return Post(
        uid=uuid.uuid4().hex,
        kind=PostKind.NOTICE,
        branch_id=actor.branch_id or 0,
        author_id=actor.account_id,
        text="",
        created_at=clock.now(),
        updated_at=clock.now(),
    )


def _check_moment(moment: datetime | None) -> None:
    if moment is None:
        raise BadField("day", _("请写哪一天、几点发"))
    if moment <= clock.now():
        raise BadField("day", _("这个时间已经过了，改晚一点，或者选“现在就发”"))
    if moment > clock.now() + FURTHEST:
        raise BadField("day", _("最多提前 %(n)d 天定好", n=FURTHEST.days))


def _check_opening(session: Session, post: Post, step: PostAction) -> None:
    """Refuse to call people to what takes nobody any more."""
    if step is PostAction.SAVE or post.opening_id is None:
        return
    opening = session.get_one(Opening, post.opening_id)
    if not openings.is_open(opening, on=clock.today()):
        raise BadField("text", _("这个机会已经结束或者收回了，不能再发"))


def _branch_of(session: Session, actor: Actor, responsible_id: int) -> int:
    """Return the branch of who answers for the post: a member of the actor's branch."""
    account = session.get(Account, responsible_id)
    member = account is not None and account.role is Role.STAFF and account.enabled
    if account is None or not member or account.branch_id is None:
        raise BadField("responsible", _(NOBODY))
    if account.branch_id != actor.branch_id and not actor.serves_all:
        raise BadField("responsible", _("这一位不在您的支部，请选本支部的人"))
    return account.branch_id


def _channels(session: Session, asked: tuple[int, ...]) -> list[int]:
    known = {channel.id for channel in outbox.community_channels(session) if channel.enabled}
    return sorted(known & set(asked))


def _picture(post: Post, fields: PostFields, photo: Kept | None) -> dict[str, object]:
    """Return the columns of the picture: a new one, the one that is there, or none."""
    kept = bool(post.photo) and not fields.drop_photo
    if photo is None and not kept:
        return {"photo": "", "photo_alt": "", "photo_width": None, "photo_height": None}
    if not fields.photo_alt:
        raise BadField("photo_alt", _("看不见图的人靠这句话：写一句图上是什么"))
    if photo is None:
        return {"photo_alt": fields.photo_alt}
    return {
        "photo": photo.stored,
        "photo_alt": fields.photo_alt,
        "photo_width": photo.width,
        "photo_height": photo.height,
    }


def stored_photos(session: Session) -> set[str]:
    """Return the names of all pictures that a post has."""
    return set(session.exec(select(Post.photo).where(col(Post.photo) != "")))
