"""The staff's queue worked through by keys: what a decision costs, and what is seen with it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK_SIZE

pytestmark = pytest.mark.browser

STAFF = "13800000003"
QUEUE = "/staff/matches/"


def test_twenty_decisions_take_twenty_keys_and_each_can_be_taken_back(open_page):
    """Pressed and counted: from a fresh page, one key decides and the next one is there."""
    page = open_page(STAFF, size=DESK_SIZE)
    page.goto(QUEUE)
    keys, decided = 0, []
    while len(decided) < 20:
        title = page.locator("#pair-title").inner_text()
        asked = page.locator("form:has([data-key=y])").get_attribute("action")
        assert title not in decided
        with page.expect_navigation():
            page.keyboard.press("y" if len(decided) % 4 else "1")
        keys += 1
        decided.append(title)
        following = re.search(r"next=(\d+)", asked or "")
        assert following
        assert f"id={following[1]}" in page.url
    assert keys <= 21
    line = page.get_by_role("status").filter(has_text="撤销（10 秒内）")
    expect(line).to_contain_text(decided[-1].split(" → ")[0])
    line.get_by_role("button").first.click()
    expect(page.get_by_text("撤销了 1 条")).to_be_visible()
    first = page.locator(".cells .cell-title").all_inner_texts()
    assert decided[-1] in first


def test_both_sides_stand_beside_each_other_without_scrolling(open_page):
    """On a desk the decision, what the person brings and what is asked are seen at once."""
    page = open_page(STAFF, size=DESK_SIZE)
    page.goto(QUEUE)
    for _ in range(12):
        sides = page.locator("#pair-title ~ .row > div")
        assert sides.count() == 2
        person, opening = (side.bounding_box() for side in sides.all())
        assert person["y"] == opening["y"]
        assert person["x"] + person["width"] <= opening["x"] + 1
        rows = page.locator("#pair-title ~ .row .summary-row").all()
        lowest = max(row.bounding_box()["y"] + row.bounding_box()["height"] for row in rows)
        assert lowest <= DESK_SIZE["height"], page.locator("#pair-title").inner_text()
        assert page.locator("[data-key=y]").bounding_box()["y"] < person["y"]
        with page.expect_navigation():  # the page before would be looked at once more else
            page.keyboard.press("j")
