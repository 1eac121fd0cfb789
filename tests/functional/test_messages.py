"""Threads: who reads and writes, what is hidden, limits, contacts, reports, slips."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.db import Database


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    made = make_world(db, write, sign_in)
    with write() as session:
        staff = session.get_one(Account, made.accounts["staff"].id)
        from webapp.residents.models import Resident

        staff.branch_id = session.get_one(Resident, made.resident_id).branch_id
        session.add(staff)
    made.accounts["staff"] = staff
    return made


PATHS = {"resident": "/me/messages", "employer": "/employer/messages", "staff": "/staff/messages"}


def say(world: World, role: str, text: str, **more: Any):
    from tests.forms import press

    page = f"{PATHS[role]}/{world.match_id}"
    return press(world.browser(role), page, page, text=text, **more)


def test_smoke(world: World):
    world.to_applied()
    assert say(world, "resident", "你好，电话一三八0000 0001").status_code == 303
    html = world.see("employer", "/employer/messages/")
    assert "新" in html
    html = world.see("employer", f"/employer/messages/{world.match_id}")
    assert "你好" in html
    assert "0001" not in html
    world.see("staff", "/staff/messages/")
    world.see("staff", "/staff/messages/?every=1")
    world.see("staff", f"/staff/messages/{world.match_id}")
    world.see("staff", "/staff/messages/reports")
    world.see("staff", "/staff/messages/slips")
    world.see("resident", "/me/messages/")
