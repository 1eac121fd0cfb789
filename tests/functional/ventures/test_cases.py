"""A case from the place to the end of the business: plan, visits, months, self-employment."""

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from tests.functional.ventures.world import CLOSED, NOON, World, key, make_world, staff_actor
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.photos import Kept
from webapp.employment.lifecycle import Evidence, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.figures.queries.employment import employment
from webapp.guides.trades import Site, Trade
from webapp.residents.models import Resident, ResidentState
from webapp.ventures.lifecycle import (
    CaseOrigin,
    CaseState,
    EndCause,
    MentorState,
    RefuseCause,
    SaidBy,
    Survival,
)
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.records import VentureCash, VentureSurvival, VentureVisit
from webapp.ventures.overdue import deadline, is_overdue, month_before, overdue_clause
from webapp.ventures.services import applying, keeping, mentors, records, visits
from webapp.ventures.services.records import Month, PlanTerms

S = CaseState
OPENED = date(2026, 12, 1)
PLAN = PlanTerms(
    what="活鱼", sold_where="C区12号", buyers="买菜的街坊", unit="斤", cost_fen=900, price_fen=1400,
    fixed_fen=90000, days=30,
)  # fmt: skip


def at(day: date) -> datetime:
    """Return noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.LOCAL)


def picture(number: int, taken_on: date | None = None) -> Kept:
    return Kept(f"{number:032x}.jpg", 800, 600, taken_on, f"{number:064x}")


def open_case(world: World, *, evidence: Evidence = Evidence.LICENCE) -> VentureCase:
    """Return the case of the first person, their business open since :data:`OPENED`."""
    case = world.in_planning(world.people[0])
    with clock.frozen(at(OPENED)):
        return world.do(
            world.staff,
            keeping.open_business,
            case_id=case.id,
            opened_on=OPENED,
            evidence=evidence,
        )


def visit(world: World, by: Actor, case_id: int, day: date, **more: Any) -> VentureVisit:
    values = {"note": "鱼新鲜，排队", "next_step": "", "next_on": None, "photo": None, **more}
    return world.do(
        by, visits.note_visit, case_id=case_id, visited_on=day, idempotency_key=key(), **values
    )


def spell_of(world: World, case: VentureCase) -> EmploymentSpell:
    return world.get(EmploymentSpell, world.get(VentureCase, case.id).spell_id)


def test_an_open_business_is_a_spell_of_self_employment(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    case = open_case(world)
    spell = spell_of(world, case)
    assert (spell.kind, spell.starts_on, spell.ends_on) == (SpellKind.SELF_EMPLOYED, OPENED, None)
    assert spell.verified_at is not None
    assert world.get(Resident, case.resident_id).state is ResidentState.EMPLOYED
    with clock.frozen(at(OPENED)), world.reading() as session:
        assert employment(session).by_business == 1
    last = OPENED + timedelta(days=40)
    with clock.frozen(at(last)):
        with pytest.raises(BadField):
            _close(world, case, OPENED - timedelta(days=1))
        _close(world, case, last)
        assert _close(world, case, last).state is S.CLOSED  # the second tap
    assert spell_of(world, case).ends_on == last
    assert world.get(Resident, case.resident_id).state is ResidentState.SEEKING
    assert world.get(VentureCase, case.id).place_no is None
    with clock.frozen(at(last + timedelta(days=1))), world.reading() as session:
        assert employment(session).by_business == 0


def test_a_picture_turns_the_persons_word_into_evidence(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    case = open_case(world, evidence=Evidence.OWN_WORD)
    assert spell_of(world, case).verified_at is None
    day = OPENED + timedelta(days=5)
    with clock.frozen(at(day)):
        visit(world, world.staff, case.id, day)
        assert spell_of(world, case).verified_at is None  # words alone show nothing
        visit(world, world.staff, case.id, day, photo=picture(1, day - timedelta(days=9)))
        assert spell_of(world, case).evidence is Evidence.VISIT_NOTE
        with pytest.raises(BadField) as refused:  # the same picture for another visit
            visit(world, world.staff, case.id, day, photo=picture(1))
        assert refused.value.field == "photo"


def test_a_visit_counts_as_evidence_only_where_there_was_one(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    case = world.in_planning(world.people[0])
    with clock.frozen(at(OPENED)):
        for day, photo in ((OPENED, None), (OPENED - timedelta(days=2), picture(2))):
            visit(world, world.staff, case.id, day, photo=photo)
            with pytest.raises(BadField):
                _open(world, case, Evidence.VISIT_NOTE)
        visit(world, world.staff, case.id, OPENED, photo=picture(3))
        assert _open(world, case, Evidence.VISIT_NOTE).state is S.ACTIVE


def test_days_of_visits_that_cannot_be(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    case = open_case(world)
    with clock.frozen(at(OPENED)):
        for wrong in (
            {"day": OPENED + timedelta(days=1)},
            {"day": OPENED - timedelta(days=61)},
            {"day": OPENED, "next_on": OPENED},
            {"day": OPENED, "next_on": OPENED + timedelta(days=181)},
        ):
            with pytest.raises(BadField):
                visit(world, world.staff, case.id, **wrong)
        usual = visit(world, world.staff, case.id, OPENED)
    assert usual.next_on == OPENED + timedelta(days=30)
    assert world.get(VentureCase, case.id).due_on == usual.next_on


def test_a_mentor_is_asked_and_only_then_writes(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    case = open_case(world)
    with db.transaction(SYSTEM) as session:
        other = staff_actor(session)
    mentor = Actor(account_id=other.account_id, role=other.role, branch_id=other.branch_id)
    with clock.frozen(at(OPENED)):
        with pytest.raises(NotFound):
            visit(world, mentor, case.id, OPENED)
        ask = {"case_id": case.id, "account_id": mentor.account_id}
        assert world.do(world.staff, mentors.ask_mentor, **ask).mentor_state is MentorState.ASKED
        with pytest.raises(NotFound):  # reads it, but has not said yes
            visit(world, mentor, case.id, OPENED)
        with pytest.raises(NotFound):  # nobody says yes for another
            world.do(world.staff, mentors.answer_as_mentor, case_id=case.id, yes=True)
        world.do(mentor, mentors.answer_as_mentor, case_id=case.id, yes=True)
        assert visit(world, mentor, case.id, OPENED).by_id == mentor.account_id
        assert world.do(mentor, records.write_plan, case_id=case.id, terms=PLAN).id
        with pytest.raises(NotFound):
            _close(world, case, OPENED, by=mentor)
        world.do(mentor, mentors.answer_as_mentor, case_id=case.id, yes=False)
        with pytest.raises(NotFound):
            visit(world, mentor, case.id, OPENED)


def test_months_in_three_numbers(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=2)
    case = open_case(world)
    me, other = world.people
    month = Month(OPENED, 500000, 420000, 130000)
    with clock.frozen(at(date(2027, 1, 5))):
        said = world.do(me, records.note_month, case_id=case.id, month=month)
        assert said.said_by is SaidBy.RESIDENT
        seen = world.do(world.staff, records.note_month, case_id=case.id, month=month)
        assert (seen.id, seen.said_by) == (said.id, SaidBy.STAFF)
        with pytest.raises(NotFound):
            world.do(other, records.note_month, case_id=case.id, month=month)
        for wrong in (date(2026, 11, 1), date(2027, 2, 1)):
            with pytest.raises(BadField):
                world.do(me, records.note_month, case_id=case.id, month=Month(wrong, 1, 1, 1))
    with db.reader() as session:
        assert len(session.exec(select(VentureCash)).all()) == 1


@pytest.mark.job("venture_survival")
def test_whether_it_is_still_there(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    case = open_case(world)
    three, six, twelve = date(2027, 3, 1), date(2027, 6, 1), date(2027, 12, 1)

    def found() -> dict[int, Survival]:
        with db.reader() as session:
            rows = session.exec(select(VentureSurvival).order_by(col(VentureSurvival.months)))
            return {row.months: row.result for row in rows}

    with clock.frozen(at(three - timedelta(days=1))):
        assert world.work(visits.check_survival) == 0
    with clock.frozen(at(three)):
        assert world.work(visits.check_survival) == 1
        assert world.work(visits.check_survival) == 0
        assert found() == {3: Survival.UNSEEN}
        visit(world, world.staff, case.id, three)
        assert found() == {3: Survival.OPEN}
    with clock.frozen(at(six - timedelta(days=20))):
        visit(world, world.staff, case.id, six - timedelta(days=20))
    with clock.frozen(at(six)):
        world.work(visits.check_survival)
        assert found() == {3: Survival.OPEN, 6: Survival.OPEN}
    with clock.frozen(at(twelve)):  # nobody has been there for half a year
        world.work(visits.check_survival)
        assert found() == {3: Survival.OPEN, 6: Survival.OPEN, 12: Survival.UNSEEN}


@pytest.mark.parametrize(
    ("closed", "result"), [(date(2027, 2, 28), Survival.CLOSED), (date(2027, 3, 1), Survival.OPEN)]
)
def test_what_closed_before_the_day_was_not_there(
    app: Flask, db: Database, closed: date, result: Survival
) -> None:
    world = make_world(app, db, people=1)
    case = open_case(world)
    with clock.frozen(at(closed)):
        _close(world, case, closed)
    with clock.frozen(at(date(2027, 3, 20))):
        assert world.work(visits.check_survival) == 1
    with db.reader() as session:
        assert session.exec(select(VentureSurvival.result)).one() is result


def test_an_own_idea_is_prepared_at_once(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    me = world.people[0]
    idea = {"resident_id": me.resident_id, "trade": Trade.REPAIR, "site": Site.HOME}
    case = world.do(me, applying.bring_idea, title="缝补改衣", **idea)
    assert (case.state, case.origin) == (S.PLANNING, CaseOrigin.OWN_IDEA)
    assert world.do(me, applying.bring_idea, title="缝补改衣", **idea).id == case.id
    for title in ("修伞", "修鞋"):
        world.do(me, applying.bring_idea, title=title, **idea)
    with pytest.raises(BadField):
        world.do(me, applying.bring_idea, title="擦鞋", **idea)
    with pytest.raises(NotFound):  # needs no licence: nothing to tick
        world.do(me, records.note_licence, case_id=case.id, key="none_repair", done_on=None)
    with pytest.raises(NotFound):
        world.do(me, records.note_licence, case_id=case.id, key="food_permit", done_on=None)


def test_licences_are_ticked_by_trade_and_place(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    case = world.in_planning(world.people[0])
    me = world.people[0]
    with clock.frozen(CLOSED):
        tick = {"case_id": case.id, "key": "business_licence"}
        tomorrow = clock.today() + timedelta(days=1)
        with pytest.raises(BadField):
            world.do(me, records.note_licence, done_on=tomorrow, **tick)
        world.do(me, records.note_licence, done_on=clock.today(), **tick)
        world.do(me, records.note_licence, done_on=clock.today(), **tick)
        world.do(me, records.note_licence, done_on=None, **tick)


def test_who_may_not_be_on_the_list_reads_why(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    with clock.frozen(NOON):
        case = world.apply(world.people[0])
        why = {"case_id": case.id, "cause": RefuseCause.DOUBLE, "note": "您家昨天已经报过一次"}
        world.do(world.staff, applying.refuse, **why)
        assert world.states() == [S.REFUSED]
        again = world.apply(world.people[0])
    with clock.frozen(CLOSED):
        world.freeze()
        with pytest.raises(Conflict):  # the list stands
            world.do(world.staff, applying.refuse, **{**why, "case_id": again.id})


def test_what_came_to_nothing_frees_the_place(app: Flask, db: Database) -> None:
    world = make_world(app, db, people=1)
    case = world.in_planning(world.people[0])
    with clock.frozen(CLOSED):
        stop = {"case_id": case.id, "cause": EndCause.NO_CAPITAL}
        assert world.do(world.people[0], applying.stop, **stop).place_no is None
        with pytest.raises(Conflict):
            _open(world, case, Evidence.LICENCE)


def test_the_database_and_the_page_agree_on_what_is_overdue(app: Flask, db: Database) -> None:
    """``is_overdue`` of a row and ``overdue_clause`` of the database, on the days around a turn."""
    resident_id = make_world(app, db, people=1).people[0].resident_id
    day = timedelta(days=1)

    @settings(max_examples=6)
    @given(today=st.dates(date(2026, 2, 1), date(2027, 12, 31)), states=st.permutations(sorted(S)))
    @example(today=date(2027, 1, 10), states=sorted(S))  # the last day to hand the figures in
    @example(today=date(2027, 1, 11), states=sorted(S))
    def agree(today: date, states: list[CaseState]) -> None:
        on = deadline(today)
        grid = product(
            {S.ACTIVE, S.PLANNING, *states[:2]},
            (None, today - day, today, today + day),
            (on.month - day, on.month, on.month + day),
            (None, month_before(on.month), on.month),
        )
        with app.test_request_context(), Session(db.write_engine) as session:
            session.add_all(_case(n, resident_id, *row) for n, row in enumerate(grid))
            session.flush()
            every = session.exec(select(VentureCase)).all()
            late = {one.id for one in every if is_overdue(one, on)}
            assert set(session.exec(select(VentureCase.id).where(overdue_clause(on)))) == late
            assert 0 < len(late) < len(every)
            session.rollback()

    agree()


def _case(
    number: int,
    resident_id: int,
    state: CaseState,
    due_on: date | None,
    opened_on: date,
    cash_until: date | None,
) -> VentureCase:
    ended = state in {S.CLOSED, S.STOPPED}
    return VentureCase(
        resident_id=resident_id,
        state=state,
        origin=CaseOrigin.OWN_IDEA,
        code=f"R{number:011d}",
        title="摊",
        trade=Trade.OTHER,
        site=Site.MARKET,
        due_on=due_on,
        opened_on=opened_on,
        closed_on=date(2028, 4, 1) if state is S.CLOSED else None,
        end_cause=EndCause.OTHER if ended else None,
        refuse_cause=RefuseCause.DOUBLE if state is S.REFUSED else None,
        end_note="为什么" if state is S.REFUSED else "",
        place_no=number + 1 if state is S.OFFERED else None,
        offered_until=NOON if state is S.OFFERED else None,
        cash_until=cash_until,
        since=NOON,
        created_at=NOON,
    )


def _open(world: World, case: VentureCase, evidence: Evidence) -> VentureCase:
    return world.do(
        world.staff,
        keeping.open_business,
        case_id=case.id,
        opened_on=OPENED,
        evidence=evidence,
    )


def _close(world: World, case: VentureCase, day: date, by: Actor | None = None) -> VentureCase:
    return world.do(
        by or world.staff,
        keeping.close_business,
        case_id=case.id,
        closed_on=day,
        cause=EndCause.SEASON,
    )
