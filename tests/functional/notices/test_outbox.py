"""What leaves the house: after the commit, once, not at night, and nothing personal in it."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import select, update

from tests import factories
from tests.forms import press, submit
from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.messages.services import channels, sending
from webapp.notices import delivery, outbox, quiet_hours
from webapp.notices.models import Audience, OutboxRow, OutsideChannel

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)
PAGE = "/admin/messages/"


class Receiver(ThreadingHTTPServer):
    """A gateway on this machine that remembers what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.answer = 200

    @property
    def url(self) -> str:
        return f"json://gate:geheim@127.0.0.1:{self.server_port}/token-4711"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["Idempotency-Key"], json.loads(body)))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    made = make_world(db, write, sign_in)
    with write() as session:
        made.accounts["admin"] = factories.make_account(session, role=Role.ADMIN)
    return made


def add_channel(world: World, receiver: Receiver, audience: Audience) -> int:
    with world.db.transaction(world.actor("admin")) as session:
        return channels.add_channel(
            session,
            world.actor("admin"),
            name=f"路{audience}",
            url=receiver.url,
            audience=audience,
        ).id


def rows(world: World) -> list[OutboxRow]:
    with world.db.reader() as session:
        return list(session.exec(select(OutboxRow).order_by(OutboxRow.id)))


def write_to(world: World, text: str, once: str, *, fail: bool = False) -> None:
    actor = world.actor("resident")
    with world.db.transaction(actor) as session:
        sending.send_message(session, actor, match_id=world.match_id, text=text, once=once)
        if fail:
            raise RuntimeError


def test_quiet_hours(app: Flask) -> None:
    with app.app_context():
        for hour, minute, quiet in (
            (20, 59, False),
            (21, 0, True),
            (23, 59, True),
            (0, 0, True),
            (7, 59, True),
            (8, 0, False),
        ):
            moment = NOON.replace(hour=hour, minute=minute)
            allowed = quiet_hours.next_allowed(moment)
            assert clock.local(allowed).hour == 8 if quiet else allowed == moment
            assert timedelta(0) <= allowed - moment <= timedelta(hours=11)


@pytest.mark.slow
def test_from_a_message_to_the_gateway(app: Flask, world: World, receiver: Receiver) -> None:
    """Rolled back: nothing. At night: held. In the morning: once, without personal data."""
    with app.test_request_context(), clock.frozen(NOON):
        add_channel(world, receiver, Audience.STAFF)
        add_channel(world, receiver, Audience.PEOPLE)
        world.decide("confirm", channel="page")
        assert rows(world) == []  # the resident has not wished it
        with world.db.transaction(world.actor("resident")) as session:
            sending.switch_notifications(session, world.actor("resident"), wanted=True)
        with pytest.raises(RuntimeError):
            write_to(world, "没有发生过", "a", fail=True)
        assert rows(world) == []
    with app.test_request_context(), clock.frozen(NOON.replace(hour=22)):
        write_to(world, "秘密的话13987654321", "b")
        write_to(world, "再说一句", "c")
        world.record("withdraw")
        waiting = rows(world)
        assert len(waiting) == 2  # one for the staff's group, one for the resident
        assert {clock.local(row.due_at).hour for row in waiting} == {8}
        assert delivery.deliver(world.db) == 0
    with app.test_request_context(), clock.frozen(NOON.replace(day=25, hour=8)):
        assert delivery.deliver(world.db) == 2
        assert delivery.deliver(world.db) == 0
    assert sorted(key for key, _body in receiver.got) == sorted(row.key for row in waiting)
    said = json.dumps([body for _key, body in receiver.got], ensure_ascii=False)
    assert f"账号 {world.accounts['resident'].id}" in said
    with world.db.reader() as session:
        name = session.get_one(factories.Resident, world.resident_id).name
    for secret in (name, "秘密", "13712345678", "保洁", "geheim"):
        assert secret not in said


