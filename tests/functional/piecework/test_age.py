"""Who is old enough for piecework, and for which (fault 12)."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from tests.forms import press
from tests.functional.piecework.world import World, make_world, refused_by_database
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import BadField
from webapp.openings.models import Opening
from webapp.piecework.models.assignment import Assignment, AssignmentMember
from webapp.piecework.models.order import PieceworkOrder
from webapp.residents.models import Resident


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """Two households, a company and staff; no context around, so each request has its own."""
    return make_world(db)


def _unknown_age(world: World, family: int = 0) -> int:
    """Take the birth date of a family's member away; return the member."""
    id_ = world.families[family].resident_id
    assert id_ is not None
    with world.db.transaction(SYSTEM) as session:
        session.get_one(Resident, id_).birth_date = None
    return id_


def test_fault_12_nobody_of_unknown_age_claims_until_it_is_told(world: World, browse: Any) -> None:
    order_id = world.publish()
    member = _unknown_age(world)
    home = world.homes[0]
    field = f"birth_{member}"
    young = (clock.today() - timedelta(days=15 * 365)).isoformat()
    future = (clock.today() + timedelta(days=1)).isoformat()
    pages_of_both = (
        (browse(world.families[0]), f"/me/piecework/orders/{order_id}"),
        (browse(world.staff), f"/staff/piecework/orders/{order_id}/claim/{home}"),
    )
    for browser, page in pages_of_both:
        typed = {"pieces": "10", "members": [str(member)]}
        for day, words in (("", "还不知道"), (young, "不满 16 岁"), (future, "出生日期不对"),
                           ("昨天", "日期不对")):  # fmt: skip
            answer = press(browser, page, **typed, **{field: day})
            assert answer.status_code == 400, day
            text = answer.get_data(as_text=True)
            assert words in text, day
            assert f'id="{field}"' in text
        with world.db.reader() as session:
            assert session.get_one(Resident, member).birth_date is None
            assert session.exec(select(Assignment)).first() is None
    browser, page = pages_of_both[0]
    assert press(browser, page, **typed, **{field: "1970-03-08"}).status_code == 303
    with world.db.reader() as session:
        assert session.get_one(Resident, member).birth_date == date(1970, 3, 8)
        named = session.exec(select(AssignmentMember)).one()
    assert named.age is not None
    assert named.age >= 55
    assert field not in browser.get(page).get_data(as_text=True)


def test_fault_12_those_named_later_are_asked_for_too(world: World, browse: Any) -> None:
    world.publish()
    assignment = world.claim()
    member = _unknown_age(world)
    staff, page = browse(world.staff), f"/staff/piecework/share/{assignment}/members"
    typed = {"members": [str(member)]}
    answer = press(staff, page, **typed)
    assert answer.status_code == 400
    assert "还不知道" in answer.get_data(as_text=True)
    assert press(staff, page, **typed, **{f"birth_{member}": "1970-03-08"}).status_code == 303


@pytest.mark.parametrize(
    ("years", "hazardous", "may"), [(15, False, False), (16, False, True), (17, True, False),
                                    (18, True, True)]
)  # fmt: skip
def test_fault_12_the_law_on_age(world: World, years: int, hazardous: bool, may: bool) -> None:
    world.publish()
    member = world.families[0].resident_id
    today = clock.today()
    with world.db.transaction(SYSTEM) as session:
        order = session.get_one(PieceworkOrder, world.order_id)
        session.get_one(Opening, order.opening_id).hazardous = hazardous
        resident = session.get_one(Resident, member)
        resident.birth_date = today.replace(year=today.year - years, day=min(today.day, 28))
    if may:
        assert world.claim()
    else:
        with pytest.raises(BadField, match="岁"):
            world.claim()


def test_fault_12_the_database_refuses_a_child(world: World) -> None:
    world.publish()
    assignment = world.claim()
    assert refused_by_database(
        world, f"UPDATE piecework_assignment_member SET age = 15 WHERE assignment_id = {assignment}"
    )
