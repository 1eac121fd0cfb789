"""Piecework from a company's order to a family's pay, clicked through by all who have a part."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK_SIZE
from webapp.core import clock

pytestmark = pytest.mark.browser

COMPANY, STAFF, PAYER, FAMILY = "13800000006", "13800000003", "13800000007", "13800000001"
TITLE = "红丝带蝴蝶结"


def fill_in(page: Page, path: str, **typed: object) -> None:
    """Open a page with one form, fill it in as a person would, and send it."""
    page.goto(path)
    form = page.locator("main form[method=post]").last
    for name, value in typed.items():
        for one in value if isinstance(value, list) else [value]:
            field = form.locator(f"[name='{name}']")
            kind = field.first.evaluate("one => one.type")
            if kind in {"radio", "checkbox"}:
                form.locator(f"[name='{name}'][value='{one}']").check()
            elif kind == "select-one":
                field.select_option(str(one))
            else:
                field.fill(str(one))
    form.locator(".buttons button, button.btn-primary").first.click()
    expect(page.locator(".error-summary")).to_have_count(0)


def number(page: Page, pattern: str) -> str:
    """Return the id that the page's address ends with."""
    found = re.search(pattern + r"/(\d+)", page.url)
    assert found, page.url
    return found[1]


def test_from_a_companys_order_to_a_familys_pay(open_page):
    company, family = open_page(COMPANY), open_page(FAMILY)
    staff, payer = open_page(STAFF, size=DESK_SIZE), open_page(PAYER, size=DESK_SIZE)

    fill_in(
        company,
        "/employer/piecework/new",
        mode="supplied",
        title=TITLE,
        description="照样品系，两边一样长。",
        quality="不散，不起毛",
        quantity=100,
        piece_unit="个",
        lot_pieces=10,
        deadline=(clock.today() + timedelta(days=20)).isoformat(),
        price=4,
        rate=3,
        margin="0.5",
        material_supply="我们送到社区",
        acceptance="each",
        **{
            "materials-0-name": "丝带",
            "materials-0-use_amount": 22,
            "materials-0-unit": "centimetre",
            "materials-0-allowance": 5,
            "materials-0-pack_size": 100,
            "materials-0-cost": 5,
        },
    )
    order = number(company, "piecework")
    fill_in(company, f"/employer/piecework/order/{order}/submit")

    desk = f"/staff/piecework/order/{order}"
    staff.goto(f"{desk}/seal")
    items = [one.get_attribute("value") for one in staff.locator("[name='items']").all()]
    fill_in(
        staff, f"{desk}/seal", items=items, sample_code="丝-1", sample_pieces=10, sample_passed=10
    )
    for minutes in (5, 8, 12):
        fill_in(staff, f"{desk}/time", pieces=10, minutes=minutes, passed=10)
    fill_in(staff, f"{desk}/publish")
    fill_in(staff, f"{desk}/receive", amount=2400, label="头一批")

    family.goto("/openings/?kind=piecework")
    family.get_by_role("link", name=TITLE).click()
    family.get_by_role("link", name="领一份").click()
    family.fill("[name='pieces']", "20")
    family.locator("[name='members']").first.check()
    family.get_by_role("button", name="领一份").click()
    expect(family.get_by_text("领好了")).to_be_visible()
    assignment = number(family, "piecework")

    counter = f"/staff/piecework/share/{assignment}"
    fill_in(staff, f"{counter}/trial", pieces=2, minutes=2, passed=2)
    fill_in(staff, f"/staff/piecework/shares/{assignment}")  # the one main action: hand out all
    family.goto(f"/me/piecework/{assignment}")
    family.get_by_role("button", name="开始做了").click()
    family.fill("[name='pieces']", "20")
    family.get_by_role("button", name="交这一批").click()
    expect(family.get_by_text("货交了，等社区验收")).to_be_visible()

    staff.goto("/staff/piecework/inspections")
    staff.get_by_role("link", name=re.compile(TITLE)).click()
    fill_in(staff, staff.url, accepted=19, rework=0, rejected=1, note="一个起了毛")
    fill_in(payer, "/staff/piecework/settlements")
    run = number(payer, "settlements")
    fill_in(payer, f"/staff/piecework/run/{run}/pay", method="cash")

    family.goto("/me/piecework/passbook")
    expect(family.get_by_text("−57.00")).to_be_visible()  # nineteen at three yuan, in cash
