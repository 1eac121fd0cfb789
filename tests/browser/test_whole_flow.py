"""The main job as people click it: from a spreadsheet in the office to a hire on a phone."""

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK_SIZE, PASSWORD
from webapp.core import clock

pytestmark = pytest.mark.browser

STAFF, EMPLOYER = "13800000003", "13800000002"
COMPANY = "重庆暖邻家政服务有限公司"
TITLE = "孔雀羽毛整理工"  # like nothing else in the demo, so that the test finds its own
SOON = 90  # seconds the scheduler may take on a busy machine


def spreadsheet(folder: Path) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append(
        ["招聘职位", "招聘单位", "薪资", "工作地点", "人数", "学历", "有效期至", "职位描述"]
    )
    until = clock.today() + timedelta(days=30)
    sheet.append(
        [
            TITLE, COMPANY, "2800-3200元/月", "重庆市-九龙坡区-华岩镇", 1, "不限", until,
            "把孔雀羽毛分色、理顺、扎成把。坐着做，手脚麻利就行。",
        ]
    )  # fmt: skip
    path = folder / "招工表.xlsx"
    book.save(path)
    return path


def reload_until(page: Page, path: str, words: str) -> None:
    """Reload until ``words`` stand on the page: the scheduler needs its moment."""
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        page.goto(path)
        if page.get_by_text(words).count():
            return
        time.sleep(2)
    raise AssertionError(f"{words} did not come to {path} in {SOON} s")


def test_from_a_spreadsheet_to_a_hire(open_page, tmp_path):
    staff = open_page(STAFF, size=DESK_SIZE)
    staff.goto("/staff/imports/")
    staff.get_by_label("招聘信息表").check()
    staff.locator("input[type=file]").set_input_files(spreadsheet(tmp_path))
    staff.locator("main form[enctype] button").click()
    heading = staff.get_by_role("heading", level=1)
    expect(heading).to_have_text("看看每一列认得对不对", timeout=SOON * 1000)
    staff.get_by_role("button", name="看看每一行").click()
    expect(heading).to_have_text("看看每一行会录成什么", timeout=SOON * 1000)
    staff.get_by_role("button", name=re.compile("确认，导入")).click()
    expect(heading).to_have_text("导入结果", timeout=SOON * 1000)

    staff.goto("/staff/openings/?q=孔雀")
    staff.get_by_role("link", name=re.compile(TITLE)).first.click()
    staff.get_by_role("button", name="发布出去").click()
    visitor = open_page()
    visitor.goto("/openings/?q=kongque")
    found = visitor.get_by_role("link", name=re.compile(TITLE))
    expect(found).to_be_visible()
    address = found.get_attribute("href")

    resident = open_page()
    resident.goto("/register")
    resident.fill("#name", "罗孔雀")
    resident.fill("#phone", "13977778888")
    resident.fill("#password", PASSWORD)
    resident.fill("#unit_address", "9栋2单元-1101")
    resident.check("#service")
    resident.locator("main form button.btn-primary, main form button[type=submit]").last.click()
    resident.goto("/me/profile/basics")
    resident.fill("#birth_date", "1979-03-01")
    resident.locator("main form button").last.click()
    resident.goto("/me/profile/wanted")
    resident.fill("#wanted", "整理孔雀羽毛")
    resident.locator("main form button").last.click()

    reload_until(staff, "/staff/residents/?q=罗孔雀", "罗孔雀")
    staff.locator("main table").get_by_role("link", name=re.compile("罗孔雀")).first.click()
    reload_until(staff, staff.url, TITLE)
    staff.get_by_role("link", name=re.compile(TITLE)).first.click()
    staff.locator("summary", has_text="推荐给居民").click()
    staff.get_by_role("button", name="推荐给居民").click()
    staff.wait_for_load_state()

    resident.goto("/me/")
    resident.get_by_role("link", name=re.compile(TITLE)).first.click()
    resident.get_by_role("button", name="我愿意").click()
    resident.wait_for_load_state()

    # Her number is unproven: no employer sees her until staff have called back.
    expect(resident.get_by_role("button", name="同意，告诉单位")).to_have_count(0)
    staff.goto("/staff/residents/?q=罗孔雀")
    staff.locator("main table").get_by_role("link", name=re.compile("罗孔雀")).first.click()
    staff.get_by_role("button", name="打过电话，是本人").click()
    staff.wait_for_load_state()
    resident.goto("/me/")
    resident.get_by_role("link", name=re.compile(TITLE)).first.click()
    resident.get_by_role("button", name="同意，告诉单位").click()
    resident.wait_for_load_state()

    employer = open_page(EMPLOYER)
    employer.goto("/employer/applicants")
    employer.get_by_role("link", name=re.compile("罗孔雀")).first.click()
    expect(employer.get_by_text("9栋2单元")).to_have_count(0)
    employer.get_by_text("录用，已说好上岗").first.click()
    employer.fill("#start_date", clock.today().isoformat())
    employer.fill("#evidence", "签了劳动合同")
    employer.get_by_role("button", name="录用，已说好上岗").click()
    expect(employer.get_by_text("已上岗").first).to_be_visible()

    resident.goto("/me/")
    expect(resident.get_by_text(TITLE).first).to_be_visible()
    resident.goto("/me/messages/")
    expect(resident.get_by_text(re.compile("上岗|录用")).first).to_be_visible()
    visitor.goto(address)
    expect(visitor.get_by_text("已经招满了")).to_be_visible()


def test_two_staff_decide_on_the_same_suggestion(open_page):
    """The second one is told, and nothing happens twice."""
    first, second = open_page(STAFF, size=DESK_SIZE), open_page("13800000007", size=DESK_SIZE)
    first.goto("/staff/matches/")
    second.goto(first.url)
    name = first.locator("#pair-title").inner_text()
    assert second.locator("#pair-title").inner_text() == name
    first.keyboard.press("y")
    first.wait_for_load_state()
    expect(first.locator("#pair-title")).not_to_have_text(name)
    second.get_by_role("button", name=re.compile("推荐给居民")).first.click()
    expect(
        second.get_by_text(re.compile("已经有人处理|不能再做这一步|情况有变")).first
    ).to_be_visible()


def test_everything_works_without_javascript(browser, demo_server):
    context = browser.new_context(base_url=demo_server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login")
    page.fill("#phone", "13800000005")
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    expect(page.get_by_role("heading", level=1)).to_contain_text("张建国")
    page.goto("/openings/?q=缝纫")
    page.locator("main article a, main li a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="大字版").click()
    assert "large" in (page.locator("html").get_attribute("class") or "")
    context.close()
