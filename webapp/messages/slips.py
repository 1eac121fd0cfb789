"""Slips of paper for residents who cannot sign in: what waits, what it says, handed over once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col, update

from webapp.branches.models import Branch
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, NotFound
from webapp.matches import presentation
from webapp.matches.models import Match, MatchEvent
from webapp.messages import masking
from webapp.messages.access import Talk, get_talk, read_by
from webapp.messages.models import Message, MessageThread, Side, Slip
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident

SLACK = timedelta(seconds=5)  # the step itself is written a moment before its slip
MOST = 6  # lines that fit the paper
LONGEST_LINE = 120


@dataclass(frozen=True)
class SlipToHand:
    """A slip with the thread it is about and the door it goes to."""

    slip: Slip
    talk: Talk
    door: str


def waiting(actor: Actor) -> Any:
    """Return the statement of slips that the actor's branch has to hand over, oldest first."""
    return (
        select(
            col(Slip.id),
            col(Slip.created_at),
            col(Slip.printed_at),
            col(MessageThread.match_id),
            col(Resident.name),
            col(Resident.phone),
            col(Household.door),
            col(Opening.title),
        )
        .join(MessageThread, col(MessageThread.id) == Slip.thread_id)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(col(Slip.handed_at).is_(None), read_by(actor))
        .order_by(col(Slip.created_at), col(Slip.id))
    )


def get_slip(session: Session, actor: Actor, slip_id: int) -> SlipToHand:
    """Return a slip of the actor's branch; raise :class:`NotFound` for any other."""
    row = session.execute(
        select(Slip, col(MessageThread.match_id), col(Household.door))
        .join(MessageThread, col(MessageThread.id) == Slip.thread_id)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(col(Slip.id) == slip_id)
    ).first()
    if row is None or not actor.is_staff:
        raise NotFound
    return SlipToHand(row.Slip, get_talk(session, actor, row.match_id), row.door)


def hand_over(session: Session, actor: Actor, *, slip_id: int, by_phone: bool = False) -> Slip:
    """Note that the resident has the slip, or was told by telephone; :class:`Conflict` twice."""
    found = get_slip(session, actor, slip_id)
    handed = session.exec(
        update(Slip)
        .where(col(Slip.id) == slip_id, col(Slip.handed_at).is_(None))
        .values(handed_at=clock.now(), handed_by_id=actor.account_id, by_phone=by_phone)
        .execution_options(synchronize_session=False)
    )
    if handed.rowcount != 1:
        raise Conflict(_("这张条子刚才已经有人交过了。"))
    session.exec(
        update(MessageThread)
        .where(col(MessageThread.id) == found.slip.thread_id)
        .values(unread_resident=False, read_resident_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(found.slip)
    audit.record(session, "slip.hand_over", found.slip, by_phone=by_phone)
    return found.slip


def words(session: Session, found: SlipToHand) -> list[str]:
    """Return what the slip tells: where the match stands, then what came since it began to wait."""
    since = found.slip.created_at - SLACK
    thread = (
        select(MatchEvent)
        .where(col(MatchEvent.match_id) == found.talk.match.id, col(MatchEvent.at) >= since)
        .order_by(col(MatchEvent.id))
        .limit(MOST)
    )
    lines = [
        (event.at, told)
        for event in session.execute(thread).scalars()
        if (told := presentation.told(event))
    ]
    messages = (
        select(Message)
        .where(
            col(Message.thread_id) == found.slip.thread_id,
            col(Message.sent_at) >= since,
            col(Message.side) != Side.RESIDENT,
            col(Message.hidden_at).is_(None),
        )
        .order_by(col(Message.id).desc())
        .limit(MOST)
    )
    for message in session.execute(messages).scalars():
        who = found.talk.employer_name if message.side is Side.EMPLOYER else _("社区")
        text = masking.mask(message.text)[:LONGEST_LINE]
        lines.append((message.sent_at, _("%(who)s说：%(text)s", who=who, text=text)))
    return [presentation.standing(found.talk.match), *(text for _at, text in sorted(lines)[-MOST:])]


def branch_of(session: Session, found: SlipToHand) -> Branch:
    """Return the branch where the resident answers."""
    return session.get_one(Branch, found.talk.branch_id)


def mark_printed(session: Session, *, slip_id: int) -> None:
    """Note that a slip was opened for printing."""
    session.exec(
        update(Slip)
        .where(col(Slip.id) == slip_id, col(Slip.printed_at).is_(None))
        .values(printed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
