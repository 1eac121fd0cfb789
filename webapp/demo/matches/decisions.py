"""More decisions of staff on suggestions, by what they know and the ranker does not.

Over the past weeks staff went down the lists of some residents from the top: put aside what did
not suit, handed on the first that did, and gave up after a few. What suits is a matter of
:mod:`webapp.demo.matches.taste`. The ranker learns from these decisions.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.demo.act_as import act_as
from webapp.demo.matches import taste
from webapp.learning.services import switching as versions
from webapp.matches import services
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.reason_codes import Channel, DeclineReason, DismissReason
from webapp.matches.services.transitions import is_open_to_matches
from webapp.matches.suggestions import impressions
from webapp.residents.models import Resident

# Lists gone down, over how many days, and how far at most before staff gave up.
LISTS, DAYS, DEEPEST = 360, 42, (3, 4, 5, 6)
SEED = 20260102


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
    draw = Random(SEED)  # noqa: S311 - invented decisions, no secret
    lists = _lists(session, draw)
    chosen = draw.sample(sorted(lists), min(LISTS, len(lists)))
    sittings: dict[int, list[list[Listed]]] = defaultdict(list)
    for who in chosen:
        newest = max(one.published_at for one in lists[who])
        sittings[min(DAYS, (clock.now() - newest).days)].append(lists[who])
    for ago in sorted(sittings.keys() - {0}, reverse=True):
        with clock.frozen(clock.now() - timedelta(days=ago)):
            _go_down(session, staff[ago % len(staff)], sittings[ago])
    _answer(session, staff[0])
    with act_as(session, SYSTEM, clock.now()):
        versions.prior(session)


def _go_down(session: Session, actor: Actor, lists: Sequence[Sequence[Listed]]) -> None:
    """Put aside what does not suit, from the top, and hand on the first that does."""
    with act_as(session, SYSTEM, clock.now()):
        for listed in lists:
            seen = [(one.match_id, one.position, at, True) for at, one in enumerate(listed, 1)]
            impressions.note(session, actor.account_id or 0, seen)
    with act_as(session, actor, clock.now()):
        for listed in lists:
            for one in listed:
                if one.unfit:
                    services.dismiss_match(session, actor, match_id=one.match_id, code=one.unfit)
                else:
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


def _lists(session: Session, draw: Random) -> dict[int, list[Listed]]:
    """Return, of every resident whose first suggestion waits, as many as staff look at."""
    rows = session.execute(
        taste.pairs(col(Match.id), col(Match.resident_id), col(Match.position))
        .where(
            is_open_to_matches(),
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.position) <= max(DEEPEST),
            col(Resident.phone).is_(None) | col(Resident.phone).not_in(STARS),
        )
        .order_by(col(Match.resident_id), col(Match.position))
    )
    lists: dict[int, list[Listed]] = defaultdict(list)
    for row in rows:
        unfit = taste.decide(taste.pair(row), draw)
        lists[row.resident_id].append(Listed(row.id, row.position, row.published_at, unfit))
    return {
        who: listed[: draw.choice(DEEPEST)]
        for who, listed in lists.items()
        if listed[0].position == 1
    }


# Those who can sign in find their own story on their pages.
STARS = ("13800000001", "13800000005")
