"""What is read of threads: the inboxes, the lines of one thread, the number in the navigation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.access import Actor
from webapp.accounts.models import Account
from webapp.employers.models import Employer
from webapp.formatting import moment_words
from webapp.matches import wording
from webapp.matches.lifecycle import MatchAction
from webapp.matches.models import Match, MatchEvent
from webapp.messages import masking, slips
from webapp.messages.models import (
    ContactAgreement,
    Message,
    MessageReport,
    MessageThread,
    OutsideWish,
    Side,
)
from webapp.messages.scopes import Talk, read_by
from webapp.openings.models import Opening
from webapp.outbox import Audience, OutsideChannel
from webapp.residents.models import Resident
from webapp.words import label

LINES = 60  # messages on one page of a thread
EVENTS = 100
A = MatchAction
# Steps an employer reads in a thread: their own and what hands the applicant to them.
_TOLD_EMPLOYER = frozenset(
    {
        A.APPLY,
        A.SEE,
        A.INVITE_INTERVIEW,
        A.OFFER_JOB,
        A.HIRE,
        A.UNDO_HIRE,
        A.REFUSE,
        A.FOLLOW_UP_30,
        A.FOLLOW_UP_90,
        A.RETAIN,
        A.LEAVE,
    }
)
# The refusal firewall: no list of staff's shows who chose something else or did not answer.
_NOT_LISTED = frozenset({A.DECLINE, A.SAY_WHY, A.TIME_OUT, A.WITHDRAW})
_UNREAD = {
    Side.RESIDENT: MessageThread.unread_resident,
    Side.EMPLOYER: MessageThread.unread_employer,
    Side.STAFF: MessageThread.unread_staff,
}


@dataclass(frozen=True)
class Line:
    """One line of a thread: a step of the match (``message`` is ``None``) or what somebody wrote.

    ``own``: written by the reader's side. ``text`` is what the reader may see of it.
    """

    at: datetime
    text: str
    who: str = ""
    own: bool = False
    hidden: bool = False
    message: Message | None = None

    @property
    def when(self) -> str:
        """The moment in words."""
        return moment_words(self.at)


def side_of(actor: Actor) -> Side:
    """Return for which side the actor reads inboxes."""
    if actor.resident_id is not None:
        return Side.RESIDENT
    return Side.EMPLOYER if actor.employer_id is not None else Side.STAFF


def unread(session: Session, actor: Actor) -> int:
    """Return in how many threads something waits for the actor: one query by a small index."""
    counted = (
        select(func.count())
        .select_from(MessageThread)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(_UNREAD[side_of(actor)]), read_by(actor))
    )
    return int(session.execute(counted).scalar_one())


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
        col(MatchEvent.action).in_([action.value for action in _told(side)]),
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


def last_line(row: Any, side: Side) -> str:
    """Return the newest line of an inbox's row, cut short."""
    message, event = row.Message, row.MatchEvent
    if message is None or (event is not None and event.at > message.sent_at):
        return _event_words(event, side) if event is not None else ""
    if message.hidden_at is not None:
        return _("这条被社区遮掉了")
    text = masking.mask(message.text)
    said = text if len(text) <= 40 else f"{text[:40]}…"
    return _("我：%(text)s", text=said) if message.side is side else said


def lines(session: Session, talk: Talk, *, before: int | None = None) -> tuple[list[Line], int]:
    """Return a page of a thread, oldest first, and where the earlier page begins (0: nowhere).

    ``before`` is a message's id: the page ends right before it.
    """
    messages = _messages(session, talk, before)
    earlier = messages[0][0].id if len(messages) == LINES else 0
    since = messages[0][0].sent_at if earlier else None
    until = messages[-1][0].sent_at if before and messages else None
    found = [_message_line(talk, message, name) for message, name in messages]
    found += _event_lines(session, talk) + _contact_lines(session, talk)
    kept = [
        line
        for line in found
        if (since is None or line.at >= since) and (until is None or line.at <= until)
    ]
    return sorted(kept, key=lambda line: line.at), earlier


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
    """Return how many reports and slips wait in the actor's branch."""
    statements = {"reports": reports(actor), "slips": slips.waiting(actor)}
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


