"""The plan of the whole community: on paper, on its page, in the queue, and made each night."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select, update

from tests import factories
from tests.forms import submit
from tests.functional.command_line import fumin
from tests.functional.matches_world import World
from webapp.core import clock
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.matches.lifecycle import MatchState, Pick, PlanState
from webapp.matches.models import Match
from webapp.matches.models.community_plan import CommunityPlan, PlanLine
from webapp.matches.services import plans
from webapp.matches.suggestions import community_plan, compute
from webapp.ops import background
from webapp.residents.models import ResidentState

pytestmark = pytest.mark.usefixtures("in_the_rankings_order")

PAGE = "/staff/matches/plan"
QUEUE = "/staff/matches/"


@pytest.fixture
def people(write: Any) -> dict[str, int]:
    """One place as a cleaner: who fits it best has a relative at work, the other has nobody."""
    with write() as session:
        opening = factories.make_opening(session, title="保洁员", headcount=1)
        home = factories.make_household(session)
        factories.make_resident(session, household_id=home.id, state=ResidentState.EMPLOYED)
        best = factories.make_resident(session, household_id=home.id, name="王芳")
        needy = factories.make_resident(
            session, name="=李强", wanted=["保安"], skills=["看大门"], reach=None
        )
        return {"best": best.id, "needy": needy.id, "opening": opening.id}


def picked(db: Database) -> dict[int, list[int]]:
    """Return by resident the openings in the queue, the first first."""
    with db.reader() as session:
        rows = session.exec(
            select(Match)
            .where(Match.state == MatchState.SUGGESTED, col(Match.pick) < Pick.ASKED)
            .order_by(col(Match.resident_id), col(Match.pick).desc())
        ).all()
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.resident_id, []).append(row.opening_id)
    return found


def lines(db: Database, plan_id: int) -> dict[int, PlanLine]:
    with db.reader() as session:
        rows = session.exec(select(PlanLine).where(PlanLine.plan_id == plan_id)).all()
    return {row.resident_id: row for row in rows if row.rank < 2}


def test_a_plan_on_paper(db: Database, people: dict[str, int], tmp_path: Path) -> None:
    target = tmp_path / "plan.csv"
    arguments = {"database_url": db.url, "folder": tmp_path, "FUMIN_DEMO": "1"}
    result = fumin("plan", "--output", str(target), **arguments)
    assert result.exit_code == 0, result.output
    assert "1 of 2 placed, at most 1 can be; 1 of 1 households without any work" in result.output
    with target.open(encoding="utf-8-sig") as file:
        rows = {row["居民编号"]: row for row in csv.DictReader(file)}
    assert rows[str(people["needy"])]["机会"] == "保洁员"
    assert rows[str(people["needy"])]["姓名"] == "'=李强"  # no spreadsheet runs a name
    assert rows[str(people["best"])]["机会"] == ""
    assert rows[str(people["best"])]["为什么"] == "对得上的，名额都给了别人"
    assert picked(db) == {}  # it only waits
    result = fumin("plan", "--take-over", **arguments)
    assert "1 suggestions in the queue" in result.output, result.output
    assert picked(db) == {people["needy"]: [people["opening"]]}


def test_made_looked_at_and_taken_over(
    app: Flask, world: World, write: Any, people: dict[str, int]
) -> None:
    """From the page: a job makes it, a line goes out, another job orders the queue by it."""
    db, staff = world.db, world.browser("staff")
    compute.compute_suggestions(db)
    with write() as session:
        second = factories.make_opening(session, title="保安员", headcount=1)
        busy = factories.make_match(session, state=MatchState.OFFERED).resident_id
        blank = factories.make_resident(session, wanted=[], skills=[], name="赵不知").id
    assert "还没有排过" in world.see("staff", PAGE)
    started = submit(staff, PAGE, {}, page=PAGE)
    assert "/staff/jobs/" in started.headers["Location"]
    with app.app_context():
        assert background.work(db) == 1
    with db.reader() as session:
        plan = session.exec(select(CommunityPlan)).one()
    of = lines(db, plan.id)
    assert of[people["needy"]].opening_id in {people["opening"], second.id}
    assert of[busy].gap == "busy"
    assert of[blank].gap == "blank"
    page = world.see("staff", PAGE)
    assert f"{plan.homes} 户里排到 {plan.homes_reached} 户" in page
    assert "就照这份办" in page
    nobody = world.see("staff", f"{PAGE}?part=nobody")
    assert "档案里还没写想做什么、会什么：1 人" in nobody
    assert "手上有在办的" in nobody
    before = picked(db)
    taken = of[people["needy"]]
    none = submit(staff, f"{PAGE}/{plan.id}/take-out", {}, page=PAGE)
    assert none.status_code == 400
    assert "请先勾选几条" in none.get_data(as_text=True)
    out = submit(staff, f"{PAGE}/{plan.id}/take-out", {"lines": [str(taken.id)]}, page=PAGE)
    assert out.status_code == 303
    assert picked(db) == before  # it still only waits
    done = submit(staff, f"{PAGE}/{plan.id}/take-over", {}, page=PAGE)
    assert done.status_code == 303
    assert "正在照这份计划排" in world.see("staff", PAGE)
    with app.app_context():
        assert background.work(db) == 1
    after = picked(db)
    assert taken.opening_id not in after.get(people["needy"], [])
    wanted = {who: line.opening_id for who, line in of.items() if line.rank == 1}
    wanted.pop(people["needy"])
    assert {who: ids[0] for who, ids in after.items() if who in wanted} == wanted
    again = submit(staff, f"{PAGE}/{plan.id}/take-over", {}, page=PAGE)
    assert again.headers["Location"] == PAGE
    assert "已经照这份计划在办了" in world.see("staff", PAGE)
    with db.reader() as session:
        acts = session.exec(select(AuditEvent.action)).all()
    assert {"plan.make", "plan.take_out", "plan.take_over"} <= set(acts)


def test_what_is_taken_out_stays_out_until_it_is_put_back(
    db: Database, world: World, people: dict[str, int]
) -> None:
    plans.nightly(db)
    with db.reader() as session:
        plan = session.exec(
            select(CommunityPlan).where(CommunityPlan.state == PlanState.IN_FORCE)
        ).one()
    line = lines(db, plan.id)[people["needy"]]
    staff, data = world.browser("staff"), {"lines": [str(line.id)]}
    assert (people["needy"] in picked(db)) is True
    submit(staff, f"{PAGE}/{plan.id}/take-out", data, page=PAGE)
    assert line.opening_id not in picked(db).get(people["needy"], [])
    plans.nightly(db)  # another night
    with db.reader() as session:
        new = session.exec(
            select(CommunityPlan).where(CommunityPlan.state == PlanState.IN_FORCE)
        ).one()
        out = select(PlanLine).where(PlanLine.plan_id == new.id)
        kept = session.exec(out.where(col(PlanLine.out_at).is_not(None))).one()
    assert (kept.resident_id, kept.opening_id) == (people["needy"], line.opening_id)
    assert line.opening_id not in picked(db).get(people["needy"], [])
    assert "=李强" in world.see("staff", f"{PAGE}?part=out")
    late = submit(staff, f"{PAGE}/{plan.id}/take-out", data, page=PAGE)
    assert late.headers["Location"] == PAGE  # that plan has passed
    submit(staff, f"{PAGE}/{new.id}/put-back", {"lines": [str(kept.id)]}, page=f"{PAGE}?part=out")
    plans.nightly(db)
    assert people["needy"] in picked(db)


def test_a_plan_is_old_once_suggestions_are_newer(db: Database, world: World) -> None:
    plans.nightly(db)
    assert "这份计划旧了" not in world.see("staff", PAGE)
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        compute.compute_suggestions(db)
        page = world.see("staff", PAGE)
    assert "这份计划旧了" in page
    assert "重新排一遍" in page


def test_no_opening_is_planned_beyond_what_it_takes(db: Database, write: Any) -> None:
    """Places of people who are asked already are nobody's; a second pick takes what is left."""
    with write() as session:
        one = factories.make_opening(session, headcount=3, hired_count=1)
        factories.make_match(session, opening_id=one.id, state=MatchState.OFFERED)
        factories.make_opening(session, headcount=2)
        for _ in range(2):
            factories.make_resident(session)
    plans.nightly(db)
    found = picked(db)
    given = [ids for ids in found.values() if ids]
    assert len(given) == 2
    assert sum(one.id in ids for ids in given) == 1
    assert sorted(len(ids) for ids in given) == [1, 2]


def test_the_database_keeps_one_plan_of_each_kind_and_its_lines(
    db: Database, people: dict[str, int]
) -> None:
    first = community_plan.make(db)
    second = community_plan.make(db)
    with db.reader() as session:
        states = {one.id: one.state for one in session.exec(select(CommunityPlan))}
        assert states == {first.id: PlanState.ENDED, second.id: PlanState.MADE}
        assert {one.plan_id for one in session.exec(select(PlanLine))} == {second.id}
    again = update(CommunityPlan).where(col(CommunityPlan.id) == first.id)
    with pytest.raises(DBAPIError), db.write_engine.begin() as connection:
        connection.execute(again.values(state=PlanState.MADE, ended_at=None))
    changed = update(PlanLine).where(col(PlanLine.plan_id) == second.id)
    with pytest.raises(DBAPIError), db.write_engine.begin() as connection:
        connection.execute(changed.values(score=0.5))
