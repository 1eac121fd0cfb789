"""Decisions of staff in number, for what is learned from them."""

import random
from datetime import timedelta
from typing import Any

from tests import factories
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.db import Database
from webapp.matches import services as matching
from webapp.matches.reason_codes import Channel, DismissReason

TRADES = ("保洁员", "缝纫工", "厨师", "保安", "司机", "护工")


def decide_much(db: Database, write: Any, people: int) -> None:
    """Staff confirm, for people who did one trade, another one that no words tell."""
    draw = random.Random(1)
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
        branch, employer = factories.make_branch(session), factories.make_employer(session)
        openings = [
            factories.make_opening(session, title=title, employer_id=employer.id, headcount=999)
            for title in TRADES
        ]
        pairs = []
        for number in range(people):
            trade = number % len(TRADES)
            household = factories.make_household(session)
            person = factories.make_resident(
                session,
                household_id=household.id,
                branch_id=branch.id,
                wanted=[TRADES[trade]],
                skills=[],
                created_at=clock.now() - timedelta(days=draw.randint(1, 300)),
            )
            # The prior takes to the own trade; staff know better.
            listed = [trade, (trade + 1) % 6, *draw.sample([2, 3, 4], 1)]
            # In another order each: decisions are compared by their turn.
            draw.shuffle(listed)
            for position, which in enumerate(dict.fromkeys(listed), start=1):
                match = factories.make_match(
                    session,
                    resident_id=person.id,
                    opening_id=openings[which].id,
                    position=position,
                    rank=position,
                    propensity=0.975,
                    score=1 / position,
                    model_version="prior-1",
                )
                pairs.append((match.id, which == (trade + 1) % 6))
    actor = Actor(account_id=staff.id, role=Role.STAFF, branch_id=staff.branch_id)
    start = clock.now() - timedelta(days=20)
    for part in range(0, len(pairs), 30):
        with clock.frozen(start + timedelta(hours=part)), db.transaction(actor) as session:
            for match_id, fits in pairs[part : part + 30]:
                if fits:
                    matching.confirm_match(session, actor, match_id=match_id, channel=Channel.PHONE)
                else:
                    matching.dismiss_match(
                        session, actor, match_id=match_id, code=DismissReason.TOO_FAR
                    )
