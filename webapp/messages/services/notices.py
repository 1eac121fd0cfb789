"""Tell those concerned that something happened: unread marks, printed notices, notices outside.

:func:`note_event` follows each step of a match (see ``reactions.py``), :func:`tell` is for the
rest.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, update

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict
from webapp.employers.models import EmployerMember
from webapp.matches.lifecycle import SHOWN_TO_RESIDENT, UNDO_WITHIN, MatchAction
from webapp.matches.models import Match, MatchEvent
from webapp.matches.reason_codes import Channel
from webapp.messages.models import Message, MessageThread, NotificationOptIn, PrintedNotice, Side
from webapp.notices import outbox, telephones
from webapp.notices.models import Audience, OutsideChannel
from webapp.openings.models import Opening
from webapp.residents.models import Resident

A = MatchAction
# Steps of others that a resident has to hear of, and those an employer has to.
NEWS_TO_RESIDENT = frozenset(
    {
        A.APPLY,
        A.CHASE,
        A.CLOSE_OPENING,
        A.FOLLOW_UP_30,
        A.FOLLOW_UP_90,
        A.HIRE,
        A.HIRE_ELSEWHERE,
        A.INVITE_INTERVIEW,
        A.KEEP_TIME,
        A.LEAVE,
        A.OFFER,
        A.OFFER_JOB,
        A.REFUSE,
        A.RESTORE,
        A.RETAIN,
        A.SEE,
        A.TELL_SILENT,
        A.TIME_OUT,
        A.UNDO_HIRE,
        A.WITHDRAW,
    }
)
NEWS_TO_EMPLOYER = frozenset({A.APPLY, A.ASK_OTHER_TIME, A.CAN_COME})
# Steps that a resident who cannot sign in is told on paper; small steps can wait until they meet.
ON_PAPER = frozenset(
    {
        A.CLOSE_OPENING,
        A.HIRE,
        A.INVITE_INTERVIEW,
        A.KEEP_TIME,
        A.OFFER,
        A.OFFER_JOB,
        A.REFUSE,
        A.RESTORE,
        A.TELL_SILENT,
        A.UNDO_HIRE,
    }
)


def note_event(session: Session, actor: Actor, match: Match, event: MatchEvent) -> None:
    """Tell the match's people of a step just written, each if it was not their own."""
    if event.to_state not in SHOWN_TO_RESIDENT:
        return
    action = event.action
    sides = set()
    if action in NEWS_TO_RESIDENT and actor.resident_id != match.resident_id:
        sides.add(Side.RESIDENT)
    if action in NEWS_TO_EMPLOYER and actor.employer_id is None:
        sides.add(Side.EMPLOYER)
    tell(
        session,
        match_id=match.id,
        sides=sides,
        key=f"event:{event.id}",
        on_paper=action in ON_PAPER and not _was_told(session, match, event),
        firm_at=event.at + UNDO_WITHIN if action == A.OFFER else None,
    )


def tell(
    session: Session,
    *,
    match_id: int,
    sides: Iterable[Side],
    key: str,
    on_paper: bool,
    firm_at: datetime | None = None,
) -> int:
    """Mark the match's thread as news for ``sides``; return the thread's id.

    Creates the thread if there is none. ``on_paper``: a resident who cannot sign in gets a
    printed notice.
    ``key`` names what happened, for the outbox, which sends nothing before
    ``firm_at``: until then it may be taken back.
    """
    news: dict[str, Any] = {f"unread_{side.value}": True for side in sides}
    thread_id = _touch(session, match_id, news)
    if not news:
        return thread_id
    account_id, employer_id = session.execute(
        select(col(Resident.account_id), col(Opening.employer_id))
        .select_from(Match)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(col(Match.id) == match_id)
    ).one()
    if on_paper and account_id is None and Side.RESIDENT in sides:
        put_printed_notice(session, thread_id)
    _tell_outside(
        session,
        key=key,
        staff=Side.STAFF in sides,
        account_id=account_id if Side.RESIDENT in sides else None,
        employer_id=employer_id if Side.EMPLOYER in sides else None,
        firm_at=firm_at,
    )
    return thread_id