def test_two_schedulers_never_send_one_notice_twice(
    app: Flask, world: World, receiver: Receiver
) -> None:
    with app.app_context(), clock.frozen(NOON):
        channel_id = add_channel(world, receiver, Audience.PEOPLE)
        with world.db.transaction(SYSTEM) as session:
            for number in range(12):
                account = factories.make_account(session)
                outbox.put(
                    session, key=f"k{number}", channel_ids=[channel_id], account_id=account.id
                )
        barrier = threading.Barrier(2)

        def run(_scheduler: int) -> int:
            with app.app_context(), clock.frozen(NOON):
                barrier.wait()
                return delivery.deliver(world.db)

        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(run, range(2))) == 12
        assert sorted(key for key, _ in receiver.got) == sorted(row.key for row in rows(world))
        # One that was cut off between sending and marking is sent again, with the same key.
        lost = rows(world)[0]
        with world.db.transaction(SYSTEM) as session:
            session.exec(
                update(OutboxRow)
                .where(OutboxRow.id == lost.id)
                .values(delivered_at=None, claim="x", claimed_until=NOON + delivery.CLAIM)
            )
        assert delivery.deliver(world.db) == 0  # somebody may still be at it
    with app.app_context(), clock.frozen(NOON + delivery.CLAIM + timedelta(seconds=1)):
        assert delivery.deliver(world.db) == 1
    assert receiver.got[-1][0] == lost.key


def test_the_admin_sees_failures_and_what_is_tried_again(
    app: Flask, world: World, receiver: Receiver
) -> None:
    admin = world.browser("admin")
    bad = press(admin, PAGE, name="网关", audience="people", url="nonsense")
    assert bad.status_code == 400
    assert "nonsense" in bad.get_data(as_text=True)  # stays typed
    form = {"name": "网关", "audience": "people", "url": receiver.url}
    assert press(admin, PAGE, **form).status_code == 303
    assert press(admin, PAGE, **form).status_code == 400  # the name is taken
    shown = admin.get(PAGE).get_data(as_text=True)
    assert "json://127.0.0.1" in shown
    assert "geheim" not in shown
    assert "token-4711" not in shown
    with world.db.reader() as session:
        channel_id = session.exec(select(OutsideChannel.id)).one()
        raw = session.execute(text("SELECT url FROM outside_channel")).scalar_one()
    assert "geheim" not in raw  # encrypted at rest
    assert len(raw) > len(receiver.url)
    receiver.answer = 500
    with clock.frozen(NOON.replace(hour=23)):  # a test is no notice: it goes at once
        assert press(admin, PAGE, "/test").status_code == 303
        shown = admin.get(PAGE).get_data(as_text=True)
        assert "试了 1 次" in shown
        assert "error=500" in shown
        assert "geheim" not in shown
    [row] = rows(world)
    assert row.due_at == NOON.replace(hour=23) + outbox.BACKOFF[0]
    receiver.answer = 200
    with app.app_context(), clock.frozen(row.due_at):
        assert delivery.deliver_one(world.db, row.id)
    assert [key for key, _body in receiver.got] == [row.key] * 2
    assert "都送到了" in admin.get(PAGE).get_data(as_text=True)
    assert press(admin, PAGE, "/disable").status_code == 303
    assert press(admin, PAGE, "/remove").status_code == 303
    assert submit(admin, f"{PAGE}{channel_id}/test", page=PAGE).status_code == 404
    assert submit(admin, f"{PAGE}rows/{row.id}/again", page=PAGE).status_code == 404
    assert rows(world) == []


def test_a_notice_is_given_up_at_last_and_sent_again_by_a_person(
    app: Flask, world: World, receiver: Receiver
) -> None:
    receiver.answer = 503
    with app.app_context(), clock.frozen(NOON):
        channel_id = add_channel(world, receiver, Audience.STAFF)
        with world.db.transaction(SYSTEM) as session:
            outbox.put(session, key="k", channel_ids=[channel_id], account_id=None)
    moment = NOON
    for tries in range(1, len(outbox.BACKOFF) + 2):
        with app.app_context(), clock.frozen(moment):
            assert not delivery.deliver_one(world.db, rows(world)[0].id)
        [row] = rows(world)
        assert row.attempts == tries
        moment = row.due_at
    with app.app_context(), clock.frozen(NOON + timedelta(days=3)):
        assert not delivery.deliver_one(world.db, row.id)
        assert rows(world)[0].attempts == len(outbox.BACKOFF) + 1
        assert len(receiver.got) == len(outbox.BACKOFF) + 1
        receiver.answer = 200
        assert press(world.browser("admin"), PAGE, "/again").status_code == 303
        assert delivery.deliver_one(world.db, row.id)
