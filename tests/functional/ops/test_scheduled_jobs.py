"""Every scheduled job, run at the moments that matter to it.

``@pytest.mark.job(NAME)`` names the job a test runs; ``tests/test_consistency.py`` asks one of
each job that also moves the clock.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from apscheduler.triggers.cron import CronTrigger
from flask import Flask
from sqlmodel import col, select

from tests import factories
from tests.functional.piecework import world as piecework_world
from tests.functional.tables import count
from tests.functional.training import world as training
from webapp.accounts import sessions, throttle
from webapp.accounts.models import LoginSession
from webapp.core import clock, heartbeats, rate_limits
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.models import Heartbeat, JobRun, RateLimit
from webapp.duplicates.models import DuplicatePair
from webapp.engine.models import KeptMeaning, ModelVersion, SuggestionRequest, VersionState
from webapp.engine.suggestion_requests import request_suggestions
from webapp.figures.models import EmploymentMonth
from webapp.matches.lifecycle import MatchState, PlanState
from webapp.matches.models import Impression, Match, MatchEvent
from webapp.matches.models.community_plan import CommunityPlan
from webapp.matches.suggestions.impressions import note
from webapp.notices import outbox
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.ops import frequent_jobs, scheduled_jobs
from webapp.piecework.models.money import SettlementRun
from webapp.residents.models import Resident
from webapp.rulebook.models import RuleFigure
from webapp.training.models.courses import CourseRun
from webapp.training.models.demand import CourseDemand, DemandGain
from webapp.training.services import enrolments

JOBS = {job.name: job for job in (*scheduled_jobs.JOBS, *frequent_jobs.FREQUENT_JOBS)}
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)

Run = Callable[[str], object]


@pytest.fixture
def run(app: Flask, db: Database) -> Run:
    """``run(name)`` does a job's work now, as the scheduler would."""

    def _run(name: str) -> object:
        with app.app_context():
            return JOBS[name].work(db)

    return _run


def state(db: Database, table: type[Any], id_: int) -> Any:
    with db.reader() as session:
        return session.get_one(table, id_).state


@pytest.mark.parametrize("job", scheduled_jobs.JOBS, ids=lambda job: job.name)
def test_each_firing_falls_in_a_period_of_its_own(job: scheduled_jobs.Job) -> None:
    """Two in one period would have the second left out in silence."""
    trigger = CronTrigger(timezone=clock.LOCAL, **job.cron)
    moment = NOON
    periods = []
    for _ in range(300):
        fired = trigger.get_next_fire_time(None, moment)
        periods.append(clock.local(fired).strftime(job.period))
        moment = fired + timedelta(seconds=1)
    assert len(set(periods)) == len(periods)


@pytest.mark.job("expire_openings")
def test_an_opening_ends_after_its_last_day(db: Database, write: Any, run: Run) -> None:
    with clock.frozen(NOON), write() as session:
        id_ = factories.make_opening(session, valid_until=NOON.date()).id
    with clock.frozen(NOON.replace(hour=23, minute=59)):
        assert run("expire_openings") == "0 expired"
    with clock.frozen(NOON.replace(hour=0, minute=5) + timedelta(days=1)):
        assert run("expire_openings") == "1 expired"
        assert run("expire_openings") == "0 expired"
    assert state(db, Opening, id_) is OpeningState.EXPIRED


@pytest.mark.job("time_out_offers")
def test_an_offer_waits_until_the_end_of_its_last_day(db: Database, write: Any, run: Run) -> None:
    with clock.frozen(NOON), write() as session:
        until = NOON.date() + timedelta(days=7)
        id_ = factories.make_match(session, state=MatchState.OFFERED, offered_until=until).id
    with clock.frozen(NOON + timedelta(days=7)):
        assert run("time_out_offers") == "0 timed out"
    with clock.frozen(NOON + timedelta(days=8)):
        assert run("time_out_offers") == "1 timed out"
    assert state(db, Match, id_) is MatchState.NO_REPLY


@pytest.mark.job("chase_employers")
def test_a_silent_employer_is_chased_and_rejects_nobody(db: Database, write: Any, run: Run) -> None:
    with clock.frozen(NOON), write() as session:
        id_ = factories.make_match(session, state=MatchState.APPLIED).id
    for days, noted in ((2, 0), (3, 1), (6, 0), (7, 1), (13, 0), (14, 1), (60, 0)):
        with clock.frozen(NOON + timedelta(days=days)):
            assert run("chase_employers") == f"{noted} silences noted", days
    assert state(db, Match, id_) is MatchState.APPLIED
    with db.reader() as session:
        steps = session.exec(select(MatchEvent.action).where(MatchEvent.match_id == id_)).all()
    assert steps == ["chase", "chase", "tell_silent"]


