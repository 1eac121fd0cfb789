"""Piecework on a phone: screens, taps and typed fields from 我的 to the passbook's line."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK_SIZE
from tests.browser.test_newcomer import Counted
from tests.browser.test_piecework import FAMILY, STAFF, fill_in, number

pytestmark = pytest.mark.browser
#: At most (screens, taps, typed fields) from 我的 on: to a share, handed in, to its line.
CLAIM, HAND_IN, LINE = (6, 5, 0), (5, 4, 1), (2, 1, 0)


def within(walk, aim, begun=(0, 0, 0)):
    """Hold a walk against its aim; ``begun`` is what was counted before."""
    done = (walk.screens - begun[0], walk.taps - begun[1], walk.typed - begun[2])
    assert all(one <= most for one, most in zip(done, aim, strict=True)), (done, aim)


def test_from_me_to_a_share_and_to_its_line_in_the_passbook(open_page):
    page = open_page(FAMILY)
    page.goto("/me/")
    walk = Counted(page)
    walk.tap(page.get_by_role("link", name=re.compile("我家的手工活")).first)
    walk.tap(page.get_by_role("link", name="领一份"))
    walk.tap(page.get_by_role("link", name="红绳手链"))
    walk.tap(page.get_by_role("link", name="领一份"))
    pieces = int(page.locator("[name='pieces']").input_value())  # the least, filled in already
    walk.tap(page.get_by_role("button", name="领一份"))
    expect(page.get_by_text("领好了")).to_be_visible()
    within(walk, CLAIM)
    share = number(page, "piecework")

    staff = open_page(STAFF, size=DESK_SIZE)
    counter = f"/staff/piecework/share/{share}"
    if staff.goto(f"{counter}/trial").status == 200:
        fill_in(staff, f"{counter}/trial", pieces=2, minutes=2, passed=2)
    fill_in(staff, f"/staff/piecework/shares/{share}")  # the one main action: hand out all

    page.goto("/me/")
    walk = Counted(page)
    walk.tap(page.get_by_role("link", name=re.compile("我家的手工活")).first)
    walk.tap(page.locator(f"a[href$='/me/piecework/{share}']"))
    walk.tap(page.get_by_role("button", name="开始做了"))
    walk.type(page.locator("[name='pieces']"), str(pieces))
    walk.tap(page.get_by_role("button", name="交这一批"))
    expect(page.get_by_text("货交了，等社区验收")).to_be_visible()
    within(walk, HAND_IN)

    begun = (walk.screens - 1, walk.taps, walk.typed)
    walk.tap(page.get_by_role("link", name="看领料存折"))
    within(walk, LINE, begun)
    newest = page.locator(".book tbody tr").first
    expect(newest).to_contain_text(f"第 1 批交货 {pieces} 条")
    expect(newest).to_contain_text("红绳手链")

    page.goto("/me/piecework/passbook/print")
    paper = page.context.new_cdp_session(page).send("Page.printToPDF", {"preferCSSPageSize": True})
    assert sizes(paper["data"]) == {(420, 595)}  # A5 in points


def sizes(data):
    """Return the sizes of the pages of a PDF in base64, in whole points."""
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", base64.b64decode(data))
    return {(round(float(wide)), round(float(high))) for wide, high in boxes}
