"""What is read of threads: the inboxes, what waits for staff, the number in the navigation."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.access import Actor
from webapp.core.memo import built_once
from webapp.employers.models import Employer
from webapp.matches.models import Match, MatchEvent
from webapp.matches.queries.taken_back import not_taken_back
from webapp.messages.models import (
    Message,
    MessageReport,
    MessageThread,
    NotificationOptIn,
    Side,
)
from webapp.messages.queries.threads import read_by
from webapp.messages.queries.timeline import told_actions
from webapp.messages.services import printed_notices
from webapp.notices.models import Audience, OutsideChannel
from webapp.openings.models import Opening
from webapp.residents.models import Resident

_UNREAD = {
    Side.RESIDENT: MessageThread.unread_resident,
    Side.EMPLOYER: MessageThread.unread_employer,
    Side.STAFF: MessageThread.unread_staff,
}


def side_of(actor: Actor) -> Side:
    """Return for which side the actor reads inboxes."""
    if actor.resident_id is not None:
        return Side.RESIDENT
    return Side.EMPLOYER if actor.employer_id is not None else Side.STAFF


def unread(session: Session, actor: Actor) -> int:
    """Return in how many threads something waits for the actor: one query by a small index."""
    return int(session.execute(_counted(actor)).scalar_one())


@built_once
def _counted(actor: Actor) -> Any:
    return (
        select(func.count())
        .select_from(MessageThread)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(_UNREAD[side_of(actor)]), read_by(actor))
    )


def inbox(actor: Actor, *, unread_only: bool = False) -> Any:
    """Return the statement of the actor's threads, the latest first, each with its last line."""
    side = side_of(actor)
    last_message = select(func.max(Message.id)).where(
        col(Message.thread_id) == col(MessageThread.id)
    )
    if side is Side.EMPLOYER:
        last_message = last_message.where(col(Message.with_employer))
    last_event = select(func.max(MatchEvent.id)).where(
        col(MatchEvent.match_id) == col(MessageThread.match_id),
        col(MatchEvent.action).in_([action.value for action in told_actions(side)]),
        not_taken_back(),
    )
    statement: Any = (
        select(
            MessageThread,
            Message,
            MatchEvent,
            Match,
            col(Resident.name).label("resident"),
            col(Resident.account_id).label("account_id"),
            col(Opening.title).label("title"),
            col(Opening.kind),
            col(Employer.name).label("employer"),
            col(_UNREAD[side]).label("unread"),
        )
        .join(Match, col(Match.id) == MessageThread.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .outerjoin(
            Message, col(Message.id) == last_message.correlate(MessageThread).scalar_subquery()
        )
        .outerjoin(
            MatchEvent, col(MatchEvent.id) == last_event.correlate(MessageThread).scalar_subquery()
        )
        .where(read_by(actor))
        .order_by(col(MessageThread.last_at).desc(), col(MessageThread.id).desc())
    )
    return statement.where(col(_UNREAD[side])) if unread_only else statement


def reports(actor: Actor) -> Any:
    """Return the statement of open reports in the actor's branch, the longest waiting first."""
    reporter = aliased(Account)
    return (
        select(
            MessageReport,
            Message,
            col(MessageThread.match_id),
            col(Resident.name).label("resident"),
            col(Opening.title).label("title"),
            col(Employer.name).label("employer"),
            reporter.name.label("reporter"),  # type: ignore[attr-defined]
            col(Account.name).label("author"),
        )
        .join(reporter, reporter.id == col(MessageReport.reporter_id))  # type: ignore[arg-type]
        .join(Message, col(Message.id) == MessageReport.message_id)
        .join(MessageThread, col(MessageThread.id) == Message.thread_id)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .outerjoin(Account, col(Account.id) == Message.author_id)
        .where(col(MessageReport.handled_at).is_(None), read_by(actor))
        .order_by(col(MessageReport.at), col(MessageReport.id))
    )


def waiting_counts(session: Session, actor: Actor) -> dict[str, int]:
    """Return how many reports and printed notices wait in the actor's branch."""
    statements = {"reports": reports(actor), "printed_notices": printed_notices.waiting(actor)}
    return {
        name: session.execute(
            select(func.count()).select_from(statement.order_by(None).subquery())
        ).scalar_one()
        for name, statement in statements.items()
    }


def reported_ids(session: Session, actor: Actor, ids: list[int]) -> set[int]:
    """Return which of the messages the actor has reported."""
    if not ids:
        return set()
    rows = session.execute(
        select(col(MessageReport.message_id)).where(
            col(MessageReport.message_id).in_(ids),
            col(MessageReport.reporter_id) == actor.account_id,
        )
    )
    return set(rows.scalars())


def outside_choice(session: Session, actor: Actor) -> bool | None:
    """Return whether the account wants notices outside; ``None`` when no gateway is set up."""
    gateway = (
        select(col(OutsideChannel.id))
        .where(col(OutsideChannel.enabled), col(OutsideChannel.audience) == Audience.PEOPLE)
        .limit(1)
    )
    opt_in = select(col(NotificationOptIn.id)).where(
        col(NotificationOptIn.account_id) == actor.account_id
    )
    found, wanted = session.execute(
        select(gateway.scalar_subquery(), opt_in.scalar_subquery())
    ).one()
    return None if found is None else wanted is not None
