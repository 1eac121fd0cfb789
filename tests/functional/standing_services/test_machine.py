"""A standing service in any order of steps and days, against what must always hold.

`make drill` runs many sequences instead of a few, and longer ones.
"""

from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.depth import examples
from tests.functional.racing import at_once
from tests.functional.standing_services.world import MONDAY, World, key
from webapp.core import clock
from webapp.core.errors import AppError
from webapp.standing_services.lifecycle import (
    TRANSITIONS,
    EndReason,
    PauseReason,
    ServiceAction,
    ServiceState,
    VisitOutcome,
)
from webapp.standing_services.schedule import Rhythm
from webapp.standing_services.services import stopping, visiting

BEAT = 5


class Service(RuleBasedStateMachine):
    """Each step is tried on one service; the days it was due keep their beat."""

    base: World

    @initialize()
    def begin(self) -> None:
        self.now = MONDAY
        with clock.frozen(self.now):
            self.service = self.base.outside(rhythm=Rhythm(BEAT, ""))
        self.anchor = MONDAY.date()
        self.paused = False

    @property
    def today(self):
        return clock.local(self.now).date()

    def attempt(self, verb, **data) -> bool:
        """Do it; return whether it was allowed."""
        with clock.frozen(self.now):
            try:
                self.base.do(self.base.owner, verb, service_id=self.service.id, **data)
            except AppError:
                return False
        return True

    def state(self) -> ServiceState:
        return self.base.now(self.service).state

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def job(self) -> None:
        with clock.frozen(self.now):
            self.base.run_job()
        now = self.base.now(self.service)
        if now.state is ServiceState.ACTIVE:
            assert now.due_on + timedelta(days=BEAT) > self.today
            assert (now.missed_since is None) == (now.backup_told_at is None)
        if now.state is ServiceState.PAUSED:
            assert now.paused_until > self.today

    @rule()
    def visit(self) -> None:
        before = self.base.now(self.service)
        done = self.attempt(
            visiting.note_visit, outcome=VisitOutcome.VISITED, note="", next_on=None,
            idempotency_key=key(),
        )  # fmt: skip
        now = self.base.now(self.service)
        early = self.today < before.due_on - timedelta(days=BEAT // 2)
        assert done == (before.state is ServiceState.ACTIVE and not early)
        if done:
            assert now.next_on == now.due_on > self.today
            assert now.missed_since is None

    @rule()
    def nobody_home(self) -> None:
        done = self.attempt(
            visiting.note_visit, outcome=VisitOutcome.NOT_HOME, note="", next_on=None,
            idempotency_key=key(),
        )  # fmt: skip
        if done:
            assert self.base.now(self.service).next_on > self.today

    @rule(days=st.integers(-1, 20))
    def pause(self, days: int) -> None:
        before = self.state()
        until = self.today + timedelta(days=days)
        done = self.attempt(stopping.pause, until=until, reason=PauseReason.WISH)
        assert done == ((before, ServiceAction.PAUSE) in TRANSITIONS and days > 0)
        self.paused = self.paused or done

    @rule()
    def resume(self) -> None:
        before = self.state()
        done = self.attempt(stopping.resume)
        assert done == ((before, ServiceAction.RESUME) in TRANSITIONS)
        if done:
            assert self.base.now(self.service).next_on >= self.today

    @rule(really=st.sampled_from([False, False, False, True]))
    def end(self, really: bool) -> None:
        if really:
            before = self.state()
            done = self.attempt(stopping.end, reason=EndReason.BETTER)
            assert done == ((before, ServiceAction.END) in TRANSITIONS)

    @invariant()
    def days_keep_their_beat_and_each_is_settled_once(self) -> None:
        if not hasattr(self, "anchor"):
            return
        now = self.base.now(self.service)
        settled = [
            due for due, outcome in self.base.visits(self.service)
            if outcome in {"visited", "missed"}
        ]  # fmt: skip
        assert settled == sorted(set(settled))
        assert all((due - self.anchor).days % BEAT == 0 for due in [*settled, now.due_on])
        assert not settled or settled[-1] < now.due_on
        if not self.paused:  # of what was due, a late visit alone stands for one that follows
            gaps = {(b - a).days for a, b in pairwise(settled)}
            assert gaps <= {BEAT, 2 * BEAT}


def test_a_service_keeps_its_beat(world):
    class Bound(Service):
        base = world

    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=examples(5),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_two_taps_at_once_settle_a_day_once(world, app, db):
    with clock.frozen(MONDAY):
        service = world.arrange()

        def go(session, actor):
            visiting.note_visit(
                session, actor, service_id=service.id, outcome=VisitOutcome.VISITED,
                note="", next_on=None, idempotency_key=key(),
            )  # fmt: skip

        people = [world.actor(one) for one in (world.owner, world.backup, world.secretary)]
        assert at_once(app, db, *[(one, go) for one in people]) == ["400", "400", "done"]
    assert world.visits(service) == [(MONDAY.date(), "visited")]
