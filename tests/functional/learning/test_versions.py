"""Models: training is gated, versions are switched and rolled back."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from tests.forms import submit
from tests.functional.command_line import fumin
from tests.functional.learning.deciding import decide_much
from tests.functional.matches_world import make_world
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden
from webapp.core.models import AuditEvent
from webapp.engine import model_registry, training
from webapp.engine.models import ModelVersion, SuggestionRequest, VersionState
from webapp.engine.ranking import prior_model
from webapp.learning import presentation
from webapp.learning.queries.decisions import decided
from webapp.learning.services import retraining, switching
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.suggestions import compute
from webapp.ops import scheduled_jobs, scheduler

V = VersionState


def versions(db: Database) -> list[ModelVersion]:
    with db.reader() as session:
        return list(session.exec(select(ModelVersion).order_by(col(ModelVersion.id))).all())


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
    job = next(one for one in scheduled_jobs.JOBS if one.name == "weekly_retraining")
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
