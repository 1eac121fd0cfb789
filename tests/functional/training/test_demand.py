"""Which courses would open work for whom: worked out, shown, and turned into a run and its list."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from tests import factories
from tests.forms import forms_on, press
from tests.functional.background import do_jobs, settled
from tests.functional.tables import all_of
from tests.functional.training.test_pages import SignIn, see
from tests.functional.training.world import NOON, World, make_world
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import Forbidden
from webapp.employment.queries import homes_at_work
from webapp.engine.course_demand import ResidentGain
from webapp.jobs.models import BackgroundJob
from webapp.residents.models import Resident, ResidentState
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.demand import CourseDemand, DemandGain
from webapp.training.models.invitations import CourseInvitation
from webapp.training.queries import candidates
from webapp.training.services import demand, enrolments
from webapp.training.services.demand import whom_to_invite

EVENINGS = [{"days": "12345", "start": "18:00", "end": "22:00"}]


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with clock.frozen(NOON):
        yield make_world(app, db)


@pytest.fixture
def people(world: World, db: Database) -> dict[str, int]:
    """Three who lack a health certificate, one who has it, and one who only needs a skill."""
    with db.transaction(SYSTEM) as session:
        factories.make_opening(
            session, title="食堂帮厨", certificates=["健康证"], headcount=2, employer_id=None
        )
        factories.make_opening(
            session, title="维修电工", certificates=["低压电工作业证"], headcount=1,
            employer_id=None,
        )  # fmt: skip
        factories.make_opening(session, title="直播带货主播", skills=["直播带货"], headcount=4)
        worker = factories.make_resident(session, state=ResidentState.EMPLOYED)
        made = {
            "kin": factories.make_resident(
                session, household_id=worker.household_id, wanted=["食堂帮厨"]
            ),
            "alone": factories.make_resident(session, available=EVENINGS),
            "anchor": factories.make_resident(
                session, wanted=["带货主播"], certificates=["健康证"], available=EVENINGS,
                kinds=["vacancy"],
            ),
        }  # fmt: skip
        return {name: row.id for name, row in made.items()}


def row_of(db: Database, key: str) -> CourseDemand | None:
    with db.reader() as session:
        return session.exec(select(CourseDemand).where(CourseDemand.key == key)).first()


def gains_of(db: Database, key: str) -> list[DemandGain]:
    with db.reader() as session:
        return list(
            session.exec(
                select(DemandGain)
                .join(CourseDemand, col(CourseDemand.id) == DemandGain.demand_id)
                .where(CourseDemand.key == key)
                .order_by(col(DemandGain.rank))
            ).all()
        )


def test_who_lacks_one_thing_and_what_it_would_open(
    world: World, people: dict[str, int], db: Database
) -> None:
    assert demand.compute(db) >= 3
    health = row_of(db, "certificate:健康证")
    assert health is not None
    assert (health.people, health.unlocked_people) == (2, 2)
    assert (health.openings, health.places) == (1, 2)
    # Nobody works in the household of one: they come before who would rather do it.
    assert [one.resident_id for one in gains_of(db, "certificate:健康证")] == [
        people["alone"], people["kin"],
    ]  # fmt: skip
    licence = row_of(db, "template:electrician")
    assert licence is not None
    assert (licence.unlocked_people, licence.placed) == (3, 0)  # all could be placed elsewhere
    live = row_of(db, "template:live_commerce")
    assert live is not None
    assert (live.people, live.unlocked_people, live.places) == (1, 0, 4)
    assert gains_of(db, "template:live_commerce")[0].resident_id == people["anchor"]
    assert live.hours == [{"days": "135", "start": "19:00", "end": "21:00"}]
    assert live.hours_fit == 1
    # Whatever is kept is as old as the last time.
    first = {one.id for one in all_of(db, DemandGain)}
    with db.transaction(SYSTEM) as session:
        session.get_one(Resident, people["alone"]).certificates = ["健康证"]
    demand.compute(db)
    assert {one.resident_id for one in gains_of(db, "certificate:健康证")} == {people["kin"]}
    assert len(first) > len(all_of(db, DemandGain))


def test_a_template_that_is_held_as_a_course_stands_once(
    world: World, people: dict[str, int], db: Database
) -> None:
    world.post_course("低压电工取证班")
    with db.transaction(SYSTEM) as session:
        course = session.exec(select(Course).order_by(col(Course.id).desc())).first()
        assert course is not None
        course.certificates, course_id = ["低压电工作业证"], course.id
    demand.compute(db)
    keys = {one.key for one in all_of(db, CourseDemand)}
    assert f"course:{course_id}" in keys
    assert "template:electrician" not in keys


def test_from_the_demand_to_invitations_in_three_taps(
    world: World, people: dict[str, int], db: Database, sign_in: SignIn
) -> None:
    demand.compute(db)
    row = row_of(db, "template:live_commerce")
    assert row is not None
    staff = sign_in(world.account(world.staff))
    page = see(staff, "/staff/training/demand")
    assert "1 人想做、只少这样本事" in page
    assert "打开 1 个岗位，一共 4 个名额" in page
    assert "差《健康证》一项 还没有课教这个 2 人只差这个证" in page
    assert "像： 直播带货主播" in page
    new = f"/staff/training/new?template=live_commerce&demand={row.id}"
    assert new.replace("&", "&amp;") in staff.get("/staff/training/demand").get_data(as_text=True)
    form = next(one for one in forms_on(staff.get(new)) if "title" in one.data)  # first tap
    assert form.data["room"] == "二楼教室"  # as the newest run; nothing has to be typed
    assert (form.data["start"], form.data["end"]) == ("19:00", "21:00")
    assert form.data["days"] == ["1", "3", "5"]
    sent = staff.post(new, data=form.data)  # second
    assert sent.status_code == 303, sent.get_data(as_text=True)
    with db.reader() as session:
        run = session.exec(select(CourseRun).order_by(col(CourseRun.id).desc())).first()
    assert run is not None
    invite = f"/staff/training/runs/{run.id}/invite"
    assert sent.location == invite
    kept = row_of(db, f"course:{run.course_id}")
    assert kept is not None
    assert kept.id == row.id
    listed = see(staff, invite)
    assert "能多做 1 个岗位：直播带货主播" in listed
    assert "家里没人上班" in listed
    assert press(staff, invite).status_code == 303  # third: ticked already
    (asked,) = all_of(db, CourseInvitation)
    assert world.get(Resident, people["anchor"]).id == people["anchor"]
    assert (asked.run_id, asked.outcome) == (run.id, None)
    board = see(staff, "/staff/training/demand")
    assert "请人来第1期" in board
    assert "照这门再开一期" in board


def test_it_is_worked_out_by_the_scheduler_and_not_by_the_page(
    world: World, people: dict[str, int], db: Database, sign_in: SignIn, app: Flask
) -> None:
    staff = sign_in(world.account(world.staff))
    assert "还没有算过" in see(staff, "/staff/training/demand")
    asked = press(staff, "/staff/training/demand", "/compute")
    assert all_of(db, CourseDemand) == []
    assert "排着队" in see(staff, "/staff/training/demand")
    assert settled(staff, asked).location == "/staff/training/demand"
    assert row_of(db, "certificate:健康证") is not None
    (job,) = all_of(db, BackgroundJob)
    assert job.result == {"ways": len(all_of(db, CourseDemand))}
    assert do_jobs(app) == 0
    with pytest.raises(Forbidden):
        world.do(world.learner(), demand.start)


def test_whose_hours_do_not_fit_is_marked_and_not_ticked(
    world: World, people: dict[str, int], db: Database, sign_in: SignIn
) -> None:
    course = world.post_course("直播课")  # three mornings
    with db.transaction(SYSTEM) as session:
        session.get_one(Course, course.course_id).certificates = ["健康证"]
    busy = world.learner()  # who has another course at these hours
    world.do(busy, enrolments.enrol, run_id=world.run_id, resident_id=busy.resident_id)
    demand.compute(db)
    with world.app.test_request_context(), db.reader() as session:
        found = candidates.candidates(
            session, session.get_one(Course, course.course_id), course, free=1
        )
    marks = {one.resident_id: (one.against, one.ticked) for one in found.people}
    assert marks[people["alone"]] == (["3 次课在空闲时间以外"], False)
    assert marks[busy.resident_id or 0] == (["跟报的「焊工取证班 第1期」撞了"], False)
    assert marks[people["kin"]] == ([], True)
    assert [one.household_without_work for one in found.people] == [True, True, False]


gains = st.lists(
    st.builds(
        ResidentGain,
        resident_id=st.integers(1, 60),
        unlocked=st.lists(st.integers(1, 9), max_size=3),
        completed=st.lists(st.integers(1, 9), max_size=3),
        score=st.floats(0, 5),
    ),
    unique_by=lambda one: one.resident_id,
)


@given(gains, st.sets(st.integers(1, 60)))
def test_households_without_work_come_first_whatever_anybody_gains(
    given_gains: list[ResidentGain], without_work: set[int]
) -> None:
    found = whom_to_invite(given_gains, without_work)
    assert sorted(found) == sorted(given_gains)
    assert found == whom_to_invite(reversed(given_gains), without_work)
    needy = [one.resident_id in without_work for one in found]
    assert needy == sorted(needy, reverse=True)
    for group in (True, False):
        part = [one for one in found if (one.resident_id in without_work) is group]
        by_rule = [bool(one.unlocked) for one in part]
        assert by_rule == sorted(by_rule, reverse=True)
        for unlocked in (True, False):
            scores = [one.score for one in part if bool(one.unlocked) is unlocked]
            assert scores == sorted(scores, reverse=True)


def test_a_home_is_at_work_by_a_verified_spell_too(world: World, db: Database) -> None:
    with db.transaction(SYSTEM) as session:
        said, seen, ended = (factories.make_resident(session) for _n in range(3))
        factories.make_spell(session, resident_id=said.id, verified_at=None)
        factories.make_spell(session, resident_id=seen.id)
        factories.make_spell(session, resident_id=ended.id, ends_on=clock.today() - timedelta(1))
    with db.reader() as session:
        homes = set(session.scalars(homes_at_work(on=clock.today())).all())
    assert seen.household_id in homes
    assert not {said.household_id, ended.household_id} & homes
