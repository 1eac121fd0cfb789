"""The whole community's plan taken over and killed at any moment, again and again."""

import json
import multiprocessing
import random
import signal
import time
from datetime import timedelta
from pathlib import Path

from tests.functional.taking_over import shown, take_over, wanted
from webapp.core import audit, clock
from webapp.core.db import Database
from webapp.matches.services import plans
from webapp.matches.suggestions import community_plan
from webapp.ops.verify import faults

ROUNDS = 10


def test_a_take_over_killed_at_any_moment_is_finished_whole(copied_demo: Path) -> None:
    """In each round a new plan; what a round leaves half done, its successor replaces whole."""
    key = json.loads((copied_demo / "keys.json").read_text())["encryption_key"]
    db = Database(f"sqlite:///{copied_demo / 'fumin.sqlite3'}", before_commit=audit.write_pending)
    context, draw, cut_off = multiprocessing.get_context("spawn"), random.Random(7), 0
    for _round in range(ROUNDS):
        plan_id = community_plan.make(db).id
        victim = context.Process(target=take_over, args=(db.url, key, plan_id, 20, 0))
        victim.start()
        _until_in_force(db, plan_id, victim)
        time.sleep(draw.uniform(0, 1.5))
        victim.kill()
        victim.join()
        assert victim.exitcode in {0, -signal.SIGKILL}
        cut_off += victim.exitcode != 0
        assert faults(db) == []
        with clock.frozen(clock.now() + plans.LEFT_ALONE + timedelta(seconds=1)):
            plans.finish_taking_over(db)
        assert shown(db) == wanted(db, plan_id)
    print(f"{cut_off} of {ROUNDS} take-overs cut off, each finished whole")
    db.dispose()


def _until_in_force(
    db: Database, plan_id: int, victim: multiprocessing.process.BaseProcess
) -> None:
    deadline = time.monotonic() + 60
    while victim.is_alive() and time.monotonic() < deadline:
        with db.reader() as session:
            found = session.get_one(community_plan.CommunityPlan, plan_id)
            if found.taken_over_at is not None:
                return
        time.sleep(0.02)
