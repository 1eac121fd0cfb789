"""A stall from the application to the business it becomes, clicked through by all concerned."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK_SIZE
from webapp.demo.ventures import OFFERED

pytestmark = pytest.mark.browser

RESIDENT, STAFF = "13800000001", "13800000003"


def photo() -> dict[str, object]:
    """Return a picture as a file field takes it."""
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG")
    return {"name": "stall.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def reckon(page: Page) -> None:
    """Type the plan; what is enough a day is said while typing."""
    result = page.locator("[data-result]")
    expect(result).to_be_hidden()
    for name, value in {"unit": "件", "cost": "1.5", "price": "8", "fixed": "260"}.items():
        page.fill(f"[name={name}]", value)
    expect(result).to_contain_text("一天卖 2 件才不亏")
    page.fill("[name=price]", "1")
    expect(result).to_contain_text("卖多少都不够")
    page.fill("[name=price]", "8")
    page.fill("[name=expected]", "10")
    expect(result).to_contain_text("一个月剩 1430 元")
    page.click("main .btn-main")
    expect(page.locator("main")).to_contain_text("一天卖 2 件（16 元）才不亏")


def test_from_the_application_to_self_employment(open_page):
    person, staff = open_page(RESIDENT), open_page(STAFF, size=DESK_SIZE)
    # A stall that is open: one look, two taps, and the receipt.
    person.goto("/ventures/")
    person.locator(".opening-card a", has_text="社区菜市场鱼摊").click()
    person.get_by_role("link", name="我想要这个摊位").click()
    person.click("main .btn-main")
    receipt = person.locator(".receipt").inner_text()
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{12}", receipt)
    # One that was given out: the list names receipts alone.
    person.goto("/me/ventures/")
    person.get_by_role("link", name=OFFERED).click()
    code = person.locator(".receipt").inner_text()
    case = person.url
    person.get_by_role("link", name="看名单和结果").click()
    expect(person.locator("main")).to_contain_text(code)
    expect(person.locator("main")).not_to_contain_text("陈桂芳")
    person.goto(case)
    person.get_by_role("button", name="要，这个摊位我来做").click()
    expect(person.locator("main")).to_contain_text("在准备了")
    person.locator("summary", has_text="不用办营业执照").click()
    expect(person.get_by_text("凭手艺做的小活")).to_be_visible()
    person.get_by_role("link", name="来算一算").click()
    reckon(person)
    # Staff ask a member to stand by them, come by with a camera, and note that it is open.
    staff.goto(f"/staff/ventures/cases/{case.rsplit('/', 1)[1]}")
    staff.get_by_label("请谁来带").select_option(index=0)
    staff.get_by_role("button", name="问问这一位").click()
    expect(staff.locator("aside")).to_contain_text("问了，等回话")
    staff.locator("summary", has_text="记一次走访").click()
    staff.fill("[name=note]", "摊子支起来了，缝纫机能用")
    staff.set_input_files("[name=photo]", photo())
    staff.get_by_role("button", name="记下来").first.click()
    expect(staff.locator("main")).to_contain_text("摊子支起来了")
    staff.locator("summary", has_text="开张了").click()
    staff.get_by_label("上门看过").check()
    staff.get_by_role("button", name="记开张").click()
    expect(staff.locator("h1")).to_contain_text("开张了")
    person.reload()
    expect(person.locator("main img.photo")).to_have_count(1)
    person.goto("/me/employment")
    expect(person.locator("main")).to_contain_text("自己做生意")
