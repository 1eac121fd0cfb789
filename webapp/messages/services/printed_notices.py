"""Printed notices for residents who cannot sign in: what waits, what it says, handed over once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col, update

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, NotFound
from webapp.matches import presentation
from webapp.matches.models import Match, MatchEvent
from webapp.messages import masking
from webapp.messages.models import Message, MessageThread, PrintedNotice, Side
from webapp.messages.queries.threads import ThreadView, get_thread, read_by
from webapp.openings.kind_words import by_kind
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident

SLACK = timedelta(seconds=5)  # the step itself is written a moment before its printed notice
MOST = 6  # lines that fit the paper
LONGEST_LINE = 120


@dataclass(frozen=True)
class NoticeToHandOver:
    """A printed notice with its thread and the address it goes to."""

    notice: PrintedNotice
    thread: ThreadView
    unit_address: str


def waiting(actor: Actor) -> Any:
    """Return the statement of notices the actor's branch has to hand over, oldest first."""
    return (
        select(
            col(PrintedNotice.id),
            col(PrintedNotice.created_at),
            col(PrintedNotice.printed_at),
            col(MessageThread.match_id),
            col(Resident.name),
            col(Resident.phone),
            col(Household.unit_address),
            col(Opening.title),
        )
        .join(MessageThread, col(MessageThread.id) == PrintedNotice.thread_id)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(col(PrintedNotice.handed_at).is_(None), read_by(actor))
        .order_by(col(PrintedNotice.created_at), col(PrintedNotice.id))
    )


def get_printed_notice(session: Session, actor: Actor, notice_id: int) -> NoticeToHandOver:
    """Return a printed notice of the actor's branch; raise :class:`NotFound` for any other."""
    row = session.execute(
        select(PrintedNotice, col(MessageThread.match_id), col(Household.unit_address))
        .join(MessageThread, col(MessageThread.id) == PrintedNotice.thread_id)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(col(PrintedNotice.id) == notice_id)
    ).first()
    if row is None or not actor.is_staff:
        raise NotFound
    return NoticeToHandOver(
        row.PrintedNotice, get_thread(session, actor, row.match_id), row.unit_address
    )


def hand_over(
    session: Session, actor: Actor, *, notice_id: int, by_phone: bool = False
) -> PrintedNotice:
    """Note that the resident has the notice, or was told by telephone.

    Raises :class:`Conflict` if somebody has noted it before.
    """
    found = get_printed_notice(session, actor, notice_id)
    handed = session.exec(
        update(PrintedNotice)
        .where(col(PrintedNotice.id) == notice_id, col(PrintedNotice.handed_at).is_(None))
        .values(handed_at=clock.now(), handed_by_id=actor.account_id, by_phone=by_phone)
        .execution_options(synchronize_session=False)
    )
    if handed.rowcount != 1:
        raise Conflict(_("这张条子刚才已经有人交过了。"))
    session.exec(
        update(MessageThread)
        .where(col(MessageThread.id) == found.notice.thread_id)
        .values(unread_resident=False, read_resident_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(found.notice)
    audit.record(session, "printed_notice.hand_over", found.notice, by_phone=by_phone)
    return found.notice


def words(session: Session, found: NoticeToHandOver) -> list[str]:
    """Return the lines of a printed notice: where the match stands, then what came since."""
    since = found.notice.created_at - SLACK
    events = (
        select(MatchEvent, col(Account.role))
        .outerjoin(Account, col(Account.id) == MatchEvent.account_id)
        .where(col(MatchEvent.match_id) == found.thread.match.id, col(MatchEvent.at) >= since)
        .order_by(col(MatchEvent.id))
        .limit(MOST)
    )
    lines = [
        (event.at, by_kind(told, found.thread.kind))
        for event, role in session.execute(events)
        if (told := presentation.told(event, role))
    ]
    messages = (
        select(Message)
        .where(
            col(Message.thread_id) == found.notice.thread_id,
            col(Message.sent_at) >= since,
            col(Message.side) != Side.RESIDENT,
            col(Message.hidden_at).is_(None),
        )
        .order_by(col(Message.id).desc())
        .limit(MOST)
    )
    for message in session.execute(messages).scalars():
        who = found.thread.employer_name if message.side is Side.EMPLOYER else _("社区")
        text = masking.mask(message.text)[:LONGEST_LINE]
        lines.append((message.sent_at, _("%(who)s说：%(text)s", who=who, text=text)))
    return [
        by_kind(presentation.standing(found.thread.match), found.thread.kind),
        *(text for _at, text in sorted(lines)[-MOST:]),
    ]


def branch_of(session: Session, found: NoticeToHandOver) -> Branch:
    """Return the branch where the resident answers."""
    return session.get_one(Branch, found.thread.branch_id)


def mark_printed(session: Session, *, notice_id: int) -> None:
    """Note that a printed notice was opened for printing."""
    session.exec(
        update(PrintedNotice)
        .where(col(PrintedNotice.id) == notice_id, col(PrintedNotice.printed_at).is_(None))
        .values(printed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
