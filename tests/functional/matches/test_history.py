"""What a resident did before reaches every history feature of the ranking."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from matching.features.catalogue import Catalogue
from matching.features.pair_features import FEATURES, FeatureBlock
from tests import factories
from tests.forms import submit
from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.core.db import Database
from webapp.learning.queries import decisions
from webapp.matches import services
from webapp.matches.reason_codes import Channel
from webapp.matches.suggestions.snapshot import read_snapshot
from webapp.residents.models import Experience

HISTORY = [one for one in FEATURES if one.startswith(("past_", "negative_", "experience_"))]


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    """Somebody who applied for one opening, let another go, and told of a job in 华岩镇."""
    world = make_world(db, write, sign_in, opening_category="家政")
    staff, person = world.actor("staff"), world.actor("resident")
    with write() as session:
        other = factories.make_opening(session, title="保安员", place="重庆市/渝北区")
        let_go = factories.make_match(
            session, resident_id=world.resident_id, opening_id=other.id
        ).id
        for employer_id in (world.employer_id, other.employer_id):
            factories.make_opening(
                session, employer_id=employer_id, category="家政", place=factories.PLACE
            )
    for match_id in (world.match_id, let_go):
        with db.transaction(staff) as session:
            services.confirm_match(session, staff, match_id=match_id, channel=Channel.PAGE)
    with db.transaction(person) as session:
        services.share_and_apply(session, person, match_id=world.match_id, channel=Channel.PAGE)
        services.decline(session, person, match_id=let_go)
    form = {"title": "保洁员", "employer": "老灶火锅", "place": "九龙坡区华岩镇", "years": "2"}
    assert submit(world.browser("resident"), "/me/profile/experience", form).status_code == 303
    return world


def test_fault_20_every_history_feature_fires(world: World) -> None:
    with world.db.reader() as session:
        read = read_snapshot(session, [world.resident_id])
    rows = np.zeros(len(read.openings), dtype=np.int64)
    columns = np.arange(len(read.openings))
    values = FeatureBlock(read.seekers, Catalogue(read.openings)).pairs(rows, columns)
    silent = [one for one in HISTORY if not values[:, FEATURES.index(one)].any()]
    assert len(HISTORY) > 20
    assert silent == []


def test_fault_20_a_past_job_keeps_its_place_as_a_path(world: World) -> None:
    with world.db.reader() as session:
        [job] = session.exec(select(Experience)).all()
    assert job.place == "重庆市/九龙坡区/华岩镇"
    assert "重庆市 九龙坡区 华岩镇" in world.see("resident", "/me/profile")
    assert "九龙坡区 华岩镇" in world.see("staff", f"/staff/matches/{world.match_id}")


def test_fault_20_training_sees_the_same_past_as_ranking(world: World) -> None:
    with world.db.reader() as session:
        [suggested] = read_snapshot(session, [world.resident_id]).seekers
        past = decisions._past(session, {world.resident_id})[world.resident_id]
        employers = {one.employer for one in suggested.past}
    assert {one["employer"] for one in past} == employers
    assert {one["place"] for one in past} == {one.place for one in suggested.past}
    assert world.opening_id in {one["id"] for one in past}
