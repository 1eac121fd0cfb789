"""More decisions of staff on suggestions, each for a reason that the two records show.

Staff work through the lists of some residents: the rest of the list where they had handed on
the first suggestion, other lists until something fits. The ranker learns from them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.formatting import age_on
from webapp.demo.act_as import act_as
from webapp.demo.content import ESTATE
from webapp.employers.models import Employer
from webapp.learning.services import switching as versions
from webapp.matches import services
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.reason_codes import Channel, DeclineReason, DismissReason
from webapp.matches.services.transitions import is_open_to_matches
from webapp.matches.suggestions import impressions
from webapp.openings.models import Opening
from webapp.residents.models import Resident

# How many residents' lists are gone down after a first suggestion was handed on, and of others.
TIDIED, SEARCHED = 120, 80
DEEPEST = 4
OWN_TRADE = {"wanted", "skill", "experience", "past"}
HARD = {"lifting", "stairs", "outdoors"}
TIRING_FROM = 50  # years of age


@dataclass(frozen=True)
class Listed:
    """One suggestion as staff see it; ``unfit`` is what speaks against it, if anything."""

    match_id: int
    position: int
    published_at: datetime
    unfit: DismissReason | None


def write(session: Session) -> None:
    """Decide on the lists, day by day; called once, in one transaction."""
    staff = _staff(session)
    lists = _lists(session)
    handed_on = dict(
        session.execute(
            select(col(Match.resident_id), col(Match.since)).where(
                col(Match.state) != MatchState.SUGGESTED,
                col(Match.state) != MatchState.DISMISSED,
                col(Match.position) == 1,
            )
        ).all()
    )
    tidied = [who for who in sorted(handed_on) if who in lists][:TIDIED]
    searched = [who for who in sorted(lists) if who not in handed_on][::7][:SEARCHED]
    sittings: dict[date, list[tuple[list[Listed], bool]]] = defaultdict(list)
    today = clock.today()
    for number, who in enumerate([*tidied, *searched]):
        search = who not in handed_on
        day = today - timedelta(days=1 + number % 12) if search else handed_on[who].date()
        sittings[day].append((lists[who], search))
    for number, day in enumerate(sorted(sittings)):
        with clock.frozen(clock.now() - (today - day) - timedelta(hours=1)):
            _go_down(session, staff[number % len(staff)], sittings[day])
    _answer(session, staff[0])
    with act_as(session, SYSTEM, clock.now()):
        versions.prior(session)


def _go_down(session: Session, actor: Actor, lists: Sequence[tuple[list[Listed], bool]]) -> None:
    """Dismiss what does not fit; where asked to, confirm the first that does."""
    there = [
        ([one for one in listed if one.published_at < clock.now()], search)
        for listed, search in lists
    ]
    with act_as(session, SYSTEM, clock.now()):
        for listed, _search in there:
            seen = [(one.match_id, one.position, at, True) for at, one in enumerate(listed, 1)]
            impressions.note(session, actor.account_id or 0, seen)
    with act_as(session, actor, clock.now()):
        for listed, search in there:
            for one in listed:
                if one.unfit:
                    services.dismiss_match(session, actor, match_id=one.match_id, code=one.unfit)
                elif search:
                    services.confirm_many(
                        session, actor, match_ids=[one.match_id], channel=Channel.PHONE
                    )
                    break


def _answer(session: Session, actor: Actor) -> None:
    """Record by phone that people chose something else, of what ran out long ago."""
    asked = session.execute(
        select(col(Match.id), col(Match.offered_until))
        .where(
            col(Match.state) == MatchState.OFFERED,
            col(Match.offered_until) < clock.today() - timedelta(days=4),
        )
        .order_by(col(Match.id))
    ).all()
    reasons = [DeclineReason.HOURS, DeclineReason.PAY, DeclineReason.FAMILY]
    with act_as(session, actor, clock.now()):
        for number, row in enumerate(asked):
            with clock.frozen(clock.now() - (clock.today() - row.offered_until)):
                code = reasons[number % len(reasons)]
                services.decline(session, actor, match_id=row.id, code=code)
        services.time_out_offers(session)


def _staff(session: Session) -> list[Actor]:
    rows = session.execute(
        select(col(Account.id), col(Account.name), col(Account.branch_id))
        .join(Branch, col(Branch.id) == Account.branch_id)
        .where(col(Account.role) == Role.STAFF)
        .order_by(col(Account.id))
        .limit(2)
    )
    return [
        Actor(account_id=row.id, role=Role.STAFF, name=row.name, branch_id=row.branch_id)
        for row in rows
    ]


def _lists(session: Session) -> dict[int, list[Listed]]:
    """Return the first suggestions of every resident that still wait, by resident."""
    columns: tuple[Any, ...] = (
        col(Match.id),
        col(Match.resident_id),
        col(Match.position),
        col(Match.reasons),
        col(Resident.birth_date),
        col(Resident.min_pay_fen),
        col(Opening.place),
        col(Opening.at_home),
        col(Opening.demands),
        col(Opening.pay_month_max_fen),
        col(Opening.published_at),
    )
    rows = session.execute(
        select(*columns)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(
            is_open_to_matches(),
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.position) <= DEEPEST,
            col(Resident.phone).is_(None) | col(Resident.phone).not_in(STARS),
        )
        .order_by(col(Match.resident_id), col(Match.position))
    )
    lists: dict[int, list[Listed]] = defaultdict(list)
    for row in rows:
        lists[row.resident_id].append(Listed(row.id, row.position, row.published_at, _unfit(row)))
    return lists


# Those who can sign in find their own story on their pages.
STARS = ("13800000001", "13800000005")


def _unfit(row: Any) -> DismissReason | None:
    """Return what speaks against a suggestion, the weightiest first."""
    age = age_on(row.birth_date, clock.today()) or 0
    if not row.at_home and row.place and row.place.split("/")[:2] != ESTATE.split("/")[:2]:
        return DismissReason.TOO_FAR
    if age >= TIRING_FROM and HARD & set(row.demands):
        return DismissReason.TOO_HARD
    if row.min_pay_fen and row.pay_month_max_fen and row.pay_month_max_fen < row.min_pay_fen:
        return DismissReason.PAY
    if not OWN_TRADE & {reason["code"] for reason in row.reasons}:
        return DismissReason.KNOWN_UNFIT
    return None
