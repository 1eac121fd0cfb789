"""The link for a calendar program: made, shown once, changed, ended; what it hands out."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests.calendar_reader import read, text_value
from tests.forms import press
from tests.functional.calendars.conftest import NOW, TODAY, make_course
from tests.functional.matches_world import World
from webapp.accounts.models import Account
from webapp.calendars.models import CalendarLink
from webapp.core import clock
from webapp.core.models import AuditEvent
from webapp.matches.models import Match
from webapp.trials.models import TrialDay

PAGE = "/me/calendar/"


def make(browser: FlaskClient, page: str = PAGE) -> str:
    """Press the button and return the path of the link that is shown."""
    assert press(browser, page, "/link").status_code == 303
    shown = browser.get(page).get_data(as_text=True)
    found = re.search(r"webcal://[^/]+(/calendar/[\w-]+\.ics)", shown)
    assert found, shown
    return found[1]


def feed(app: Any, path: str) -> Any:
    """Ask as a calendar program does: without any cookie."""
    return app.test_client().get(path)


def press_as_staff(world: World, page: str, action: str, **data: Any) -> None:
    assert press(world.browser("staff"), page, action, **data).status_code == 303


def entries(app: Any, path: str) -> dict[str, dict[str, str]]:
    answer = feed(app, path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return {one["UID"].split("@")[0]: one for one in read(answer.data)[1]}


def test_it_is_shown_once_and_kept_as_a_digest(world: World, app: Any) -> None:
    browser = world.browser("resident")
    path = make(browser)
    assert path not in browser.get(PAGE).get_data(as_text=True)
    with world.db.reader() as session:
        (link,) = session.exec(select(CalendarLink)).all()
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in repr(link)
    assert feed(app, path).status_code == 200


def test_what_a_resident_gets(world: World, app: Any) -> None:
    found = entries(app, make(world.browser("resident")))
    day = f"{TODAY + timedelta(days=2):%Y%m%d}"
    said = sorted((one["DTSTART"], text_value(one["SUMMARY"])) for one in found.values())
    assert said == [
        (day, "最后一天回话"),
        (day, "社区上门"),
        (f"{day}T003000Z", "试岗"),
        (f"{day}T010000Z", "面试"),
        (f"{TODAY + timedelta(days=3):%Y%m%d}T003000Z", "试岗"),
    ]
    places = {text_value(one.get("LOCATION", "")) for one in found.values()}
    assert places == {"", "1号楼", "含谷镇兴谷路9号（二楼）"}
    for one in found.values():
        for word in ("康复", "低保", "残疾", "元", "陈", "张", "有限公司"):
            assert all(word not in value for value in one.values()), (word, one)


def test_what_is_moved_and_called_off(world: World, app: Any) -> None:
    path = make(world.browser("resident"))
    before = entries(app, path)
    with world.db.reader() as session:
        match_id = session.exec(select(Match.id).where(Match.interview_place == "二楼")).one()
        trial_id = session.exec(select(TrialDay.id)).one()
    page = f"/staff/matches/{match_id}"
    with clock.frozen(NOW + timedelta(hours=1)):
        press_as_staff(world, page, "/invite", day=str(TODAY + timedelta(days=5)), time="10:00")
        moved = entries(app, path)
        press_as_staff(world, f"/staff/trials/{trial_id}", "/cancel")
    name = f"interview-{match_id}"
    assert moved[name]["DTSTART"] == f"{TODAY + timedelta(days=5):%Y%m%d}T020000Z"
    assert int(moved[name]["SEQUENCE"]) > int(before[name]["SEQUENCE"])
    assert moved[name]["LAST-MODIFIED"] > before[name]["LAST-MODIFIED"]
    with clock.frozen(NOW + timedelta(hours=2)):
        press_as_staff(world, page, "/refuse", refuse_code="filled")
        ended = entries(app, path)
    for uid, old in ((name, moved), (f"trial-{trial_id}-1", moved)):
        assert ended[uid]["STATUS"] == "CANCELLED"
        assert old[uid]["STATUS"] == "CONFIRMED"
        assert int(ended[uid]["SEQUENCE"]) > int(old[uid]["SEQUENCE"])


def test_classes_have_a_neutral_title_and_are_struck_out(world: World, app: Any) -> None:
    with world.write() as session:
        run_id = make_course(session, world)
    path = make(world.browser("resident"))
    held = [one for uid, one in entries(app, path).items() if uid.startswith("meeting-")]
    assert [text_value(one["SUMMARY"]) for one in held] == ["上课", "上课"]
    assert text_value(held[0]["LOCATION"]) == "培训楼 三楼"
    page = f"/staff/training/runs/{run_id}/cancel"
    press_as_staff(world, page, "", reason="老师病了")
    ended = [one for uid, one in entries(app, path).items() if uid.startswith("meeting-")]
    assert [one["STATUS"] for one in ended] == ["CANCELLED", "CANCELLED"]
    assert all(value != "老师病了" for one in ended for value in one.values())


def test_a_new_link_ends_the_old_and_both_are_in_the_audit(world: World, app: Any) -> None:
    browser = world.browser("resident")
    first = make(browser)
    second = make(browser)
    assert (feed(app, first).status_code, feed(app, second).status_code) == (404, 200)
    assert press(browser, PAGE, "/stop").status_code == 303
    assert feed(app, second).status_code == 404
    with world.db.reader() as session:
        done = session.exec(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert done[-3:] == ["calendar.link", "calendar.link", "calendar.stop"]


def test_wrong_ended_and_barred_ones_are_not_there(world: World, app: Any) -> None:
    for wrong in ("x", "x" * 43, "x" * 900, "x%20y"):
        assert feed(app, f"/calendar/{wrong}.ics").status_code == 404
    path = make(world.browser("resident"))
    with world.write() as session:
        account = session.get_one(Account, world.accounts["resident"].id)
        account.enabled = False
        session.add(account)
    assert feed(app, path).status_code == 404


def test_guesses_are_counted(world: World, app: Any) -> None:
    answers = [feed(app, f"/calendar/guess{number}.ics").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]
    assert feed(app, make(world.browser("resident"))).status_code == 200  # a right one is no guess


def test_the_database_holds_one_link_and_never_wakes_one(world: World) -> None:
    browser = world.browser("resident")
    make(browser)
    with world.db.reader() as session:
        link = session.exec(select(CalendarLink)).one()
    again = link.model_dump(exclude={"id"}) | {"token_hash": "0" * 64}
    with pytest.raises(IntegrityError), world.write() as session:
        session.add(CalendarLink(**again))
    press(browser, PAGE, "/stop")
    for change in ({"revoked_at": None}, {"token_hash": "1" * 64}, {"member_id": link.account_id}):
        with pytest.raises(IntegrityError), world.write() as session:
            session.execute(update(CalendarLink).values(**change))


def test_a_link_of_staff_names_nobody(world: World, app: Any) -> None:
    staff = world.accounts["staff"]
    path = make(world.browser("staff"), f"/staff/calendar/?member={staff.id}")
    found = entries(app, path)
    assert {text_value(one["SUMMARY"]) for one in found.values()} == {"面试", "试岗", "上门"}
    with world.db.reader() as session:
        assert session.exec(select(CalendarLink.member_id)).one() == staff.id
    assert all("/staff/" in one["URL"] for one in found.values())
