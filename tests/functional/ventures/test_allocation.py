"""Who gets a stall that several want: the list, the order, the next in it."""

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select

from tests.factories import make_match, make_spell
from tests.functional.racing import at_once
from tests.functional.ventures.world import (
    CLOSED,
    KNOWN,
    LAST_DAY,
    NOON,
    NUMBERS,
    World,
    fields,
    key,
    make_world,
    terms,
)
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, Forbidden, Gone
from webapp.draws import service as draws
from webapp.draws.models import Draw
from webapp.employment.lifecycle import Evidence, SpellKind
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.services import resident_answers
from webapp.openings.models import Opening
from webapp.training.lifecycle import EnrolmentOrigin, EnrolmentState, RunState
from webapp.training.models.courses import Course, CourseRun, CourseSeat
from webapp.training.models.enrolments import Enrolment
from webapp.ventures.lifecycle import Allocation, CaseState, RoundState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import Venture
from webapp.ventures.services import applying, keeping, posting, rounds

S = CaseState
USUAL = {"no_work": 4, "long_looking": 3, "course": 2, "passed_over": 2, "no_stall": 1}


def by_hand(numbers: str, codes: list[str]) -> list[str]:
    """Return the order of a draw as its page tells everybody to work it out."""
    keyed = {code: hashlib.sha256(f"{numbers} {code}".encode()).hexdigest() for code in codes}
    return sorted(codes, key=lambda code: keyed[code])


def test_a_draw_gives_out_the_place_and_the_next_follows(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=4)
    with clock.frozen(NOON):
        codes = [world.apply(one).code for one in world.people]
        assert world.apply(world.people[0]).code == codes[0]  # the second tap
        with pytest.raises(Conflict):  # entries are open
            world.freeze()
    with clock.frozen(CLOSED):
        with pytest.raises(Gone):
            world.apply(world.person())
        with pytest.raises(BadField):
            world.freeze(day=None)
        row = world.freeze()
        with pytest.raises(Conflict):
            world.freeze()
    assert (row.state, row.entries, row.places) == (RoundState.FROZEN, 4, 1)
    with clock.frozen(KNOWN):
        world.draw()
    order = by_hand(NUMBERS, codes)
    cases = {world.case(one).code: world.case(one) for one in world.people[:4]}
    assert [cases[code].rank for code in order] == [1, 2, 3, 4]
    assert [cases[code].state for code in order] == [S.OFFERED, S.APPLIED, S.APPLIED, S.APPLIED]
    first, second, third = (
        next(one for one in world.people if world.case(one).code == code) for code in order[:3]
    )
    # The first does not answer, the second says no, the third takes it.
    late = cases[order[0]].offered_until
    assert late is not None
    with clock.frozen(late - timedelta(seconds=1)):
        assert world.work(rounds.lapse_offers) == 0
    with clock.frozen(late):
        with pytest.raises(Gone):
            world.do(first, applying.accept, case_id=cases[order[0]].id)
        assert world.work(rounds.lapse_offers) == 1
        assert world.work(rounds.lapse_offers) == 0
        world.do(second, applying.withdraw, case_id=world.case(second).id)
        world.do(third, applying.accept, case_id=world.case(third).id)
    found = [world.case(one).state for one in (first, second, third)]
    assert found == [S.LAPSED, S.WITHDRAWN, S.PLANNING]
    assert world.case(third).place_no == 1
    with db.reader() as session:
        assert verify_chain(session) == []


@pytest.mark.job("lapse_venture_offers")
def test_a_place_nobody_answers_for_in_time_is_passed_on(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=2)
    with clock.frozen(NOON):
        for one in world.people:
            world.apply(one)
    with clock.frozen(CLOSED):
        world.freeze()
    with clock.frozen(KNOWN):
        world.draw()
    first = min(world.people, key=lambda one: world.case(one).rank or 9)
    until = world.case(first).offered_until
    with clock.frozen(until - timedelta(minutes=1)):
        assert world.work(rounds.lapse_offers) == 0
    with clock.frozen(until):
        assert world.work(rounds.lapse_offers) == 1
    assert sorted(world.states()) == sorted([S.LAPSED, S.OFFERED])


def test_enough_places_need_no_draw(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=2, places=3)
    with clock.frozen(NOON):
        for one in world.people:
            world.apply(one)
    with clock.frozen(CLOSED):
        row = world.freeze(source=None, day=None)
    assert row.state is RoundState.DECIDED
    assert world.states() == [S.OFFERED, S.OFFERED]
    assert sorted(world.case(one).place_no for one in world.people) == [1, 2]
    with db.reader() as session:
        venture = session.get_one(Venture, world.venture_id)
        assert session.get_one(Opening, venture.opening_id).places_left == 1
        assert session.exec(select(Draw)).all() == []


