"""Notices on telephones' screens: chosen, sent once, read by that telephone alone, ended."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import text as sql

from tests import factories
from tests.forms import press
from tests.functional.command_line import fumin
from tests.functional.pages import see, text
from tests.functional.tables import all_of
from tests.unit.notices.test_push_encryption import read
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import Database
from webapp.core.settings import Settings
from webapp.messages.services.notices import tell_accounts
from webapp.notices import delivery, push_key, telephones
from webapp.notices.models import OutboxRow, PushSubscription
from webapp.notices.push_encryption import decode, encode, point

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)
SETTINGS, ON, OFF = "/me/handset", "/me/handset/notices", "/me/handset/notices/off"


class Service(ThreadingHTTPServer):
    """A push service on this machine that remembers what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answer = 201

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(settings: Settings, service: Service) -> Settings:
    """The settings of tests, with a push service of one's own."""
    return replace(settings, push_services=(service.url,))


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


class Phone:
    """A telephone with the keys its browser made."""

    def __init__(self, service: Service, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        self.fields = {
            "endpoint": f"{service.url}/{name}",
            "p256dh": encode(point(self.key.public_key())),
            "auth": encode(self.auth),
        }

    def read(self, body: bytes) -> Any:
        return json.loads(read(body, self.key, self.auth))


@pytest.fixture
def keyed(app: Flask) -> push_key.PushKey:
    """The installation's key, made once."""
    return push_key.make(app.extensions["settings"].push_key, "mailto:a@example.org")


@pytest.fixture
def people(write: Any) -> list[Account]:
    with write() as session:
        return [
            session.get_one(Account, factories.make_resident(session, with_account=True).account_id)
            for _ in range(2)
        ]


def tell(db: Database, write: Any, *accounts: Account, key: str = "event:1") -> int:
    with write() as session:
        return tell_accounts(session, account_ids=[one.id for one in accounts], key=key)


def test_without_a_key_nobody_is_offered_it(people: Any, sign_in: Any, service: Service) -> None:
    browser = sign_in(people[0])
    assert "手机屏幕上跳一下" not in see(browser, SETTINGS)
    phone = Phone(service, "a")
    assert press(browser, SETTINGS, "/me/handset/keep", on="1").status_code == 303
    token = see(browser, SETTINGS).partition('name="csrf_token" value="')[2].partition('"')[0]
    assert browser.post(ON, data={"csrf_token": token, **phone.fields}).status_code == 404


def test_a_notice_goes_to_the_telephone_once_and_says_nothing(
    app: Flask, db: Database, write: Any, sign_in: Any, people: Any, service: Service, keyed: Any
) -> None:
    phone, browser = Phone(service, "a"), sign_in(people[0])
    page = see(browser, SETTINGS)
    assert keyed.public in page
    assert "好多没有这个服务" in page
    assert press(browser, SETTINGS, ON, **phone.fields).headers["Location"] == SETTINGS
    assert "开着。" in see(browser, SETTINGS)
    assert tell(db, write, *people) == 1
    assert tell(db, write, *people, key="event:2") == 0  # one waits already: it says the same
    with app.test_request_context():
        assert delivery.deliver(db) == 1
        assert delivery.deliver(db) == 0
    ((path, headers, body),) = service.got
    assert path == "/a"
    assert phone.read(body) == {"title": "富民", "body": "您有一条新消息，点开看看。"}
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=")
    assert keyed.public in headers["Authorization"]
    assert len(headers["Topic"]) == 32
    for said in (people[0].name, people[0].phone):
        assert said.encode() not in body
    with db.write_engine.connect() as connection:  # nothing of it can be read in the tables
        kept = connection.execute(sql("SELECT endpoint, p256dh, auth FROM push_subscription"))
        assert not set(kept.one()) & set(phone.fields.values())


def test_not_at_night(app: Flask, db: Database, write: Any, sign_in: Any, people: Any,
                      service: Service, keyed: Any) -> None:  # fmt: skip
    press(sign_in(people[0]), SETTINGS, ON, **Phone(service, "a").fields)
    with clock.frozen(NOON.replace(hour=23)), app.test_request_context():
        tell(db, write, people[0])
        assert delivery.deliver(db) == 0
    with clock.frozen(NOON.replace(hour=10) + timedelta(days=1)), app.test_request_context():
        assert delivery.deliver(db) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_over_is_forgotten(
    app: Flask, db: Database, write: Any, sign_in: Any, people: Any, service: Service, keyed: Any,
    status: int,
) -> None:  # fmt: skip
    browser = sign_in(people[0])
    press(browser, SETTINGS, ON, **Phone(service, "a").fields)
    tell(db, write, people[0])
    service.answer = status
    with app.test_request_context():
        assert delivery.deliver(db) == 0
    assert all_of(db, PushSubscription) == []
    assert all_of(db, OutboxRow) == []
    assert "开着。" not in see(browser, SETTINGS)


def test_a_service_that_fails_is_asked_again_later(
    app: Flask, db: Database, write: Any, sign_in: Any, people: Any, service: Service, keyed: Any
) -> None:
    press(sign_in(people[0]), SETTINGS, ON, **Phone(service, "a").fields)
    tell(db, write, people[0])
    service.answer = 302  # a redirect is no answer, and is not followed
    with app.test_request_context():
        assert delivery.deliver(db) == 0
        assert delivery.deliver(db) == 0
        (row,) = all_of(db, OutboxRow)
        assert (row.attempts, row.last_error) == (1, "not accepted (302)")
        assert service.url not in row.last_error
        service.answer = 201
        with clock.frozen(NOON + timedelta(minutes=2)):
            assert delivery.deliver(db) == 1
    assert len(service.got) == 2
    assert service.got[0][1]["Topic"] == service.got[1][1]["Topic"]


def test_a_telephone_shows_notices_of_one_person_at_a_time(
    db: Database, write: Any, sign_in: Any, people: Any, service: Service, keyed: Any
) -> None:
    phone = Phone(service, "a")
    press(sign_in(people[0]), SETTINGS, ON, **phone.fields)
    press(sign_in(people[1]), SETTINGS, ON, **phone.fields)  # the same telephone
    (row,) = all_of(db, PushSubscription)
    assert row.account_id == people[1].id
    assert tell(db, write, people[0]) == 0


def test_it_ends_with_the_session_and_when_somebody_else_signs_in(
    db: Database, write: Any, sign_in: Any, people: Any, service: Service, keyed: Any
) -> None:
    browser = sign_in(people[0])
    press(browser, SETTINGS, ON, **Phone(service, "a").fields)
    tell(db, write, people[0])
    press(browser, SETTINGS, "/logout")
    assert all_of(db, PushSubscription) == []
    assert all_of(db, OutboxRow) == []
    again = sign_in(people[0])
    press(again, SETTINGS, ON, **Phone(service, "b").fields)
    other = people[1]
    data = {"phone": other.phone, "password": "fumin-demo-1"}
    assert press(again, "/login", **data).status_code == 303
    assert other.name in see(again, "/me/")
    assert all_of(db, PushSubscription) == []


def test_switched_off(
    db: Database, sign_in: Any, people: Any, service: Service, keyed: Any
) -> None:
    browser, second = sign_in(people[0]), sign_in(people[0])
    press(browser, SETTINGS, ON, **Phone(service, "a").fields)
    press(second, SETTINGS, ON, **Phone(service, "b").fields)
    assert press(browser, SETTINGS, OFF).headers["Location"] == SETTINGS
    (left,) = all_of(db, PushSubscription)  # the other telephone's
    assert left.endpoint.endswith("/b")


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://10.0.0.1/x"},
        {"endpoint": "http://127.0.0.1:1/x"},
        {"endpoint": ""},
        {"endpoint": "长" * 1001},
        {"p256dh": "AAAA"},
        {"auth": "AAAA"},
        {"auth": "A" * 50},
    ],
)
def test_an_address_that_lies_changes_nothing(
    db: Database, sign_in: Any, people: Any, service: Service, keyed: Any, wrong: dict[str, str]
) -> None:
    browser = sign_in(people[0])
    answer = press(browser, SETTINGS, ON, **{**Phone(service, "a").fields, **wrong})
    assert answer.status_code == 400
    assert 'role="alert"' in text(answer) or "error-summary" in text(answer)
    assert all_of(db, PushSubscription) == []