@pytest.mark.job("freeze_figures")
def test_the_figure_of_a_month_is_kept_once(db: Database, write: Any, run: Run) -> None:
    with clock.frozen(NOON), write() as session:
        factories.make_resident(session)
    first = NOON.replace(month=12, day=1, hour=0, minute=15)
    with clock.frozen(first):
        assert run("freeze_figures") == "month kept"
    with clock.frozen(first + timedelta(days=1)):
        assert run("freeze_figures") == "kept already"
    with clock.frozen(first + timedelta(days=31)):
        assert run("freeze_figures") == "month kept"
    with db.reader() as session:
        months = session.exec(select(EmploymentMonth.month).order_by(EmploymentMonth.month)).all()
    assert [(month.year, month.month) for month in months] == [(2026, 11), (2026, 12)]


@pytest.mark.job("settle_piecework")
def test_pay_is_settled_before_it_is_fifteen_days_old(app: Flask, db: Database, run: Run) -> None:
    with clock.frozen(NOON), app.test_request_context():
        world = piecework_world.make_world(db)
        world.publish()
        share = world.ready(pieces=20)
        world.inspect(world.submit(share, 10), accepted=10)
    with clock.frozen(NOON + timedelta(days=13)):
        assert run("settle_piecework") == "0 shares settled"
    assert count(db, SettlementRun) == 0
    with clock.frozen(NOON + timedelta(days=14)):
        assert run("settle_piecework") == "1 shares settled"
        assert run("settle_piecework") == "0 shares settled"
    assert count(db, SettlementRun) == 1


@pytest.mark.job("purge")
def test_what_has_run_its_time_is_dropped(app: Flask, db: Database, write: Any, run: Run) -> None:
    with clock.frozen(NOON), write() as session:
        account = factories.make_account(session, role=Role.STAFF)
        sessions.start(session, account)
        rate_limits.take(session, [throttle.of_address("192.0.2.1")])
        match = factories.make_match(session, rank=1, propensity=1.0)
        note(session, account.id, [(match.id, 1, 1, True)])
        channel = OutsideChannel(
            name="路", url="json://127.0.0.1:9/", audience=Audience.STAFF, created_at=clock.now()
        )
        session.add(channel)
        session.flush()
        outbox.put_test(session, channel_id=channel.id).delivered_at = clock.now()
        session.add(JobRun(job="purge", period="x", started_at=clock.now()))
    # The first day on which each is gone: 15 minutes, 30, 30 and 60 days, two years.
    left = {
        timedelta(minutes=14): set(),
        timedelta(minutes=15): {RateLimit},
        timedelta(days=29): {RateLimit},
        timedelta(days=31): {RateLimit, LoginSession, OutboxRow},
        timedelta(days=59): {RateLimit, LoginSession, OutboxRow},
        timedelta(days=61): {RateLimit, LoginSession, OutboxRow, JobRun},
        timedelta(days=729): {RateLimit, LoginSession, OutboxRow, JobRun},
        timedelta(days=731): {RateLimit, LoginSession, OutboxRow, JobRun, Impression},
    }
    tables = (RateLimit, LoginSession, OutboxRow, JobRun, Impression)
    for later, gone in left.items():
        with clock.frozen(NOON + later):
            run("purge")
        assert {table for table in tables if count(db, table) == 0} == gone, later


@pytest.mark.job("find_duplicates")
def test_a_file_that_came_in_today_is_compared_tonight(db: Database, write: Any, run: Run) -> None:
    night = NOON.replace(hour=1, minute=30)
    with clock.frozen(night - timedelta(days=1)), write() as session:
        first = factories.make_resident(session, name="罗小群")
    with clock.frozen(night):
        assert run("find_duplicates") == "0 pairs"
    with clock.frozen(NOON), write() as session:
        factories.make_resident(session, name="罗小群", household_id=first.household_id)
    tomorrow = night + timedelta(days=1)
    with clock.frozen(tomorrow):
        assert run("find_duplicates") == "1 pairs"
        assert run("find_duplicates") == "0 pairs"
    with db.reader() as session:
        assert session.exec(select(DuplicatePair)).one().found_at == tomorrow


@pytest.mark.slow
@pytest.mark.job("nightly_suggestions")
def test_who_turns_sixteen_gets_suggestions_that_night(db: Database, write: Any, run: Run) -> None:
    birthday = NOON.date() + timedelta(days=1)
    with clock.frozen(NOON), write() as session:
        born = birthday.replace(year=birthday.year - 16)
        young = factories.make_resident(session, birth_date=born).id
        factories.make_opening(session)

    def suggested() -> int:
        with db.reader() as session:
            return len(session.exec(select(Match).where(Match.resident_id == young)).all())

    night = NOON.replace(hour=2)
    with clock.frozen(night):
        run("nightly_suggestions")
    assert suggested() == 0
    with clock.frozen(night + timedelta(days=1)):
        run("nightly_suggestions")
    assert suggested() == 1


