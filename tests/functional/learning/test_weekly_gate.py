"""The weekly training switches where there is something to learn, and not where there is not."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from tests import factories
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.db import Database
from webapp.engine import model_registry
from webapp.engine.models import ModelVersion
from webapp.learning.queries.decisions import read_material
from webapp.learning.services import retraining, switching
from webapp.matches import services as matching
from webapp.matches.reason_codes import Channel, DeclineReason, DismissReason
from webapp.ops import scheduled_jobs, scheduler
from webapp.residents.models import Experience

TRADES = ("保洁员", "缝纫工", "厨师", "保安", "司机", "护工")
A_WEEK = 60  # people whose lists are gone down
FIRST_SUNDAY = datetime(2026, 3, 1, 4, 0, tzinfo=clock.LOCAL)
JOB = next(one for one in scheduled_jobs.JOBS if one.name == "weekly_retraining")
# Whether staff confirm: by (draw, trade of the person, trade of the opening, place in the list).
Taste = Callable[[random.Random, int, int, int], bool]


def by_chance(draw: random.Random, _person: int, _opening: int, _place: int) -> bool:
    return draw.random() < 0.4


def as_shown(draw: random.Random, _person: int, _opening: int, place: int) -> bool:
    return draw.random() < (0.8, 0.4, 0.2)[place]


def hidden(draw: random.Random, person: int, opening: int, _place: int) -> bool:
    """Who did one trade is good at the next one: no words say so."""
    return draw.random() < (0.95 if opening == (person + 1) % len(TRADES) else 0.05)


@pytest.fixture
def go_down(db: Database, write: Any) -> Callable[[random.Random, Taste], None]:
    """Return what has staff go down more people's lists, from the top until something fits."""
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
        employer = factories.make_employer(session)
        branch_id = staff.branch_id
        openings = [
            factories.make_opening(
                session,
                title=title,
                employer_id=employer.id,
                headcount=999,
                valid_until=clock.today() + timedelta(days=900),
            ).id
            for title in TRADES
        ]
    actor = Actor(account_id=staff.id, role=Role.STAFF, branch_id=branch_id)

    def _go_down(draw: random.Random, taste: Taste) -> None:
        lists = []
        with write() as session:
            for number in range(A_WEEK):
                trade = number % len(TRADES)
                household = factories.make_household(session)
                person = factories.make_resident(
                    session,
                    household_id=household.id,
                    branch_id=branch_id,
                    wanted=[TRADES[trade]],
                    skills=[],
                )
                others = [(trade + 1) % len(TRADES), (trade + draw.choice((2, 3, 4))) % len(TRADES)]
                draw.shuffle(others)
                lists.append((trade, []))
                for at, which in enumerate((trade, *others)):
                    match = factories.make_match(
                        session,
                        resident_id=person.id,
                        opening_id=openings[which],
                        position=at + 1,
                        rank=at + 1,
                        propensity=0.975,
                        score=0.9 - at / 10,
                        model_version="prior-2",
                    )
                    lists[-1][1].append((match.id, which))
        with db.transaction(actor) as session:
            for trade, listed in lists:
                for at, (match_id, which) in enumerate(listed):
                    if taste(draw, trade, which, at):
                        matching.confirm_match(
                            session, actor, match_id=match_id, channel=Channel.PHONE
                        )
                        break
                    matching.dismiss_match(
                        session, actor, match_id=match_id, code=DismissReason.OTHER
                    )

    return _go_down


# Training takes seconds; what differs by database is tested on both elsewhere.
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("taste", "ends_with"),
    [(hidden, "better"), (by_chance, "not_better"), (as_shown, "not_better")],
)
def test_sunday_after_sunday(
    app: Flask,
    db: Database,
    go_down: Any,
    monkeypatch: pytest.MonkeyPatch,
    taste: Taste,
    ends_with: str,
) -> None:
    monkeypatch.setattr(retraining, "SAMPLE", 20)
    draw = random.Random(7)
    reasons = []
    for week in range(2):
        sunday = FIRST_SUNDAY + timedelta(weeks=week)
        with clock.frozen(sunday - timedelta(days=2)):
            go_down(draw, taste)
        with app.app_context(), clock.frozen(sunday):
            assert scheduler.run_once(db, JOB)
        with db.reader() as session:
            rows = session.exec(select(ModelVersion).order_by(col(ModelVersion.id))).all()
            reasons.append([one for one in rows if one.report][-1].report["reason"])
            in_use = model_registry.current(session).name
    assert reasons == ["too_few", ends_with]
    assert (in_use != switching.PRIOR) is (ends_with == "better")


def test_what_people_did_before_reaches_what_is_learned_from(db: Database, write: Any) -> None:
    far = "重庆市/沙坪坝区/西永街道/微电园"
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
        person = factories.make_resident(session, branch_id=staff.branch_id)
        session.add(
            Experience(resident_id=person.id, title="装配工", employer="芯联", place=far, months=18)
        )
        employer = factories.make_employer(session, name="重庆暖邻家政服务有限公司")
        before = factories.make_opening(session, place=far, employer_id=employer.id)
        earlier = factories.make_match(session, resident_id=person.id, opening_id=before.id).id
        later = factories.make_match(session, resident_id=person.id, position=2).id
        who, opening_id, name = person.id, before.id, employer.name
    actor = Actor(account_id=staff.id, role=Role.STAFF, branch_id=staff.branch_id)
    with clock.frozen(clock.now() - timedelta(days=3)), db.transaction(actor) as session:
        matching.confirm_match(session, actor, match_id=earlier, channel=Channel.PHONE)
        matching.decline(session, actor, match_id=earlier, code=DeclineReason.PAY)
    with db.transaction(actor) as session:
        matching.dismiss_match(session, actor, match_id=later, code=DismissReason.OTHER)
    with db.reader() as session:
        material = read_material(session, sample=5)
    first, second = [*material.learn, *material.held_back]
    assert first.seeker.id == second.seeker.id == str(who)
    assert first.seeker.past == []
    [met] = second.seeker.past
    assert (met.id, met.action, met.employer, met.place) == (
        str(opening_id),
        "declined",
        name,
        far,
    )
    for task in (first, second):
        [job] = task.seeker.experience
        assert (job.title, job.employer, job.place) == ("装配工", "芯联", far)
