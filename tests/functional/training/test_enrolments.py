"""Seats, waiting list and offers through the services, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests import factories
from tests.functional.training.world import BEGINS, NOON, make_world, meetings, run_terms
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound, Refused
from webapp.core.models import AuditEvent
from webapp.matches import services as matches
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.services.requirements import RulesNotTold
from webapp.openings.models import Opening
from webapp.privacy import service as privacy
from webapp.training.lifecycle import EnrolmentState, NewsKind, RunState
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import due, enrolments, posting, runs

S = EnrolmentState


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with clock.frozen(NOON):
        yield make_world(app, db, learners=4)


def enrol(world: Any, learner: Actor, run_id: int | None = None, actor: Actor | None = None) -> Any:
    return world.do(
        actor or learner,
        enrolments.enrol,
        run_id=run_id or world.run_id,
        resident_id=learner.resident_id,
    )


def test_a_seat_then_the_line_then_an_offer_in_the_same_transaction(world: Any) -> None:
    first, second, third, fourth = world.learners
    assert [enrol(world, one).state for one in world.learners] == [
        S.ACCEPTED, S.ACCEPTED, S.WAITING, S.WAITING,
    ]  # fmt: skip
    again = enrol(world, third)
    assert (again.state, again.line) == (S.WAITING, 1)
    assert world.get(Opening, world.opening_id).places_left == 0

    world.do(second, enrolments.withdraw, enrolment_id=world.enrolment(second).id)
    offered = world.enrolment(third)
    assert offered.state is S.OFFERED
    assert offered.offered_until == NOON + timedelta(hours=24)
    assert world.state(fourth) is S.WAITING
    assert world.news(third) == [NewsKind.LINE, NewsKind.OFFER]
    assert world.get(Opening, world.opening_id).places_left == 0  # the seat is kept for them

    world.do(third, enrolments.accept_offer, enrolment_id=offered.id)
    world.do(third, enrolments.accept_offer, enrolment_id=offered.id)  # the second tap of two
    assert world.state(third) is S.ACCEPTED
    assert world.state(first) is S.ACCEPTED
    assert enrol(world, second).state is S.WAITING  # whoever comes back stands at the end
    assert world.enrolment(second).line > world.enrolment(fourth).line


def test_an_offer_runs_out_and_the_next_one_is_asked(world: Any) -> None:
    first, _second, third, fourth = world.learners
    for one in world.learners:
        enrol(world, one)
    world.do(first, enrolments.withdraw, enrolment_id=world.enrolment(first).id)
    kept = world.enrolment(third)
    with clock.frozen(NOON + timedelta(hours=23, minutes=59)):
        assert world.work(due.lapse_offers) == 0
    with clock.frozen(NOON + timedelta(hours=24)):
        with pytest.raises(Gone):  # over, though no job has noted it
            world.do(third, enrolments.accept_offer, enrolment_id=kept.id)
        assert world.work(due.lapse_offers) == 1
        assert world.work(due.lapse_offers) == 0
        assert world.state(third) is S.APPLIED
        assert world.enrolment(fourth).state is S.OFFERED
        assert world.news(third)[-1] == NewsKind.LAPSED
        with pytest.raises(Gone):
            world.do(third, enrolments.accept_offer, enrolment_id=kept.id)
        assert enrol(world, third).state is S.WAITING


def test_nobody_is_offered_a_seat_in_a_run_that_has_begun(world: Any, db: Database) -> None:
    first, _second, third, fourth = world.learners
    for one in world.learners:
        enrol(world, one)
    with clock.frozen(BEGINS - timedelta(hours=3)):
        world.do(first, enrolments.withdraw, enrolment_id=world.enrolment(first).id)
        assert world.enrolment(third).offered_until == BEGINS  # not beyond the beginning
    with clock.frozen(BEGINS):
        assert world.work(due.lapse_offers) == 1
        assert world.state(fourth) is S.WAITING  # no offer, although a seat is free
        with pytest.raises(Gone):
            enrol(world, first)
        assert world.work(due.begin_due) == 1
        assert world.work(due.begin_due) == 0
    assert world.get(CourseRun, world.run_id).state is RunState.RUNNING
    states = [world.state(one) for one in world.learners]
    assert states == [S.WITHDRAWN, S.ATTENDING, S.APPLIED, S.APPLIED]
    assert world.news(fourth)[-1] == NewsKind.FULL
    late = (
        "UPDATE enrolment SET state = 'offered', run_id = :run, seat = 1, offered_until = :until "
        "WHERE id = :id"
    )
    with pytest.raises(DBAPIError, match="begun"), db.write_engine.begin() as connection:
        connection.execute(
            text(late),
            {"run": world.run_id, "until": BEGINS, "id": world.enrolment(fourth).id},
        )


def test_the_hours_of_the_night_do_not_count_against_an_offer(world: Any) -> None:
    first, *_ = world.learners
    for one in world.learners:
        enrol(world, one)
    with clock.frozen(NOON + timedelta(hours=10)):  # 22:00
        world.do(first, enrolments.withdraw, enrolment_id=world.enrolment(first).id)
    kept = world.enrolment(world.learners[2]).offered_until
    assert clock.local(kept).strftime("%m-%d %H:%M") == "11-26 08:00"


def test_who_may_not_enrol(world: Any, db: Database) -> None:
    me, other, *_ = world.learners
    with pytest.raises(Forbidden):
        enrol(world, other, actor=me)
    with pytest.raises(NotFound):
        enrol(world, me, run_id=999)
    child = world.learner(birth_date=(NOON - timedelta(days=15 * 365)).date())
    with pytest.raises(Refused):
        enrol(world, child)
    unproven = world.learner()
    with db.transaction(SYSTEM) as session:
        session.get_one(type(world.account(unproven)), unproven.account_id).phone_verified_at = None
    with pytest.raises(Conflict, match="核对手机号"):
        enrol(world, unproven)
    mine = enrol(world, me)
    for verb in (enrolments.withdraw, enrolments.accept_offer):
        with pytest.raises(NotFound):
            world.do(other, verb, enrolment_id=mine.id)
    assert enrol(world, other, actor=world.staff).state is S.ACCEPTED


def test_one_subsidised_course_a_year(world: Any) -> None:
    me, other, *_ = world.learners
    year_ends = BEGINS + timedelta(days=30)
    first = world.post_course("缝纫班", subsidised=True)
    second = world.post_course("月嫂班", subsidised=True)
    paid = world.post_course("美甲班")
    next_year = world.post_course(
        "叉车班", subsidised=True, meetings=meetings(year_ends), enrol_until=NOON.date()
    )
    assert enrol(world, me, first.id).subsidy_nth == 1
    with pytest.raises(Conflict, match="2026年"):
        enrol(world, me, second.id)
    assert enrol(world, me, paid.id).subsidy_nth is None
    assert enrol(world, me, next_year.id).subsidy_year == 2027
    mine = world.enrolment(me, first.course_id)
    world.do(me, enrolments.withdraw, enrolment_id=mine.id)
    assert enrol(world, me, second.id).subsidy_nth == 1  # given back with the seat
    assert enrol(world, other, second.id).state is S.ACCEPTED


def test_the_database_holds_seats_by_itself(world: Any, db: Database) -> None:
    me, other, *_ = world.learners
    enrol(world, me)
    enrol(world, other)
    columns = "course_id, run_id, resident_id, state, origin, seat, since, created_at"
    insert = (
        f"INSERT INTO enrolment ({columns}) "
        "SELECT course_id, run_id, :who, 'accepted', origin, :seat, since, created_at "
        "FROM enrolment WHERE resident_id = :like"
    )
    third = world.learners[2].resident_id
    for who, seat in ((third, 1), (third, 3), (third, None), (me.resident_id, 2)):
        with pytest.raises(DBAPIError), db.write_engine.begin() as connection:
            connection.execute(text(insert), {"who": who, "seat": seat, "like": me.resident_id})
    with pytest.raises(DBAPIError), db.write_engine.begin() as connection:
        connection.execute(text("DELETE FROM course_seat"))


def test_more_seats_go_to_the_line_and_fewer_never_below_those_taken(world: Any) -> None:
    for one in world.learners:
        enrol(world, one)
    change(world, seats=3)
    assert [world.state(one) for one in world.learners][2:] == [S.OFFERED, S.WAITING]
    with pytest.raises(Refused, match="3"):
        change(world, seats=2)
    change(world, seats=10)
    assert world.get(Opening, world.opening_id).places_left == 6
    change(world, seats=4)
    assert world.get(Opening, world.opening_id).places_left == 0


def change(world: Any, **overrides: Any) -> Any:
    run = world.get(CourseRun, world.run_id)
    values = {
        "meetings": {}, "room": run.room, "trainer": run.trainer, "seats": run.seats,
        "reason": "", "overlap_known": True, **overrides,
    }  # fmt: skip
    return world.do(world.staff, runs.change_run, run_id=world.run_id, change=runs.Change(**values))


def test_a_moved_run_tells_everybody_and_keeps_the_meetings_ids(world: Any) -> None:
    for one in world.learners:
        enrol(world, one)
    first, second, third = world.meetings()
    swapped = {
        first.id: (second.starts_at, second.ends_at),
        second.id: (first.starts_at, first.ends_at),
        third.id: (third.starts_at + timedelta(days=7), third.ends_at + timedelta(days=7)),
    }
    with pytest.raises(Refused, match="为什么"):
        change(world, meetings=swapped)
    change(world, meetings=swapped, reason="老师出差")
    assert [one.id for one in world.meetings()] == [second.id, first.id, third.id]
    assert [world.news(one)[-1] for one in world.learners] == [NewsKind.MOVED] * 4
    assert world.get(CourseRun, world.run_id).ends_at == third.ends_at + timedelta(days=7)
    for wrong in (
        {first.id: (NOON - timedelta(days=1), NOON)},
        {first.id: (third.starts_at + timedelta(days=7), third.ends_at + timedelta(days=7))},
        {first.id: (BEGINS, BEGINS)},
    ):
        with pytest.raises(Refused):
            change(world, meetings=wrong, reason="改")
    with clock.frozen(BEGINS + timedelta(minutes=1)), pytest.raises(Refused, match="已经上过"):
        change(world, meetings={second.id: (BEGINS + timedelta(days=9),) * 2}, reason="改")


def test_a_cancelled_run_tells_everybody_and_keeps_their_names(world: Any) -> None:
    subsidised = world.post_course("缝纫班", subsidised=True, seats=1)
    me, other, *_ = world.learners
    for one in (me, other):
        enrol(world, one, subsidised.id)
    world.do(world.staff, runs.cancel_run, run_id=subsidised.id, reason="人太少")
    for one in (me, other):
        found = world.enrolment(one, subsidised.course_id)
        assert (found.state, found.run_id, found.subsidy_year) == (S.APPLIED, None, None)
        assert world.news(one)[-1] == NewsKind.CANCELLED
    with pytest.raises(Conflict):
        world.do(world.staff, runs.cancel_run, run_id=subsidised.id, reason="又点了")
    with pytest.raises(Gone):
        enrol(world, me, subsidised.id)
    again = world.do(
        world.staff, posting.add_run, course_id=subsidised.course_id, run=run_terms(seats=1),
        idempotency_key="a" * 32,
    )  # fmt: skip
    assert again.number == 2
    assert enrol(world, me, again.id).state is S.ACCEPTED


def test_an_announced_run_opens_on_its_day(world: Any) -> None:
    opens = NOON + timedelta(days=3)
    run = world.post_course("缝纫班", enrol_from=opens.date())
    me = world.learners[0]
    with pytest.raises(Conflict, match="还没有开始"):
        enrol(world, me, run.id)
    with clock.frozen(opens - timedelta(days=1)):
        assert world.work(due.open_due) == 0
    with clock.frozen(opens):
        assert world.work(due.open_due) == 1
        assert enrol(world, me, run.id).state is S.ACCEPTED
    with clock.frozen(BEGINS - timedelta(minutes=1)), pytest.raises(Gone):
        enrol(world, world.learners[1], run.id)  # past the last day to enrol


def test_overlapping_rooms_and_trainers_are_warned_of(world: Any) -> None:
    with pytest.raises(Refused, match="焊工取证班 第1期那时也在用"):
        world.post_course("缝纫班", overlap_known=False)
    other_room = world.post_course("缝纫班", overlap_known=False, room="一楼教室", trainer="李老师")
    assert other_room.state is RunState.ENROLLING


def test_a_suggested_course_ends_at_interested_and_opens_the_enrolment(
    world: Any, db: Database
) -> None:
    me, other, *_ = world.learners
    with db.transaction(SYSTEM) as session:
        suggested, shown = (
            factories.make_match(
                session,
                resident_id=one.resident_id,
                opening_id=world.opening_id,
                state=MatchState.OFFERED,
                offered_until=NOON.date(),
            ).id
            for one in (me, other)
        )
    world.do(me, matches.say_interested, match_id=suggested)
    assert world.state(me) is S.ACCEPTED
    assert world.get(Match, suggested).state is MatchState.INTERESTED
    for _twice in range(2):  # there is nobody to tell; the yes is all
        world.do(me, matches.share_and_apply, match_id=suggested, channel="page")
    assert world.get(Match, suggested).state is MatchState.INTERESTED
    for verb in (matches.decline, matches.withdraw):
        with pytest.raises(Conflict, match="我的课"):
            world.do(me, verb, match_id=suggested)
    enrol(world, other)  # on the page of the course
    assert world.get(Match, shown).state is MatchState.INTERESTED
    with db.transaction(SYSTEM) as session:
        job = factories.make_match(session, resident_id=me.resident_id, state=MatchState.APPLIED)
    world.do(world.staff, matches.hire, match_id=job.id, start_date=NOON.date(), evidence="合同")
    assert world.get(Match, suggested).state is MatchState.INTERESTED  # a job is no reason to stop
    world.do(me, enrolments.withdraw, enrolment_id=world.enrolment(me).id)
    assert world.get(Match, suggested).state is MatchState.WITHDRAWN


def test_a_suggestion_whose_hours_clash_is_noted_and_chosen_by_the_person(
    world: Any, db: Database
) -> None:
    evenings = [{"days": "1234567", "start": "18:00", "end": "22:00"}]
    me = world.learner(available=evenings)
    with db.transaction(SYSTEM) as session:
        match = factories.make_match(
            session,
            resident_id=me.resident_id,
            opening_id=world.opening_id,
            state=MatchState.OFFERED,
            offered_until=NOON.date(),
        )
    with pytest.raises(RulesNotTold):  # told on the page of the course first
        world.do(me, matches.say_interested, match_id=match.id)
    world.do(world.staff, matches.say_interested, match_id=match.id)
    assert world.state(me) is S.APPLIED
    assert enrol(world, me).state is S.ACCEPTED


def test_an_employers_course_without_a_run_takes_wishes(world: Any, db: Database) -> None:
    me = world.learners[0]
    with db.transaction(SYSTEM) as session:
        opening = factories.make_opening(session, kind="course", teaches=["焊接", "焊工证"])
        match = factories.make_match(
            session,
            resident_id=me.resident_id,
            opening_id=opening.id,
            state=MatchState.OFFERED,
            offered_until=NOON.date(),
        )
    world.do(me, matches.say_interested, match_id=match.id)
    with db.reader() as session:
        wish = session.exec(select(Enrolment).where(Enrolment.resident_id == me.resident_id)).one()
        course = session.get_one(Course, wish.course_id)
    assert (course.skills, course.certificates) == (["焊接"], ["焊工证"])
    assert wish.state is S.APPLIED


def test_the_trail_never_says_what_somebody_answered(world: Any, db: Database) -> None:
    first, _second, third, _fourth = world.learners
    for one in world.learners:
        enrol(world, one)
    world.do(first, enrolments.withdraw, enrolment_id=world.enrolment(first).id)
    world.do(third, enrolments.withdraw, enrolment_id=world.enrolment(third).id)
    with db.reader() as session:
        trail = [
            (row.action, row.details)
            for row in session.exec(select(AuditEvent))
            if row.subject.startswith("enrolment:")
        ]
    assert {action for action, _details in trail} == {"enrolment.answer"}
    assert all(not details for _action, details in trail)


def test_who_ends_the_service_leaves_the_seat(world: Any) -> None:
    me, *_others = world.learners
    for one in world.learners:
        enrol(world, one)
    world.do(me, privacy.leave, resident_id=me.resident_id)
    assert world.state(me) is S.WITHDRAWN
    assert world.state(world.learners[2]) is S.OFFERED
