"""The posts a member of staff answers for: counted, and handed over when they leave."""

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select, update

from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.posts.lifecycle import UNSEEN, PostState
from webapp.posts.models import Post

_STANDING = col(Post.state).in_([*UNSEEN, PostState.PUBLISHED])


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add how many posts a member answers for."""
    own = select(func.count()).where(Post.responsible_id == event.account_id, _STANDING)
    event.add(_("华龙天空的帖子"), session.exec(own).one())


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Have the successor answer for them; return how many."""
    return session.exec(
        update(Post)
        .where(col(Post.responsible_id) == event.account_id, _STANDING)
        .values(responsible_id=event.successor_id)
    ).rowcount
