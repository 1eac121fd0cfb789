"""A resident asks what a job does to the allowance, and gets a paper to take along."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import AXE_RULES, AXE_RUN

pytestmark = pytest.mark.browser


def assert_accessible(page: Page) -> None:
    """No link leads to these pages, so the walk over every page does not see them."""
    page.evaluate(Axe().axe_script)
    assert page.evaluate(AXE_RUN, AXE_RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_a_resident_asks_about_the_allowance_and_takes_a_paper_along(open_page):
    page = open_page("13800000001")
    page.goto("/openings/?kind=vacancy")
    page.locator(".opening-card a").first.click()
    page.get_by_role("link", name="对低保有什么影响？").click()
    page.get_by_role("group", name="家里现在领低保吗").get_by_label("是", exact=True).check()
    page.get_by_role("group", name="看孩子").get_by_label("300 元以内").check()
    page.get_by_role("group", name="路费").get_by_label("50–100 元").check()
    page.get_by_role("button", name="看看会怎样").click()
    expect(page.locator("svg[role=img]")).to_be_visible()
    expect(page.get_by_text("低保会变多少，现在说不准")).to_be_visible()
    expect(page.get_by_text("家里一共")).to_have_count(0)  # nobody has confirmed the figures
    assert_accessible(page)
    page.get_by_role("button", name="出一张单子").click()
    expect(page.get_by_role("heading", name="请窗口告诉我")).to_be_visible()
    assert "allowance" not in page.url
    page.goto("/rights/")
    page.get_by_role("group", name="现在做什么").get_by_label("没有活路，一年以上").check()
    page.get_by_role("button", name="看我能办哪些").click()
    expect(page.get_by_role("heading", name="失业登记")).to_be_visible()
    assert_accessible(page)
