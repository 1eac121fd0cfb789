"""What the clock does to trial days: each deadline just before it and at it."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.functional.matches_world import World
from tests.functional.trials.world import (
    DAY,
    NOON,
    after_it,
    agreed,
    differ,
    page_of,
    propose,
    step,
    the_trial,
)
from webapp.core import clock
from webapp.core.db import Database
from webapp.ops import scheduled_jobs
from webapp.privacy.service import leave
from webapp.trials.lifecycle import Cause, TrialState
from webapp.trials.services import reminders

S = TrialState
JOB = next(job for job in scheduled_jobs.JOBS if job.name == "trial_days")


def run(app: Flask, db: Database, moment: datetime) -> tuple[int, int, int]:
    """Let the job run at a moment; return what it called off, reminded of, and forgot."""
    with clock.frozen(moment), app.test_request_context():
        lapsed, reminded, forgotten = map(int, re.findall(r"\d+", JOB.work(db)))
    return lapsed, reminded, forgotten


@pytest.mark.job("trial_days")
def test_reminders_come_by_day_and_stop_when_both_have_told(
    app: Flask, world: World, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(world)
    told: list[list[str]] = []
    monkeypatch.setattr(reminders, "tell", lambda _s, _t, sides, _key: told.append(list(sides)))

    def reminded(moment: datetime) -> int:
        lapsed, count, _forgotten = run(app, db, moment)
        assert lapsed == 0
        return count

    eve = NOON + timedelta(days=1)
    assert reminded(NOON) == 0
    assert reminded(eve.replace(hour=23)) == 0
    assert [reminded(eve), reminded(eve)] == [1, 0]
    assert reminded(NOON + timedelta(days=3)) == 0  # the second day
    assert [reminded(NOON + timedelta(days=n)) for n in (4, 5, 6, 8)] == [1, 0, 1, 1]
    with clock.frozen(NOON + timedelta(days=8)):
        step(world, "employer", "word", outcome="employer_no", why_no="filled")
    assert reminded(NOON + timedelta(days=10)) == 1  # she is asked, the employer is not
    assert told == [["resident", "employer"]] * 4 + [["resident"]]
    with after_it(10):
        step(world, "resident", "confirm")
    assert reminded(NOON + timedelta(days=12)) == 0


def test_nobody_agreed_in_time(app: Flask, world: World, db: Database) -> None:
    propose(world)
    last = clock.end_of_day(DAY - timedelta(days=1)) - timedelta(minutes=1)
    assert run(app, db, last)[0] == 0
    with clock.frozen(last + timedelta(minutes=1)):
        assert step(world, "resident", "agree").status_code == 400
    assert run(app, db, last + timedelta(minutes=1)) == (1, 0, 0)
    assert the_trial(db).state is S.CANCELLED


@pytest.mark.parametrize(
    ("first", "told"), [(0, "最早从明天起"), (1, ""), (60, ""), (61, "两个月以内")]
)
def test_from_tomorrow_to_two_months_ahead(world: World, first: int, told: str) -> None:
    day = clock.today() + timedelta(days=first)
    answer = propose(world, first_day=day.isoformat(), days="1")
    assert answer.status_code == (400 if told else 303)
    assert told in answer.get_data(as_text=True)


def test_it_may_be_called_off_until_the_day_begins(world: World, db: Database) -> None:
    agreed(world)
    midnight = clock.end_of_day(DAY - timedelta(days=1))
    page = page_of(world, "resident")
    with clock.frozen(midnight):
        assert world.post("resident", f"{page}/cancel", "/me/").status_code == 400
    with clock.frozen(midnight - timedelta(minutes=1)):
        early = {"outcome": "not_held", "why_not_held": "illness"}
        assert world.post("resident", f"{page}/word", page, **early).status_code == 400
        assert step(world, "resident", "cancel").status_code == 303
    assert the_trial(db).state is S.CANCELLED


@pytest.mark.parametrize(("after", "ends"), [(-1, 400), (0, 303), (90, 303), (91, 400)])
def test_a_job_begins_within_three_months(world: World, after: int, ends: int) -> None:
    agreed(world)
    starts = (DAY + timedelta(days=after)).isoformat()
    with after_it():
        said = {"outcome": "came_to_job", "starts_on": starts}
        assert step(world, "employer", "word", **said).status_code == ends


def test_the_branch_decides_within_three_days(world: World) -> None:
    agreed(world)
    with after_it():
        differ(world)
        told = "最晚12月7日"
        assert told in world.see("resident", page_of(world, "resident"))
        assert told in world.see("staff", page_of(world, "staff"))
    for days, tone in ((6, "tag-warn"), (7, "tag-bad")):
        with after_it(days):
            for list_ in ("/staff/", "/staff/work/trials", "/staff/trials/"):
                cell = "<li class=.today-kind" if list_ == "/staff/" else "<li class=.cell"
                (row,) = re.findall(rf"{cell}[^\n]*?12月7日[^\n]*前定", flat(world, list_))
                assert tone in row, list_
    with after_it(7):
        fair = {"outcome": "not_held", "cause": "transport", "note": "问过两边"}
        assert step(world, "staff", "decide", **fair).status_code == 303
        assert "前定" not in world.see("staff", "/staff/")


def flat(world: World, path: str) -> str:
    """Return a page of staff with one cell of its lists a line."""
    page = world.see("staff", path).replace("\n", " ")
    return page.replace("<li ", "\n<li ")


def test_what_is_kept_of_who_leaves(app: Flask, world: World, db: Database) -> None:
    """The record of work stays three years, without reasons, and nobody reads it."""
    agreed(world)
    with after_it():
        ill = {"outcome": "not_held", "why_not_held": "illness"}
        assert step(world, "resident", "word", **ill).status_code == 303
        assert step(world, "employer", "confirm").status_code == 303
    with after_it(5):
        again = {"first_day": (DAY + timedelta(days=9)).isoformat()}
        assert propose(world, **again).status_code == 303
        actor = world.actor("resident")
        with app.test_request_context(), db.transaction(actor) as session:
            leave(session, actor, resident_id=world.resident_id)
        kept = the_trial(db)  # the proposal is gone
        assert (kept.state, kept.cause, kept.pay_day_fen) == (S.SETTLED, Cause.OTHER, 12000)
        words = (kept.resident_why, kept.employer_why, kept.resident_words, kept.employer_words)
        assert words == ("",) * 4
        assert world.browser("staff").get(f"/staff/trials/{kept.id}").status_code == 404
    last = NOON + timedelta(days=2 + 1096)
    assert run(app, db, last) == (0, 0, 0)
    assert run(app, db, last + timedelta(days=1)) == (0, 0, 1)
    assert the_trial(db) is None


def test_one_not_told_of_rests_when_the_person_leaves(
    app: Flask, world: World, db: Database
) -> None:
    agreed(world)
    actor = world.actor("resident")
    with after_it(), app.test_request_context(), db.transaction(actor) as session:
        leave(session, actor, resident_id=world.resident_id)
    assert the_trial(db).state is S.AGREED
    assert run(app, db, NOON + timedelta(days=6)) == (0, 0, 0)
    with after_it(6):
        assert "现在没有人在约试岗" in world.see("staff", "/staff/trials/")
