"""An interview one cannot come to: from one's own page to another time, counted; the week."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK_SIZE
from tests.browser.test_newcomer import Counted

pytestmark = pytest.mark.browser
MOST_SCREENS, MOST_TAPS = 3, 4


def test_from_ones_own_page_to_another_time(open_page):
    page = open_page("13800000001")
    page.goto("/me/")
    walk = Counted(page)
    walk.tap(page.get_by_role("link", name="看地址、改时间").first)
    expect(page.locator("#interview a[href^='https://uri.amap.com/']")).to_be_visible()
    walk.taps += 1
    page.locator("#other-time summary").click()  # stays on the screen
    walk.tick(page.locator("#other-time .option input").first)
    walk.tap(page.get_by_role("button", name="告诉单位"))
    expect(page.locator("#interview")).to_contain_text("等单位回话")
    assert walk.screens <= MOST_SCREENS, walk.screens
    assert walk.taps <= MOST_TAPS, walk.taps
    assert walk.typed == 0
    page.goto("/me/")
    expect(page.locator(".wait", has_text="您说想改时间，等单位回话")).to_contain_text("等用工方")
    # Changed one's mind: as it was, for whoever comes after.
    page.get_by_role("link", name="看改好没有").click()
    page.get_by_role("button", name="又能去了，不用改").click()
    expect(page.locator("#other-time")).to_be_visible()


def test_a_week_stands_beside_itself_on_a_desk(open_page):
    page = open_page("13800000003", size=DESK_SIZE)
    page.goto("/staff/calendar/")
    tops = page.locator(".calendar-column").evaluate_all(
        "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(tops) == 7
    assert len(set(tops)) == 1
    assert tops[0] < DESK_SIZE["height"] / 2
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.locator(".calendar-item a").first.click()
    expect(page.locator("h1")).to_be_visible()
