"""The workbench of the demo: all there is to do on one screen, each number true, calls in place."""

from tests import workbench
from tests.browser.conftest import DESK_SIZE
from webapp.home.worklist import LISTS

STAFF = "13800000003"


def test_all_there_is_to_do_stands_on_one_screen_and_each_number_is_true(open_page):
    page = open_page(STAFF, size=DESK_SIZE)
    page.goto("/staff/")
    kinds = page.locator(".today-kind")
    assert kinds.count() >= 15  # the demo has something of most kinds
    boxes = [kinds.nth(n).bounding_box() for n in range(kinds.count())]
    lowest = max(box["y"] + box["height"] for box in boxes)
    each = (lowest - boxes[0]["y"]) / len(boxes)
    assert lowest <= DESK_SIZE["height"]
    # Were there something of every kind, with both kinds of records alike and the queue.
    assert boxes[0]["y"] + each * (len(LISTS) + 3) <= DESK_SIZE["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK_SIZE["width"]

    def see(path):
        answer = page.request.get(path)
        assert answer.ok
        return answer.text()

    assert len(workbench.numbers(see("/staff/"))) == kinds.count()
    assert workbench.untrue(see) == []


def test_a_call_is_noted_in_two_taps_without_leaving_the_workbench(open_page):
    page = open_page(STAFF, size=DESK_SIZE)
    page.goto("/staff/")
    line = page.locator("#part-due")
    first, count = line.locator(".today-line").inner_text(), line.locator(".count").inner_text()
    line.get_by_text("记电话").click()
    line.get_by_role("button", name="没打通").click()
    page.wait_for_url("**/staff/")
    line = page.locator("#part-due")
    assert line.locator(".count").inner_text() == str(int(count) - 1)
    assert line.locator(".today-line").inner_text() != first
    assert "没打通" not in line.inner_text()