@pytest.mark.job("community_plan")
def test_the_morning_finds_the_queue_ordered_by_a_new_plan(
    db: Database, write: Any, run: Run
) -> None:
    night = NOON.replace(hour=2, minute=20)
    with clock.frozen(night), write() as session:
        last_day = NOON.date()
        factories.make_opening(session, headcount=1, valid_until=last_day)
        for _ in range(2):
            factories.make_resident(session)
    with clock.frozen(night):
        assert run("community_plan") == "1 suggestions picked"
        assert run("community_plan") == "1 suggestions picked"  # safe to run twice
    with clock.frozen(night + timedelta(days=1)):  # the opening is over
        assert run("community_plan") == "0 suggestions picked"
    with db.reader() as session:
        in_force = select(CommunityPlan).where(CommunityPlan.state == PlanState.IN_FORCE)
        plan = session.exec(in_force).one()
        assert (plan.placed, plan.people, plan.made_by_id) == (0, 2, None)
        assert session.exec(select(Match).where(col(Match.pick).is_not(None))).all() == []


@pytest.mark.job("training_demand")
def test_what_courses_open_is_worked_out_anew_each_night(
    db: Database, write: Any, run: Run
) -> None:
    with clock.frozen(NOON), write() as session:
        factories.make_resident(session)
        factories.make_opening(session, certificates=["健康证"], valid_until=NOON.date())
    night = NOON.replace(hour=2, minute=40)
    with clock.frozen(night):
        assert run("training_demand") == "1 ways to learn"
    assert count(db, CourseDemand) == count(db, DemandGain) == 1
    with clock.frozen(night + timedelta(days=1)):  # the opening is over
        assert run("training_demand") == "0 ways to learn"
    assert count(db, CourseDemand) == count(db, DemandGain) == 0


@pytest.mark.job("suggest")
def test_what_is_asked_for_is_computed_at_the_next_look(db: Database, write: Any, run: Run) -> None:
    with clock.frozen(NOON), write() as session:
        resident = factories.make_resident(session)
        factories.make_opening(session, valid_until=NOON.date())
    with clock.frozen(NOON):
        assert run("suggest") == 0  # nobody asked
        with write() as session:
            request_suggestions(session, resident_id=resident.id)
        assert run("suggest") == 1
    assert count(db, SuggestionRequest) == 0
    with clock.frozen(NOON + timedelta(days=1)):  # the opening is over
        with write() as session:
            request_suggestions(session, resident_id=resident.id)
        assert run("suggest") == 0
    assert count(db, Match) == 0


@pytest.mark.job("heartbeat")
def test_a_scheduler_that_is_not_heard_for_a_minute_is_silent(db: Database, run: Run) -> None:
    def silent() -> bool | None:
        with db.reader() as session:
            return heartbeats.is_silent(session, heartbeats.SCHEDULER)

    assert silent() is None
    for later in (timedelta(0), timedelta(minutes=10)):
        with clock.frozen(NOON + later):
            run("heartbeat")
        with clock.frozen(NOON + later + timedelta(seconds=60)):
            assert silent() is False
        with clock.frozen(NOON + later + timedelta(seconds=61)):
            assert silent() is True
    assert count(db, Heartbeat) == 1


@pytest.mark.job("opening_meanings")
def test_meanings_are_worked_out_once_for_each_text_and_in_time_forgotten(
    run: Run, write: Any, db: Database
) -> None:
    with clock.frozen(NOON):
        with write() as session:
            for _ in range(2):  # the same words twice
                factories.make_opening(session, title="月嫂")
            factories.make_opening(session, title="保洁员", state=OpeningState.DRAFT)
        assert run("opening_meanings") == 1
        assert run("opening_meanings") == 0
        with write() as session:
            factories.make_opening(session, title="电焊工")
        assert run("opening_meanings") == 1
    assert count(db, KeptMeaning) == 2
    with clock.frozen(NOON + timedelta(days=179)):
        run("purge")
        assert count(db, KeptMeaning) == 2
    with clock.frozen(NOON + timedelta(days=181)):
        run("purge")
    assert count(db, KeptMeaning) == 0


@pytest.mark.job("resident_meanings")
def test_what_residents_can_is_worked_out_when_a_file_has_changed(
    run: Run, write: Any, db: Database
) -> None:
    with clock.frozen(NOON):
        with write() as session:
            resident = factories.make_resident(session, wanted=["月嫂"], skills=["月嫂", "缝纫"])
        assert run("resident_meanings") == 2
        assert run("resident_meanings") == 0
    with clock.frozen(NOON + timedelta(minutes=1)):
        with write() as session:
            row = session.get_one(Resident, resident.id)
            row.skills, row.updated_at = ["电焊"], clock.now()
        assert run("resident_meanings") == 1
    assert count(db, KeptMeaning) == 3


