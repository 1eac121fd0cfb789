"""Signing in and out, sessions on the server, throttling, headers."""

from datetime import timedelta
from types import SimpleNamespace

import argon2
import pytest

from tests.conftest import PASSWORD
from tests.factories import make_account
from tests.forms import submit
from webapp.core import clock, passwords
from webapp.core.access import Role


@pytest.fixture
def resident(write):
    with write() as session:
        return make_account(session, role=Role.ADMIN)


def test_signing_out_ends_a_copied_cookie_too(app, sign_in, resident):
    browser = sign_in(resident)
    thief = app.test_client()
    thief.set_cookie("fumin", browser.get_cookie("fumin").value)
    assert thief.get("/account/password").status_code == 200
    assert submit(browser, "/logout", page="/account/password").status_code == 303
    assert thief.get("/account/password").status_code == 302


def test_changing_the_password_ends_all_sessions(app, sign_in, resident):
    browser, other = sign_in(resident), sign_in(resident)
    data = {"current": PASSWORD, "password": "a-better-secret-7"}
    assert submit(browser, "/account/password", data).status_code == 303
    assert other.get("/account/password").status_code == 302
    assert (
        submit(
            app.test_client(), "/login", {"phone": resident.phone, "password": PASSWORD}
        ).status_code
        == 400
    )


def test_disabling_an_account_ends_its_sessions(write, sign_in, resident):
    browser = sign_in(resident)
    with write() as session:
        session.merge(resident).enabled = False
    assert browser.get("/account/password").status_code == 302


@pytest.mark.parametrize(
    "password", ["short", "12345678", "password", "88888888", "x" * 129, "own phone"]
)
def test_weak_passwords_are_refused_beside_the_field(sign_in, resident, password):
    password = resident.phone if password == "own phone" else password
    response = submit(
        sign_in(resident), "/account/password", {"current": PASSWORD, "password": password}
    )
    assert response.status_code == 400
    assert "password-error" in response.get_data(as_text=True)


def test_an_unknown_phone_gets_the_same_words_and_work(client, resident, monkeypatch):
    """Hashing is what takes time: once for each, at the same costs; a clock tells of the load."""
    hashed = []
    hasher = passwords._hasher

    def verify(password_hash, password):
        hashed.append(password_hash)
        return hasher.verify(password_hash, password)

    monkeypatch.setattr(passwords, "_hasher", SimpleNamespace(hash=hasher.hash, verify=verify))
    pages = {}
    for phone in (resident.phone, "13700000000"):
        response = submit(client, "/login", {"phone": phone, "password": "wrong-one"})
        assert response.status_code == 400
        pages[phone] = response.get_data(as_text=True).replace(phone, "")
    assert len(hashed) == 4
    assert len({repr(argon2.extract_parameters(one)) for one in hashed}) == 1
    assert "手机号或密码不对" in pages["13700000000"]
    assert "手机号或密码不对" in pages[resident.phone]


def test_guessing_is_slowed_but_the_owner_gets_in_from_their_own_phone(app, sign_in, resident):
    own = sign_in(resident)
    submit(own, "/logout", page="/account/password")
    stranger = app.test_client()
    wrong = {"phone": resident.phone, "password": "wrong-one"}
    codes = [submit(stranger, "/login", wrong).status_code for _ in range(9)]
    assert codes == [400] * 8 + [429]
    right = {"phone": resident.phone, "password": PASSWORD}
    refused = submit(app.test_client(), "/login", right)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 15 * 60
    assert submit(own, "/login", right).status_code == 303


def test_the_slowing_passes(app, resident):
    browser = app.test_client()
    wrong = {"phone": resident.phone, "password": "wrong-one"}
    for _ in range(9):
        submit(browser, "/login", wrong)
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        right = {"phone": resident.phone, "password": PASSWORD}
        assert submit(browser, "/login", right).status_code == 303


def test_a_form_without_its_token_is_refused(client, resident):
    response = client.post("/login", data={"phone": resident.phone, "password": PASSWORD})
    assert response.status_code == 400


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(app, resident, target):
    data = {"phone": resident.phone, "password": PASSWORD, "next": target}
    response = submit(app.test_client(), "/login", data)
    assert "evil" not in response.headers["Location"]


def test_personal_pages_are_not_stored_and_carry_the_headers(sign_in, resident):
    response = sign_in(resident).get("/account/password")
    assert response.headers["Cache-Control"] == "no-store"
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "data", [{"phone": "1\x00", "password": "x"}, {"phone": "9" * 500, "password": "y" * 500}]
)
def test_strange_input_is_refused_politely(client, data):
    response = submit(client, "/login", data)
    assert response.status_code == 400


def test_health(client):
    assert client.get("/healthz").get_json() == {"status": "ok"}
