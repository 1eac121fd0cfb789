"""A visit nobody made: who hears of it when, over month ends, leave, nights and two schedulers."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.functional.racing import at_once
from tests.functional.standing_services.world import MONDAY, World, at
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.messages.models import NotificationOptIn
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.standing_services import queries
from webapp.standing_services.lifecycle import PauseReason, ServiceState, VisitOutcome
from webapp.standing_services.schedule import Rhythm
from webapp.standing_services.services import missed, stopping

TODAY = MONDAY.date()
QUIET = "0 services resumed, 0 visits missed, 0 backups told, 0 secretaries told"


def round_of(world: World, account) -> list[int]:
    """Return whom a member visits today."""
    with world.reading() as session:
        rows = session.execute(queries.to_go(world.actor(account)))
        return [queries.line_of(row).service.id for row in rows]


def listen(world: World) -> None:
    """Have everybody want notices outside."""
    with world.db.transaction(SYSTEM) as session:
        channel = OutsideChannel(
            name="网关",
            url="json://127.0.0.1/",
            audience=Audience.PEOPLE,
            enabled=True,
            created_at=MONDAY,
        )
        session.add(channel)
        for one in (world.owner, world.backup, world.secretary):
            session.add(NotificationOptIn(account_id=one.id, since=MONDAY))


def told(world: World) -> list[int | None]:
    with world.db.reader() as session:
        return list(session.exec(select(OutboxRow.account_id).order_by(OutboxRow.id)).all())


@pytest.mark.job("standing_visits")
def test_backup_then_secretary_hear_of_it_once_each_over_a_months_end(world):
    listen(world)
    with at():
        service = world.arrange()
        assert round_of(world, world.owner) == [service.id]
        assert round_of(world, world.backup) == round_of(world, world.secretary) == []
        assert world.run_job() == QUIET
    with clock.frozen(MONDAY.replace(hour=3) + timedelta(days=1)):  # 1 December, in the night
        assert world.run_job() == QUIET
        assert world.now(service).missed_since == TODAY
    with at(1, hour=9):
        assert "1 backups told, 0 secretaries" in world.run_job()
        assert world.run_job() == QUIET
        assert round_of(world, world.backup) == round_of(world, world.owner) == [service.id]
        assert round_of(world, world.secretary) == []
        assert told(world) == [world.backup.id]
    with at(3):
        assert world.run_job() == QUIET
    with at(4, hour=22):
        assert world.run_job() == QUIET  # too late in the evening
    with at(5, hour=8):
        assert "0 backups told, 1 secretaries" in world.run_job()
        assert world.run_job() == QUIET
        assert round_of(world, world.secretary) == [service.id]
        assert told(world) == [world.backup.id, world.secretary.id]
        world.visit(service, by=world.secretary)
        assert round_of(world, world.secretary) == round_of(world, world.backup) == []
    now = world.now(service)
    assert (now.missed_since, now.backup_told_at, now.secretary_told_at) == (None, None, None)
    # Five days late: the next is not two days later, and keeps the Mondays.
    assert now.due_on == now.next_on == TODAY + timedelta(days=14)
    assert world.visits(service) == [(TODAY, "visited")]


def test_each_turn_nobody_made_is_settled_once(world):
    with at():
        service = world.arrange(rhythm=Rhythm(None, "14"))  # Mondays and Thursdays
    with at(15):
        assert "4 visits missed" in world.run_job()
        assert "0 visits missed" in world.run_job()
        assert world.now(service).due_on == date(2026, 12, 14)
        world.visit(service)
    days = [date(2026, 11, 30), date(2026, 12, 3), date(2026, 12, 7), date(2026, 12, 10)]
    expected = [(day, "missed") for day in days] + [(date(2026, 12, 14), "visited")]
    assert world.visits(service) == expected


def test_with_the_visitor_on_leave_the_backup_goes_on_the_day_itself(world):
    with at():
        service = world.arrange(begin=TODAY + timedelta(days=2))
        world.away(world.owner, TODAY + timedelta(days=1), TODAY + timedelta(days=5))
        assert world.run_job() == QUIET
    with at(2, hour=8):
        assert round_of(world, world.backup) == [service.id]
        assert "1 backups told, 0 secretaries" in world.run_job()
    with at(2):
        world.away(world.backup, TODAY + timedelta(days=2), TODAY + timedelta(days=2))
        assert "0 backups told, 1 secretaries" in world.run_job()
        assert round_of(world, world.secretary) == [service.id]


def test_nobody_at_home_again_and_again_is_no_way_round(world):
    """Whoever only ever says 没人在家 is noticed when the turn is over."""
    with at():
        service = world.arrange()
    for day in range(7):
        with at(day):
            world.run_job()
            assert world.now(service).next_on == TODAY + timedelta(days=day)
            world.visit(service, VisitOutcome.NOT_HOME)
    with at(7):
        assert "1 visits missed, 1 backups told" in world.run_job()
        assert world.now(service).missed_since == TODAY
        world.visit(service, VisitOutcome.NOT_HOME)
        assert world.now(service).backup_told_at is not None


def test_two_schedulers_tell_once(world, app, db):
    listen(world)
    with at():
        world.arrange()
        world.outside()
    with at(5):
        with db.transaction(SYSTEM) as session:
            missed.note_missed(session)

        marked: list[int] = []

        def tell(session, _actor):
            missed.note_missed(session)
            marked.append(missed.tell(session)[0])

        assert at_once(app, db, *[(SYSTEM, tell)] * 3) == ["done"] * 3
        assert sorted(marked) == [0, 0, 2]
    assert told(world) == [world.backup.id]  # one notice waits, as both say the same
    with db.reader() as session:
        keys = session.exec(select(OutboxRow.key)).all()
    assert len(keys) == 1


def test_whoever_read_before_another_told_tells_nothing(world):
    """What a second scheduler has read may be old by the time it writes."""
    with at():
        service = world.arrange()
    with at(1):
        world.run_job()
        stale = world.now(service)
        assert stale.backup_told_at is not None
        told = []
        for _scheduler in range(2):
            with world.db.transaction(SYSTEM) as session:
                told.append(
                    missed.tell_once(session, stale, "secretary_told_at", world.secretary.id, "x")
                )
    assert told == [True, False]


def test_paused_ones_go_on_by_themselves(world):
    with at():
        service = world.arrange()
        world.do(
            world.backup,
            stopping.pause,
            service_id=service.id,
            until=date(2026, 12, 31),
            reason=PauseReason.HOSPITAL,
        )
        assert round_of(world, world.owner) == []
    with at(30):
        assert world.run_job() == QUIET
    with at(31):
        assert "1 services resumed, 0 visits missed" in world.run_job()
        assert world.run_job() == QUIET
    now = world.now(service)
    assert now.state is ServiceState.ACTIVE
    assert now.next_on == date(2027, 1, 4)  # the next Monday of the beat
    assert world.visits(service) == []


def test_a_pause_after_the_fact_hides_nothing(world):
    with at():
        service = world.arrange()
    with at(3):
        world.do(
            world.owner,
            stopping.pause,
            service_id=service.id,
            until=TODAY + timedelta(days=20),
            reason=PauseReason.WISH,
        )
    assert world.visits(service) == [(TODAY, "missed")]
