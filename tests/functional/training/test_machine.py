"""Seats, waiting list and offers against a simple model, in any order of steps, on both databases.

`make drill` runs many sequences instead of a few, and longer ones.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import col, select

from tests.depth import PROFILE, examples
from tests.functional.training.world import BEGINS, NOON, World, make_world
from webapp.core import clock
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.training.lifecycle import EnrolmentState, RunState
from webapp.training.models.courses import CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import due, enrolments, runs

S = EnrolmentState
DEEP = PROFILE == "deep"
PEOPLE, DAY = 5, timedelta(hours=24)


@dataclass
class Model:
    """Who has a seat, whom one is kept for and until when, who waits in which order."""

    seats: int = 2
    seated: list[int] = field(default_factory=list)
    kept: dict[int, datetime] = field(default_factory=dict)
    line: list[int] = field(default_factory=list)
    wishing: set[int] = field(default_factory=set)
    begun: bool = False
    cancelled: bool = False

    def free(self) -> int:
        return self.seats - len(self.seated) - len(self.kept)

    def offer(self, now: datetime) -> None:
        if self.begun or self.cancelled or now >= BEGINS:
            return
        while self.free() > 0 and self.line:
            self.kept[self.line.pop(0)] = min(now + DAY, BEGINS)


class Training(RuleBasedStateMachine):
    """Every step is tried; the model says whether it must be done or refused."""

    base: World

    def __init__(self) -> None:
        super().__init__()
        self.world, self.model, self.now = self.base, Model(), NOON
        with clock.frozen(NOON):
            run = self.world.post_course("课")
        self.run_id, self.course_id = run.id, run.course_id
        for person in range(PEOPLE):  # otherwise most of the steps would go into getting there
            self.enrol(person, by_staff=False)

    def act(self, may: bool, actor: Any, verb: Any, **data: Any) -> None:
        """Do it, and hold that it was done exactly when the model allows it."""
        with clock.frozen(self.now):
            try:
                self.world.do(actor, verb, **data)
            except AppError as refusal:
                if may:
                    pytest.fail(f"refused: {refusal.message}")
            else:
                assert may, "done against the rules"

    def mine(self, person: int) -> Enrolment | None:
        return self.world.enrolment(self.world.learners[person], self.course_id)

    @rule(person=st.integers(0, PEOPLE - 1), by_staff=st.booleans())
    def enrol(self, person: int, by_staff: bool) -> None:
        model, learner = self.model, self.world.learners[person]
        in_it = person in model.seated or person in model.kept or person in model.line
        open_now = not (model.begun or model.cancelled) and self.now < BEGINS - timedelta(hours=9)
        may = in_it or open_now
        self.act(may, self.world.staff if by_staff else learner, enrolments.enrol,
                 run_id=self.run_id, resident_id=learner.resident_id)  # fmt: skip
        if may and not in_it:
            model.wishing.discard(person)
            if model.free() > 0:
                model.seated.append(person)
            else:
                model.line.append(person)

    @rule(person=st.integers(0, PEOPLE - 1))
    def withdraw(self, person: int) -> None:
        model, mine = self.model, self.mine(person)
        if mine is None:
            return
        may = not (model.begun and person in model.seated)
        self.act(may, self.world.learners[person], enrolments.withdraw, enrolment_id=mine.id)
        if may:
            for held in (model.seated, model.line):
                if person in held:
                    held.remove(person)
            model.kept.pop(person, None)
            model.wishing.discard(person)
            model.offer(self.now)

    @rule(person=st.integers(0, PEOPLE - 1))
    def accept(self, person: int) -> None:
        model, mine = self.model, self.mine(person)
        if mine is None:
            return
        in_time = person in model.kept and self.now < model.kept[person]
        may = in_time or person in model.seated
        self.act(may, self.world.learners[person], enrolments.accept_offer, enrolment_id=mine.id)
        if in_time:
            del model.kept[person]
            model.seated.append(person)

    @rule(seats=st.integers(1, 4))
    def change_seats(self, seats: int) -> None:
        model = self.model
        run = self.world.get(CourseRun, self.run_id)
        change = runs.Change({}, run.room, run.trainer, seats, "", overlap_known=True)
        may = not model.cancelled and seats >= len(model.seated) + len(model.kept)
        self.act(may, self.world.staff, runs.change_run, run_id=self.run_id, change=change)
        if may:
            model.seats = seats
            model.offer(self.now)

    @rule(hours=st.sampled_from([1, 13, 24, 100]))
    def wait(self, hours: int) -> None:
        # At noon or in the afternoon: what the night adds to an offer has a test of its own.
        moment = self.now + timedelta(hours=hours)
        here = clock.local(moment)
        self.now = moment if 8 <= here.hour < 21 else here.replace(hour=12)

    @rule()
    def lapse(self) -> None:
        model = self.model
        with clock.frozen(self.now):
            self.world.work(due.lapse_offers)
        for person in [one for one, until in model.kept.items() if until <= self.now]:
            del model.kept[person]
            model.wishing.add(person)
        model.offer(self.now)

    @rule()
    def begin(self) -> None:
        model = self.model
        with clock.frozen(self.now):
            self.world.work(due.begin_due)
        if self.now >= BEGINS and not (model.begun or model.cancelled):
            model.begun = True
            model.wishing |= {*model.kept, *model.line}
            model.kept, model.line = {}, []

    @rule(really=st.sampled_from([False, False, False, True]))
    def cancel(self, really: bool) -> None:
        model = self.model
        if not really:
            return
        self.act(not model.cancelled, self.world.staff, runs.cancel_run, run_id=self.run_id,
                 reason="人太少")  # fmt: skip
        if not model.cancelled:
            model.cancelled = True
            model.wishing |= {*model.seated, *model.kept, *model.line}
            model.seated, model.kept, model.line = [], {}, []

    @invariant()
    def the_database_says_the_same(self) -> None:
        model = self.model
        with self.world.db.reader() as session:
            rows = session.exec(
                select(Enrolment)
                .where(Enrolment.course_id == self.course_id)
                .order_by(col(Enrolment.line))
            ).all()
            run = session.get_one(CourseRun, self.run_id)
        person = {one.resident_id: n for n, one in enumerate(self.world.learners)}
        found: dict[EnrolmentState, list[int]] = {state: [] for state in EnrolmentState}
        for row in rows:
            found[row.state].append(person[row.resident_id])
        seated = S.ATTENDING if model.begun else S.ACCEPTED
        assert sorted(found[seated]) == sorted(model.seated)
        assert {person[row.resident_id]: row.offered_until for row in rows
                if row.state is S.OFFERED} == model.kept  # fmt: skip
        assert found[S.WAITING] == model.line
        assert set(found[S.APPLIED]) == model.wishing
        assert run.seats == model.seats
        numbers = [row.seat for row in rows if row.seat is not None]
        assert len(numbers) == len(set(numbers)) == len(model.seated) + len(model.kept)
        assert (run.state is RunState.CANCELLED) is model.cancelled

    @invariant()
    def the_opening_shows_the_free_seats(self) -> None:
        model = self.model
        run = self.world.get(CourseRun, self.run_id)
        if run.state is RunState.ENROLLING and self.now < BEGINS - timedelta(days=1):
            opening = self.world.opening_of(self.course_id)
            assert opening.places_left == model.free()


@pytest.mark.slow
@pytest.mark.deep
def test_any_order_of_steps(app: Flask, db: Database) -> None:
    with clock.frozen(NOON):
        world = make_world(app, db, learners=PEOPLE)
    machine = type("Bound", (Training,), {"base": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(6, deep=150),
            stateful_step_count=40 if DEEP else 20,
            derandomize=not DEEP,
            suppress_health_check=list(HealthCheck),
            database=None,
            deadline=None,
        ),
    )
