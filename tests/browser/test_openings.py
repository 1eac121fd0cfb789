"""The list of openings and one of them on a desk and on a phone, with and without scripts."""

import re

import pytest

from tests.browser.conftest import DESK_SIZE, PHONE_SIZE

pytestmark = pytest.mark.browser
ONE = re.compile(r"/openings/\d+$")
BOX = """one => {
  const box = one.getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
}"""


def box(page, selector):
    """Return left, top, right and bottom of the first that fits, in the window."""
    return page.locator(selector).first.evaluate(BOX)


def test_filters_stand_beside_the_list_on_a_desk(open_page):
    page = open_page(size=DESK_SIZE)
    page.goto("/openings/")
    cards = page.eval_on_selector_all(".cards > li", f"all => all.map({BOX})")
    assert len({round(left) for left, *_rest in cards}) == 2
    assert cards[0][1] < 400  # four cards are seen at once
    field = box(page, "#f-near")
    assert field[2] < cards[0][0]
    assert field[1] < DESK_SIZE["height"]
    assert not page.locator(".finder .filters > summary").is_visible()
    # The keys go as the eye does: what is typed, the filters, the orders, the cards row by row.
    page.locator("#search-q").focus()
    seen = []
    for _press in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "[document.activeElement.closest('.finder-top, .finder-side, .finder-bar, .cards')"
            "?.className, document.activeElement.textContent.trim()]"
        )
        seen.append(tuple(at))
        if [part for part, _text in seen].count("cards") == 4:
            break
    parts = list(dict.fromkeys(part for part, _text in seen))
    assert parts == ["finder-top", "finder-side", "finder-bar", "cards"]
    titles = page.locator(".cards .stretched-link").all_inner_texts()[:4]
    assert [text for part, text in seen if part == "cards"] == titles
    # Whoever wants none of the filters goes past them at one stroke.
    page.locator(".finder-top .skip-link").focus()
    assert box(page, ".finder-top .skip-link")[0] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.finder-list') !== null")


def test_filters_are_folded_on_a_phone(open_page):
    page = open_page()
    page.goto("/openings/")
    assert page.locator(".finder .filters > summary").is_visible()
    assert not page.locator("#f-near").is_visible()


@pytest.mark.parametrize("size", [DESK_SIZE, PHONE_SIZE], ids=["desk", "phone"])
@pytest.mark.parametrize("phone", [None, "13800000005"], ids=["anybody", "resident"])
def test_what_to_do_is_always_in_sight(open_page, size, phone):
    page = open_page(phone, size=size)
    page.goto("/openings/?kind=vacancy")
    page.locator(".cards a").last.click()
    page.wait_for_url(ONE)
    action = page.locator(".foot-action .btn-primary")
    article = box(page, "#opening")
    for where in (0, 200, 400):
        page.evaluate(f"scrollTo(0, {where})")
        left, top, _right, bottom = action.evaluate(BOX)
        assert top >= 0
        assert bottom <= size["height"]
        if size is DESK_SIZE:
            assert left > article[2]
    decides = box(page, ".summary-row:has(dt:text('时间'))")
    page.evaluate("scrollTo(0, 0)")
    assert decides[1] < size["height"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_a_list_is_found_again_where_it_was_left(browser, demo_server, scripts):
    """By the page's own way back, and by the browser's."""
    context = browser.new_context(
        base_url=demo_server, viewport=PHONE_SIZE, java_script_enabled=scripts
    )
    page = context.new_page()
    try:
        page.goto("/openings/?kind=vacancy&sort=pay&page=2")
        card = page.locator(".cards > li").nth(12)
        card.scroll_into_view_if_needed()
        name, left_at = card.get_attribute("id"), card.bounding_box()["y"]
        card.locator("a").click()
        page.wait_for_url(ONE)
        page.get_by_role("link", name="回到刚才找的").click()
        page.wait_for_url(re.compile(rf"kind=vacancy&sort=pay&page=2#{name}$"))
        again = page.locator(f"#{name}").bounding_box()
        assert 0 <= again["y"] < PHONE_SIZE["height"] / 2
        page.locator(f"#{name} a").click()
        page.wait_for_url(ONE)
        page.go_back()
        page.wait_for_url(re.compile("kind=vacancy&sort=pay&page=2"))
        assert abs(page.locator(f"#{name}").bounding_box()["y"] - again["y"]) < 80
        assert left_at  # it was somewhere down the list
    finally:
        context.close()


def test_a_code_is_fetched_only_by_who_opens_it(open_page):
    page = open_page()
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/openings/?kind=vacancy")
    page.locator(".cards a").first.click()
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if url.endswith("code.svg")]
    page.get_by_text("发给别人看").click()
    picture = page.locator(".share-code")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.share-code').naturalWidth > 0")
    assert [url for url in fetched if url.endswith("code.svg")]
