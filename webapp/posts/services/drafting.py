"""Drafts that write themselves: from what has just been opened, gone again when it closes."""

import uuid

from sqlmodel import Session, col, select, update

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import audit, clock
from webapp.core.access import Role
from webapp.openings.models import Opening
from webapp.posts import wording
from webapp.posts.lifecycle import OF_OPENING, UNSEEN, PostAction, PostState
from webapp.posts.models import Post
from webapp.posts.queries.facts import facts_of
from webapp.posts.services.transitions import move


def draft_from_opening(session: Session, opening: Opening) -> Post | None:
    """Write a draft about an opening that is public now; nothing where there is one already.

    A draft that nobody has touched is written anew. ``None`` also before there are branches.
    """
    text = wording.draft(facts_of(session, opening))
    there = _standing(session, opening.id)
    if there is not None:
        if there.state is PostState.DRAFT and there.author_id is None and there.revision == 0:
            there.text, there.updated_at = text, clock.now()
            session.add(there)
        return None
    responsible, branch_id = _responsible(session, opening)
    if branch_id is None:
        return None
    post = Post(
        uid=uuid.uuid4().hex,
        kind=OF_OPENING[opening.kind],
        branch_id=branch_id,
        responsible_id=responsible,
        opening_id=opening.id,
        text=text,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    session.add(post)
    session.flush()
    audit.record(session, "post.draft", post)
    return post


def end_with_opening(session: Session, *, opening_id: int) -> int:
    """Put away what nobody has seen of an opening that closed; what is public says it is over."""
    posts = session.exec(
        select(Post).where(Post.opening_id == opening_id, col(Post.state).in_(UNSEEN))
    ).all()
    for post in posts:
        move(session, post, PostAction.DISCARD, photo="", photo_alt="", updated_at=clock.now())
    now = clock.now()
    ended = session.exec(
        update(Post)
        .where(
            col(Post.opening_id) == opening_id,
            col(Post.state) == PostState.PUBLISHED,
            col(Post.ended_at).is_(None),
        )
        .values(ended_at=now, updated_at=now, pin_slot=None)
    )
    return len(posts) + ended.rowcount


def _standing(session: Session, opening_id: int) -> Post | None:
    """Return the post that tells of an opening already: unseen, or public and not over."""
    return session.exec(
        select(Post)
        .where(
            Post.opening_id == opening_id,
            col(Post.state).in_([*UNSEEN, PostState.PUBLISHED]),
            col(Post.ended_at).is_(None),
        )
        .limit(1)
    ).first()


def _responsible(session: Session, opening: Opening) -> tuple[int | None, int | None]:
    """Return who answers for an opening, if it is still a member, and whose branch writes of it."""
    account = session.get(Account, opening.responsible_id) if opening.responsible_id else None
    if account and account.enabled and account.role is Role.STAFF and account.branch_id:
        return account.id, account.branch_id
    branch_id = session.exec(
        select(Branch.id).order_by(col(Branch.serves_all).desc(), col(Branch.id)).limit(1)
    ).first()
    return None, branch_id
