"""Posts through their real forms: written, scheduled, corrected, taken back, pinned, refused."""

import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests import factories
from tests.forms import press, submit
from tests.functional.pages import see, text
from tests.functional.posts import world as made
from tests.functional.posts.world import WORDS, World, bomb, picture, tomorrow
from tests.functional.racing import at_once
from webapp import events
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.errors import Conflict
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Kind
from webapp.openings.models import Opening
from webapp.openings.services import editing, publication
from webapp.posts.lifecycle import TRANSITIONS, PostAction, PostState
from webapp.posts.models import Post
from webapp.posts.services import changing, publishing
from webapp.posts.services.transitions import move

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)
S, A = PostState, PostAction


@pytest.fixture
def world(db, write, sign_in) -> World:
    return made.make_world(db, write, sign_in)


def test_a_post_is_written_read_and_shared(world, client):
    post = world.written()
    page = see(client, f"/posts/{post.id}")
    assert "周六上午九点，院坝里免费修电器。" in page
    assert "李晓梅负责" in page
    for shared in ('property="og:title" content="周六上午九点', "og:image", "【华龙天空】", "<svg"):
        assert shared in page
    assert f"http://localhost/posts/{post.id}" in page  # the group's text leads here
    assert world.phone in page
    picture_ = client.get(f"/posts/{post.id}/preview.png")
    assert picture_.mimetype == "image/png"
    assert picture_.data[:8] == b"\x89PNG\r\n\x1a\n"
    again = client.get(
        f"/posts/{post.id}/preview.png", headers={"If-None-Match": picture_.headers["ETag"]}
    )
    assert again.status_code == 304
    assert "application/atom+xml" in page
    assert "院坝里免费修电器" in see(client, "/posts/")
    assert "还没有帖子" in see(client, "/posts/?branch=999")
    assert client.get("/posts/999").status_code == 404
    with world.db.reader() as session:
        actions = session.exec(select(AuditEvent.action).where(AuditEvent.subject == "post:1"))
        assert list(actions) == ["post.publish"]


def test_a_picture_has_words_no_notes_and_a_lasting_address(world, client):
    without = world.post(photo=picture())
    assert without.status_code == 400
    assert "看不见图的人" in text(without)
    assert world.rows() == []
    post = world.written(photo=picture(exif=True), photo_alt="三个人修电风扇")
    assert 'alt="三个人修电风扇"' in see(client, f"/posts/{post.id}")
    answer = client.get(f"/posts/{post.id}/photo")
    assert answer.mimetype == "image/jpeg"
    assert b"SecretCam" not in answer.data
    assert "public" in answer.headers["Cache-Control"]
    assert "max-age=86400" in answer.headers["Cache-Control"]
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/posts/{post.id}/photo", headers=known).status_code == 304


