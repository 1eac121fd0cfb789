"""What should be true of matches, in a few lines, and the rows it is held against."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis.stateful import (
    RuleBasedStateMachine,
)

from tests import factories
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.core.vocabulary import Kind
from webapp.matches.lifecycle import MatchOrigin, MatchState

S = MatchState
WITH_EMPLOYER = {S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER}
PENDING = {S.CONFIRMED, S.OFFERED, S.NO_REPLY, S.INTERESTED, S.SHARED} | WITH_EMPLOYER
TAKEN = {S.HIRED, S.DAY_30, S.DAY_90, S.RETAINED}
HIDDEN = {S.SUGGESTED, S.CONFIRMED, S.DISMISSED}
OVER_TO_ASK = {S.DECLINED, S.WITHDRAWN, S.LEFT, S.OPENING_CLOSED, S.HIRED_ELSEWHERE}


@dataclass
class Pair:
    """The model of one match: where it stands, where it stood, when it was put to rest."""

    person: int
    opening: int
    state: MatchState = S.SUGGESTED
    before: MatchState | None = None
    rested: int = -1
    hired: int = -1


@dataclass
class Model:
    """What should be true."""

    pairs: list[Pair] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    agreed: set[tuple[int, int]] = field(default_factory=set)
    employed: set[int] = field(default_factory=set)
    step: int = 0

    def taken(self, opening: int) -> int:
        return sum(one.state in TAKEN for one in self.pairs if one.opening == opening)

    def takes(self, opening: int) -> bool:
        return opening not in self.closed and self.taken(opening) < self.places[opening]

    def restore(self, person: int, since: int = -1) -> None:
        for one in self.pairs:
            resting = one.person == person and one.state is S.HIRED_ELSEWHERE
            if resting and one.rested >= since and self.takes(one.opening):
                one.state, one.before = one.before, None


OPENINGS = ((0, Kind.VACANCY, 1), (0, Kind.VACANCY, 2), (1, Kind.PIECEWORK, 1))
EXCLUSIVE = {0, 1}


class Town(RuleBasedStateMachine):
    """The rows behind the model, who acts on them, and what a step must come to."""

    db: Database

    def found(self) -> None:
        """Write the people, employers and openings, and a suggestion for each pair."""
        self.model, self.now = Model(), clock.now()
        with self.db.transaction(SYSTEM) as session:
            staff = factories.make_account(session, role=Role.STAFF)
            self.staff = factories.acting(staff, branch_id=staff.branch_id)
            people = [factories.make_resident(session, with_account=True) for _ in range(2)]
            members = [factories.make_account(session, role=Role.EMPLOYER) for _ in range(2)]
            firms = [factories.make_employer(session, member=one) for one in members]
            openings = [
                factories.make_opening(
                    session,
                    employer_id=firms[firm].id,
                    kind=kind,
                    headcount=places,
                    valid_until=clock.today() + timedelta(days=3650),
                )
                for firm, kind, places in OPENINGS
            ]
            self.residents = [
                Actor(account_id=one.account_id, role=Role.RESIDENT, resident_id=one.id)
                for one in people
            ]
            self.employers = [
                Actor(account_id=member.id, role=Role.EMPLOYER, employer_id=firm.id)
                for member, firm in zip(members, firms, strict=True)
            ]
            self.opening_ids = [one.id for one in openings]
            self.ids = []
            for person, resident in enumerate(people):
                for number, opening in enumerate(openings):
                    match = factories.make_match(
                        session,
                        resident_id=resident.id,
                        opening_id=opening.id,
                        origin=MatchOrigin.EMPLOYER,  # the computed ones go with their opening
                    )
                    self.ids.append(match.id)
                    self.model.pairs.append(Pair(person, number))
        self.model.places = [places for _firm, _kind, places in OPENINGS]

    def act(
        self, actor: Actor, may: bool, do: Callable[[Any], Any], then: Callable[[], None]
    ) -> None:
        """Do it; it must succeed when the model says so, and change nothing when not."""
        self.now += timedelta(minutes=1)
        self.model.step += 1
        done = True
        with clock.frozen(self.now):
            try:
                with self.db.transaction(actor) as session:
                    do(session)
            except AppError:
                done = False
        assert done == may
        if may:
            then()

    def chosen(self, number: int) -> tuple[Pair, int, int]:
        pair = self.model.pairs[number]
        return pair, self.ids[number], OPENINGS[pair.opening][0]

    def fitting(self, n: int, states: set[MatchState]) -> int:
        """Return a pair in one of the states, if there is one; the last number takes any."""
        found = [one for one, pair in enumerate(self.model.pairs) if pair.state in states]
        return n if n == 5 or not found else found[n % len(found)]

    def shows(self, pair: Pair, firm: int) -> bool:
        seen = WITH_EMPLOYER | TAKEN | {S.REFUSED, S.LEFT}
        return pair.state in seen and (pair.person, firm) in self.model.agreed
