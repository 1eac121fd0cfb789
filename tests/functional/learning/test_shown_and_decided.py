"""What staff see is kept with its place and chance, and what they decide is read back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from tests import factories
from tests.functional.learning.deciding import TRADES, decide_much
from tests.functional.matches_world import make_world
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.db import Database
from webapp.learning.queries import comparison
from webapp.learning.queries.decisions import read_material
from webapp.matches import services as matching
from webapp.matches.models import Impression, Match
from webapp.matches.reason_codes import Channel, DismissReason
from webapp.matches.suggestions import compute, impressions


def test_what_staff_see_is_noted_once_with_its_place_and_chance(
    db: Database, write: Any, sign_in: Any
) -> None:
    world = make_world(db, write, sign_in)
    with write() as session:
        match = session.get_one(Match, world.match_id)
        match.rank, match.propensity = 3, 0.01
        factories.make_match(session, score=0.1, rank=1, propensity=0.97)
    for _ in range(2):
        response = world.browser("staff").get("/staff/matches/")
        assert response.status_code == 200
        response.close()
    with db.reader() as session:
        rows = session.exec(select(Impression).order_by(col(Impression.place))).all()
    seen = [(row.place, row.position, row.rank, row.propensity, row.in_full) for row in rows]
    assert seen == [(1, 1, 3, 0.01, True), (2, 1, 1, 0.97, False)]
    assert {row.account_id for row in rows} == {world.accounts["staff"].id}
    assert {row.model_version for row in rows} == {"test"}
    with write() as session:
        assert impressions.forget(session, before=clock.now() - timedelta(days=1)) == 0
        assert impressions.forget(session, before=clock.now() + timedelta(days=1)) == 2


def test_places_are_exchanged_for_a_share_with_known_chance(
    db: Database, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write() as session:
        for title in TRADES:
            factories.make_opening(session, title=title)
        for _ in range(12):
            factories.make_resident(session)
    monkeypatch.setattr(compute, "SWAP_RATE", 1.0)
    compute.compute_suggestions(db)
    with db.reader() as session:
        found = session.exec(select(Match).order_by(col(Match.resident_id))).all()
    assert len(found) == 12 * len(TRADES)
    moved = [match for match in found if match.rank != match.position]
    assert 0 < len(moved) < 24
    assert len(moved) % 2 == 0
    assert {round(match.propensity or 0, 3) for match in moved} == {0.1}
    compute.compute_suggestions(db)
    with db.reader() as session:
        again = session.exec(select(Match).order_by(col(Match.resident_id))).all()
    assert {(m.id, m.position) for m in found} == {(m.id, m.position) for m in again}


def test_the_comparison_tells_whose_order_decisions_bear_out(
    db: Database, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "LEAST_OPENINGS", 1)
    now = clock.now()
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
        opening = factories.make_opening(session)
        pairs = []
        # Who registered first is dismissed; the model's best is confirmed.
        for score, days, fits in ((0.9, 1, True), (0.5, 9, False), (0.4, 5, True), (0.2, 7, False)):
            person = factories.make_resident(session, created_at=now - timedelta(days=days))
            match = factories.make_match(
                session, resident_id=person.id, opening_id=opening.id, score=score
            )
            pairs.append((match.id, fits))
    actor = Actor(account_id=staff.id, role=Role.STAFF, branch_id=staff.branch_id)
    with db.transaction(actor) as session:
        for match_id, fits in pairs:
            if fits:
                matching.confirm_match(session, actor, match_id=match_id, channel=Channel.PHONE)
            else:
                matching.dismiss_match(session, actor, match_id=match_id, code=DismissReason.OTHER)
    with db.reader() as session:
        [found] = comparison.compare(session)
    assert (found.decisions, found.confirmed, found.openings) == (4, 2, 1)
    assert (found.model, found.first, found.chance) == (0.5, 0.0, 0.5)
    assert found.is_told


def test_a_person_is_never_learned_from_and_tested_on(db: Database, write: Any) -> None:
    decide_much(db, write, 12)
    with db.reader() as session:
        material = read_material(session, sample=5)
    learned = {task.seeker.id for task in material.learn}
    held_back = {task.seeker.id for task in material.held_back}
    assert learned
    assert held_back
    assert not learned & held_back
    assert len(material.sample) == 5
    assert all(len(labels) == 5 for labels in material.sample_groups.values())
    # Nobody's decided pairs stand in their own past.
    for task in [*material.learn, *material.held_back]:
        assert not {one.id for one in task.seeker.past} & {one.id for one in task.shown}
