"""What people do in a thread: write, read, report; what staff decide about a report."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, update

from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound, TooMany
from webapp.messages import masking, policy
from webapp.messages.models import (
    Message,
    MessageReport,
    MessageThread,
    NotificationOptIn,
    ReportReason,
    Side,
    Verdict,
)
from webapp.messages.queries.threads import ThreadView, get_thread
from webapp.messages.services.notices import tell
from webapp.rulebook.figures import rule

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EARLIER = 4  # messages looked at for a number written in parts


@dataclass(frozen=True)
class Sent:
    """A message as it was stored; ``again`` when the same form had been sent before."""

    message: Message
    again: bool = False


def send_message(
    session: Session, actor: Actor, *, match_id: int, text: str, once: str, on_behalf: bool = False
) -> Sent:
    """Write ``text`` into a match's thread, contact data hidden unless both sides agreed.

    ``on_behalf``: staff write what a resident they assist told them. The same ``once`` again
    gives back the first message. Raises :class:`NotFound` for a thread that is not the actor's,
    :class:`Forbidden` and :class:`Conflict` where nothing may be written, :class:`TooMany`
    beyond the house's limits.
    """
    thread = get_thread(session, actor, match_id, locked=True)
    side = _writing_side(actor, thread, on_behalf)
    sent = _sent_before(session, thread, once)
    if sent is not None:
        return Sent(sent, again=True)
    _check_limits(session, actor, thread)
    shown = text if thread.contacts_open else _masked(session, thread, side, text)
    thread_id = tell(
        session,
        match_id=match_id,
        sides=_concerned(thread, side),
        key=f"message:{match_id}:{once}",
        on_paper=True,
    )
    message = Message(
        thread_id=thread_id,
        sent_at=clock.now(),
        author_id=actor.account_id,
        side=side,
        on_behalf=on_behalf,
        text=shown,
        masked=shown != text,
        with_employer=thread.employer_in,
        once=once,
    )
    session.add(message)
    session.flush()
    audit.record(session, "message.send", message, on_behalf=on_behalf, hidden=message.masked)
    return Sent(message)


def mark_read(session: Session, thread: ThreadView) -> None:
    """Note that the reader's side has read the thread up to now."""
    if thread.row is None:
        return
    side = thread.side.value
    session.exec(
        update(MessageThread)
        .where(col(MessageThread.id) == thread.row.id)
        .values(**{f"unread_{side}": False, f"read_{side}_at": clock.now()})
        .execution_options(synchronize_session=False)
    )


def report_message(
    session: Session, actor: Actor, *, message_id: int, reason: ReportReason, note: str = ""
) -> MessageReport:
    """Bring a message before the branch's staff; a second report of one person is the first."""
    message, thread = get_message(session, actor, message_id)
    if message.author_id == actor.account_id:
        raise Conflict(_("这是您自己写的。写错了就再写一条说明。"))
    _limit(
        session,
        "message_reports_per_day",
        DAY,
        select(func.count(), func.min(MessageReport.at)).where(
            col(MessageReport.reporter_id) == actor.account_id,
            col(MessageReport.at) > clock.now() - DAY,
        ),
    )
    report = MessageReport(
        message_id=message.id,
        reporter_id=actor.account_id or 0,
        at=clock.now(),
        reason=reason,
        note=note,
    )
    try:
        with session.begin_nested():
            session.add(report)
    except IntegrityError:
        return session.execute(
            select(MessageReport).where(
                col(MessageReport.message_id) == message.id,
                col(MessageReport.reporter_id) == actor.account_id,
            )
        ).scalar_one()
    tell(
        session,
        match_id=thread.match.id,
        sides={Side.STAFF},
        key=f"report:{report.id}",
        on_paper=False,
    )
    audit.record(session, "message.report", message, reason=reason.value)
    return report


def judge_report(
    session: Session, actor: Actor, *, report_id: int, verdict: Verdict
) -> MessageReport:
    """Hide the reported message or let it stand; all open reports of it are settled.

    Who reported finds the outcome in the thread.
    """
    report = session.get(MessageReport, report_id)
    if report is None:
        raise NotFound
    message, thread = get_message(session, actor, report.message_id)
    if thread.side is not Side.STAFF or not policy.can_judge(actor, author_id=message.author_id):
        raise Forbidden
    settled = session.exec(
        update(MessageReport)
        .where(col(MessageReport.message_id) == message.id, col(MessageReport.handled_at).is_(None))
        .values(handled_at=clock.now(), handled_by_id=actor.account_id, verdict=verdict)
        .execution_options(synchronize_session=False)
    )
    if settled.rowcount == 0:
        raise Conflict(_("刚才已经有人处理了这条举报。"))
    if verdict is Verdict.HIDDEN:
        message.hidden_at = clock.now()
        session.add(message)
    sides = {side for side in (Side.RESIDENT, Side.EMPLOYER) if side is not message.side}
    if not message.with_employer:
        sides.discard(Side.EMPLOYER)
    tell(session, match_id=thread.match.id, sides=sides, key=f"verdict:{report.id}", on_paper=False)
    session.refresh(report)
    audit.record(session, "message.judge", message, verdict=verdict.value)
    return report


