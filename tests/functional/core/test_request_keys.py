"""A form sent twice is carried out once; another body is refused; a key is its owner's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, func, select

from tests import factories
from tests.forms import csrf_token, forms_on
from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.models import AuditEvent, RequestKey
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import MatchEvent
from webapp.ops import scheduled_jobs

REFUSED = "这次填的跟那次不一样"


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    return make_world(db, write, sign_in)


def count(db: Database, table: Any) -> int:
    with db.reader() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def form_of(browser: FlaskClient, page: str, ending: str) -> tuple[str, dict[str, Any]]:
    """Return address and fields of a form as the page shows it."""
    (form,) = [one for one in forms_on(browser.get(page)) if (one.action or page).endswith(ending)]
    return form.action or page, form.data


def contact_form(world: World, words: str = "打过电话") -> tuple[str, dict[str, Any]]:
    page = f"/staff/residents/{world.resident_id}/contacts"
    url, data = form_of(world.browser("staff"), page, "contacts")
    return url, {**data, "way": "phone", "reached": "yes", "words": words}


def test_the_same_form_twice_gets_the_same_answer_and_is_done_once(world: World, db: Database):
    url, data = contact_form(world)
    first = world.browser("staff").post(url, data=data)
    again = world.browser("staff").post(url, data=data)
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert count(db, Contact) == 1
    assert "记好了。" in world.see("staff", again.headers["Location"])


def test_the_same_key_with_other_words_is_refused_and_changes_nothing(world: World, db: Database):
    url, data = contact_form(world)
    assert world.browser("staff").post(url, data=data).status_code == 303
    other = world.browser("staff").post(url, data={**data, "words": "另一回事"})
    assert other.status_code == 409
    assert REFUSED in other.get_data(as_text=True)
    elsewhere = url.replace("contacts", "responsible")
    assert world.browser("staff").post(elsewhere, data=data).status_code == 409
    with db.reader() as session:
        assert session.exec(select(Contact.words)).all() == ["打过电话"]


def test_a_key_belongs_to_whoever_sent_it(world: World, db: Database, write: Any, sign_in: Any):
    with write() as session:
        colleague = factories.make_account(session, role=Role.STAFF)
    url, data = contact_form(world)
    assert world.browser("staff").post(url, data=data).status_code == 303
    browser = sign_in(colleague)
    theirs = {**data, "csrf_token": csrf_token(browser, url), "words": "同事记的"}
    assert browser.post(url, data=theirs).status_code == 303
    assert count(db, Contact) == 2
    assert count(db, RequestKey) == 2


def test_what_was_refused_takes_no_key_and_can_be_mended(world: World, db: Database):
    url, data = contact_form(world, words="")
    assert world.browser("staff").post(url, data=data).status_code == 400
    assert count(db, RequestKey) == 0
    assert world.browser("staff").post(url, data={**data, "words": "补上"}).status_code == 303
    assert count(db, Contact) == 1


def test_a_malformed_key_is_refused_with_what_was_typed(world: World, db: Database):
    url, data = contact_form(world)
    for key in ("", "x", "A" * 32, "a" * 33):
        page = world.browser("staff").post(url, data={**data, "idempotency_key": key})
        assert page.status_code == 400
        assert "打过电话" in page.get_data(as_text=True)
    assert count(db, Contact) == 0


def test_every_button_of_a_match_answers_the_second_press_like_the_first(world: World):
    """Also where the state has moved on, so that the step itself would be refused now."""
    assert world.decide("confirm", channel="page").status_code == 303
    page = f"/me/matches/{world.match_id}"
    steps = (
        ("resident", page, "/interested", {}),
        ("resident", page, "/share", {}),
        ("employer", f"/employer/matches/{world.match_id}", "/seen", {}),
        (
            "employer",
            f"/employer/matches/{world.match_id}",
            "/hire",
            {"start_date": clock.today().isoformat(), "evidence": "签了合同"},
        ),
    )
    for role, shown, ending, typed in steps:
        browser = world.browser(role)
        url, data = form_of(browser, shown, ending)
        assert len(data["idempotency_key"]) == 32
        first = browser.post(url, data={**data, **typed})
        again = browser.post(url, data={**data, **typed})
        assert first.status_code == again.status_code == 303, ending
        assert first.headers["Location"] == again.headers["Location"]
    assert world.state() is MatchState.HIRED
    with world.db.reader() as session:
        moved = select(col(MatchEvent.action), func.count()).group_by(col(MatchEvent.action))
        assert {n for _action, n in session.execute(moved)} == {1}


def test_identical_posts_at_one_moment_have_one_effect(app: Flask, world: World, db: Database):
    url, data = contact_form(world)
    cookie = world.browser("staff").get_cookie("fumin")
    assert cookie is not None
    barrier = Barrier(4)

    def send(_number: int) -> tuple[int, str]:
        browser = app.test_client()
        browser.set_cookie("fumin", cookie.value)
        barrier.wait()
        response = browser.post(url, data=data)
        return response.status_code, response.headers.get("Location", "")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert answers == [answers[0]] * 4
    assert answers[0][0] == 303
    assert count(db, Contact) == 1
    with db.reader() as session:
        noted = select(func.count()).where(col(AuditEvent.action) == "resident.contact")
        assert session.exec(noted).one() == 1


def test_of_two_different_posts_with_one_key_at_one_moment_one_is_refused(
    app: Flask, world: World, db: Database
):
    url, data = contact_form(world)
    cookie = world.browser("staff").get_cookie("fumin")
    assert cookie is not None
    barrier = Barrier(2)

    def send(words: str) -> int:
        browser = app.test_client()
        browser.set_cookie("fumin", cookie.value)
        barrier.wait()
        return browser.post(url, data={**data, "words": words}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, ("这样说", "那样说"))) == [303, 409]
    assert count(db, Contact) == 1


@pytest.mark.job("forget_request_keys")
def test_keys_are_kept_for_their_days_and_then_deleted(app: Flask, world: World, db: Database):
    url, data = contact_form(world)
    assert world.browser("staff").post(url, data=data).status_code == 303
    (job,) = [one for one in scheduled_jobs.JOBS if one.name == "forget_request_keys"]
    with app.app_context():
        week = timedelta(days=7)
        for later, outcome in (
            (week - timedelta(minutes=1), "0"),
            (week + timedelta(minutes=1), "1"),
        ):
            with clock.frozen(clock.now() + later):
                assert job.work(db) == f"{outcome} keys deleted"
    assert count(db, RequestKey) == 0
