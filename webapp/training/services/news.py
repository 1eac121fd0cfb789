"""Notes that what happened has reached a learner: on their page, or told by a member."""

from flask_babel import gettext as _
from sqlmodel import Session, col, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.training import policy
from webapp.training.models.enrolments import Enrolment, TrainingNews


def read_all(session: Session, actor: Actor) -> int:
    """Note that the actor has read all news of their courses; return how much was new."""
    if actor.resident_id is None:
        raise NotFound
    mine = (
        col(Enrolment.resident_id) == actor.resident_id,
        col(Enrolment.id) == col(TrainingNews.enrolment_id),
    )
    done = session.exec(
        update(TrainingNews)
        .where(col(TrainingNews.read_at).is_(None), *mine)
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    ).rowcount
    if done:
        audit.record(session, "enrolment.read_news", f"resident:{actor.resident_id}")
    return done


def note_told(session: Session, actor: Actor, *, news_id: int) -> TrainingNews:
    """Note that a member told this to somebody who cannot sign in; once."""
    if not policy.can_manage(actor):
        raise Forbidden
    row = session.get(TrainingNews, news_id)
    if row is None:
        raise NotFound
    done = session.exec(
        update(TrainingNews)
        .where(col(TrainingNews.id) == news_id, col(TrainingNews.told_at).is_(None))
        .values(told_at=clock.now(), told_by_id=actor.account_id)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("已经有人转告过了。"))
    session.refresh(row)
    audit.record(session, "enrolment.tell_news", row)
    return row
