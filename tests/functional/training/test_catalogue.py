"""The public list in pages, what has to be passed on, a certificate looked for by its code."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.functional.training.many import write_many
from tests.functional.training.test_pages import SignIn, see
from tests.functional.training.world import BEGINS, NOON, World, make_world
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.training.queries import catalogue, staff
from webapp.training.services import due, enrolments, reminders
from webapp.training.services.posting import weekly_meetings


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with clock.frozen(NOON):
        yield make_world(app, db)


def test_the_public_list_comes_in_pages(world: World, client: FlaskClient, db: Database) -> None:
    with db.transaction(SYSTEM) as session:
        write_many(session, courses=30, people=1)
    pages = [client.get(f"/training/?page={n}").get_data(as_text=True) for n in (1, 2)]
    with world.app.test_request_context(), db.reader() as session:
        listed = [view.course.id for view in catalogue.public_courses(session)]
    # The world's own course, the one the many are made after, and thirty.
    assert len(listed) == 32
    first, second = ([id_ for id_ in listed if f'href="/training/{id_}"' in page] for page in pages)
    assert first == listed[:20]
    assert second == listed[20:]
    assert "第 1 页，共 2 页" in pages[0]
    assert 'href="/training/?page=2"' in pages[0]
    kept = client.get("/training/?show=free&page=2").get_data(as_text=True)
    assert 'href="/training/?show=free&amp;page=1"' in kept
    assert "第 1 页，共 2 页" in see(client, "/training/?show=carers")  # Tuesday mornings
    assert "现在没有这样的课" in see(client, "/training/?show=off_hours")


def assisted(world: World) -> Actor:
    """Return somebody without an account, as the rows name them."""
    with world.db.transaction(SYSTEM) as session:
        row = factories.make_resident(session, available=[])
    return Actor(role=Role.RESIDENT, resident_id=row.id)


def to_pass_on(world: World) -> list[str]:
    with world.app.test_request_context(), world.db.reader() as session:
        return [row.kind.value for row in session.execute(staff.to_tell())]


def test_only_what_still_holds_is_passed_on(world: World) -> None:
    people = [assisted(world) for _n in range(3)]
    for one in people:  # two seats, and a line
        world.do(world.staff, enrolments.enrol, run_id=world.run_id, resident_id=one.resident_id)
    assert to_pass_on(world) == ["seat", "seat", "line"]
    first = world.enrolment(people[0])
    world.do(world.staff, enrolments.withdraw, enrolment_id=first.id)
    # Who left needs to hear no more of the seat; of the next one only the last word holds.
    assert to_pass_on(world) == ["seat", "offer"]
    with clock.frozen(BEGINS - timedelta(hours=20)):
        world.work(due.lapse_offers)
        world.work(reminders.remind)
        assert to_pass_on(world) == ["seat", "lapsed", "class"]
    with clock.frozen(BEGINS + timedelta(hours=5)):
        world.work(due.begin_due)
        assert to_pass_on(world) == ["seat", "lapsed"]  # the class has been
    with clock.frozen(BEGINS + timedelta(days=60)):
        assert to_pass_on(world) == ["lapsed"]  # of a course that is over nothing of seats


def test_a_mistyped_code_can_be_typed_again(world: World, client: FlaskClient) -> None:
    page = client.get("/certificates/ABCD-EFGH-2345")
    html = page.get_data(as_text=True)
    assert page.status_code == 404
    assert 'value="ABCD-EFGH-2345"' in html
    assert 'action="/certificates/"' in html
    moved = client.get("/certificates/?code=%20abcd/efgh2346%20")
    assert moved.location == "/certificates/abcdefgh2346"
    assert "12 位编码" in see(client, "/certificates/")
    assert client.get("/certificates/?code=" + "9" * 5000).status_code == 302


def test_classes_pass_over_public_holidays(world: World, sign_in: SignIn) -> None:
    days = [start.date() for start, _end in _weekly("2026-12-28", "12345", 7)]
    assert [day.isoformat() for day in days] == [
        "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31",
        "2027-01-04", "2027-01-05", "2027-01-06",  # not on New Year's Day
    ]  # fmt: skip
    assert "法定节假日自己跳过" in see(
        sign_in(world.account(world.staff)), f"/staff/training/{world.course_id}/runs/new"
    )


def _weekly(first: str, days: str, count: int) -> list[Any]:
    return weekly_meetings(
        date.fromisoformat(first), [int(day) for day in days], time(9), time(11), count
    )
