"""Lists as one looks through them: cards in columns on a desk, names whole, cells beside labels."""

import pytest

from tests.browser.conftest import DESK_SIZE

pytestmark = pytest.mark.browser

TOPS = "all => all.slice(0, 2).map(one => one.getBoundingClientRect().top)"
# How often its own lines a text is high: 1 where it stands on one line.
LINES = """all => Math.max(...all.map(one => {
  // Of the words alone: a link is taller than what stands in it, so that a finger meets it.
  const words = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  const tops = new Set();
  while (words.nextNode()) {
    if (!words.currentNode.data.trim()) continue;
    const line = document.createRange();
    line.selectNodeContents(words.currentNode);
    for (const box of line.getClientRects()) tops.add(Math.round(box.top));
  }
  return tops.size;
}))"""


@pytest.mark.parametrize("path", ["/openings/", "/training/"])
def test_public_cards_stand_in_columns_on_a_desk_alone(open_page, path):
    page = open_page(size=DESK_SIZE)
    page.goto(path)
    first, second = page.eval_on_selector_all("ul.cards > li", TOPS)
    assert first == second
    page.set_viewport_size({"width": 360, "height": 740})
    first, second = page.eval_on_selector_all("ul.cards > li", TOPS)
    assert first < second


def test_names_and_numbers_of_phones_stay_whole(open_page):
    page = open_page("13800000003", size=DESK_SIZE)
    page.goto("/staff/residents/")
    for column in ("姓名", "电话", "门牌", "责任人"):
        assert page.eval_on_selector_all(f"[data-label={column}]", LINES) == 1


def test_a_certificate_can_be_read_on_a_phone(open_page):
    page = open_page("13800000001")
    page.goto("/me/training/")
    page.get_by_role("link", name="看结业证").click()
    widths = "all => Math.min(...all.map(one => one.getBoundingClientRect().width))"
    assert page.eval_on_selector_all(".summary-row dd", widths) > 150
