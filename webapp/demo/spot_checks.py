"""The demo's spot checks of the last quarter: drawn, most of it looked at, one reply, one open.

What was closed in that quarter is written first, all through the real services, each on its day.
"""

from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import ANONYMOUS, SYSTEM, Actor, Role
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.draws import service as draws
from webapp.draws.models import Draw, DrawEntry
from webapp.spot_checks import quarters
from webapp.spot_checks.lifecycle import Finding
from webapp.spot_checks.models import SpotCheck, SpotCheckLine
from webapp.spot_checks.queries import lines
from webapp.spot_checks.services import making, reviewing
from webapp.tickets.lifecycle import Outcome, Rating, TicketChannel, TicketKind, Urgency
from webapp.tickets.services import calling, filing, handling, sorting

_MADE = timedelta(hours=8, minutes=15)
_TYPED = time(9, 40)
_NUMBERS = "3 9 14 21 27 32 6"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def write(session: Session) -> None:
    """Write the last quarter's tickets and its checks; called once, in one transaction."""
    content = read("spot_checks")
    staff = _staff(session)
    first, end = quarters.bounds(quarters.before(clock.today()))
    for number, story in enumerate(content["tickets"]):
        _ticket(session, number, story, staff, first + story["day"] * _DAY + 9 * _HOUR)
    if end + _MADE > clock.now():
        return  # the job makes the checks this morning
    with act_as(session, SYSTEM, end + _MADE):
        making.make(session)
    checks = session.exec(select(SpotCheck.id, SpotCheck.draw_id, SpotCheck.kind)).all()
    for check_id, draw_id, kind in checks:
        if draw_id is None or _draw(session, draw_id, staff["富民支部"]):
            _look(session, check_id, content["findings"][kind])


def _staff(session: Session) -> dict[str, list[Actor]]:
    """Return the members of each branch, its secretary first."""
    rows = session.exec(
        select(Branch.name, Account)
        .join(Account, col(Account.branch_id) == Branch.id)
        .where(Account.role == Role.STAFF, Account.enabled)
        .order_by(col(Account.is_secretary).desc(), col(Account.id))
    ).all()
    found: dict[str, list[Actor]] = {}
    for branch, account in rows:
        found.setdefault(branch, []).append(_acting(account))
    return found


def _acting(account: Account) -> Actor:
    return Actor(account.id, account.role, account.name, branch_id=account.branch_id)


def _ticket(
    session: Session, number: int, story: dict[str, Any], staff: dict[str, list[Actor]], at: Any
) -> None:
    secretary, owner, *others = staff[story["branch"]]
    backup, private = (others or [secretary])[0], story.get("private", False)
    with act_as(session, ANONYMOUS, at):
        ticket_id = filing.file_ticket(
            session,
            ANONYMOUS,
            words=story["words"],
            channel=TicketChannel.WEB,
            is_private=private,
            client=f"demo-{number}",
        ).ticket.id
    with act_as(session, secretary, at + _HOUR):
        sorting.classify(
            session,
            secretary,
            ticket_id=ticket_id,
            branch_id=secretary.branch_id or 0,
            kind=TicketKind(story["kind"]),
            urgency=Urgency(story["urgency"]),
            is_private=private,
        )
        sorting.dispatch(
            session,
            secretary,
            ticket_id=ticket_id,
            owner_id=owner.account_id or 0,
            backup_id=backup.account_id or 0,
        )
    with act_as(session, owner, at + 2 * _HOUR):
        handling.acknowledge(session, owner, ticket_id=ticket_id)
    with act_as(session, owner, at + 7 * _HOUR):
        handling.reply(session, owner, ticket_id=ticket_id, words=story["reply"])
    with act_as(session, backup, at + _DAY):
        calling.call(session, backup, ticket_id=ticket_id)
        calling.note_outcome(
            session,
            backup,
            ticket_id=ticket_id,
            outcome=Outcome(story["outcome"]),
            rating=Rating(story["rating"]),
        )


def _draw(session: Session, draw_id: int, members: list[Actor]) -> bool:
    """Have two members type the result in on the morning after it; whether it was drawn by now."""
    day = session.get_one(Draw, draw_id).source_day
    typed = datetime.combine((day or clock.today()) + _DAY, _TYPED, clock.LOCAL)
    if typed > clock.now():
        return False
    for number, member in enumerate(members[:2]):
        with act_as(session, member, typed + number * _HOUR):
            draws.type_seed(session, member, draw_id=draw_id, numbers=_NUMBERS, round_number=1)
    return True


def _look(session: Session, check_id: int, stories: list[dict[str, str]]) -> None:
    """Have as many lines looked at as there are stories; the others wait."""
    begun = session.get_one(SpotCheck, check_id).selected_at or clock.now()
    rows = session.exec(
        select(SpotCheckLine.id, SpotCheckLine.reviewer_id, SpotCheckLine.member_id)
        .outerjoin(DrawEntry, col(DrawEntry.id) == SpotCheckLine.draw_entry_id)
        .where(SpotCheckLine.check_id == check_id, col(SpotCheckLine.reviewer_id).is_not(None))
        .order_by(col(DrawEntry.rank), col(SpotCheckLine.id))
    ).all()
    for number, ((line_id, reviewer_id, member_id), story) in enumerate(
        zip(rows[:-1], stories, strict=False)
    ):
        at = begun + (2 + 2 * number) * _DAY + 5 * _HOUR
        if at + 3 * _DAY > clock.now():
            return
        reviewer = _acting(session.get_one(Account, reviewer_id))
        with act_as(session, reviewer, at):
            reviewing.find(
                session,
                reviewer,
                line_id=line_id,
                finding=Finding(story["finding"]),
                words=story["words"],
            )
        if "reply" in story and member_id is not None:
            member = _acting(session.get_one(Account, member_id))
            with act_as(session, member, at + _DAY):
                reviewing.reply(session, member, line_id=line_id, words=story["reply"])
        if "measures" in story:
            _follow_up(session, line_id, story["measures"], at + 2 * _DAY)


def _follow_up(session: Session, line_id: int, words: str, at: datetime) -> None:
    line = session.get_one(SpotCheckLine, line_id)
    leader_id = lines.leader_of(session, line)
    if leader_id is None:
        return
    leader = _acting(session.get_one(Account, leader_id))
    with act_as(session, leader, at):
        reviewing.note_measures(session, leader, line_id=line_id, words=words)
