"""Any order of steps and days: the ticket and its clock beside a model that counts day by day."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
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
from tests.functional.tickets.world import World, at
from webapp.core import clock
from webapp.core.errors import AppError
from webapp.rulebook.working_days import is_working_day
from webapp.tickets.lifecycle import (
    FINISHED,
    OWNED,
    Escalation,
    Outcome,
    Rating,
    TicketKind,
    TicketState,
    Urgency,
)
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import calling, escalation, following, handling, sorting

S = TicketState
DEEP = PROFILE == "deep"
NOON = at("2026-09-28 12:00")
LIMITS = {Urgency.QUESTION: 3, Urgency.ORDINARY: 7, Urgency.COMPLEX: 15}
HOURS = {Urgency.DANGER: 2, Urgency.UTILITIES: 24}
IN_HAND = (S.ACKNOWLEDGED, S.IN_PROGRESS)


@dataclass
class Model:
    """What must hold: the state, and the clock as somebody would count it with a calendar."""

    state: TicketState = S.RECEIVED
    urgency: Urgency = Urgency.ORDINARY
    started: datetime = NOON
    paused: datetime | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    extension: int = 0
    extended: bool = False
    replied: datetime | None = None
    first_reply: datetime | None = None
    referred: date | None = None
    reopened: int = 0

    def due(self) -> datetime | None:
        """Return when the next word is due, counting day by day."""
        if self.state in FINISHED:
            return None
        if self.state in {S.REPLIED, S.CALLBACK}:
            assert self.replied is not None
            return last_of(self.replied, 3, [])
        if self.state is S.REFERRED_OUT:
            assert self.referred is not None
            return clock.end_of_day(self.referred + timedelta(days=30))
        if self.urgency in HOURS:
            stood = sum((end - start for start, end in self.pauses), timedelta())
            return self.started + timedelta(hours=HOURS[self.urgency]) + stood
        return last_of(self.started, LIMITS[self.urgency] + self.extension, self.pauses)

    def is_late(self, now: datetime) -> bool:
        """Return whether the next word is late; a clock that stands is read where it stands."""
        due = self.due()
        return due is not None and due <= (self.paused or now)

    def run_again(self, now: datetime) -> None:
        """End a pause; one that began too late gives nothing back."""
        assert self.paused is not None
        if not self.is_late(now):
            self.pauses.append((self.paused, now))
        self.paused, self.state = None, S.IN_PROGRESS

    def restart(self, now: datetime) -> None:
        """Begin a new clock."""
        self.started, self.pauses, self.paused, self.extension = now, [], None, 0


def last_of(start: datetime, days: int, pauses: list[tuple[datetime, datetime]]) -> datetime:
    """Return the end of the last day of so many working days on which the clock did not stand."""
    stood = [(clock.local(one).date(), clock.local(other).date()) for one, other in pauses]
    day = clock.local(start).date()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day) and not any(one < day <= other for one, other in stood)
    return clock.end_of_day(day)


class Course(RuleBasedStateMachine):
    """Every step is tried at every time; the model says whether it must be done or refused."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now, self.model, self.level = NOON, Model(), Escalation.NOBODY
        self.steps = 0

    @initialize(kind=st.sampled_from([None, TicketKind.QUESTION]), taken=st.booleans())
    def begin(self, kind: TicketKind | None, *, taken: bool) -> None:
        with clock.frozen(self.now):
            self.world.file(kind=kind, client=str(len(self.world.filed)))
        self.model.urgency = Urgency.QUESTION if kind else Urgency.ORDINARY
        for _n in range(3 if taken else 0):
            self.onward()

    @rule()
    def onward(self) -> None:
        """Take the usual next step, so that most courses get far."""
        {
            S.RECEIVED: lambda: self.sort(self.model.urgency),
            S.CLASSIFIED: self.give,
            S.DISPATCHED: self.take,
            S.ACKNOWLEDGED: self.ask,
            S.IN_PROGRESS: self.reply,
            S.WAITING_REPORTER: self.answer,
            S.REPLIED: self.call,
            S.CALLBACK: lambda: self.hear(Outcome.UNRESOLVED),
            S.REFERRED_OUT: self.take_back,
            S.CLOSED: self.reopen,
        }[self.model.state]()

    def act(self, may: bool, who: str, verb: Any, **given: Any) -> None:
        with clock.frozen(self.now):
            try:
                self.world.do(who, verb, **given)
            except AppError as refusal:
                if may:
                    pytest.fail(f"{verb.__name__} refused: {refusal.message}")
            else:
                assert may, f"{verb.__name__} done against the rules in {self.model.state}"

    @rule(hours=st.integers(1, 40))
    def hours_pass(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(days=st.integers(2, 12))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(urgency=st.sampled_from(Urgency))
    def sort(self, urgency: Urgency) -> None:
        model = self.model
        known = model.state in {S.RECEIVED, S.CLASSIFIED, S.DISPATCHED}
        before, urgency_before, late = model.due(), model.urgency, model.is_late(self.now)
        model.urgency = urgency
        after = model.due()
        may = known and not (late and before and after and after > before)
        self.act(
            may,
            "secretary" if model.state is not S.DISPATCHED else "owner",
            sorting.classify,
            branch_id=self.world.branch_id,
            kind=TicketKind.REQUEST,
            urgency=urgency,
            is_private=False,
        )
        if may:
            model.state = S.CLASSIFIED
        else:
            model.urgency = urgency_before

    @rule()
    def give(self) -> None:
        may = self.model.state is S.CLASSIFIED
        ids = {"owner_id": self.world.accounts["owner"].id}
        ids["backup_id"] = self.world.accounts["backup"].id
        self.act(may, "secretary", sorting.dispatch, **ids)
        if may:
            self.model.state = S.DISPATCHED

    @rule()
    def take(self) -> None:
        may = self.model.state is S.DISPATCHED
        self.act(may, "owner", handling.acknowledge)
        if may:
            self.model.state = S.ACKNOWLEDGED

    @rule()
    def ask(self) -> None:
        may = self.model.state in IN_HAND
        self.act(may, "backup", handling.ask, words="哪一栋？")
        if may:
            self.model.state, self.model.paused = S.WAITING_REPORTER, self.now

    @rule()
    def answer(self) -> None:
        if self.model.state is not S.WAITING_REPORTER:
            return
        with clock.frozen(self.now):
            self.world.add_words("三栋")
        self.model.run_again(self.now)

    @rule(days=st.integers(1, 8))
    def extend(self, days: int) -> None:
        model = self.model
        may = (
            model.state in IN_HAND
            and model.urgency not in HOURS
            and not model.extended
            and model.first_reply is None
            and not model.is_late(self.now)
            and days <= LIMITS.get(model.urgency, 0)
        )
        self.act(may, "owner", handling.extend, days=days, words="等料")
        if may:
            model.extended, model.extension = True, days

    @rule()
    def reply(self) -> None:
        may = self.model.state in IN_HAND
        self.act(may, "owner", handling.reply, words="办好了")
        if may:
            self.model.state, self.model.replied = S.REPLIED, self.now
            self.model.first_reply = self.model.first_reply or self.now

    @rule()
    def refer(self) -> None:
        may = self.model.state in IN_HAND
        self.act(may, "owner", handling.refer_out, where="镇上", reference="1", words="转了")
        if may:
            self.model.state, self.model.referred = S.REFERRED_OUT, clock.local(self.now).date()
            self.model.first_reply = self.model.first_reply or self.now

    @rule()
    def take_back(self) -> None:
        may = self.model.state is S.REFERRED_OUT
        self.act(may, "owner", handling.take_back, inside_words="有回音了")
        if may:
            self.model.state = S.IN_PROGRESS
            self.model.restart(self.now)

    @rule()
    def call(self) -> None:
        waking = 8 <= clock.local(self.now).hour < 21
        may = self.model.state is S.REPLIED and waking
        if clock.local(self.now).hour in {7, 8, 20, 21, 22}:  # the rule book's own edges
            return
        self.act(may, "clerk", calling.call)
        if may:
            self.model.state = S.CALLBACK

    @rule(outcome=st.sampled_from([Outcome.RESOLVED, Outcome.PARTLY, Outcome.UNRESOLVED]))
    def hear(self, outcome: Outcome) -> None:
        may = self.model.state is S.CALLBACK
        self.act(may, "clerk", calling.note_outcome, outcome=outcome, rating=Rating.FAIR)
        if may and outcome is Outcome.UNRESOLVED:
            self.reopen_model()
        elif may:
            self.model.state = S.CLOSED

    @rule()
    def reopen(self) -> None:
        may = self.model.state in {S.REPLIED, S.CALLBACK, S.CLOSED}
        with clock.frozen(self.now):
            try:
                self.world.follow(following.reopen, words="还是坏的")
            except AppError:
                assert not may
            else:
                assert may
        if may:
            self.reopen_model()

    def reopen_model(self) -> None:
        self.model.state, self.model.reopened = S.IN_PROGRESS, self.model.reopened + 1
        self.model.restart(self.now)

    @rule()
    def scheduler(self) -> None:
        with clock.frozen(self.now):
            escalation.run(self.world.db)
            before = self.ticket().version
            escalation.run(self.world.db)
            assert self.ticket().version == before  # nothing is told twice
        model = self.model
        if model.state is S.WAITING_REPORTER and model.paused is not None:
            if last_of(model.paused, 10, []) <= self.now:
                model.run_again(self.now)
                # What ran out in that moment is told of at the next look.
        elif model.state is S.REFERRED_OUT and (model.due() or self.now) <= self.now:
            model.state = S.IN_PROGRESS
            model.restart(self.now)

    def ticket(self) -> Ticket:
        return self.world.now()

    @invariant()
    def the_row_is_as_the_model(self) -> None:
        if not self.world.ticket_id:
            return
        row, model = self.ticket(), self.model
        assert (row.state, row.urgency, row.reopened) == (
            model.state,
            model.urgency,
            model.reopened,
        )
        assert row.due_at == model.due()
        assert row.first_replied_at == model.first_reply
        assert (row.outcome is not None) == (model.state is S.CLOSED)
        if model.state in OWNED:
            assert row.owner_id is not None
            assert row.backup_id not in {None, row.owner_id}
        with self.world.db.reader() as session:
            steps = session.exec(
                select(TicketEvent)
                .where(TicketEvent.ticket_id == row.id)
                .order_by(col(TicketEvent.id))
            ).all()
        assert len(steps) >= self.steps
        self.steps = len(steps)
        assert steps[-1].to_state is model.state


@pytest.mark.slow
@pytest.mark.deep
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_any_order_of_steps_and_days(world):
    class Machine(Course):
        pass

    Machine.world = world
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples(12, deep=150),
            stateful_step_count=60 if DEEP else 40,
            derandomize=not DEEP,
            suppress_health_check=list(HealthCheck),
            database=None,
            deadline=None,
        ),
    )
