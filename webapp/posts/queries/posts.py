"""What pages show of posts: lists, one post with its history, what waits at the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.models import ChangeCounter
from webapp.openings import policy as openings
from webapp.openings.models import Opening
from webapp.posts import policy, wording
from webapp.posts.lifecycle import PostState
from webapp.posts.models import Post, PostCorrection

S = PostState
_VERSION = select(col(ChangeCounter.value)).where(col(ChangeCounter.name) == "post")


def version(session: Session) -> int:
    """Return how often posts have changed; a trigger counts in the transaction of the change."""
    return session.execute(_VERSION).scalar_one_or_none() or 0


@dataclass(frozen=True)
class Shown:
    """A post as lists and its page show it."""

    post: Post
    branch: Branch
    responsible: str
    responsible_title: str

    @property
    def headline(self) -> str:
        """The first sentence or clause, as a heading."""
        return wording.split(self.post.text)[0]

    @property
    def rest(self) -> str:
        """What stands below the heading."""
        return wording.split(self.post.text)[1]


def _joined() -> Any:
    return (
        select(Post, Branch, col(Account.name), col(Account.title))
        .join(Branch, col(Branch.id) == Post.branch_id)
        .outerjoin(Account, col(Account.id) == Post.responsible_id)
    )


def _as_shown(row: Any) -> Shown:
    post, branch, name, title = row
    return Shown(post, branch, name or "", title or "")


def public(branch_id: int | None = None) -> Any:
    """Return the statement of what everybody reads: what is pinned first, then the newest."""
    statement = (
        _joined()
        .where(col(Post.state) == S.PUBLISHED)
        .order_by(
            case((col(Post.pin_slot).is_(None), 1), else_=0),
            col(Post.published_at).desc(),
            col(Post.id).desc(),
        )
    )
    return statement if branch_id is None else statement.where(col(Post.branch_id) == branch_id)


def shown_rows(rows: list[Any]) -> list[Shown]:
    """Return the rows of a statement of this module as posts."""
    return [_as_shown(row) for row in rows]


def newest(session: Session, most: int) -> list[Shown]:
    """Return the newest public posts, pinned ones first."""
    return shown_rows(list(session.execute(public().limit(most)).all()))


def find(session: Session, post_id: int) -> Shown | None:
    """Return a post in whatever state."""
    row = session.execute(_joined().where(col(Post.id) == post_id)).first()
    return None if row is None else _as_shown(row)


def corrections(session: Session, post_id: int) -> list[PostCorrection]:
    """Return what a post said before, the latest first."""
    of_post = (
        select(PostCorrection)
        .where(col(PostCorrection.post_id) == post_id)
        .order_by(col(PostCorrection.revision).desc())
    )
    return list(session.execute(of_post).scalars())


def corrected_ids(session: Session, ids: list[int]) -> set[int]:
    """Return which of these posts were corrected after they were published."""
    if not ids:
        return set()
    found = select(col(PostCorrection.post_id)).where(col(PostCorrection.post_id).in_(ids))
    return set(session.execute(found.distinct()).scalars())


def open_opening(session: Session, post: Post) -> Opening | None:
    """Return what a post tells of, if it still takes people."""
    opening = session.get(Opening, post.opening_id) if post.opening_id else None
    if opening is None or not openings.is_open(opening, on=clock.today()):
        return None
    return opening


def branches(session: Session) -> list[Branch]:
    """Return the branches, for the choice of one."""
    return list(session.execute(select(Branch).order_by(col(Branch.id))).scalars())


# What the desk's list shows by the word in its address; the first is shown without one.
DESK: dict[str, tuple[PostState, ...]] = {
    "draft": (S.DRAFT,),
    "scheduled": (S.SCHEDULED,),
    "published": (S.PUBLISHED,),
    "over": (S.RETRACTED, S.DISCARDED),
}


def desk(actor: Actor, show: str) -> Any:
    """Return the statement of the posts an actor may change, by where they stand."""
    states = DESK.get(show, DESK["draft"])
    statement = _joined().where(col(Post.state).in_(states))
    if not actor.serves_all:
        own = (col(Post.branch_id) == actor.branch_id) | (
            col(Post.responsible_id) == actor.account_id
        )
        statement = statement.where(own)
    soonest = col(Post.publish_at) if states == (S.SCHEDULED,) else col(Post.updated_at).desc()
    return statement.order_by(soonest, col(Post.id).desc())


def members(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Return who may answer for the actor's posts, as (account, words): their own branch first."""
    rows = session.execute(
        select(col(Account.id), col(Account.name), col(Branch.name), col(Account.branch_id))
        .join(Branch, col(Branch.id) == Account.branch_id)
        .where(col(Account.enabled))
        .order_by(
            col(Account.branch_id) != actor.branch_id, col(Account.branch_id), col(Account.id)
        )
    ).all()
    return [
        (account_id, f"{name}（{branch}）")
        for account_id, name, branch, branch_id in rows
        if actor.serves_all or branch_id == actor.branch_id
    ]


def may_change(session: Session, actor: Actor, post_id: int) -> Shown | None:
    """Return a post for the desk, ``None`` for one the actor may not change."""
    found = find(session, post_id)
    return found if found is not None and policy.can_change(actor, found.post) else None


def last_change(session: Session) -> datetime | None:
    """Return when a post that everybody reads, or its tombstone, last changed."""
    seen = col(Post.state).in_([S.PUBLISHED, S.RETRACTED])
    return session.execute(select(func.max(Post.updated_at)).where(seen)).scalar_one()


def in_feeds() -> Any:
    """Return the statement of what feeds hold: the newest first, tombstones at their old place."""
    return (
        _joined()
        .where(col(Post.state).in_([S.PUBLISHED, S.RETRACTED]))
        .order_by(col(Post.published_at).desc(), col(Post.id).desc())
    )


def first_uid(session: Session) -> str:
    """Return the id of the oldest post, by which the feed itself is known; empty before it."""
    return session.execute(select(col(Post.uid)).order_by(col(Post.id)).limit(1)).scalar() or ""
