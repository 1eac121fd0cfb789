"""The road of somebody new, on a phone: from the first page to an application, and on."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESK_SIZE
from tests.browser.test_every_page import AXE_RULES, AXE_RUN

pytestmark = pytest.mark.browser
MOST_SCREENS, MOST_TAPS, MOST_TYPED = 6, 8, 3


class Counted:
    """A page whose screens, taps and typed fields are counted, each screen looked at."""

    def __init__(self, page):
        self.page = page
        self.screens = self.taps = self.typed = 0
        self.look()

    def look(self):
        """Count one more screen, and hold what is wrong with it against the page."""
        self.screens += 1
        page = self.page
        page.evaluate(Axe().axe_script)
        assert page.evaluate(AXE_RUN, AXE_RULES) == [], page.url
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, page.url

    def tap(self, target):
        """Tap what leads to another screen."""
        self.taps += 1
        target.click()
        self.page.wait_for_load_state()
        self.look()

    def tick(self, target):
        """Tap what stays on the screen."""
        self.taps += 1
        target.check()

    def type(self, target, words):
        """Type into a field."""
        self.typed += 1
        target.fill(words)


def test_from_the_first_page_to_the_branch(open_page):
    page = open_page()
    page.goto("/")
    walk = Counted(page)
    walk.tap(page.locator("main a[href*='kind=vacancy']").first)
    walk.tap(page.locator("main .cards a").first)
    title = page.locator("h1").inner_text()
    walk.tap(page.get_by_role("link", name="我想去"))
    walk.type(page.locator("#name"), "蒲公英")
    walk.type(page.locator("#phone"), "13700001234")
    walk.tick(page.get_by_label("满18岁了"))
    walk.tick(page.locator("#service"))
    walk.tap(page.get_by_role("button", name="报名"))
    expect(page.locator("main")).to_contain_text("13700001234")
    expect(page.locator("h1")).to_contain_text(title)
    assert walk.screens <= MOST_SCREENS, walk.screens
    assert walk.taps <= MOST_TAPS, walk.taps
    assert walk.typed <= MOST_TYPED, walk.typed

    # What is asked afterwards is tapped, one question a screen, and at once shows something.
    begun = walk.typed
    walk.tap(page.get_by_role("link", name="再答一个，推荐更准"))
    walk.tick(page.get_by_label("打扫保洁"))
    walk.tap(page.get_by_role("button", name="记下，再答一个"))
    expect(page.get_by_role("heading", name="您说的，先看这些")).to_be_visible()
    walk.tick(page.get_by_label("白天"))
    walk.tap(page.get_by_role("button", name="记下，再答一个"))
    walk.tick(page.get_by_label("华岩镇一带"))
    walk.tap(page.get_by_role("button", name="记下，再答一个"))
    walk.tap(page.get_by_role("link", name="这个先不答"))
    walk.tap(page.get_by_role("link", name="先到这里，回「我的」"))
    expect(page.locator("main")).to_contain_text(title)
    assert walk.typed == begun

    page.set_viewport_size(DESK_SIZE)
    staff = open_page("13800000003", size=DESK_SIZE)
    staff.goto("/staff/work/call")
    expect(staff.get_by_text(re.compile("蒲公英")).first).to_be_visible()
    expect(staff.get_by_text("愿意，先核对电话").first).to_be_visible()
