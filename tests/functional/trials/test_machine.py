"""Trial days against a simple model, in any order of steps by anybody, on both databases.

`make drill` runs many sequences instead of a few, and longer ones.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from tests.depth import PROFILE, examples
from tests.functional.matches_world import World, second_applicant
from tests.functional.trials.world import DAY, NOON, TERMS
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import AppError
from webapp.residents.models import Resident
from webapp.trials.lifecycle import Cause, Heard, Outcome, Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services import agreement, outcome, reminders
from webapp.trials.services.outcome import Word

S = TrialState
DEEP = PROFILE == "deep"
SIDES = (Party.RESIDENT, Party.EMPLOYER)
WHO = st.sampled_from([*Party])
WORDS = st.sampled_from(
    [
        Word(Outcome.CAME_TO_JOB, starts_on=DAY + timedelta(days=9), sentence="说好了"),
        Word(Outcome.EMPLOYER_NO, why="filled", sentence="他们说满了"),
        Word(Outcome.RESIDENT_NO, why="too_far", sentence="太远"),
        *(Word(Outcome.NOT_HELD, why=cause.value, sentence="没去成") for cause in Cause),
    ]
)


@dataclass
class Model:
    """The one trial day that counts: who has agreed to its terms, and what each side said."""

    state: TrialState | None = None
    first: date = DAY
    written: bool = False
    yes: set[Party] = field(default_factory=set)
    said: dict[Party, Word] = field(default_factory=dict)
    ended: int = 0

    @property
    def open(self) -> bool:
        return self.state in {S.PROPOSED, S.AGREED}


class Trial(RuleBasedStateMachine):
    """Every step is tried; the model says whether it must be done or refused."""

    app: Flask
    base: World

    def __init__(self) -> None:
        super().__init__()
        self.model, self.now = Model(), NOON
        with clock.frozen(NOON):
            self.match = second_applicant(self.base)
        person = self.base.get(Resident, self.match.resident_id)
        own = Actor(account_id=person.account_id, role=Role.RESIDENT, resident_id=person.id)
        self.actors = {
            Party.RESIDENT: own,
            Party.EMPLOYER: self.base.actor("employer"),
            Party.STAFF: self.base.actor("staff"),
        }

    def act(self, may: bool, who: Party, verb: Any, **data: Any) -> None:
        """Do it, and hold that it was done exactly when the model allows it."""
        actor = self.actors[who]
        with clock.frozen(self.now), self.app.test_request_context():
            try:
                with self.base.db.transaction(actor) as session:
                    verb(session, actor, **data)
            except AppError as refusal:
                if may:
                    pytest.fail(f"refused: {refusal.message}")
            else:
                assert may, "done against the rules"

    def rows(self) -> list[TrialDay]:
        with self.base.db.reader() as session:
            own = select(TrialDay).where(TrialDay.match_id == self.match.id)
            return list(session.exec(own.order_by(col(TrialDay.id))).all())

    @property
    def today(self) -> date:
        return clock.local(self.now).date()

    def terms_by(self, who: Party) -> dict[str, Any]:
        self.model.first = self.today + timedelta(days=2)
        terms = None if who is Party.RESIDENT else TERMS
        return {"first_day": self.model.first, "days": 1, "terms": terms}

    @initialize(begun=st.sampled_from(["proposed", "agreed", "agreed", "held"]))
    def begin(self, begun: str) -> None:
        """Otherwise most of the steps would go into getting there."""
        self.propose(Party.EMPLOYER)
        if begun != "proposed":
            self.agree(Party.RESIDENT, Party.RESIDENT, stale=False)
        if begun == "held":
            self.wait(days=2)

    @rule(who=WHO)
    def propose(self, who: Party) -> None:
        model = self.model
        may = model.state in {None, S.CANCELLED} or model.ended == 2
        before = model.first
        self.act(may, who, agreement.propose, match_id=self.match.id, **self.terms_by(who))
        if not may:
            model.first = before
            return
        written = who is not Party.RESIDENT
        self.model = Model(S.PROPOSED, model.first, written)
        self.model.yes = {who} & {Party.EMPLOYER}

    @rule(who=WHO)
    def revise(self, who: Party) -> None:
        model = self.model
        if model.state is None:
            return
        may = model.open and self.today < model.first
        before = model.first
        data = {"trial_id": self.rows()[-1].id, **self.terms_by(who)}
        self.act(may, who, agreement.revise, **data)
        if not may:
            model.first = before
            return
        model.written = model.written or who is not Party.RESIDENT
        model.state = S.PROPOSED
        model.yes = {who} & set(SIDES) if model.written else set()

    @rule(who=WHO, side=st.sampled_from(SIDES), stale=st.sampled_from([False, False, True]))
    def agree(self, who: Party, side: Party, stale: bool) -> None:
        model = self.model
        if model.state is None:
            return
        row = self.rows()[-1]
        speaks = who in {side, Party.STAFF}
        again = side in model.yes and model.open
        new = model.state is S.PROPOSED and model.written and self.today < model.first
        may = speaks and not stale and (again or new)
        self.act(may, who, agreement.agree, trial_id=row.id, version=row.version - stale,
                 side=side, heard=Heard.PHONE)  # fmt: skip
        if may:
            model.yes.add(side)
            if len(model.yes) == 2:
                model.state = S.AGREED

    @rule(who=WHO, side=st.sampled_from(SIDES))
    def sign(self, who: Party, side: Party) -> None:
        if self.model.state is None:
            return
        row = self.rows()[-1]
        how = row.resident_agreed_how if side is Party.RESIDENT else row.employer_agreed_how
        may = (who is Party.STAFF and row.state is not S.CANCELLED
               and how in {Heard.PHONE, Heard.PAPER})  # fmt: skip
        may = may or (who is Party.STAFF and how is Heard.PAPER)
        self.act(may, who, agreement.sign, trial_id=row.id, side=side)

    @rule(who=WHO, really=st.sampled_from([False, False, True]))
    def cancel(self, who: Party, really: bool) -> None:
        model = self.model
        if model.state is None or not really:
            return
        may = model.state is S.CANCELLED or (model.open and self.today < model.first)
        self.act(may, who, agreement.cancel, trial_id=self.rows()[-1].id)
        if may:
            model.state = S.CANCELLED

    @rule(who=WHO, side=st.sampled_from(SIDES), word=WORDS)
    def tell(self, who: Party, side: Party, word: Word) -> None:
        model = self.model
        if model.state is None:
            return
        dated = word.starts_on is None or (
            model.first <= word.starts_on <= model.first + timedelta(days=90)
        )
        may = (who in {side, Party.STAFF} and model.state is S.AGREED and dated
               and self.today >= model.first and side not in model.said)  # fmt: skip
        self.act(may, who, outcome.say, trial_id=self.rows()[-1].id, side=side, word=word,
                 heard=Heard.PAPER)  # fmt: skip
        if may:
            model.said[side] = word
            self.compare()

    def compare(self) -> None:
        model = self.model
        if len(model.said) < 2:
            return
        one, other = model.said.values()
        same = one.outcome is other.outcome and (
            one.outcome is not Outcome.NOT_HELD or one.why == other.why
        )
        model.state = S.SETTLED if same else S.DISPUTED
        model.ended = same + (same and one.outcome is Outcome.NOT_HELD)

    @rule(who=WHO, verdict=st.sampled_from([*Outcome]), cause=st.sampled_from([*Cause]))
    def decide(self, who: Party, verdict: Outcome, cause: Cause) -> None:
        model = self.model
        if model.state is None:
            return
        own = model.said.get(Party.RESIDENT)
        fair = {
            Outcome.RESIDENT_NO: own is not None and own.outcome is Outcome.RESIDENT_NO,
            Outcome.NOT_HELD: cause not in {Cause.RESIDENT, Cause.ILLNESS}
            or (own is not None and own.why == cause),
        }.get(verdict, True)
        may = who is Party.STAFF and model.state is S.DISPUTED and fair
        not_held = verdict is Outcome.NOT_HELD
        self.act(may, who, outcome.decide, trial_id=self.rows()[-1].id, outcome=verdict,
                 cause=cause if not_held else None, note="问过两边")  # fmt: skip
        if may:
            model.state, model.ended = S.SETTLED, 1 + not_held

    @rule(days=st.integers(0, 3))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def job(self) -> None:
        model = self.model
        with (
            clock.frozen(self.now),
            self.app.test_request_context(),
            self.base.db.transaction(SYSTEM) as session,
        ):
            agreement.lapse(session)
            reminders.remind(session)
        if model.state is S.PROPOSED and self.today >= model.first:
            model.state = S.CANCELLED

    @invariant()
    def the_database_says_the_same(self) -> None:
        model, rows = self.model, self.rows()
        if model.state is None:
            assert rows == []
            return
        row = rows[-1]
        assert (row.state, row.first_day) == (model.state, model.first)
        agreed = {Party.RESIDENT: row.resident_agreed_at, Party.EMPLOYER: row.employer_agreed_at}
        if model.state is not S.CANCELLED:
            assert {side for side, moment in agreed.items() if moment} == model.yes
        assert {side for side in SIDES if outcome.said(row, side)} == set(model.said)

    @invariant()
    def one_at_a_time_and_nothing_put_down_to_the_person(self) -> None:
        rows = self.rows()
        counted = [one for one in rows if one.state is not S.CANCELLED
                   and one.outcome is not Outcome.NOT_HELD]  # fmt: skip
        assert len(counted) <= 1
        for row in rows:
            if row.outcome is Outcome.RESIDENT_NO:
                assert row.resident_outcome is Outcome.RESIDENT_NO
            if row.cause in {Cause.RESIDENT, Cause.ILLNESS}:
                assert row.resident_why == row.cause


@pytest.mark.slow
@pytest.mark.deep
def test_any_order_of_steps(app: Flask, world: World) -> None:
    machine = type("Bound", (Trial,), {"app": app, "base": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(12, deep=150),
            stateful_step_count=50 if DEEP else 30,
            derandomize=not DEEP,
            suppress_health_check=list(HealthCheck),
            database=None,
            deadline=None,
        ),
    )