BAD = {
    "empty": ({"text": "  "}, "请写几个字"),
    "long": ({"text": "长" * 100_000}, "最多 500 个字"),
    "somebody's mobile": ({"text": "报名找王姐 138 1234 5678"}, "不是社区办公室的电话"),
    "in figures of words": ({"text": "电话一三八一二三四五六七八"}, "不是社区办公室的电话"),
    "an identity number": ({"text": "公示：51010719800101123X 已办"}, "身份证号"),
    "in the words of a picture": ({"photo_alt": "牌子上写着13812345678"}, "不是社区办公室的电话"),
    "a deposit": ({"text": "招保洁，先交押金200元", "kind": "work"}, "不能收押金"),
    "no kind": ({"kind": "x"}, ""),
    "nobody": ({"responsible": "999"}, ""),
    "no day": ({"step": "schedule"}, "请写哪一天"),
    "the past": ({"step": "schedule", "day": "2026-01-01"}, "已经过了"),
    "too far": ({"step": "schedule", "day": "2099-01-01"}, "最多提前"),
    "no step": ({"step": "retract"}, ""),
    "a strange form": ({"revision": "x"}, "刷新页面"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_may_not_stand_is_said_beside_the_field(world, name):
    changes, says = BAD[name]
    answer = world.post(**changes)
    assert answer.status_code == 400
    assert says in text(answer)
    assert world.rows() == []


def test_the_offices_own_telephone_may_stand(world):
    assert world.written(text=f"打 {world.phone} 或者 61234567 报名").state is S.PUBLISHED


def test_what_is_no_picture_is_refused_and_scripts_are_words(world, client, app):
    folder = app.extensions["settings"].uploads / "post_photos"
    for data in (b"<script>", b"", b"\x89PNG\r\n\x1a\n" + b"x" * 99):
        refused = world.post(photo=(io.BytesIO(data), "a.jpg"), photo_alt="图")
        assert refused.status_code == 400, data
    assert "照片太大" in text(world.post(photo=bomb(), photo_alt="图"))
    assert not folder.exists() or not list(folder.iterdir())
    evil = '<script>alert(1)</script>"><img src=x onerror=1>'
    post = world.written(text=evil, photo=picture(), photo_alt=evil)
    for url in ("/posts/", f"/posts/{post.id}"):
        assert "<script>alert" not in see(client, url)
        assert "<img src=x" not in see(client, url)


def test_a_draft_is_seen_by_its_branch_alone(world, client, write, sign_in):
    post = world.written(step="save")
    assert client.get(f"/posts/{post.id}").status_code == 404
    with write() as session:
        elsewhere = factories.make_branch(session, name="乐民支部", serves_all=False)
        other = factories.make_account(session, role=Role.STAFF, branch_id=elsewhere.id)
    browser = sign_in(other)
    for page in ("", "/edit", "/photo"):
        assert browser.get(f"/staff/posts/{post.id}{page}").status_code == 404
    assert "院坝" not in see(browser, "/staff/posts/")
    # Nor can they write in the name of somebody of another branch.
    answer = press(
        browser, "/staff/posts/new", text="x", kind="notice", responsible=world.member.id
    )
    assert answer.status_code == 400
    sent = press(world.desk, f"/staff/posts/{post.id}/edit", "/edit", step="publish")
    assert sent.status_code == 303
    assert (
        submit(browser, f"/staff/posts/{post.id}/pin", page="/staff/posts/new").status_code == 404
    )
    for locked in (f"/staff/posts/{post.id}/edit", "/staff/posts/999/correct"):
        assert world.desk.get(locked).status_code == 404


@pytest.mark.job("publish_posts")
def test_a_scheduled_post_appears_once_with_two_schedulers(app, world, client):
    with clock.frozen(NOON):
        post = world.written(step="schedule", day="2026-11-25", time="08:00")
        assert "定时发" in see(world.desk, f"/staff/posts/{post.id}")
        assert "院坝" in see(world.desk, "/staff/posts/?show=scheduled")
        with app.app_context():
            assert publishing.publish_due(world.db) == 0
    assert client.get(f"/posts/{post.id}").status_code == 404
    with clock.frozen(NOON + timedelta(hours=20, minutes=1)):

        def look(_session, _actor):
            with clock.frozen(NOON + timedelta(hours=20, minutes=1)):
                publishing.publish_due(world.db)

        if world.db.is_sqlite:  # one writer at a time: the second looks after the first
            with app.app_context():
                assert [publishing.publish_due(world.db) for _ in range(2)] == [1, 0]
        else:
            at_once(app, world.db, (SYSTEM, look), (SYSTEM, look))
    row = world.row(post.id)
    assert (row.state, row.revision) == (S.PUBLISHED, 0)
    assert clock.local(row.published_at).hour == 8
    with world.db.reader() as session:
        published = select(AuditEvent).where(AuditEvent.action == "post.publish")
        assert len(session.exec(published).all()) == 1


def test_two_who_found_it_scheduled_publish_it_once(app, world):
    """Both have read it as scheduled: the UPDATE of the second finds nothing."""
    post = world.written(step="schedule", day=tomorrow())
    with app.app_context(), world.db.transaction(SYSTEM) as session:
        stale = session.get_one(Post, post.id)
        session.expunge(stale)
        move(session, session.get_one(Post, post.id), A.PUBLISH, published_at=clock.now())
        with pytest.raises(Conflict):
            move(session, stale, A.PUBLISH, published_at=clock.now())


def test_a_correction_shows_what_stood_there(world, client):
    post = world.written()
    page = f"/staff/posts/{post.id}/correct"
    new = WORDS.replace("九点", "十点")
    assert press(world.desk, page, text=new, why="").status_code == 400
    assert "不用更正" in text(press(world.desk, page, text=WORDS, why="改时间"))
    assert press(world.desk, page, text=new + "13812345678", why="改").status_code == 400
    assert press(world.desk, page, text=new, why="时间写错了").status_code == 303
    shown = see(client, f"/posts/{post.id}")
    assert "十点" in shown
    assert "时间写错了" in shown
    assert "九点" in shown.partition("原来是这样写的")[2]
    assert "更正过" in see(client, "/posts/")
    # Who filled the form in on the older text is told, and what they typed stays.
    late = press(world.desk, page, text="晚了一步", why="再改", revision="0")
    assert late.status_code == 400
    assert "晚了一步" in text(late)
    assert world.row(post.id).text == new
    with pytest.raises(DBAPIError), world.db.write_engine.begin() as connection:
        connection.execute(sql("UPDATE post_correction SET text_before = 'x'"))
    with pytest.raises(DBAPIError), world.db.write_engine.begin() as connection:
        connection.execute(sql("DELETE FROM post_correction"))


def test_what_is_taken_back_leaves_a_sentence(world, client):
    post = world.written(photo=picture(), photo_alt="院坝")
    page = f"/staff/posts/{post.id}/retract"
    assert press(world.desk, page, reason="").status_code == 400
    assert press(world.desk, page, reason="王姐13812345678说不办了").status_code == 400
    assert press(world.desk, page, reason="下雨，不办了").status_code == 303
    gone = client.get(f"/posts/{post.id}")
    assert gone.status_code == 410
    assert "下雨，不办了" in text(gone)
    assert "免费修电器" not in text(gone)
    for picture_ in ("photo", "preview.png"):
        assert client.get(f"/posts/{post.id}/{picture_}").status_code == 404
    assert "免费修电器" not in see(client, "/posts/")
    for page in ("correct", "retract", "edit"):
        assert world.desk.get(f"/staff/posts/{post.id}/{page}").status_code == 404
    pin = submit(world.desk, f"/staff/posts/{post.id}/pin", page="/staff/posts/new")
    assert pin.status_code == 409


def test_three_are_pinned_and_no_more(app, world, client):
    ids = [world.written(text=f"第{n}条，大家看一看。").id for n in "一二三四"]
    for post_id in ids[:3]:
        assert press(world.desk, f"/staff/posts/{post_id}", "/pin").status_code == 303
    full = press(world.desk, f"/staff/posts/{ids[3]}", "/pin")
    assert full.status_code == 409
    assert "最多置顶 3 条" in text(full)
    page = see(client, "/posts/")
    assert page.index("第三条") < page.index("第四条")
    assert press(world.desk, f"/staff/posts/{ids[0]}", "/unpin").status_code == 303
    with world.write() as session:
        rival = factories.make_account(session, role=Role.STAFF, branch_id=world.member.branch_id)
    actor = factories.acting(world.member, branch_id=world.member.branch_id, serves_all=True)
    other = factories.acting(rival, branch_id=world.member.branch_id, serves_all=True)

    def pin(post_id):
        return lambda session, who: changing.pin(session, who, post_id=post_id)

    assert sorted(at_once(app, world.db, (actor, pin(ids[0])), (other, pin(ids[3])))) == [
        "409",
        "done",
    ]
    with pytest.raises(DBAPIError), world.db.write_engine.begin() as connection:
        connection.execute(sql("UPDATE post SET pin_slot = 4 WHERE pin_slot = 1"))


def test_every_step_from_every_state_it_is_not_allowed_in(app, world):
    moments = {
        S.PUBLISHED: {"published_at": NOON},
        S.SCHEDULED: {"publish_at": NOON},
        S.RETRACTED: {"published_at": NOON, "retracted_at": NOON, "retract_reason": "x"},
    }
    with app.app_context():
        for state in S:
            with world.write() as session:
                post = Post(
                    uid=state.value,
                    kind="notice",
                    state=state,
                    branch_id=world.member.branch_id,
                    responsible_id=world.member.id,
                    text="x",
                    created_at=NOON,
                    updated_at=NOON,
                    **moments.get(state, {}),
                )
                session.add(post)
            for action in A:
                if (state, action) not in TRANSITIONS:
                    with pytest.raises(Conflict), world.db.transaction(SYSTEM) as session:
                        move(session, session.get_one(Post, post.id), action)


@pytest.mark.parametrize(
    "wrong",
    [
        "state = 'published', published_at = NULL",
        "photo = 'x'",
        "text = ''",
        "state = 'retracted', retracted_at = '2026-11-24', retract_reason = ''",
        "ended_at = '2026-11-24'",
        "responsible_id = NULL",
        "state = 'thrown'",
    ],
)
def test_the_database_refuses_what_cannot_be(world, wrong):
    world.written()
    with pytest.raises(DBAPIError), world.db.write_engine.begin() as connection:
        connection.execute(sql(f"UPDATE post SET {wrong}"))


def test_a_new_opening_writes_its_draft_and_takes_it_away(app, world):
    with app.test_request_context():
        opening = world.opening(title="保洁员", responsible_id=world.member.id)
    (draft,) = world.rows()
    assert draft.state is S.DRAFT
    assert "【招聘岗位】保洁员，2,800–3,200 元/月。" in draft.text
    assert draft.responsible_id == world.member.id
    page = see(world.desk, f"/staff/posts/{draft.id}")
    assert f"http://localhost/openings/{opening.id}" in page
    assert world.phone in page
    with app.test_request_context(), world.write() as session:
        changed = session.get_one(Opening, opening.id)  # and reviewed anew: one draft, new words
        changed.pay_min_fen = changed.pay_max_fen = 330000
        session.add(changed)
        publication.make_public(session, changed, {})
    (draft,) = world.rows()
    assert "3,300 元/月" in draft.text
    with app.test_request_context(), world.db.transaction(SYSTEM) as session:
        editing.close_all(session, SYSTEM, employer_id=opening.employer_id)
    assert world.row(draft.id).state is S.DISCARDED


def test_a_public_post_says_that_its_opening_is_over(app, world, client):
    with app.test_request_context():
        opening = world.opening(title="保洁员", responsible_id=world.member.id)
        (draft,) = world.rows()
    press(world.desk, f"/staff/posts/{draft.id}/edit", "/edit", step="publish")
    assert "看详情、报名" in see(client, f"/posts/{draft.id}")
    assert press(world.desk, f"/staff/posts/{draft.id}", "/pin").status_code == 303
    with app.test_request_context(), world.db.transaction(SYSTEM) as session:
        editing.close_all(session, SYSTEM, employer_id=opening.employer_id)
    assert "已经结束了" in see(client, f"/posts/{draft.id}")
    assert world.row(draft.id).pin_slot is None


def test_a_scheduled_post_of_an_opening_that_ran_out_is_not_sent(app, world):
    with clock.frozen(NOON):
        with app.test_request_context():
            world.opening(title="保洁员", responsible_id=world.member.id, valid_until=NOON.date())
        (draft,) = world.rows()
        edit = f"/staff/posts/{draft.id}/edit"
        assert (
            press(world.desk, edit, "/edit", step="schedule", day="2026-11-25").status_code == 303
        )
    with clock.frozen(NOON + timedelta(days=1)), app.app_context():
        assert publishing.publish_due(world.db) == 0
    assert world.row(draft.id).state is S.DISCARDED


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_opening_has_its_draft(app, world, kind):
    with app.test_request_context():
        world.opening(kind=kind, pay_text="", pay_min_fen=None, pay_max_fen=None, pay_unit=None)
    (draft,) = world.rows()
    assert "待定" in draft.text
    assert len(draft.text) <= 140


def test_who_leaves_hands_their_posts_over(app, world):
    standing = world.written(), world.written(step="save")
    gone = world.written()
    press(world.desk, f"/staff/posts/{gone.id}/retract", reason="写错了")
    with world.write() as session:
        heir = factories.make_account(session, role=Role.STAFF, branch_id=world.member.branch_id)
    asked = events.MemberDutiesAsked(world.member.id)
    with app.test_request_context(), world.write() as session:
        events.announce(session, SYSTEM, asked)
        events.announce(session, SYSTEM, events.MemberLeaves(world.member.id, heir.id))
    assert [(one.words, one.count) for one in asked.counts] == [("华龙天空的帖子", 2)]
    assert [world.row(one.id).responsible_id for one in standing] == [heir.id] * 2
    assert world.row(gone.id).responsible_id == world.member.id
