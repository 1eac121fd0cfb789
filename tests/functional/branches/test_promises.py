"""Promises and activities through their pages: made, kept with a proof, missed, called off."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from tests.factories import make_account
from tests.forms import press
from tests.functional.branches.world import MONDAY, Team, make_activity, make_promise
from tests.functional.pages import see
from tests.functional.racing import at_once
from tests.functional.tables import all_of, reload
from webapp.branches.lifecycle import ActivityState, PromiseState
from webapp.branches.models.commitments import BranchActivity, BranchPromise
from webapp.branches.queries.promises import promises_kept
from webapp.branches.services import promises
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.ops import scheduled_jobs

DAY = timedelta(days=1)


def jpeg() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(out, "JPEG")
    out.seek(0)
    return out, "x.jpg"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.frozen(MONDAY):
        yield


def typed(team: Team, **changes: Any) -> dict[str, Any]:
    return {
        "words": "三号楼的灯修好", "due_on": "2026-12-04",
        "owner": str(team.member.id), "backup": str(team.third.id), **changes,
    }  # fmt: skip


def test_a_promise_is_made_kept_and_seen_by_everybody(
    app: Flask, db: Database, client: FlaskClient, team: Team, sign_in: Any
) -> None:
    desk = sign_in(team.member)
    page = f"/staff/branches/{team.branch.id}/promises/new"
    assert press(desk, page, **typed(team)).status_code == 303
    (row,) = all_of(db, BranchPromise)
    public = f"/branches/{team.branch.id}"
    said = see(client, public)
    for words in ("三号楼的灯修好", "正在办", "12月4日（周五）前", "负责：唐敏，替补：杨兴全"):
        assert words in said, words
    assert "三号楼的灯修好" in see(client, "/branches/promises")
    at = f"/staff/branches/promises/{row.id}"
    assert press(desk, at, "/keep", outcome="", photo=jpeg()).status_code == 400
    refused = press(desk, at, "/keep", outcome="换了六盏", photo=jpeg())
    assert refused.status_code == 400
    assert "写一句照片上是什么" in refused.get_data(as_text=True)
    assert (
        press(
            desk, at, "/keep", outcome="换了六盏", photo=(io.BytesIO(b"no picture"), "x.jpg")
        ).status_code
        == 400
    )
    assert client.get(f"/branches/promises/{row.id}/photo").status_code == 404
    assert reload(db, BranchPromise, row.id).state is PromiseState.OPEN
    done = press(desk, at, "/keep", outcome="换了六盏", photo=jpeg(), photo_alt="亮着的灯")
    assert done.status_code == 303
    said = see(client, public)
    for words in ("做到了", "换了六盏", 'alt="亮着的灯"', "11月30日（周一）记下"):
        assert words in said, words
    shown = client.get(f"/branches/promises/{row.id}/photo")
    assert shown.mimetype == "image/jpeg"
    folder = app.extensions["settings"].uploads / "branches"
    assert len(list(folder.iterdir())) == 1  # those of refused forms are gone
    with app.app_context(), clock.frozen(MONDAY + 9 * DAY):
        scheduled_jobs._forget_photos(db)  # a picture that its row names stays
    assert len(list(folder.iterdir())) == 1
    assert "/keep" not in see(desk, at)  # it is over


def test_what_is_late_missed_or_taken_back_shows_so_by_itself(
    db: Database, client: FlaskClient, team: Team, write: Any, sign_in: Any
) -> None:
    with write() as session:
        kept = make_promise(session, team.member, team.third, words="甲")
        missed = make_promise(session, team.member, team.third, words="乙")
        off = make_promise(session, team.member, team.third, words="丙")
        silent = make_promise(session, team.member, team.third, words="丁")
    desk = sign_in(team.third)  # the backup says it
    at = "/staff/branches/promises/{}"
    # Before its day it can be called off, not missed; after it, missed and not called off.
    assert "/miss" not in see(desk, at.format(off.id))
    early = desk.get(at.format(missed.id)).get_data(as_text=True)
    assert "不办了，写明原因" in early
    assert press(desk, at.format(off.id), "/cancel", outcome="下雨").status_code == 303
    page = see(client, f"/branches/{team.branch.id}")
    assert "下雨" in page
    assert "过了日子" not in page
    with clock.frozen(MONDAY + 5 * DAY):
        page = see(client, f"/branches/{team.branch.id}")
        assert page.count("过了日子，还没做到") == 3
        assert "负责：" not in page  # of what is late the branch is named, nobody of it
        refused = press(desk, at.format(missed.id), "/miss", outcome="")
        assert refused.status_code == 400
        assert press(desk, at.format(missed.id), "/miss", outcome="没钱了").status_code == 303
        assert press(desk, at.format(kept.id), "/keep", outcome="好了").status_code == 303
        assert "晚了 2 天" in see(client, f"/branches/{team.branch.id}")
        with db.reader() as session:
            (month,) = promises_kept(session)
    assert reload(db, BranchPromise, silent.id).state is PromiseState.OPEN
    assert (month.month, month.kept, month.late, month.missed) == ("2026-12", 1, 1, 1)
    assert (month.cancelled, month.open, month.overdue) == (1, 1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": "长" * 121}, "words"),
        ({"words": "   "}, "words"),
        ({"due_on": "2026-11-29"}, "due_on"),
        ({"due_on": "2028-01-01"}, "due_on"),
        ({"due_on": "tomorrow"}, "due_on"),
        ({"owner": ""}, "owner"),
        ({"backup": "same"}, "backup"),
        ({"backup": "foreign"}, "backup"),
        ({"owner": "9" * 30}, "owner"),
    ],
)
def test_nonsense_is_told_beside_its_field(
    db: Database, team: Team, write: Any, sign_in: Any, changes: dict[str, str], field: str
) -> None:
    with write() as session:
        foreign = make_account(session, role=Role.STAFF)
    known = {"same": str(team.member.id), "foreign": str(foreign.id)}
    given = {name: known.get(value, value) for name, value in changes.items()}
    page = f"/staff/branches/{team.branch.id}/promises/new"
    answer = press(sign_in(team.member), page, **typed(team, **given))
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert all_of(db, BranchPromise) == []


def test_who_may_say_it(team: Team, write: Any, sign_in: Any) -> None:
    with write() as session:
        row = make_promise(session, team.member, team.third)
        stranger = make_account(session, role=Role.STAFF)
        colleague = make_account(session, role=Role.STAFF, branch_id=team.branch.id)
    at = f"/staff/branches/promises/{row.id}"
    for account in (stranger, colleague):
        desk = sign_in(account)
        assert "/keep" not in see(desk, at)
        token = see(desk, "/staff/branches/me").split('name="csrf_token" value="')[1].split('"')[0]
        for step in ("keep", "cancel"):
            sent = desk.post(f"{at}/{step}", data={"csrf_token": token, "outcome": "x",
                             "idempotency_key": "a" * 32})  # fmt: skip
            assert sent.status_code == 404, step
    assert (
        sign_in(stranger).get(f"/staff/branches/{team.branch.id}/promises/new").status_code == 404
    )
    assert press(sign_in(team.secretary), at, "/keep", outcome="好了").status_code == 303
    assert see(sign_in(team.boss), f"/staff/branches/{team.branch.id}/promises/new")


def test_two_say_different_things_at_once(app: Flask, db: Database, team: Team, write: Any) -> None:
    with write() as session:
        row = make_promise(session, team.member, team.third)

    def keeps(session: Any, actor: Any) -> None:
        promises.keep_promise(session, actor, promise_id=row.id, proof="好了")

    def cancels(session: Any, actor: Any) -> None:
        promises.cancel_promise(session, actor, promise_id=row.id, reason="不办了")

    ended = at_once(app, db, (team.actor(team.member), keeps), (team.actor(team.third), cancels))
    assert ended == ["409", "done"]
    assert reload(db, BranchPromise, row.id).outcome in {"好了", "不办了"}


def test_the_database_itself_keeps_what_was_said(team: Team, write: Any, db: Database) -> None:
    with write() as session:
        row = make_promise(session, team.member, team.third)
    for changes in (
        {"words": "别的"},
        {"due_on": row.due_on + DAY},
        {"state": PromiseState.KEPT},  # without proof, moment and person
        {"photo": "x.jpg", "photo_alt": "x"},
    ):
        with pytest.raises(DatabaseError), write() as session:
            session.exec(update(BranchPromise).where(BranchPromise.id == row.id).values(**changes))
    with pytest.raises(DatabaseError), write() as session:
        session.delete(session.merge(row))
    with db.transaction(team.actor(team.member)) as session:
        promises.keep_promise(session, team.actor(team.member), promise_id=row.id, proof="好了")
    with pytest.raises(DatabaseError), write() as session:
        session.exec(update(BranchPromise).values(outcome="更好了"))


ACTIVITY = {
    "title": "普法讲座", "day": "2026-12-03", "start": "14:00", "end": "16:00",
    "place": "调解室", "for_whom": "谁都可以来", "words": "带本子",
}  # fmt: skip


def test_an_activity_is_planned_changed_held(
    db: Database, client: FlaskClient, team: Team, sign_in: Any
) -> None:
    desk = sign_in(team.member)
    pair = {"owner": str(team.member.id), "backup": str(team.third.id)}
    page = f"/staff/branches/{team.branch.id}/activities/new"
    for wrong in (
        {"day": "2026-11-29"}, {"end": ""}, {"place": ""}, {"for_whom": ""}, {"title": "长" * 41},
        {"start": "25:00"}, {"backup": str(team.member.id)},
    ):  # fmt: skip
        assert press(desk, page, **{**ACTIVITY, **pair, **wrong}).status_code == 400, wrong
    assert press(desk, page, **ACTIVITY, **pair).status_code == 303
    (row,) = all_of(db, BranchActivity)
    public = f"/branches/{team.branch.id}"
    said = see(client, public)
    for words in (
        "普法讲座",
        "12月3日（周四） 14:00–16:00，调解室",
        "找 唐敏，替补 杨兴全",
        "带本子",
    ):
        assert words in said, words
    at = f"/staff/branches/activities/{row.id}"
    assert press(desk, f"{at}/change", place="活动室").status_code == 303
    assert "活动室" in see(client, public)
    assert "/hold" not in see(desk, at)
    with clock.frozen(MONDAY + 4 * DAY):
        assert "办过了，还没记" in see(desk, "/staff/branches/activities")
        assert "普法讲座" not in see(client, public)
        for wrong in ({"people": "-1"}, {"people": ""}, {"people": "x"}, {"outcome": ""}):
            given = {"people": "19", "outcome": "讲了工伤", **wrong}
            assert press(desk, at, "/hold", **given).status_code == 400
        held = press(
            desk, at, "/hold", people="19", outcome="讲了工伤", photo=jpeg(), photo_alt="满屋的人"
        )
        assert held.status_code == 303
        said = see(client, public)
        assert "来了 19 人。讲了工伤" in said
        assert client.get(f"/branches/activities/{row.id}/photo").status_code == 200
        assert desk.get(f"{at}/change").status_code == 404


def test_an_activity_called_off_says_why(
    db: Database, client: FlaskClient, team: Team, write: Any, sign_in: Any
) -> None:
    with write() as session:
        row = make_activity(session, team.member, team.third)
    desk = sign_in(team.member)
    at = f"/staff/branches/activities/{row.id}"
    assert press(desk, at, "/cancel", outcome="").status_code == 400
    assert press(desk, at, "/cancel", outcome="下雨").status_code == 303
    assert "原因：下雨" in see(client, f"/branches/{team.branch.id}")
    assert reload(db, BranchActivity, row.id).state is ActivityState.CANCELLED
