"""Posts to the community's groups: once per post and group, tried again, not once taken back."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from tests import factories
from tests.forms import press, submit
from tests.functional.notices.test_outbox import Receiver, receiver
from tests.functional.pages import see, text
from tests.functional.posts import world as made
from tests.functional.posts.world import WORDS, World
from tests.functional.racing import at_once
from webapp.core import clock
from webapp.core.access import Role
from webapp.notices import delivery
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.posts.services import changing, publishing

__all__ = ["receiver"]
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def world(db, write, sign_in) -> World:
    return made.make_world(db, write, sign_in)


def channel(
    world: World, gateway: Receiver, *, name="居民大群", audience=Audience.COMMUNITY
) -> int:
    """Have the admin add a channel by the real form; return its id."""
    with world.write() as session:
        boss = factories.make_account(session, role=Role.ADMIN)
    data = {"name": name, "audience": audience.value, "url": gateway.url}
    assert submit(world.sign_in(boss), "/admin/messages/", data).status_code == 303
    with world.db.reader() as session:
        return session.exec(select(OutsideChannel.id).where(OutsideChannel.name == name)).one()


def test_a_post_goes_to_the_groups_once(app, world, receiver):
    with clock.frozen(NOON):
        group = channel(world, receiver)
        channel(world, receiver, name="工作群", audience=Audience.STAFF)
        assert "工作群" not in see(world.desk, "/staff/posts/new")
        post = world.written(channels=[str(group)])
        page = f"/staff/posts/{post.id}"
        assert "排着" in see(world.desk, page)
        with app.app_context():
            assert [delivery.deliver(world.db) for _ in range(2)] == [1, 0]
        ((key, sent),) = receiver.got
        assert sent["message"] == f"{WORDS}\nhttp://localhost/posts/{post.id}"
        assert key == f"post:{post.id}:{group}"
        assert "送到" in see(world.desk, page)
        assert "/send/" not in see(world.desk, page)
        again = submit(world.desk, f"{page}/send/{group}", page="/staff/posts/new")
        assert again.status_code == 409
    with clock.frozen(NOON + timedelta(days=60)):
        with world.write() as session:
            delivery.purge(session)  # what was said to everybody is remembered
        desk = world.sign_in(world.member)
        again = submit(desk, f"{page}/send/{group}", page="/staff/posts/new")
        assert again.status_code == 409


def test_a_group_is_chosen_afterwards_and_only_those_there_are(app, world, receiver):
    with clock.frozen(NOON):
        post = world.written()
        assert "还没有接上的群" in see(world.desk, f"/staff/posts/{post.id}")
        group = channel(world, receiver)
        staff_only = channel(world, receiver, name="工作群", audience=Audience.STAFF)
        page = f"/staff/posts/{post.id}"
        for other in (staff_only, 999):
            refused = submit(world.desk, f"{page}/send/{other}", page="/staff/posts/new")
            assert refused.status_code == 409
        assert press(world.desk, page, f"/send/{group}").status_code == 303
        receiver.answer = 500
        with app.app_context():
            assert delivery.deliver(world.db) == 0
        assert "试了 1 次" in see(world.desk, page)
        receiver.answer = 200
        receiver.got.clear()
        assert press(world.desk, f"{page}/retract", reason="写错了").status_code == 303
    with clock.frozen(NOON + timedelta(minutes=5)), app.app_context():
        assert delivery.deliver(world.db) == 0  # what was taken back is not sent any more
    assert receiver.got == []


def test_two_who_send_at_once_send_it_once(app, world, receiver):
    group = channel(world, receiver)
    post = world.written()
    actor = factories.acting(world.member, branch_id=world.member.branch_id, serves_all=True)

    def send(session, who):
        changing.send(session, who, post_id=post.id, channel_id=group, site="http://x/")

    assert sorted(at_once(app, world.db, (actor, send), (actor, send))) == ["409", "done"]
    with world.db.reader() as session:
        assert len(session.exec(select(OutboxRow)).all()) == 1


def test_a_scheduled_post_goes_out_with_its_groups(app, world, receiver):
    with clock.frozen(NOON):
        group = channel(world, receiver)
        post = world.written(step="schedule", day="2026-11-24", time="15:00", channels=[str(group)])
        assert "checked" in text(world.desk.get(f"/staff/posts/{post.id}/edit"))
    with clock.frozen(NOON + timedelta(hours=3, minutes=1)), app.app_context():
        assert publishing.publish_due(world.db) == 1
        assert delivery.deliver(world.db) == 1
    assert receiver.got[0][1]["message"].endswith(f"http://localhost/posts/{post.id}")
