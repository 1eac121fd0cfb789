"""Fault 24: whoever cannot see a page is told otherwise, and that is what is stored."""

import pytest
from sqlmodel import select

from tests.factories import make_match, make_resident
from webapp.matches.models import Match

QUEUE = "/staff/matches/"


def assisted(world, **fields):
    with world.write() as session:
        resident = make_resident(session, **fields)
        return make_match(session, resident_id=resident.id, opening_id=world.opening_id).id


@pytest.mark.parametrize(("phone", "channel"), [("13711112222", "phone"), (None, "in_person")])
def test_fault_24_a_page_is_not_offered_to_who_has_no_account(world, phone, channel):
    match_id = assisted(world, phone=phone)
    page = world.see("staff", f"{QUEUE}{match_id}")
    assert 'value="page"' not in page
    assert f'value="{channel}"' in page
    queue = world.see("staff", f"{QUEUE}?id={match_id}")
    assert f'name="channel" value="{channel}"' in queue
    suggest = f"/staff/residents/{world.get(Match, match_id).resident_id}/suggest"
    assert 'value="page"' not in world.see("staff", suggest)
    with_account = world.see("staff", f"{QUEUE}{world.match_id}")
    assert 'selected value="page"' in with_account or 'value="page" selected' in with_account


def test_fault_24_bulk_stores_for_each_what_it_says(world):
    called = assisted(world, phone="13711112222")
    visited = assisted(world, phone=None)
    ids = [world.match_id, called, visited]
    data = {"act": "confirm", "ids": [str(one) for one in ids], "bulk_channel": "page"}
    preview = world.post("staff", f"{QUEUE}bulk", QUEUE, **data).get_data(as_text=True)
    assert "手机页面" in preview
    assert "电话" in preview
    assert "当面" in preview
    world.post("staff", f"{QUEUE}bulk", QUEUE, **data, sure="1")
    with world.db.reader() as session:
        stored = {row.id: row.channel for row in session.exec(select(Match))}
    assert stored == {world.match_id: "page", called: "phone", visited: "in_person"}