def test_after_its_tries_a_row_waits_no_longer(
    app: Flask, db: Database, write: Any, sign_in: Any, people: Any, service: Service, keyed: Any
) -> None:
    press(sign_in(people[0]), SETTINGS, ON, **Phone(service, "a").fields)
    tell(db, write, people[0])
    service.answer = 500
    at = NOON
    for _ in range(telephones.MOST_TRIES):
        with clock.frozen(at), app.test_request_context():
            delivery.deliver(db)
        at += timedelta(days=1)
    assert tell(db, write, people[0], key="event:2") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_key_is_made_once_and_is_no_plain_text(database_url: str, settings: Settings) -> None:
    def make(contact: str) -> Any:
        return fumin("make-push-key", contact, database_url=database_url, folder=settings.data_dir)

    for contact in ("somebody", "http://example.org", "mailto:居民@example.org"):
        assert make(contact).exit_code == 1
    assert push_key.load(settings.push_key) is None
    assert make("mailto:a@example.org").exit_code == 0
    made = push_key.load(settings.push_key)
    assert made is not None
    assert made.contact == "mailto:a@example.org"
    again = make("mailto:b@example.org")
    assert again.exit_code == 1
    assert "a new one would end every subscription" in again.output
    assert push_key.load(settings.push_key).public == made.public
    assert settings.push_key.stat().st_mode & 0o077 == 0
    kept = json.loads(settings.push_key.read_text())["private"]
    secret = made.private.private_numbers().private_value.to_bytes(32, "big")
    assert secret not in decode(kept)
    assert encode(secret) not in kept
