"""Models: what staff see is kept, training is gated, versions are switched and rolled back."""

import hashlib
import io
import json
import random
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from tests import factories
from tests.forms import submit
from tests.functional.matches_world import make_world
from tests.functional.ops.test_commands import fumin
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden
from webapp.core.models import AuditEvent
from webapp.engine import model_registry, training
from webapp.engine.models import ModelVersion, SuggestionRequest, VersionState
from webapp.engine.ranking import prior_model
from webapp.learning import presentation
from webapp.learning.queries import comparison
from webapp.learning.queries.decisions import decided, read_material
from webapp.learning.services import retraining, switching
from webapp.matches import services as matching
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Impression, Match
from webapp.matches.reason_codes import Channel, DismissReason
from webapp.matches.suggestions import compute, impressions
from webapp.ops import scheduler

V = VersionState
TRADES = ("保洁员", "缝纫工", "厨师", "保安", "司机", "护工")


@pytest.fixture
def boss(write: Any) -> Any:
    with write() as session:
        return factories.make_account(session, role=Role.ADMIN, name="赵光明")


def versions(db: Database) -> list[ModelVersion]:
    with db.reader() as session:
        return list(session.exec(select(ModelVersion).order_by(col(ModelVersion.id))).all())


def decide_much(db: Database, write: Any, people: int) -> None:
    """Staff confirm, for people who did one trade, another one that no words tell."""
    draw = random.Random(1)
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
        branch, employer = factories.make_branch(session), factories.make_employer(session)
        openings = [
            factories.make_opening(session, title=title, employer_id=employer.id, headcount=999)
            for title in TRADES
        ]
        pairs = []
        for number in range(people):
            trade = number % len(TRADES)
            household = factories.make_household(session)
            person = factories.make_resident(
                session,
                household_id=household.id,
                branch_id=branch.id,
                wanted=[TRADES[trade]],
                skills=[],
                created_at=clock.now() - timedelta(days=draw.randint(1, 300)),
            )
            # The prior ranks the person's own trade first; staff know better.
            listed = [trade, (trade + 1) % 6, *draw.sample([2, 3, 4], 1)]
            for position, which in enumerate(dict.fromkeys(listed), start=1):
                match = factories.make_match(
                    session,
                    resident_id=person.id,
                    opening_id=openings[which].id,
                    position=position,
                    rank=position,
                    propensity=0.975,
                    score=1 / position,
                    model_version="prior-1",
                )
                pairs.append((match.id, which == (trade + 1) % 6))
    actor = Actor(account_id=staff.id, role=Role.STAFF, branch_id=staff.branch_id)
    start = clock.now() - timedelta(days=20)
    for part in range(0, len(pairs), 30):
        with clock.frozen(start + timedelta(hours=part)), db.transaction(actor) as session:
            for match_id, fits in pairs[part : part + 30]:
                if fits:
                    matching.confirm_match(session, actor, match_id=match_id, channel=Channel.PHONE)
                else:
                    matching.dismiss_match(
                        session, actor, match_id=match_id, code=DismissReason.TOO_FAR
                    )


def test_little_to_learn_from_leaves_the_prior(
    app: Flask, db: Database, write: Any, boss: Any, sign_in: Any
) -> None:
    browser = sign_in(boss)
    before = browser.get("/admin/models/").get_data(as_text=True)
    assert "出厂排序" in before
    assert "还没有学过" in before
    assert submit(browser, "/admin/models/train", page="/admin/models/").status_code == 303
    again = submit(browser, "/admin/models/train", page="/admin/models/")
    assert again.status_code == 409
    with app.app_context():
        version = retraining.process_request(db)
        assert retraining.process_request(db) is None
    assert version is not None
    assert (version.state, version.report["reason"]) == (V.REFUSED, "too_few")
    assert version.created_by_id == boss.id
    shown = browser.get("/admin/models/").get_data(as_text=True)
    assert "决定太少：要 100 条，现在 0 条" in shown
    assert f"/admin/models/{version.id}" in shown
    assert browser.get(f"/admin/models/{version.id}").status_code == 200
    assert browser.get("/admin/models/999").status_code == 404
    with db.reader() as session:
        assert model_registry.current(session).name == switching.PRIOR
        assert session.exec(select(SuggestionRequest)).all() == []
    useless = submit(browser, f"/admin/models/{version.id}/switch", page="/admin/models/")
    assert useless.status_code == 409
    assert submit(browser, "/admin/models/roll-back", page="/admin/models/").status_code == 409


