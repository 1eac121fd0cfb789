"""A member of a branch leaves: everything goes to another in one step, on a desk and a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK_SIZE, PHONE_SIZE

pytestmark = pytest.mark.browser


def test_a_member_leaves(open_page) -> None:
    """冉玉琼 answers for a promise, an activity and more; her secretary gives all to 何小芳."""
    page = open_page("13800000003", size=DESK_SIZE)
    page.goto("/staff/branches/")
    card = page.get_by_role("listitem").filter(has_text="冉玉琼")
    card.get_by_role("link", name="手上的事、请假、交接").click()
    expect(page.get_by_role("heading", name="冉玉琼")).to_be_visible()
    page.get_by_role("link", name="离开或调走，把事交出去").click()
    table = page.get_by_role("table")
    for words in ("承诺", "活动"):
        expect(table.get_by_role("rowheader", name=words, exact=True)).to_be_visible()
    page.get_by_role("button", name="全部交出去").click()  # to nobody: told beside the field
    expect(page.get_by_role("alert")).to_contain_text("谁来接手")
    page.get_by_label("谁来接手").select_option(label="何小芳（上门为没有手机的居民代办）")
    page.get_by_role("button", name="全部交出去").click()
    expect(page.get_by_role("status")).to_contain_text("交接好了")
    expect(page.get_by_role("listitem").filter(has_text="冉玉琼")).to_have_count(0)

    # What everybody sees names whoever answers now.
    neighbour = open_page(size=PHONE_SIZE)
    neighbour.goto("/help")
    expect(neighbour.get_by_text("冉玉琼")).to_have_count(0)
    neighbour.get_by_role("link", name="富民支部").click()
    promise = neighbour.get_by_role("listitem").filter(has_text="护工班开起来").first
    expect(promise).to_contain_text("负责：何小芳")


def test_a_shift_changes_hands_in_two_taps(open_page) -> None:
    page = open_page("13800000003", size=PHONE_SIZE)
    page.goto("/staff/branches/rota")
    page.get_by_role("link", name="下一周").click()
    first = page.get_by_role("row").filter(has=page.get_by_role("link", name="换人")).first
    first.get_by_role("link", name="换人").first.click()
    taker = page.get_by_role("main").get_by_role("button").first
    name = taker.inner_text().strip()
    taker.click()
    expect(page.get_by_role("status")).to_contain_text("换好了")
    expect(page.get_by_role("row").filter(has=page.locator("select")).first).to_be_visible()
    chosen = page.locator("select").evaluate_all(
        "all => all.map(one => one.selectedOptions[0].textContent)"
    )
    assert name in chosen