def test_nobody_loses_out_by_a_draw_called_off(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=2)
    with clock.frozen(NOON):
        codes = [world.apply(one).code for one in world.people]
    with clock.frozen(CLOSED):
        world.freeze()
        with db.reader() as session:
            draw_id = session.exec(select(Draw.id)).one()
        world.do(world.staff, draws.cancel, draw_id=draw_id, reason="写错了哪一期")
        assert world.states() == [S.APPLIED, S.APPLIED]
        assert not set(codes) & {world.case(one).code for one in world.people}
        world.freeze()  # and the list can be frozen again
    with clock.frozen(KNOWN):
        world.draw()
    assert sorted(world.states()) == sorted([S.APPLIED, S.OFFERED])


def test_points_are_those_published_worked_out_a_second_way(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=6, allocation=Allocation.POINTS)
    plain, looking, working, taught, missed, housed = world.people
    today = CLOSED.date()
    with db.transaction(SYSTEM) as session:
        for one, days, seen in ((looking, 400, True), (housed, 400, False)):
            make_spell(
                session,
                resident_id=one.resident_id,
                kind=SpellKind.LOOKING,
                starts_on=today - timedelta(days=days),
                evidence=Evidence.VISIT_NOTE if seen else Evidence.OWN_WORD,
                verified_at=clock.now() if seen else None,
            )
        make_spell(session, resident_id=working.resident_id, starts_on=today - timedelta(days=9))
        opening = session.exec(select(Opening)).first()
        course = Course(opening_id=opening.id, created_at=NOON)
        session.add(course)
        session.flush()
    _pass_course(world, taught)
    with clock.frozen(NOON):
        other = world.post("早餐车点位")
        for one in (missed, housed):
            world.apply(one, other.id)
    _set_state(world, missed, other.id, "passed_over")
    _set_state(world, housed, other.id, "active")
    with clock.frozen(NOON):
        for one in world.people:
            world.apply(one)
    with clock.frozen(CLOSED):
        world.freeze()
    expected = {
        plain: {"no_work", "no_stall"},
        looking: {"no_work", "no_stall", "long_looking"},
        working: {"no_stall"},
        taught: {"no_work", "no_stall", "course"},
        missed: {"no_work", "no_stall", "passed_over"},
        housed: {"no_work"},
    }
    for one, codes in expected.items():
        case = world.case(one)
        assert {str(row["code"]) for row in case.points_detail} == codes, one
        assert case.points == sum(USUAL[code] for code in codes)
    with clock.frozen(KNOWN):
        world.draw()
    codes = [world.case(one).code for one in world.people]
    drawn = {code: rank for rank, code in enumerate(by_hand(NUMBERS, codes))}
    again = sorted(
        (world.case(one) for one in world.people),
        key=lambda case: (-sum(USUAL[str(row["code"])] for row in case.points_detail),
                          drawn[case.code]),
    )  # fmt: skip
    assert [case.rank for case in again] == [1, 2, 3, 4, 5, 6]
    assert again[0].state is S.OFFERED


def test_different_points_need_no_draw(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=2, allocation=Allocation.POINTS)
    first, second = world.people
    with db.transaction(SYSTEM) as session:
        make_spell(session, resident_id=first.resident_id)
    with clock.frozen(NOON):
        for one in world.people:
            world.apply(one)
    with clock.frozen(CLOSED):
        row = world.freeze(source=None, day=None)
    assert row.state is RoundState.DECIDED
    assert [world.case(one).rank for one in (first, second)] == [2, 1]


def test_many_at_once(app: Flask, db: Database) -> None:
    """Freezing twice, taking a place while it lapses, saying no while the next is asked."""
    world = make_world(app, db, people=3)
    other = world.post(
        "水果摊", valid_until=clock.today() + timedelta(days=7)
    )  # the threads' clock
    twice = [(one, _apply(other.id)) for one in (*world.people, world.people[0])]
    assert at_once(app, db, *twice) == ["done"] * 4
    with db.reader() as session:
        assert len(session.exec(select(VentureCase.id)).all()) == 3
    with clock.frozen(NOON):
        for one in world.people:
            world.apply(one)
    with clock.frozen(CLOSED):
        world.freeze()
    with clock.frozen(KNOWN):
        world.draw()
    _extend_offers(db)
    first = next(one for one in world.people if world.case(one).state is S.OFFERED)
    case_id = world.case(first).id
    accept = lambda session, actor: applying.accept(session, actor, case_id=case_id)  # noqa: E731
    leave = lambda session, actor: applying.withdraw(session, actor, case_id=case_id)  # noqa: E731
    ended = at_once(app, db, (first, accept), (first, accept), (first, leave), (world.staff, leave))
    assert set(ended) <= {"done", "409", "410"}
    held = [world.case(one) for one in world.people if world.case(one).place_no]
    assert [one.place_no for one in held] == [1]
    assert sum(one.state in {S.OFFERED, S.PLANNING} for one in held) == 1


