"""What the clock does by itself: over holidays, month ends, leaves, silence; exactly once."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from tests.functional.tickets.world import at
from webapp import events
from webapp.branches.models.rota import MemberAbsence
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.ops import scheduled_jobs, scheduler
from webapp.tickets.lifecycle import Escalation, TicketAction, TicketState, Urgency
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import escalation, handling

E, S = Escalation, TicketState
JOB = next(job for job in scheduled_jobs.JOBS if job.name == "escalate_tickets")
MORNING = at("2026-09-29 09:00")  # two days before the week of the National Day


@pytest.fixture
def told(monkeypatch):
    """Who was told, in order."""
    found = []

    def note(session, actor, event):
        found.append(sorted(event.account_ids))

    monkeypatch.setitem(events._reactions, events.AccountsConcerned, [note])
    return found


def names(world, told):
    by_id = {one.id: name for name, one in world.accounts.items()}
    return [sorted(by_id[one] for one in ids) for ids in told]


def step(world, moment):
    with clock.frozen(at(moment) if isinstance(moment, str) else moment):
        escalation.run(world.db)
    return world.now()


@pytest.mark.job("escalate_tickets")
def test_an_ordinary_one_climbs_over_the_national_day(world, told):
    with clock.frozen(MORNING):
        due = world.in_hand().due_at
    assert due == at("2026-10-15 00:00")  # 30; 8, 9, 10 (a Saturday worked), 12, 13, 14
    told.clear()
    levels = []
    for moment in (
        "2026-10-10 10:00", "2026-10-11 09:00", "2026-10-14 23:55", "2026-10-15 00:00",
        "2026-10-15 23:55", "2026-10-16 00:00", "2026-10-19 23:55", "2026-10-20 00:00",
    ):  # fmt: skip
        levels.append(step(world, moment).escalation)
        step(world, moment)  # told once
    assert levels == [
        E.NOBODY, E.OWNER, E.OWNER, E.BACKUP, E.BACKUP, E.SECRETARY, E.SECRETARY, E.PUBLIC,
    ]  # fmt: skip
    assert names(world, told) == [
        ["owner"],
        ["backup", "owner"],
        ["owner", "secretary"],
        ["owner", "secretary"],
    ]
    with clock.frozen(at("2026-10-20 09:00")):
        answered = world.do("owner", handling.reply, words="修好了，让您久等")
    assert answered.escalation is E.NOBODY
    assert answered.first_due_at == due
    assert answered.due_at == at("2026-10-24 00:00")  # the call back


def test_a_scheduler_that_slept_tells_everybody_once(world, told):
    with clock.frozen(MORNING):
        world.in_hand()
    told.clear()
    assert step(world, "2026-11-02 09:00").escalation is E.PUBLIC
    assert len(told) == 4


@pytest.mark.parametrize(
    ("urgency", "moments"),
    [
        (Urgency.DANGER, [(89, E.NOBODY), (90, E.OWNER), (120, E.BACKUP), (180, E.SECRETARY)]),
        (
            Urgency.UTILITIES,
            [(1079, E.NOBODY), (1080, E.OWNER), (1440, E.BACKUP), (1500, E.SECRETARY)],
        ),
    ],
)
def test_danger_and_utilities_by_the_clock_on_a_holiday(world, urgency, moments):
    start = at("2026-10-02 22:00")
    with clock.frozen(start):
        world.in_hand(urgency=urgency)
    for minutes, level in moments:
        assert step(world, start + timedelta(minutes=minutes)).escalation is level
    late = start + timedelta(minutes=moments[2][0], hours=24)
    assert step(world, late - timedelta(minutes=1)).escalation is E.SECRETARY
    assert step(world, late).escalation is E.PUBLIC


def test_what_nobody_has_taken_is_told_to_the_secretaries(world, told):
    with clock.frozen(MORNING):
        world.file()
    step(world, "2026-10-11 09:00")
    assert names(world, told) == [["clerk", "secretary"]]


def test_a_call_back_that_is_not_made_climbs_too(world, told):
    with clock.frozen(at("2026-11-30 09:00")):
        world.replied()
    assert step(world, "2026-12-03 08:00").escalation is E.OWNER
    assert step(world, "2026-12-04 00:00").escalation is E.BACKUP


def test_a_pause_stands_ten_working_days_and_no_longer(world, told):
    with clock.frozen(MORNING):
        world.in_hand()
        world.do("owner", handling.ask, words="是哪一栋？")
    told.clear()
    assert step(world, "2026-10-19 23:59").state is S.WAITING_REPORTER
    assert step(world, "2026-10-20 00:00").state is S.IN_PROGRESS
    assert names(world, told) == [["owner"]]
    assert world.now().due_at == at("2026-10-30 00:00")  # eleven working days later


def test_a_referral_is_asked_after_and_comes_back(world, told):
    with clock.frozen(at("2026-11-30 09:00")):
        world.in_hand()
        world.do("owner", handling.refer_out, where="镇上", reference="12", words="转过去了")
    told.clear()
    assert step(world, "2026-12-10 23:59").referral_reminded_at is None
    assert step(world, "2026-12-11 00:00").referral_reminded_at is not None
    step(world, "2026-12-12 00:00")
    assert step(world, "2026-12-30 23:59").state is S.REFERRED_OUT
    back = step(world, "2026-12-31 00:00")
    assert (back.state, back.due_at) == (S.IN_PROGRESS, at("2027-01-13 00:00"))
    assert names(world, told) == [["owner"], ["owner"]]


def test_an_owner_on_leave_hands_it_to_the_backup_and_the_clock_runs_on(world, write, told):
    with clock.frozen(MORNING):
        due = world.in_hand().due_at
        with write() as session:
            session.add(
                MemberAbsence(
                    account_id=world.accounts["owner"].id,
                    from_on=date(2026, 9, 30),
                    until_on=date(2026, 10, 9),
                    noted_at=clock.now(),
                )
            )
    told.clear()
    assert step(world, "2026-09-29 23:59").owner_id == world.accounts["owner"].id
    moved = step(world, "2026-09-30 00:00")
    assert moved.owner_id == world.accounts["backup"].id
    assert moved.backup_id == world.accounts["secretary"].id
    assert (moved.state, moved.due_at) == (S.DISPATCHED, due)
    assert names(world, told) == [["backup", "secretary"]]
    assert step(world, "2026-09-30 00:05").version == moved.version


def test_a_member_who_leaves_hands_everything_over_at_once(world, write):
    world.in_hand()
    owner, backup, secretary = (world.accounts[one].id for one in ("owner", "backup", "secretary"))
    world.in_hand()
    world.replied()
    asked = events.MemberDutiesAsked(owner)
    with write() as session:
        events.announce(session, SYSTEM, asked)
        assert ("民情", 3) in [(one.words, one.count) for one in asked.counts]
        # The successor was the backup already: the spare one is the backup from now on.
        assert events.announce(session, SYSTEM, events.MemberLeaves(owner, backup, secretary)) == 3
        left = events.MemberDutiesAsked(owner)
        events.announce(session, SYSTEM, left)
        assert left.counts == []
    with world.db.reader() as session:
        rows = session.exec(select(Ticket)).all()
    assert {(one.owner_id, one.backup_id) for one in rows} == {(backup, secretary)}
    assert {one.state for one in rows} == {S.DISPATCHED, S.REPLIED}


def test_two_schedulers_tell_once(world, app, db, told):
    with clock.frozen(MORNING):
        world.in_hand()
    told.clear()
    with clock.frozen(at("2026-10-15 00:00")):
        ran = _in_threads(app, lambda: scheduler.run_once(db, JOB))
    assert sorted(ran) == [False, True]
    with db.reader() as session:
        rows = session.exec(
            select(TicketEvent).where(TicketEvent.action == TicketAction.ESCALATE)
        ).all()
    assert len(rows) == 2  # owner and backup, once each
    assert len(told) == 2


def test_two_that_look_at_the_same_moment_move_a_ticket_once(world, app, db, told):
    """Past the guard of the job itself: as after a run that was taken over."""
    with clock.frozen(MORNING):
        world.in_hand()
    told.clear()
    with clock.frozen(at("2026-10-15 00:00")):
        _in_threads(app, lambda: escalation.run(db))
    assert len(told) == 2


def _in_threads(app, work):
    barrier = Barrier(2)

    def run():
        with app.test_request_context():
            barrier.wait()
            return work()

    with ThreadPoolExecutor(2) as pool:
        return [one.result() for one in [pool.submit(copy_context().run, run) for _n in range(2)]]
