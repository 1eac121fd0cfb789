"""Taking a plan over, killed half-way: nothing lost, nothing doubled, and it is finished."""

import multiprocessing
import signal
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select, update

from tests import factories
from tests.conftest import KEY
from tests.functional.matches_world import World
from tests.functional.taking_over import shown, take_over, wanted
from webapp.core import clock
from webapp.core.db import Database
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.models.community_plan import CommunityPlan
from webapp.matches.services import plans
from webapp.matches.suggestions import community_plan, compute, picks
from webapp.ops import background
from webapp.ops.verify import faults

pytestmark = pytest.mark.usefixtures("in_the_rankings_order")

PAGE = "/staff/matches/plan"
CUT_OFF = "排到一半停下了"


@pytest.fixture
def plan_id(db: Database, write: Any) -> int:
    """A plan that waits, of five people, each with a place."""
    with write() as session:
        for _ in range(5):
            factories.make_opening(session, headcount=1)
            factories.make_resident(session)
    compute.compute_suggestions(db)
    with write() as session:  # the plan alone says what is shown, not what was computed like it
        session.exec(update(Match).values(pick=None))
    return community_plan.make(db).id


def plan(db: Database, plan_id: int) -> CommunityPlan:
    with db.reader() as session:
        return session.get_one(CommunityPlan, plan_id)


@pytest.mark.slow
@pytest.mark.database
def test_killed_in_the_middle_it_is_finished_by_itself(
    app: Flask, db: Database, world: World, plan_id: int
) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=take_over, args=(db.url, KEY, plan_id, 1, 3)
    )
    process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
    whole = wanted(db, plan_id)
    assert 1 < len(shown(db) & whole) < len(whole)  # two people are done, the third is as before
    assert plan(db, plan_id).marked_at is None
    with app.app_context():
        background.work(db)  # perhaps somebody is still at it: left alone
        assert plan(db, plan_id).marked_at is None
    assert CUT_OFF not in world.see("staff", PAGE)
    with clock.frozen(clock.now() + plans.LEFT_ALONE + timedelta(seconds=1)):
        page = world.see("staff", PAGE)
        assert CUT_OFF in page
        assert "就照这份办" in page
        with app.app_context():
            background.work(db)
        assert CUT_OFF not in world.see("staff", PAGE)
    assert shown(db) == whole
    assert plan(db, plan_id).marked_at is not None
    assert plans.finish_taking_over(db) == 0
    assert faults(db) == []


def test_what_was_decided_meanwhile_and_a_newer_plan_stay(
    db: Database, world: World, write: Any, plan_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picks, "_PEOPLE_AT_ONCE", 1)
    with world.db.transaction(world.actor("staff")) as session:
        plans.put_in_force(session, world.actor("staff"), plan_id=plan_id)
    newer = community_plan.make(db).id
    whole = sorted(wanted(db, plan_id))

    told: list[int] = []

    def meanwhile(done: int, _total: int) -> None:
        told.append(done)
        if done == 1:  # the last of them is decided on while the first are put into the queue
            with write() as session:
                who, what, _pick = whole[-1]
                match = session.exec(
                    select(Match).where(Match.resident_id == who, Match.opening_id == what)
                ).one()
                match.state = MatchState.DISMISSED
                session.add(match)
        if done == 3:
            with world.db.transaction(world.actor("staff")) as session:
                plans.put_in_force(session, world.actor("staff"), plan_id=newer)

    picks.mark(db, plan_id, progress=meanwhile)
    assert told == [1, 2, 3]  # nobody more was put into the queue by what had ended
    assert plan(db, plan_id).marked_at is None  # it has ended, and stopped there
    picks.mark(db, newer)
    assert shown(db) == wanted(db, newer)
    who, what, _pick = whole[-1]
    assert (who, what) not in {(one, opening) for one, opening, _ in shown(db)}