def test_a_yes_to_a_suggested_stall_is_an_application(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    me = world.people[0]
    with db.transaction(SYSTEM) as session:
        venture = session.get_one(Venture, world.venture_id)
        match = make_match(
            session,
            resident_id=me.resident_id,
            opening_id=venture.opening_id,
            state=MatchState.OFFERED,
            offered_until=NOON + timedelta(days=7),
        )
    with clock.frozen(NOON):
        world.do(me, resident_answers.say_interested, match_id=match.id)
        assert world.states() == [S.APPLIED]
        assert world.get(Match, match.id).state is MatchState.INTERESTED
        with pytest.raises(Conflict):  # it is taken back where it went on
            world.do(me, resident_answers.withdraw, match_id=match.id)
        world.do(me, applying.withdraw, case_id=world.case(me).id)
        assert world.get(Match, match.id).state is MatchState.WITHDRAWN
        assert world.states() == [S.WITHDRAWN]


def test_what_was_said_to_those_who_applied_is_kept(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=2)
    edit = {"venture_id": world.venture_id, "note": "租金押金照市场管理处的合同，社区核实过"}
    with clock.frozen(NOON):
        world.apply(world.people[0])
        for wrong in (
            {"fields": fields(valid_until=NOON.date()), "terms": terms()},
            {"fields": fields(), "terms": terms(allocation=Allocation.OPEN)},
        ):
            with pytest.raises(BadField):
                world.do(world.staff, posting.edit_venture, **edit, **wrong)
        good = {"fields": fields(valid_until=LAST_DAY), "terms": terms(sells="草鱼")}
        world.do(world.staff, posting.edit_venture, **edit, **good)
        world.apply(world.people[1])
    with clock.frozen(CLOSED):
        world.freeze()
        later = {"fields": fields(valid_until=KNOWN.date()), "terms": terms()}
        with pytest.raises(Conflict):
            world.do(world.staff, posting.edit_venture, **edit, **later)
        with pytest.raises(Conflict):
            world.do(world.staff, posting.take_back, venture_id=world.venture_id)


def test_a_stall_taken_back_tells_who_waited(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=2)
    with clock.frozen(NOON):
        world.apply(world.people[0])
        world.do(world.staff, posting.take_back, venture_id=world.venture_id)
        assert world.case(world.people[0]).state is S.PASSED_OVER
        assert world.case(world.people[0]).end_note == "摊位收回去了"
        with pytest.raises(Gone):
            world.apply(world.people[1])
    with clock.frozen(CLOSED), pytest.raises(Conflict):
        world.freeze()


def test_the_order_of_those_left_ends_with_the_last_place(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=3)
    with clock.frozen(NOON):
        for one in world.people:
            world.apply(one)
    with clock.frozen(CLOSED):
        world.freeze()
    with clock.frozen(KNOWN):
        world.draw()
        first = next(one for one in world.people if world.case(one).state is S.OFFERED)
        case = world.do(first, applying.accept, case_id=world.case(first).id)
        assert sorted(world.states()) == sorted([S.PLANNING, S.APPLIED, S.APPLIED])
        world.do(
            world.staff,
            keeping.open_business,
            case_id=case.id,
            opened_on=KNOWN.date(),
            evidence=Evidence.LICENCE,
        )
        assert sorted(world.states()) == sorted([S.ACTIVE, S.PASSED_OVER, S.PASSED_OVER])


def test_nobody_takes_a_place_before_their_number_is_proven(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=2)
    proven, not_yet = world.people
    with db.transaction(SYSTEM) as session:
        session.get_one(Account, not_yet.account_id).phone_verified_at = None
    with clock.frozen(NOON):
        world.apply(proven)
        with pytest.raises(Conflict):
            world.apply(not_yet)
        with pytest.raises(Forbidden):  # nor for another
            world.do(
                not_yet,
                applying.apply,
                venture_id=world.venture_id,
                resident_id=proven.resident_id,
            )


def _apply(venture_id: int):
    return lambda session, actor: applying.apply(
        session, actor, venture_id=venture_id, resident_id=actor.resident_id or 0
    )


def _pass_course(world: World, person) -> None:
    with world.db.transaction(SYSTEM) as session:
        course = session.exec(select(Course)).one()
        run = CourseRun(
            course_id=course.id,
            number=1,
            state=RunState.CLOSED,
            seats=1,
            starts_at=NOON - timedelta(days=9),
            ends_at=NOON - timedelta(days=8),
            enrol_until=NOON.date() - timedelta(days=10),
            idempotency_key=key(),
            created_at=NOON,
        )
        session.add(run)
        session.flush()
        session.add(CourseSeat(run_id=run.id, number=1))
        session.flush()
        session.add(
            Enrolment(
                course_id=course.id,
                run_id=run.id,
                seat=1,
                resident_id=person.resident_id,
                state=EnrolmentState.PASSED,
                origin=EnrolmentOrigin.SELF,
                since=NOON,
                created_at=NOON,
            )
        )


def _set_state(world: World, person, venture_id: int, state: str) -> None:
    with world.db.transaction(SYSTEM) as session:
        case = session.exec(
            select(VentureCase).where(
                VentureCase.resident_id == person.resident_id,
                VentureCase.venture_id == venture_id,
            )
        ).one()
        case.state = CaseState(state)
        case.opened_on = CLOSED.date() if state == "active" else None
        session.add(case)


def _extend_offers(db: Database) -> None:
    with db.transaction(SYSTEM) as session:
        for case in session.exec(select(VentureCase).where(VentureCase.state == S.OFFERED)):
            case.offered_until = clock.now() + timedelta(days=300)
            session.add(case)