# Real training takes seconds: once is enough, what differs by database is tested on both.
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_decisions_enough_make_a_better_version_which_serves_and_goes_back(
    app: Flask,
    db: Database,
    write: Any,
    boss: Any,
    sign_in: Any,
    caplog: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retraining, "SAMPLE", 30)
    decide_much(db, write, 102)
    with app.app_context():
        version = retraining.retrain(db)
    assert version is not None
    assert version.report["reason"] == "better", version.report
    assert version.state is V.CURRENT
    assert version.report["p_value"] < version.report["alpha"]
    assert version.decisions == sum(1 for _ in decided_pairs(db))
    browser = sign_in(boss)
    page = browser.get("/admin/models/").get_data(as_text=True)
    assert version.name in page
    assert "按模型排" in page
    shown = browser.get(f"/admin/models/{version.id}").get_data(as_text=True)
    assert version.file_sha256 in shown
    assert "不像是碰巧" in shown
    with db.reader() as session:
        everybody = select(SuggestionRequest).where(col(SuggestionRequest.resident_id).is_(None))
        assert session.exec(everybody).one()
        switch = session.exec(select(AuditEvent).where(AuditEvent.action == "model.switch")).one()
    assert switch.details == {"version": version.name, "before": "prior"}
    with app.app_context():
        compute.compute_suggestions(db)
    assert suggested_by(db) == {version.name}

    path = app.extensions["settings"].models / version.file
    honest = path.read_bytes()
    path.write_bytes(honest + b"x")
    with app.app_context():
        compute.compute_suggestions(db)
    assert suggested_by(db) == {prior_model().version}
    assert "is refused" in caplog.text
    page = browser.get("/admin/models/").get_data(as_text=True)
    assert "已经停用" in page
    assert "跟学好的时候不一样" in page
    assert "退回上一版" in page

    # A file as the program before wrote it, registered as it was then.
    older = of_the_layout_before(honest)
    path.write_bytes(older)
    register(db, version.id, hashlib.sha256(older).hexdigest())
    caplog.clear()
    with app.app_context():
        compute.compute_suggestions(db)
    assert suggested_by(db) == {prior_model().version}
    assert "has the format fumin-ranker/1" in caplog.text
    page = browser.get("/admin/models/").get_data(as_text=True)
    assert "旧版程序存的格式" in page
    path.write_bytes(honest)
    register(db, version.id, version.file_sha256)

    assert submit(browser, "/admin/models/roll-back", page="/admin/models/").status_code == 303
    states = {one.name: (one.state, one.switched_by_id) for one in versions(db)}
    assert states == {"prior": (V.CURRENT, boss.id), version.name: (V.RETIRED, None)}
    back = submit(browser, f"/admin/models/{version.id}/switch", page=f"/admin/models/{version.id}")
    assert back.status_code == 303
    assert [one.state for one in versions(db) if one.name == version.name] == [V.CURRENT]