def message_line(session: Session, talk: Talk, message: Message) -> Line:
    """Return one message as the thread's reader sees it."""
    author = session.get(Account, message.author_id) if message.author_id else None
    return _message_line(talk, message, author.name if author else None)


def outside_choice(session: Session, actor: Actor) -> bool | None:
    """Return whether the account wants notices outside; ``None`` when no gateway is set up."""
    gateway = (
        select(col(OutsideChannel.id))
        .where(col(OutsideChannel.enabled), col(OutsideChannel.audience) == Audience.PEOPLE)
        .limit(1)
    )
    wish = select(col(OutsideWish.id)).where(col(OutsideWish.account_id) == actor.account_id)
    found, wanted = session.execute(select(gateway.scalar_subquery(), wish.scalar_subquery())).one()
    return None if found is None else wanted is not None


def author_words(talk: Talk, message: Message, name: str | None) -> str:
    """Return who wrote a message, as the reader knows them."""
    if message.side is Side.RESIDENT:
        said = _("%(name)s（社区代写）", name=talk.resident_name)
        return said if message.on_behalf else talk.resident_name
    if message.side is Side.EMPLOYER:
        return talk.employer_name
    return _("社区 %(name)s", name=name or "")


def _messages(session: Session, talk: Talk, before: int | None) -> list[Any]:
    if talk.thread is None:
        return []
    query = (
        select(Message, col(Account.name))
        .outerjoin(Account, col(Account.id) == Message.author_id)
        .where(col(Message.thread_id) == talk.thread.id)
        .order_by(col(Message.id).desc())
        .limit(LINES)
    )
    if talk.side is Side.EMPLOYER:
        query = query.where(col(Message.with_employer))
    if before is not None:
        query = query.where(col(Message.id) < before)
    return list(reversed(session.execute(query).all()))


def _message_line(talk: Talk, message: Message, name: str | None) -> Line:
    hidden = message.hidden_at is not None
    text = message.text if talk.contacts_open else masking.mask(message.text)
    return Line(
        at=message.sent_at,
        text=_("这条被社区遮掉了") if hidden else text,
        who=author_words(talk, message, name),
        own=message.side is talk.side,
        hidden=hidden,
        message=message,
    )


def _told(side: Side) -> frozenset[MatchAction]:
    if side is Side.RESIDENT:
        return wording.TOLD_ACTIONS
    return _TOLD_EMPLOYER if side is Side.EMPLOYER else wording.TOLD_ACTIONS - _NOT_LISTED


def _event_words(event: Any, side: Side) -> str:
    if side is Side.RESIDENT:
        return wording.told(event) or ""
    return label(MatchAction(event.action)) if side is Side.EMPLOYER else wording.noted(event)


def _event_lines(session: Session, talk: Talk) -> list[Line]:
    events = session.execute(
        select(MatchEvent)
        .where(
            col(MatchEvent.match_id) == talk.match.id,
            col(MatchEvent.action).in_([action.value for action in _told(talk.side)]),
        )
        .order_by(col(MatchEvent.id).desc())
        .limit(EVENTS)
    ).scalars()
    return [Line(at=event.at, text=_event_words(event, talk.side)) for event in events]


def _contact_lines(session: Session, talk: Talk) -> list[Line]:
    if talk.thread is None or not talk.employer_in:
        return []
    found = []
    rows = session.execute(
        select(ContactAgreement).where(col(ContactAgreement.thread_id) == talk.thread.id)
    ).scalars()
    for row in rows:
        who = talk.resident_name if row.side is Side.RESIDENT else talk.employer_name
        found.append(Line(at=row.given_at, text=_("%(who)s同意换电话", who=who)))
        if row.withdrawn_at is not None:
            taken_back = _("%(who)s收回了换电话的同意", who=who)
            found.append(Line(at=row.withdrawn_at, text=taken_back))
    return found
