"""The life of matches through the real services, held against a model of a few lines.

Two people, two employers, three openings; whoever may act acts, in any order, and after each
step the database says what the model says.
"""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from tests.depth import examples
from tests.functional.matches.model import (
    EXCLUSIVE,
    HIDDEN,
    OPENINGS,
    OVER_TO_ASK,
    PENDING,
    TAKEN,
    WITH_EMPLOYER,
    S,
    Town,
)
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.matches import services
from webapp.matches.models import Match, MatchEvent
from webapp.matches.queries import applicants as queries
from webapp.matches.reason_codes import Channel, LeaveReason, RefuseReason
from webapp.openings.models import Opening
from webapp.openings.services.editing import close_opening
from webapp.privacy.service import withdraw_consent
from webapp.residents.models import ConsentPurpose, Resident, ResidentState
from webapp.residents.services import consents


class Life(Town):
    """Whoever may act acts, in any order."""

    @initialize(handed_in=st.sets(st.integers(0, 5), min_size=2))
    def begin(self, handed_in: set[int]) -> None:
        self.found()
        for n in sorted(handed_in):  # otherwise most of the steps would go into getting there
            self.confirm(n)
            self.agree(n, share=True)

    which = st.integers(0, 5)

    @rule(n=which)
    def confirm(self, n: int) -> None:
        pair, id_, _ = self.chosen(n)
        may = (
            pair.state is S.SUGGESTED
            and self.model.takes(pair.opening)
            and pair.person not in self.model.employed
        )
        self.act(
            self.staff,
            may,
            lambda s: services.confirm_match(s, self.staff, match_id=id_, channel=Channel.PAGE),
            lambda: setattr(pair, "state", S.OFFERED),
        )

    @rule(n=which, share=st.booleans())
    def agree(self, n: int, share: bool) -> None:
        pair, id_, firm = self.chosen(n)
        actor = self.residents[pair.person]
        can = pair.state in {S.OFFERED, S.NO_REPLY, S.INTERESTED} and self.model.takes(pair.opening)
        again = pair.state is (S.APPLIED if share else S.INTERESTED)

        def then() -> None:
            if share:
                if pair.state is not S.APPLIED:
                    self.model.agreed.add((pair.person, firm))
                pair.state = S.APPLIED
            else:
                pair.state = S.INTERESTED

        def do(session: Any) -> None:
            if share:
                services.share_and_apply(session, actor, match_id=id_, channel=Channel.PAGE)
            else:
                services.say_interested(session, actor, match_id=id_)

        self.act(actor, can or again, do, then)

    @rule(n=which)
    def decline(self, n: int) -> None:
        pair, id_, _ = self.chosen(n)
        actor = self.residents[pair.person]
        self.act(
            actor,
            pair.state in {S.OFFERED, S.NO_REPLY, S.INTERESTED, S.DECLINED},
            lambda s: services.decline(s, actor, match_id=id_),
            lambda: setattr(pair, "state", S.DECLINED),
        )

    @rule(n=which)
    def apply_directly(self, n: int) -> None:
        pair, _id, firm = self.chosen(n)
        actor = self.residents[pair.person]
        waiting = pair.state in HIDDEN | OVER_TO_ASK | {S.OFFERED, S.NO_REPLY}

        def then() -> None:
            if waiting:
                known = (pair.person, firm) in self.model.agreed
                pair.state = S.APPLIED if known else S.INTERESTED

        self.act(
            actor,
            not waiting or self.model.takes(pair.opening),
            lambda s: services.apply_directly(s, actor, opening_id=self.opening_ids[pair.opening]),
            then,
        )

    @rule(n=which)
    def withdraw(self, n: int) -> None:
        pair, id_, _ = self.chosen(n)
        actor = self.residents[pair.person]
        resting = pair.state is S.HIRED_ELSEWHERE
        self.act(
            actor,
            pair.state in (PENDING - HIDDEN) | {S.WITHDRAWN} or resting,
            lambda s: services.withdraw(s, actor, match_id=id_),
            lambda: setattr(pair, "state", S.WITHDRAWN),
        )

    @rule(n=which, how=st.sampled_from(["see", "invite", "offer", "refuse"]))
    def employer_answers(self, n: int, how: str) -> None:
        pair, id_, firm = self.chosen(self.fitting(n, WITH_EMPLOYER))
        actor = self.employers[firm]
        target = {"see": S.SEEN, "invite": S.INTERVIEW, "offer": S.JOB_OFFER, "refuse": S.REFUSED}
        now = self.now

        def do(session: Any) -> None:
            if how == "see":
                services.mark_seen(session, actor, match_id=id_)
            elif how == "invite":
                at = now + timedelta(days=1)
                services.invite(session, actor, match_id=id_, at=at, place="门卫室")
            elif how == "offer":
                services.offer_job(session, actor, match_id=id_)
            else:
                code = RefuseReason.FILLED
                services.refuse(session, actor, match_id=id_, code=code, remark="招满了")

        possible = {
            "see": WITH_EMPLOYER | TAKEN | {S.REFUSED, S.LEFT},
            "invite": {S.APPLIED, S.SEEN, S.INTERVIEW},
            "offer": {S.APPLIED, S.SEEN, S.INTERVIEW},
            "refuse": WITH_EMPLOYER,
        }[how]

        def then() -> None:
            if how != "see" or pair.state is S.APPLIED:
                pair.state = target[how]

        self.act(actor, self.shows(pair, firm) and pair.state in possible, do, then)

    @rule(n=which)
    def hire(self, n: int) -> None:
        pair, id_, firm = self.chosen(self.fitting(n, WITH_EMPLOYER))
        actor = self.employers[firm]
        full = self.model.taken(pair.opening) >= self.model.places[pair.opening]

        def then() -> None:
            pair.before, pair.state, pair.hired = pair.state, S.HIRED, self.model.step
            if pair.opening not in EXCLUSIVE:
                return
            self.model.employed.add(pair.person)
            for other in self.model.pairs:
                if other.person == pair.person and other.state in PENDING:
                    other.before, other.state = other.state, S.HIRED_ELSEWHERE
                    other.rested = self.model.step

        start = clock.local(self.now).date()
        self.act(
            actor,
            self.shows(pair, firm) and pair.state in WITH_EMPLOYER and not full,
            lambda s: services.hire(s, actor, match_id=id_, start_date=start, evidence="合同"),
            then,
        )

    @rule(n=which, mistake=st.booleans())
    def end_job(self, n: int, mistake: bool) -> None:
        pair, id_, _ = self.chosen(self.fitting(n, TAKEN))

        def do(session: Any) -> None:
            if mistake:
                services.undo_hire(session, self.staff, match_id=id_, reason="记错了")
            else:
                code = LeaveReason.RESIGNED
                services.leave_job(session, self.staff, match_id=id_, code=code)

        def then() -> None:
            pair.state, pair.before = (pair.before or S.HIRED if mistake else S.LEFT), None
            if pair.opening in EXCLUSIVE:
                other_job = any(
                    one.state in TAKEN and one.person == pair.person and one.opening in EXCLUSIVE
                    for one in self.model.pairs
                )
                if not other_job:
                    self.model.employed.discard(pair.person)
                    self.model.restore(pair.person)
                elif mistake:
                    self.model.restore(pair.person, pair.hired)
            if mistake and pair.opening in self.model.closed:
                pair.state = S.OPENING_CLOSED

        self.act(self.staff, pair.state in TAKEN, do, then)

    @rule(person=st.integers(0, 1), firm=st.integers(0, 1), sure=st.integers(0, 2))
    def withdraw_consent(self, person: int, firm: int, sure: int) -> None:
        if sure:  # seldom, or nobody would ever be hired
            return
        actor, employer_id = self.residents[person], self.employers[firm].employer_id

        def do(session: Any) -> None:
            found = consents.standing(
                session,
                resident_id=actor.resident_id or 0,
                purpose=ConsentPurpose.EMPLOYER,
                employer_id=employer_id,
            )
            if found is not None:
                withdraw_consent(
                    session, actor, resident_id=actor.resident_id or 0, consent_id=found.id
                )

        def then() -> None:
            if (person, firm) not in self.model.agreed:
                return
            self.model.agreed.discard((person, firm))
            for one in self.model.pairs:
                stood = one.before if one.state is S.HIRED_ELSEWHERE else one.state
                mine = one.person == person and OPENINGS[one.opening][0] == firm
                if mine and stood in WITH_EMPLOYER and one.state not in TAKEN:
                    one.state, one.before = S.WITHDRAWN, None

        self.act(actor, True, do, then)

    @rule(opening=st.integers(0, 2), sure=st.integers(0, 4))
    def close(self, opening: int, sure: int) -> None:
        if sure or opening in self.model.closed:  # seldom: it ends what else could happen
            return

        def then() -> None:
            self.model.closed.add(opening)
            for one in self.model.pairs:
                if one.opening == opening and one.state in PENDING:
                    one.state = S.OPENING_CLOSED

        id_ = self.opening_ids[opening]
        self.act(self.staff, True, lambda s: close_opening(s, self.staff, opening_id=id_), then)

    @rule(days=st.sampled_from([1, 4, 8, 15]))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        before = {n: one.state for n, one in enumerate(self.model.pairs)}
        with clock.frozen(self.now), self.db.transaction(SYSTEM) as session:
            services.time_out_offers(session)
            services.chase_employers(session)
        with self.db.reader() as session:
            for n, state in before.items():
                match = session.get(Match, self.ids[n])
                late = (
                    state is S.OFFERED
                    and match is not None
                    and match.offered_until is not None
                    and match.offered_until < clock.local(self.now).date()
                )
                if late:
                    self.model.pairs[n].state = S.NO_REPLY

    @invariant()
    def the_database_says_the_same(self) -> None:
        with self.db.reader() as session:
            found = {one.id: one for one in session.exec(select(Match)).all()}
            for id_, pair in zip(self.ids, self.model.pairs, strict=True):
                assert found[id_].state is pair.state
            for number, opening_id in enumerate(self.opening_ids):
                opening = session.get_one(Opening, opening_id)
                assert opening.hired_count == self.model.taken(number) <= opening.headcount
            for firm, employer in enumerate(self.employers):
                seen = {row.id for row in session.execute(queries.applicants(employer))}
                assert seen == {
                    id_
                    for id_, pair in zip(self.ids, self.model.pairs, strict=True)
                    if OPENINGS[pair.opening][0] == firm and self.shows(pair, firm)
                }
            for person, actor in enumerate(self.residents):
                state = session.get_one(Resident, actor.resident_id).state
                assert (state is ResidentState.EMPLOYED) == (person in self.model.employed)

    def teardown(self) -> None:
        if not hasattr(self, "ids"):
            return
        with self.db.reader() as session:
            for id_, pair in zip(self.ids, self.model.pairs, strict=True):
                events = session.exec(
                    select(MatchEvent)
                    .where(MatchEvent.match_id == id_)
                    .order_by(col(MatchEvent.id))
                ).all()
                states = ["suggested", *(one.to_state for one in events)]
                assert states[:-1] == [one.from_state for one in events]  # each follows the last
                assert states[-1] == pair.state
                assert all(one.at <= other.at for one, other in pairwise(events))
                system = {"time_out", "chase", "tell_silent"}
                assert all((one.account_id is None) == (one.action in system) for one in events)
            assert verify_chain(session) == []


@pytest.mark.slow
@pytest.mark.deep
def test_any_order_of_steps(app: Flask, db: Database) -> None:
    machine = type("LifeHere", (Life,), {"db": db})
    with app.test_request_context():
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples(6, deep=200),
                stateful_step_count=25,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
                phases=[Phase.explicit, Phase.generate],  # shrinking costs minutes
            ),
        )