def of_the_layout_before(content: bytes) -> bytes:
    """Return a model file with the format it had before the modules of the library moved."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        manifest = json.loads(old.read("manifest.json")) | {"format": "fumin-ranker/1"}
        new.writestr("manifest.json", json.dumps(manifest))
        new.writestr("model.skops", old.read("model.skops"))
    return out.getvalue()


def register(db: Database, version_id: int, sha256: str) -> None:
    with db.transaction(SYSTEM) as session:
        session.get_one(ModelVersion, version_id).file_sha256 = sha256
        audit.record(session, "model.train", session.get_one(ModelVersion, version_id))


def decided_pairs(db: Database) -> list[Any]:
    with db.reader() as session:
        return decided(session)


def suggested_by(db: Database) -> set[str]:
    with db.reader() as session:
        query = select(Match.model_version).where(Match.state == MatchState.SUGGESTED)
        return set(session.exec(query).all())


def test_an_unfair_version_stays_a_candidate_and_nobody_can_switch_to_it(
    app: Flask, db: Database, monkeypatch: pytest.MonkeyPatch, boss: Any
) -> None:
    breach = {
        "attribute": "sex",
        "measure": "exposure",
        "lowest": "female",
        "highest": "male",
        "difference": 1.0,
        "ratio": 0.5,
        "chance": 0.01,
        "text": "差太多",
    }
    learned = training.Learned(
        {"reason": "unfair", "breaches": [breach]}, name="learned-x", file="x"
    )
    monkeypatch.setattr(training, "learn", lambda *_a, **_k: learned)
    with app.test_request_context():
        version = retraining.retrain(db)
        assert version is not None
        assert version.state is V.CANDIDATE
        assert "不公平" in presentation.verdict(version)
        said = presentation.breach(version.report["breaches"][0])
        assert "“女”" in said
        assert "“男”的50" in said
        actor = Actor(account_id=boss.id, role=Role.ADMIN)
        with pytest.raises(Conflict), db.transaction(actor) as session:
            switching.switch_to(session, actor, version_id=version.id)
        staff = Actor(account_id=boss.id, role=Role.STAFF)
        for act in (switching.request_training, switching.roll_back):
            with pytest.raises(Forbidden), db.transaction(staff) as session:
                act(session, staff)


def test_a_training_that_fails_is_told_and_does_not_block_the_next(
    app: Flask, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(training, "learn", fail)
        with pytest.raises(RuntimeError):
            retraining.retrain(db)
    assert [one.state for one in versions(db)] == [V.REFUSED]
    with app.app_context():
        assert retraining.retrain(db) is not None


@pytest.mark.job("weekly_retraining")
def test_the_weekly_job_trains_once_a_week(app: Flask, db: Database) -> None:
    job = next(one for one in scheduler.JOBS if one.name == "weekly_retraining")
    with app.app_context():
        assert scheduler.run_once(db, job)
        assert not scheduler.run_once(db, job)
        with clock.frozen(clock.now() + timedelta(days=7)):
            assert scheduler.run_once(db, job)
    assert [one.state for one in versions(db)].count(V.REFUSED) == 2


def test_only_the_admin_enters(db: Database, write: Any, sign_in: Any) -> None:
    world = make_world(db, write, sign_in)
    for role in ("resident", "employer", "staff"):
        assert world.browser(role).get("/admin/models/").status_code == 403


def test_the_command_trains_and_says_what_came_of_it(db: Database, tmp_path: Path) -> None:
    result = fumin("retrain", database_url=db.url, folder=tmp_path)
    assert result.exit_code == 0, result.output
    assert "no new version: refused (too_few)" in result.output
    assert "决定太少" in result.output


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


def test_exactly_one_is_in_use(app: Flask, db: Database, write: Any) -> None:
    with write() as session:
        rows = [
            ModelVersion(name=f"learned-{n}", state=V.CANDIDATE, file="x", created_at=clock.now())
            for n in range(2)
        ]
        session.add_all(rows)
    with app.test_request_context():
        for row in rows:
            with db.transaction(SYSTEM) as session:
                version = session.get_one(ModelVersion, row.id)
                switching.put_in_use(session, SYSTEM, version, action="model.switch")
        last = versions(db)[1]
        with pytest.raises(Conflict), db.transaction(SYSTEM) as session:
            switching.put_in_use(session, SYSTEM, last, action="model.switch")
    assert [one.state for one in versions(db)].count(V.CURRENT) == 1