@pytest.mark.slow
@pytest.mark.job("outbox")
def test_a_notice_that_failed_waits_longer_each_time(
    app: Flask, db: Database, write: Any, run: Run
) -> None:
    with clock.frozen(NOON), write() as session:
        channel = OutsideChannel(
            # Port 9 of this machine: nobody listens there.
            name="路", url="json://127.0.0.1:9/", audience=Audience.STAFF, created_at=clock.now()
        )  # fmt: skip
        session.add(channel)
        session.flush()
        notice = outbox.put_test(session, channel_id=channel.id).id

    def attempts() -> int:
        with db.reader() as session:
            return session.get_one(OutboxRow, notice).attempts

    for minutes, tried in ((0, 1), (0.9, 1), (1, 2), (5, 2), (6, 3)):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            run("outbox")
        assert attempts() == tried, minutes


@pytest.mark.slow
@pytest.mark.job("train")
def test_a_training_cut_off_is_taken_up_after_an_hour(db: Database, write: Any, run: Run) -> None:
    with clock.frozen(NOON):
        assert run("train") is None  # nobody asked
        with write() as session:
            version = ModelVersion(
                state=VersionState.REQUESTED, created_at=clock.now(), started_at=clock.now()
            )
            session.add(version)
            session.flush()
    with clock.frozen(NOON + timedelta(minutes=59)):
        assert run("train") is None  # somebody may still be at it
    assert state(db, ModelVersion, version.id) is VersionState.REQUESTED
    with clock.frozen(NOON + timedelta(minutes=61)):
        assert run("train") is not None
    assert state(db, ModelVersion, version.id) is VersionState.REFUSED  # nothing to learn from


def test_jobs_have_names_of_their_own() -> None:
    assert len(JOBS) == len(scheduled_jobs.JOBS) + len(frequent_jobs.FREQUENT_JOBS)


@pytest.mark.job("run_courses")
@pytest.mark.job("lapse_seat_offers")
@pytest.mark.job("remind_learners")
def test_a_run_opens_passes_on_a_seat_reminds_and_begins(
    run: Run, app: Flask, db: Database
) -> None:
    with clock.frozen(training.NOON):
        world = training.make_world(
            app, db, learners=3, enrol_from=training.NOON.date() + timedelta(days=2)
        )
        assert run("run_courses") == "0 opened, 0 begun"
    with clock.frozen(training.NOON + timedelta(days=2)):
        assert run("run_courses") == "1 opened, 0 begun"
        for one in world.learners:
            world.do(one, enrolments.enrol, run_id=world.run_id, resident_id=one.resident_id)
        first = world.enrolment(world.learners[0])
        world.do(world.learners[0], enrolments.withdraw, enrolment_id=first.id)
        assert run("lapse_seat_offers") == "0 seats passed on, 0 invitations over"
    with clock.frozen(training.NOON + timedelta(days=3)):
        assert run("lapse_seat_offers") == "1 seats passed on, 0 invitations over"
    with clock.frozen(training.BEGINS - timedelta(hours=12)):  # 21:00: quiet
        assert run("remind_learners") == "0 reminders"
    with clock.frozen(training.BEGINS - timedelta(hours=13)):
        assert run("remind_learners") == "1 reminders"
        assert run("remind_learners") == "0 reminders"
    with clock.frozen(training.BEGINS):
        assert run("run_courses") == "0 opened, 1 begun"
    assert state(db, CourseRun, world.run_id) == "running"


@pytest.mark.job("take_back_unlawful")
def test_an_opening_goes_back_on_the_day_that_a_higher_floor_holds(
    run: Run, db: Database, write: Any
) -> None:
    with clock.frozen(NOON):
        with write() as session:
            opening = factories.make_opening(session)
            session.add(
                RuleFigure(
                    name="pay_floor_month_1",
                    value=300_000,
                    unit="fen",
                    since=(NOON + timedelta(days=2)).date(),
                    source="测试",
                    created_at=clock.now(),
                )
            )
        assert run("take_back_unlawful") == "0 taken back"
    with clock.frozen(NOON + timedelta(days=2)):
        assert run("take_back_unlawful") == "1 taken back"
        assert run("take_back_unlawful") == "0 taken back"
    with db.reader() as session:
        row = session.get_one(Opening, opening.id)
    assert row.state is OpeningState.SUBMITTED
    assert "最低工资" in row.state_reason