def take_back(session: Session, *, match_id: int, key: str, since: datetime) -> None:
    """Let nobody hear of what ``key`` names, which happened at ``since``.

    Raises :class:`Conflict` when somebody has been told already or has written about it.
    """
    if not outbox.is_unsent(session, key=key):
        raise Conflict(_("已经告诉本人了，撤不回来了。"))
    thread = session.execute(
        select(MessageThread).where(col(MessageThread.match_id) == match_id)
    ).scalar_one_or_none()
    if thread is None:
        return
    written = select(Message).where(col(Message.thread_id) == thread.id)
    notes = select(PrintedNotice).where(
        col(PrintedNotice.thread_id) == thread.id, col(PrintedNotice.created_at) >= since
    )
    if session.execute(written.where(col(Message.sent_at) >= since)).first() is not None:
        raise Conflict(_("已经有人在这条的消息里说过话了，撤不回来了。"))
    for note in session.scalars(notes):
        if note.handed_at is not None or note.printed_at is not None:
            raise Conflict(_("已经告诉本人了，撤不回来了。"))
        session.delete(note)
    session.flush()
    outbox.take_back(session, key=key)
    earlier = select(col(MatchEvent.id)).where(
        col(MatchEvent.match_id) == match_id,
        col(MatchEvent.at) < since,
        col(MatchEvent.to_state).in_(sorted(SHOWN_TO_RESIDENT)),
    )
    if session.execute(earlier).first() is None and session.execute(written).first() is None:
        session.delete(thread)
    elif thread.last_at == since:
        thread.unread_resident = False
        session.add(thread)
    session.flush()


def tell_accounts(session: Session, *, account_ids: Iterable[int], key: str) -> int:
    """Tell accounts outside, if they wish so, that something new is there; return how many."""
    account_ids = list(account_ids)
    on_telephones = telephones.put(session, key=key, account_ids=account_ids)
    channels = outbox.people_channels(session)
    opted_in = select(col(NotificationOptIn.account_id)).where(
        col(NotificationOptIn.account_id).in_(account_ids)
    )
    return on_telephones + sum(
        outbox.put(session, key=f"{key}:{one}", channel_ids=channels, account_id=one)
        for one in session.execute(opted_in).scalars()
    )


def put_printed_notice(session: Session, thread_id: int) -> None:
    """Have a printed notice wait for the thread's resident, unless one waits already."""
    waiting = select(col(PrintedNotice.id)).where(
        col(PrintedNotice.thread_id) == thread_id, col(PrintedNotice.handed_at).is_(None)
    )
    if session.execute(waiting).first() is not None:
        return
    try:
        with session.begin_nested():
            session.add(PrintedNotice(thread_id=thread_id, created_at=clock.now()))
    except IntegrityError:  # written by another request at the same moment
        return


def _touch(session: Session, match_id: int, news: dict[str, Any]) -> int:
    """Bring the thread to the top with its unread marks; begin it if there is none."""
    touch = (
        update(MessageThread)
        .where(col(MessageThread.match_id) == match_id)
        .values(last_at=clock.now(), **news)
        .returning(col(MessageThread.id))
        .execution_options(synchronize_session=False)
    )
    found = session.execute(touch).scalar_one_or_none()
    if found is not None:
        return int(found)
    try:
        with session.begin_nested():
            thread = MessageThread(match_id=match_id, last_at=clock.now(), **news)
            session.add(thread)
        return thread.id
    except IntegrityError:  # begun by another in the same moment
        return int(session.execute(touch).scalar_one())


def _was_told(session: Session, match: Match, event: MatchEvent) -> bool:
    """Whether staff who offered it said so by telephone or in person."""
    if event.action != A.OFFER:
        return False
    told = session.execute(select(col(Match.channel)).where(col(Match.id) == match.id)).scalar_one()
    return bool(told) and told != Channel.PAGE.value


def _tell_outside(
    session: Session,
    *,
    key: str,
    staff: bool,
    account_id: int | None,
    employer_id: int | None,
    firm_at: datetime | None = None,
) -> None:
    if account_id is not None:
        telephones.put(session, key=key, account_ids=[account_id], firm_at=firm_at)
    channels = session.execute(
        select(col(OutsideChannel.id), col(OutsideChannel.audience)).where(
            col(OutsideChannel.enabled)
        )
    ).all()
    to_people = [id_ for id_, audience in channels if audience is Audience.PEOPLE]
    if staff:
        to_staff = [id_ for id_, audience in channels if audience is Audience.STAFF]
        outbox.put(session, key=f"{key}:staff", channel_ids=to_staff, account_id=None)
    if not to_people or (account_id is None and employer_id is None):
        return
    of_employer = exists().where(
        col(EmployerMember.account_id) == col(NotificationOptIn.account_id),
        col(EmployerMember.employer_id) == (employer_id or 0),
    )
    opted_in = select(col(NotificationOptIn.account_id)).where(
        or_(col(NotificationOptIn.account_id) == (account_id or 0), of_employer)
    )
    for reader_id in session.execute(opted_in).scalars().all():
        outbox.put(
            session,
            key=f"{key}:{reader_id}",
            channel_ids=to_people,
            account_id=reader_id,
            firm_at=firm_at,
        )