def get_message(session: Session, actor: Actor, message_id: int) -> tuple[Message, ThreadView]:
    """Return a message of a thread the actor reads; raise :class:`NotFound` for any other."""
    row = session.execute(
        select(Message, col(MessageThread.match_id))
        .join(MessageThread, col(MessageThread.id) == Message.thread_id)
        .where(col(Message.id) == message_id)
    ).first()
    if row is None:
        raise NotFound
    thread = get_thread(session, actor, row.match_id)
    if thread.side is Side.EMPLOYER and not row.Message.with_employer:
        raise NotFound
    return row.Message, thread


def switch_notifications(session: Session, actor: Actor, *, wanted: bool) -> None:
    """Note whether the account wants to be told outside that something new is there."""
    if actor.account_id is None:
        raise Forbidden
    account = session.get_one(Account, actor.account_id, with_for_update=True)
    found = session.execute(
        select(NotificationOptIn).where(col(NotificationOptIn.account_id) == account.id)
    ).scalar_one_or_none()
    if wanted and found is None:
        session.add(NotificationOptIn(account_id=account.id, since=clock.now()))
    elif not wanted and found is not None:
        session.delete(found)
    session.flush()
    audit.record(session, "account.outside_notices", account, wanted=wanted)


def _writing_side(actor: Actor, thread: ThreadView, on_behalf: bool) -> Side:
    if not policy.can_write(actor, side=thread.side, state=thread.match.state, gone=thread.gone):
        raise Conflict(_("这件事已经结束，不能再写了。有事请联系社区。"))
    if not on_behalf:
        return thread.side
    if not policy.can_write_on_behalf(actor, side=thread.side, assisted=thread.assisted):
        raise Forbidden
    return Side.RESIDENT


def _concerned(thread: ThreadView, side: Side) -> set[Side]:
    """Return who has something new to read.

    Staff are called where nobody else would answer: the employer is not in the thread, or the
    resident cannot read it themselves.
    """
    sides = {Side.RESIDENT} if side is not Side.RESIDENT else set()
    if thread.employer_in and side is not Side.EMPLOYER:
        sides.add(Side.EMPLOYER)
    needs_staff = not thread.employer_in or thread.assisted
    if needs_staff and thread.side is not Side.STAFF:
        sides.add(Side.STAFF)
    return sides


def _sent_before(session: Session, thread: ThreadView, once: str) -> Message | None:
    if thread.row is None:
        return None
    query = select(Message).where(
        col(Message.thread_id) == thread.row.id, col(Message.once) == once
    )
    return session.execute(query).scalar_one_or_none()


def _masked(session: Session, thread: ThreadView, side: Side, text: str) -> str:
    earlier: list[str] = []
    if thread.row is not None:
        query = (
            select(col(Message.text), col(Message.side))
            .where(col(Message.thread_id) == thread.row.id)
            .order_by(col(Message.id).desc())
            .limit(EARLIER)
        )
        for words, who in session.execute(query):
            if who is not side:
                break
            earlier.insert(0, words)
    return masking.mask_after("\n".join(earlier), text)


def _check_limits(session: Session, actor: Actor, thread: ThreadView) -> None:
    """Raise :class:`TooMany` when the account has written too much in the last hour."""
    # Kept from a second message of the same moment, so that the counts are true.
    session.execute(
        select(col(Account.id)).where(col(Account.id) == actor.account_id).with_for_update()
    )
    own = select(func.count(), func.min(Message.sent_at)).where(
        col(Message.author_id) == actor.account_id, col(Message.sent_at) > clock.now() - HOUR
    )
    if thread.row is not None:
        in_thread = own.where(col(Message.thread_id) == thread.row.id)
        _limit(session, "messages_per_thread_hour", HOUR, in_thread)
    name = "messages_per_staff_hour" if actor.is_staff else "messages_per_account_hour"
    _limit(session, name, HOUR, own)


def _limit(session: Session, name: str, window: timedelta, counted: Any) -> None:
    number, first = session.execute(counted).one()
    if number < rule(name, on=clock.today()):
        return
    wait = int((first + window - clock.now()).total_seconds()) + 1
    raise TooMany(
        _("发得太多了，请过 %(n)d 分钟再发。急事请打社区电话。", n=-(-wait // 60)),
        retry_after=wait,
    )
