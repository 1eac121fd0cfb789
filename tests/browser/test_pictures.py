"""The road of pictures, as somebody walks it who does not read: taps counted, nothing typed."""

import pytest
from playwright.sync_api import expect

from tests.browser.measured import faults_of_both_sizes
from tests.browser.test_newcomer import Counted
from tests.browser.test_read_aloud import VOICES

pytestmark = pytest.mark.browser
MOST_TAPS = 5


def test_from_the_first_page_to_an_opening_by_pictures(open_page):
    page = open_page()
    page.context.add_init_script(VOICES.replace("LOCAL", "true"))
    page.goto("/")
    walk = Counted(page)
    walk.tap(page.get_by_role("button", name="看图：出门做"))
    assert page.locator("html.pictures").count() == 1
    for choice in (0, 0):  # inside, then house work
        assert page.locator(".choice").count() == 2  # two choices a screen
        assert not faults_of_both_sizes(page)
        expect(page.locator(".say").first).to_be_visible()
        page.locator(".say").first.click()  # heard before it is chosen, and nothing is chosen by it
        first = page.locator(".choice-link").nth(choice)
        assert page.evaluate("heard.pop()") == "、".join(first.inner_text().split("\n"))
        walk.tap(first)
    walk.tap(page.get_by_role("link", name="都行，直接看这"))
    assert page.locator(".choice").count() == 2
    assert not faults_of_both_sizes(page)
    last = page.locator(".choice").last.bounding_box()
    assert last["y"] + last["height"] <= page.locator(".stays").bounding_box()["y"]
    title = page.locator(".choice-link b").first.inner_text()
    walk.tap(page.locator(".choice-link").first)
    expect(page.locator("h1")).to_have_text(title)
    assert walk.taps <= MOST_TAPS, walk.taps
    assert walk.typed == 0

    # What to do is at the foot of the first screen: go there, or ring the branch.
    foot = page.locator(".stays")
    assert foot.get_by_role("link", name="问社区").get_attribute("href").startswith("tel:")
    assert not faults_of_both_sizes(page)
    walk.tap(foot.get_by_role("link", name="我想去"))
    assert page.locator("main .drawing").count() == 4  # one beside each question
    assert not faults_of_both_sizes(page)
    page.get_by_label("满18岁了").check()  # a tick says what was ticked
    assert page.evaluate("heard.pop()") == "满十八岁了"

    page.get_by_role("button", name="换成看字的").click()
    page.goto("/")
    assert page.locator("html.pictures").count() == 0
