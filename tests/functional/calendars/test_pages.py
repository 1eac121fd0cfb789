"""The branch's day and week, one's own list, their files; how many queries they ask."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from tests import factories
from tests.calendar_reader import read
from tests.functional.calendars.conftest import NOW, TODAY, fill, make_ticket
from tests.functional.matches_world import World, visible_words
from webapp.branches.models import Branch
from webapp.calendars.queries.branch import ItemKind
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.tickets.lifecycle import TicketKind, TicketState
from webapp.tickets.models.tickets import Ticket

WEEK = f"/staff/calendar/?day={TODAY}"


def test_a_week_by_days_with_each_thing_a_link(world: World) -> None:
    page = world.see("staff", WEEK)
    words = visible_words(page)
    assert "11月30日（周一）到12月6日（周日）" in words
    for link in ("/staff/matches/", "/staff/trials/", "/staff/services/"):
        assert f'href="{link}' in page.split('class="calendar-week"')[1]
    assert words.count("08:30 试岗") == 2  # on each of its days
    assert "09:00 面试" in words


def test_a_day_an_unread_day_and_other_weeks(world: World) -> None:
    day = f"/staff/calendar/?view=day&day={TODAY + timedelta(days=2)}"
    words = visible_words(world.see("staff", day))
    assert "09:00 面试" in words
    assert "二楼" in words  # a day has room for the place
    for other in ("2026-12-14", "gestern", "9999-12-31", ""):
        assert world.browser("staff").get(f"/staff/calendar/?day={other}").status_code == 200
    assert "09:00 面试" not in world.see("staff", "/staff/calendar/?day=2026-12-14")


def test_by_member(world: World, write: Any) -> None:
    staff = world.accounts["staff"]
    with write() as session:
        other = factories.make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
        stranger = factories.make_account(session, role=Role.STAFF)
    assert "09:00 面试" in visible_words(world.see("staff", f"{WEEK}&member={staff.id}"))
    assert "09:00 面试" not in visible_words(world.see("staff", f"{WEEK}&member={other.id}"))
    assert "09:00 面试" in visible_words(world.see("staff", f"{WEEK}&member={stranger.id}"))


def test_another_branch_sees_its_own_alone(world: World, write: Any, sign_in: Any) -> None:
    with write() as session:
        stranger = factories.make_account(session, role=Role.STAFF)
        other = session.get_one(Branch, stranger.branch_id)
        other.serves_all = False
        session.add(other)
    page = sign_in(stranger).get(WEEK).get_data(as_text=True)
    assert 'class="calendar-kind"' not in page


def test_what_is_private_says_no_more_than_that(world: World, write: Any) -> None:
    with write() as session:
        make_ticket(session, world, "家里有人动手", private=True)
        make_ticket(session, world, "想问医保怎么交", private=False)
        staff = world.accounts["staff"]
        other = factories.make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
        session.execute(
            update(Ticket).values(
                branch_id=staff.branch_id, kind=TicketKind.QUESTION, owner_id=staff.id,
                backup_id=other.id, state=TicketState.DISPATCHED, due_at=NOW + timedelta(days=3),
            )
        )  # fmt: skip
    page = world.see("staff", WEEK)
    assert "想问医保怎么交" in page
    assert "有一件不公开的" in page
    assert "家里有人动手" not in page


def test_it_prints_and_is_a_file(world: World) -> None:
    assert "09:00 面试" in visible_words(world.see("staff", f"/staff/calendar/print?day={TODAY}"))
    _calendar, found = read(world.browser("staff").get(f"/staff/calendar.ics?day={TODAY}").data)
    assert {one["SUMMARY"] for one in found} == {"面试", "试岗", "上门"}
    _calendar, own = read(world.browser("resident").get("/me/calendar.ics").data)
    assert len(own) == 5
    words = visible_words(world.see("resident", "/me/calendar/"))
    assert "12月3日（周四） 09:00" in words


def test_the_number_of_queries_does_not_grow(world: World, db: Database) -> None:
    def count(role: str, path: str) -> int:
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        event.listen(db.read_engine, "before_cursor_execute", note)
        try:
            world.see(role, path)
        finally:
            event.remove(db.read_engine, "before_cursor_execute", note)
        return len(asked)

    pages = (("staff", WEEK), ("resident", "/me/calendar/"))
    before = [count(*page) for page in pages]
    before = [count(*page) for page in pages]
    with world.write() as session:
        for days in range(1, 5):
            fill(session, world, days=days)
    assert [count(*page) for page in pages] == before
    assert max(before) <= 16


@pytest.mark.parametrize("kind", list(ItemKind))
def test_every_kind_has_its_word(kind: ItemKind) -> None:
    assert kind.label
