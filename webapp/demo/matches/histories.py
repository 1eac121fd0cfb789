"""Histories of matches in every state, walked through the real use cases day by day.

Each history starts from a suggestion and goes through the services as the people in it would
act, with the clock held at the days between its start and today.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import AppError
from webapp.demo.act_as import act_as
from webapp.demo.matches import taste
from webapp.employers.models import EmployerMember
from webapp.matches import half_days, services
from webapp.matches.lifecycle import ENDS_AT_INTEREST, MatchState
from webapp.matches.models import Match
from webapp.matches.reason_codes import (
    Channel,
    DeclineReason,
    DismissReason,
    FollowUpSource,
    LeaveReason,
    RefuseReason,
)
from webapp.openings.models import Opening
from webapp.residents.models import Resident


@dataclass(frozen=True)
class Cast:
    """The people of one history."""

    staff: Actor
    resident: Actor
    employer: Actor


@dataclass(frozen=True)
class Story:
    """A suggestion to make a history of, which cannot begin before ``earliest``.

    ``phone`` is the resident's; ``first`` marks their best suggestion that suits them, and
    ``above`` holds what stands above it and does not, with its day and the reason.
    """

    match_id: int
    earliest: datetime
    cast: Cast
    phone: str
    first: bool
    above: tuple[tuple[int, datetime, DismissReason], ...]


SEED = 20260103
_HOURS = ((9, 30), (10, 30), (14, 30), (15, 30))  # when employers see people
_SILENCE_LOOKED_BACK = 16  # days in which an employer's silence of the histories was noticed

Act = Callable[[Session, Cast, int], object]


def _confirm(session: Session, cast: Cast, match_id: int) -> object:
    told = Channel.PAGE if cast.resident.role is Role.RESIDENT else Channel.PHONE
    return services.confirm_match(session, cast.staff, match_id=match_id, channel=told)


def _apply(session: Session, cast: Cast, match_id: int) -> object:
    told = Channel.PAGE if cast.resident.role is Role.RESIDENT else Channel.IN_PERSON
    return services.share_and_apply(session, cast.resident, match_id=match_id, channel=told)


def _invite(session: Session, cast: Cast, match_id: int) -> object:
    day = clock.local(clock.now() + timedelta(days=2))
    hour, minute = _HOURS[match_id % len(_HOURS)]
    at = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return services.invite(
        session,
        cast.employer,
        match_id=match_id,
        at=at,
        place="公司前台",
        contact="前台小彭 023-68123402",
        bring="身份证复印件，有健康证的带上",
    )


def _other_time(session: Session, cast: Cast, match_id: int) -> object:
    """Ask for another time: two afternoons that would suit."""
    suits = [one.code for one in half_days.ahead() if one.half == "pm"][1:3]
    return services.ask_other_time(session, cast.resident, match_id=match_id, halves=suits)


def _hire(session: Session, cast: Cast, match_id: int) -> object:
    return services.hire(
        session,
        cast.employer,
        match_id=match_id,
        start_date=clock.today(),
        evidence="签了劳动合同，已到岗",
    )


def _still_there(session: Session, cast: Cast, match_id: int, source: FollowUpSource) -> object:
    return services.say_still_there(
        session, cast.staff, match_id=match_id, source=source, note="电话问过，还在做"
    )


def _follow_up(session: Session, cast: Cast, match_id: int) -> object:
    _still_there(session, cast, match_id, FollowUpSource.RESIDENT)
    return _still_there(session, cast, match_id, FollowUpSource.EMPLOYER)


def _one_sided(session: Session, cast: Cast, match_id: int) -> object:
    _still_there(session, cast, match_id, FollowUpSource.RESIDENT)
    return services.close_one_sided(session, cast.staff, match_id=match_id)


def _confirm_another(session: Session, cast: Cast, match_id: int) -> object:
    """Offer the same resident a second opening: it rests when they are hired for the first."""
    resident_id = session.get_one(Match, match_id).resident_id
    another = session.exec(
        select(Match.id)
        .where(Match.resident_id == resident_id, Match.state == MatchState.SUGGESTED)
        .order_by(col(Match.position))
    ).first()
    return None if another is None else _confirm(session, cast, another)


ACTS: dict[str, Act] = {
    "confirm": _confirm,
    "confirm_another": _confirm_another,
    "interested": lambda s, c, m: services.say_interested(s, c.resident, match_id=m),
    "decline": lambda s, c, m: services.decline(
        s, c.resident, match_id=m, code=DeclineReason.HOURS, note="跟接娃儿的时间撞了"
    ),
    "dismiss": lambda s, c, m: services.dismiss_match(
        s, c.staff, match_id=m, code=DismissReason.TOO_FAR, note="来回要两个多小时"
    ),
    "postpone": lambda s, c, m: services.postpone_match(
        s, c.staff, match_id=m, until=clock.today() + timedelta(days=12)
    ),
    "apply": _apply,
    "see": lambda s, c, m: services.mark_seen(s, c.employer, match_id=m),
    "invite": _invite,
    "other_time": _other_time,
    "offer": lambda s, c, m: services.offer_job(
        s, c.employer, match_id=m, note="师傅们都说合适，想请您来"
    ),
    "hire": _hire,
    "refuse": lambda s, c, m: services.refuse(
        s,
        c.employer,
        match_id=m,
        code=RefuseReason.FILLED,
        remark="这次名额满了，下个月还要招，到时再联系您",
    ),
    "withdraw": lambda s, c, m: services.withdraw(s, c.resident, match_id=m),
    "day30": _follow_up,
    "half_asked": lambda s, c, m: _still_there(s, c, m, FollowUpSource.RESIDENT),
    "one_sided": _one_sided,
    "day90": _follow_up,
    "retain": _follow_up,
    "undo": lambda s, c, m: services.undo_hire(
        s, c.staff, match_id=m, reason="同名的人记混了，没有上岗"
    ),
    "leave": lambda s, c, m: services.leave_job(
        s, c.employer, match_id=m, code=LeaveReason.FAMILY, note="老人住院，要回去照顾"
    ),
}

Path = tuple[tuple[str, int], ...]
# Steps with the days since the step before. In PATHS: how often a path is walked, and how
# many days ago its last step was.
HIRED: Path = (
    ("confirm", 0),
    ("interested", 1),
    ("apply", 1),
    ("see", 1),
    ("invite", 1),
    ("hire", 3),
)
OFFERED: Path = (("confirm", 0),)
INTERESTED: Path = (*OFFERED, ("interested", 1))
PATHS: tuple[tuple[int, Path, int], ...] = (
    (40, OFFERED, 2),
    (14, OFFERED, 10),
    (16, (*OFFERED, ("decline", 1)), 6),
    (18, INTERESTED, 1),
    (20, HIRED[:3], 1),
    (14, HIRED[:4], 2),
    (7, HIRED[:5], 1),
    (5, HIRED[:5], 0),
    (4, (*HIRED[:5], ("other_time", 0)), 1),
    (8, (*HIRED[:5], ("offer", 2)), 1),
    (24, HIRED, 4),
    (6, (*OFFERED, ("confirm_another", 0), *HIRED[1:]), 4),
    (12, (*HIRED[:4], ("refuse", 2)), 5),
    (6, (*HIRED[:3], ("withdraw", 2)), 5),
    (10, (*HIRED, ("day30", 31)), 6),
    (3, (*HIRED, ("one_sided", 33)), 4),
    (3, (*HIRED, ("half_asked", 32)), 2),
    (2, (*HIRED, ("undo", 2)), 3),
    (6, HIRED[:3], 4),
    (5, HIRED[:3], 9),
    (4, HIRED[:4], 16),
    (8, (*HIRED, ("day30", 31), ("day90", 61)), 3),
    (5, (*HIRED, ("day30", 31), ("day90", 61), ("retain", 91)), 2),
    (5, (*HIRED, ("leave", 14)), 5),
    (20, (("dismiss", 0),), 3),
    (8, (("postpone", 0),), 1),
)
# What the two residents with a demo login find on their pages.
STARRING: dict[str, tuple[tuple[Path, int], ...]] = {
    "13800000001": (
        (OFFERED, 0),
        (HIRED[:5], 1),
        ((*HIRED[:4], ("refuse", 2)), 3),
        (OFFERED, 1),
        ((*OFFERED, ("decline", 1)), 6),
    ),
    "13800000005": ((OFFERED, 0), (HIRED[:4], 1), (INTERESTED, 1)),
}


def write(session: Session) -> None:
    """Walk every path with suggestions that fit it: those of the demo logins first.

    Called once, in one transaction.
    """
    stories = _stories(session)
    for phone, paths in STARRING.items():
        own = [story for story in stories if story.phone == phone]
        for path, ended in paths:
            _tell(session, own, path, ended, times=1)
    others = [story for story in stories if story.phone not in STARRING and story.first]
    for times, path, ended in PATHS:
        _tell(session, others, path, ended, times=times)
    now = clock.now()
    for days in range(_SILENCE_LOOKED_BACK, -1, -1):
        with act_as(session, SYSTEM, now - timedelta(days=days)):
            services.chase_employers(session)
    with act_as(session, SYSTEM, now):
        services.time_out_offers(session)


def _tell(session: Session, stories: list[Story], path: Path, ended: int, *, times: int) -> None:
    """Walk ``path`` with as many stories; those tried are taken off the list."""
    start = clock.now() - timedelta(days=sum(days for _name, days in path) + ended)
    for story in [one for one in stories if one.earliest <= start]:
        if times == 0:
            return
        stories.remove(story)
        times -= _walk(session, story, path, start)


def _walk(session: Session, story: Story, path: Path, start: datetime) -> bool:
    """Take the steps of ``path``; return whether all of them could be taken."""
    moment = start
    with act_as(session, story.cast.staff, moment):
        for match_id, published_at, reason in story.above:
            if published_at < moment:
                services.dismiss_match(session, story.cast.staff, match_id=match_id, code=reason)
    for name, days in path:
        moment += timedelta(days=days)
        try:
            with act_as(session, _who(name, story.cast), moment):
                ACTS[name](session, story.cast, story.match_id)
        except AppError:  # somebody hired elsewhere meanwhile, or the last place went
            return False
    return True


def _who(name: str, cast: Cast) -> Actor:
    """Return who acts in a step, for the audit trail."""
    if name in {"interested", "decline", "apply", "withdraw", "other_time"}:
        return cast.resident
    return (
        cast.employer
        if name in {"see", "invite", "offer", "hire", "refuse", "leave"}
        else cast.staff
    )


def _stories(session: Session) -> list[Story]:
    """Return all suggestions in a fixed order, the best ones first."""
    staff = _staff(session)
    employers = dict(
        session.execute(
            select_rows(col(EmployerMember.employer_id), col(EmployerMember.account_id))
        ).all()
    )
    rows = session.execute(  # columns alone: as whole objects 25,000 rows take seconds
        taste.pairs(
            col(Match.id),
            col(Match.position),
            col(Match.resident_id),
            col(Resident.account_id),
            col(Resident.created_at),
            col(Opening.employer_id),
            col(Account.phone),
        )
        .outerjoin(Account, col(Account.id) == Resident.account_id)
        .where(
            col(Match.state) == MatchState.SUGGESTED,
            col(Opening.employer_id).is_not(None),
            col(Opening.kind).not_in(ENDS_AT_INTEREST),  # they go on by an enrolment, a case
        )
    ).all()
    first_employers = sorted(employers)[:2]
    stories = []
    met: set[int] = set()
    above: dict[int, list[tuple[int, datetime, DismissReason]]] = defaultdict(list)
    draw = Random(SEED)  # noqa: S311 - invented decisions, no secret
    for number, row in enumerate(sorted(rows, key=lambda row: _turn(row, first_employers))):
        who, starring = row.resident_id, row.phone in STARRING
        unfit = None if starring or who in met else taste.decide(taste.pair(row), draw)
        if unfit:
            above[who].append((row.id, row.published_at, unfit))
            continue
        earliest = max(row.published_at, row.created_at) + timedelta(hours=1)
        cast = _cast(staff[number % len(staff)], row, employers)
        first = who not in met
        put_aside = tuple(above[who]) if first else ()
        stories.append(Story(row.id, earliest, cast, row.phone or "", first, put_aside))
        met.add(who)
    return stories


def _turn(row: Any, first_employers: list[int]) -> tuple[int, int, int]:
    """Best first; the demo employers' a little earlier, so that both logins see life."""
    earlier = 2 if row.employer_id in first_employers else 1
    return row.position or 0, (row.id % 1000) // earlier, row.id


def _staff(session: Session) -> list[Actor]:
    query = (
        select_rows(Account)
        .join(Branch, col(Branch.id) == Account.branch_id)
        .where(col(Account.role) == Role.STAFF)
        .order_by(col(Account.id))
        .limit(2)
    )
    return [
        Actor(account_id=one.id, role=Role.STAFF, name=one.name, branch_id=one.branch_id)
        for one in session.scalars(query)
    ]


def _cast(staff: Actor, row: Any, employers: dict[int, int]) -> Cast:
    own = Actor(account_id=row.account_id, role=Role.RESIDENT, resident_id=row.resident_id)
    return Cast(
        staff=staff,
        resident=own if row.account_id else staff,
        employer=Actor(
            account_id=employers[row.employer_id], role=Role.EMPLOYER, employer_id=row.employer_id
        ),
    )
