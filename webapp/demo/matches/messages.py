"""Message threads of the demo community, written through the services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col, update

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import AppError
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.employers.models import EmployerMember
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.messages.models import (
    Message,
    MessageReport,
    MessageThread,
    PrintedNotice,
    ReportReason,
    Side,
)
from webapp.messages.queries.threads import get_thread
from webapp.messages.services import agreements, sending
from webapp.openings.models import Opening
from webapp.residents.models import Resident

S = MatchState
# Which scripts fit which states, and how many threads to fill with each.
KINDS: dict[str, tuple[tuple[MatchState, ...], int]] = {
    "applied": ((S.APPLIED, S.SEEN), 12),
    "interview": ((S.INTERVIEW,), 6),
    "job_offer": ((S.JOB_OFFER,), 4),
    "hired": ((S.HIRED,), 5),
    "community": ((S.OFFERED, S.INTERESTED), 6),
    "assisted": ((S.APPLIED, S.SEEN, S.INTERVIEW), 4),
    "wrong": ((S.APPLIED, S.SEEN), 2),
}
STARS = ("13800000001", "13800000005", "13800000002", "13800000006")
PAUSE = timedelta(minutes=17)
OLD = timedelta(days=3)


@dataclass(frozen=True)
class Scene:
    """A thread to be filled, and who speaks in it."""

    match_id: int
    since: datetime
    cast: dict[str, Actor]


def write(session: Session) -> None:
    """Fill threads, those of the demo logins first; then settle what is old.

    Called once, in one transaction.
    """
    _settle_old(session)
    taken: set[int] = set()
    for kind, (states, times) in KINDS.items():
        scripts = read("messages")[kind]
        scenes = _scenes(session, states, assisted=kind == "assisted", taken=taken)
        for number, scene in zip(range(times), scenes, strict=False):
            taken.add(scene.match_id)
            _play(session, scene, scripts[number % len(scripts)], f"{kind}{number}", number)
            if kind == "interview":
                _exchange(session, scene, both=number % 2 == 0)
            if kind == "wrong":
                _report(session, scene)


def _play(session: Session, scene: Scene, script: list[list[str]], name: str, number: int) -> None:
    """Write the messages one after the other, soon after the match's last event."""
    latest = clock.now() - PAUSE * (len(script) + 1)
    moment = min(scene.since + timedelta(minutes=10 + 7 * number), latest)
    for index, (who, text) in enumerate(script):
        moment += PAUSE
        speaker = scene.cast["staff" if who == "for_resident" else who]
        try:
            with act_as(session, speaker, moment):
                sending.mark_read(session, get_thread(session, speaker, scene.match_id))
                sending.send_message(
                    session,
                    speaker,
                    match_id=scene.match_id,
                    text=text,
                    once=f"demo{name}{index}",
                    on_behalf=who == "for_resident",
                )
        except AppError:  # the thread has moved on meanwhile
            return


def _exchange(session: Session, scene: Scene, *, both: bool) -> None:
    for who in ("employer", "resident") if both else ("employer",):
        with act_as(session, scene.cast[who], clock.now()):
            agreements.agree(session, scene.cast[who], match_id=scene.match_id)


def _report(session: Session, scene: Scene) -> None:
    resident = scene.cast["resident"]
    with act_as(session, resident, clock.now()):
        message_id = session.execute(
            select(col(Message.id))
            .join(MessageThread, col(MessageThread.id) == Message.thread_id)
            .where(
                col(MessageThread.match_id) == scene.match_id,
                col(Message.side) == Side.EMPLOYER,
                col(Message.id).not_in(select(col(MessageReport.message_id))),
            )
        ).scalar()
        if message_id is not None:
            sending.report_message(
                session,
                resident,
                message_id=message_id,
                reason=ReportReason.MONEY,
                note="我不放心，请社区看看",
            )


def _settle_old(session: Session) -> None:
    """Mark printed notices of days ago handed over and old news read."""
    with act_as(session, SYSTEM, clock.now()):
        staff = _staff(session)
        session.exec(
            update(PrintedNotice)
            .where(
                col(PrintedNotice.handed_at).is_(None),
                col(PrintedNotice.created_at) < clock.now() - OLD,
            )
            .values(handed_at=clock.now() - OLD, handed_by_id=staff.account_id)
            .execution_options(synchronize_session=False)
        )
        for unread, read_at in (
            (MessageThread.unread_resident, "read_resident_at"),
            (MessageThread.unread_employer, "read_employer_at"),
        ):
            session.exec(
                update(MessageThread)
                .where(col(unread), col(MessageThread.last_at) < clock.now() - OLD)
                .values(**{unread.key: False, read_at: col(MessageThread.last_at)})  # type: ignore[attr-defined]
                .execution_options(synchronize_session=False)
            )


def _scenes(
    session: Session, states: tuple[MatchState, ...], *, assisted: bool, taken: set[int]
) -> Iterator[Scene]:
    """Return threads in ``states``, those of the demo logins first, one for each person."""
    staff = _staff(session)
    rows = session.execute(_candidates(states, assisted=assisted)).all()
    met: set[int] = set()
    stars = [row for row in rows if row.phone in STARS[:2]]
    of_stars = [row for row in rows if row.employer_phone in STARS[2:]]
    for row in (*stars, *of_stars, *rows):
        if row.id in taken or row.resident_id in met:
            continue
        met.add(row.resident_id)
        yield Scene(row.id, row.since, _cast(row, staff))


def _candidates(states: tuple[MatchState, ...], *, assisted: bool) -> Any:
    own = Account.__table__.alias("own")  # type: ignore[attr-defined]
    member = Account.__table__.alias("member")  # type: ignore[attr-defined]
    no_account = col(Resident.account_id).is_(None)
    return (
        select(
            col(Match.id),
            col(Match.since),
            col(Match.resident_id),
            col(Resident.account_id),
            col(Opening.employer_id),
            col(EmployerMember.account_id).label("member_id"),
            own.c.phone.label("phone"),
            member.c.phone.label("employer_phone"),
        )
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(EmployerMember, col(EmployerMember.employer_id) == Opening.employer_id)
        .join(member, member.c.id == EmployerMember.account_id)
        .outerjoin(own, own.c.id == Resident.account_id)
        .where(col(Match.state).in_(states), no_account if assisted else ~no_account)
        .order_by(col(Match.since).desc(), col(Match.id))
    )


def _cast(row: Any, staff: Actor) -> dict[str, Actor]:
    resident = Actor(account_id=row.account_id, role=Role.RESIDENT, resident_id=row.resident_id)
    employer = Actor(account_id=row.member_id, role=Role.EMPLOYER, employer_id=row.employer_id)
    return {"staff": staff, "resident": resident, "employer": employer}


def _staff(session: Session) -> Actor:
    account = session.execute(
        select(Account)
        .join(Branch, col(Branch.id) == Account.branch_id)
        .where(col(Account.role) == Role.STAFF)
        .order_by(col(Account.id))
        .limit(1)
    ).scalar_one()
    return Actor(
        account_id=account.id, role=Role.STAFF, name=account.name, branch_id=account.branch_id
    )
