"""The lines of a thread: what people wrote and the steps of the match, in one row of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.access import Role
from webapp.core.formatting import moment_words
from webapp.core.labels import label
from webapp.core.vocabulary import Kind
from webapp.matches import presentation
from webapp.matches.lifecycle import MatchAction
from webapp.matches.models import MatchEvent
from webapp.matches.queries.taken_back import not_taken_back
from webapp.messages import masking
from webapp.messages.models import ContactAgreement, Message, Side
from webapp.messages.queries.threads import ThreadView
from webapp.openings.kind_words import by_kind

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
_NOT_LISTED = frozenset({A.DECLINE, A.GIVE_DECLINE_REASON, A.TIME_OUT, A.WITHDRAW})


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


def last_line(row: Any, side: Side) -> str:
    """Return the newest line of an inbox's row, cut short."""
    message, event = row.Message, row.MatchEvent
    if message is None or (event is not None and event.at > message.sent_at):
        # Who noted it stands in the thread; a line of the list has no room for it.
        return _event_words(event, None, side, row.kind) if event is not None else ""
    if message.hidden_at is not None:
        return _("这条被社区遮掉了")
    text = masking.mask(message.text)
    said = text if len(text) <= 40 else f"{text[:40]}…"
    return _("我：%(text)s", text=said) if message.side is side else said


def read_lines(
    session: Session, thread: ThreadView, *, before: int | None = None
) -> tuple[list[Line], int]:
    """Return a page of a thread, oldest first, and where the earlier page begins (0: nowhere).

    ``before`` is a message's id: the page ends right before it.
    """
    messages = _messages(session, thread, before)
    earlier = messages[0][0].id if len(messages) == LINES else 0
    since = messages[0][0].sent_at if earlier else None
    until = messages[-1][0].sent_at if before and messages else None
    found = [_message_line(thread, message, name) for message, name in messages]
    found += _event_lines(session, thread) + _contact_lines(session, thread)
    kept = [
        line
        for line in found
        if (since is None or line.at >= since) and (until is None or line.at <= until)
    ]
    return sorted(kept, key=lambda line: line.at), earlier


def message_line(session: Session, thread: ThreadView, message: Message) -> Line:
    """Return one message as the thread's reader sees it."""
    author = session.get(Account, message.author_id) if message.author_id else None
    return _message_line(thread, message, author.name if author else None)


def author_words(thread: ThreadView, message: Message, name: str | None) -> str:
    """Return who wrote a message, as the reader knows them."""
    if message.side is Side.RESIDENT:
        said = _("%(name)s（社区代写）", name=thread.resident_name)
        return said if message.on_behalf else thread.resident_name
    if message.side is Side.EMPLOYER:
        return thread.employer_name
    return _("社区 %(name)s", name=name or "")


def _messages(session: Session, thread: ThreadView, before: int | None) -> list[Any]:
    if thread.row is None:
        return []
    query = (
        select(Message, col(Account.name))
        .outerjoin(Account, col(Account.id) == Message.author_id)
        .where(col(Message.thread_id) == thread.row.id)
        .order_by(col(Message.id).desc())
        .limit(LINES)
    )
    if thread.side is Side.EMPLOYER:
        query = query.where(col(Message.with_employer))
    if before is not None:
        query = query.where(col(Message.id) < before)
    return list(reversed(session.execute(query).all()))


def _message_line(thread: ThreadView, message: Message, name: str | None) -> Line:
    hidden = message.hidden_at is not None
    text = message.text if thread.contacts_open else masking.mask(message.text)
    return Line(
        at=message.sent_at,
        text=_("这条被社区遮掉了") if hidden else text,
        who=author_words(thread, message, name),
        own=message.side is thread.side,
        hidden=hidden,
        message=message,
    )


def told_actions(side: Side) -> frozenset[MatchAction]:
    """Return the steps of a match that a side finds in its thread."""
    if side is Side.RESIDENT:
        return presentation.TOLD_ACTIONS
    return _TOLD_EMPLOYER if side is Side.EMPLOYER else presentation.TOLD_ACTIONS - _NOT_LISTED


def _event_words(event: Any, role: Role | None, side: Side, kind: Kind) -> str:
    if side is Side.RESIDENT:
        words = presentation.told(event, role) or ""
    elif side is Side.EMPLOYER:
        words = label(MatchAction(event.action))
    else:
        words = presentation.noted(event)
    return by_kind(words, kind)


def _event_lines(session: Session, thread: ThreadView) -> list[Line]:
    events = session.execute(
        select(MatchEvent, col(Account.role))
        .outerjoin(Account, col(Account.id) == MatchEvent.account_id)
        .where(
            col(MatchEvent.match_id) == thread.match.id,
            col(MatchEvent.action).in_([action.value for action in told_actions(thread.side)]),
            not_taken_back(),
        )
        .order_by(col(MatchEvent.id).desc())
        .limit(EVENTS)
    )
    return [
        Line(at=event.at, text=_event_words(event, role, thread.side, thread.kind))
        for event, role in events
    ]


def _contact_lines(session: Session, thread: ThreadView) -> list[Line]:
    if thread.row is None or not thread.employer_in:
        return []
    found = []
    rows = session.execute(
        select(ContactAgreement).where(col(ContactAgreement.thread_id) == thread.row.id)
    ).scalars()
    for row in rows:
        who = thread.resident_name if row.side is Side.RESIDENT else thread.employer_name
        found.append(Line(at=row.given_at, text=_("%(who)s同意换电话", who=who)))
        if row.withdrawn_at is not None:
            taken_back = _("%(who)s收回了换电话的同意", who=who)
            found.append(Line(at=row.withdrawn_at, text=taken_back))
    return found
