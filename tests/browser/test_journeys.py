"""What each role does of a day, clicked through in the demo community."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK_SIZE
from webapp.core import clock

pytestmark = pytest.mark.browser

RESIDENT, STAFF, ADMIN, EMPLOYER = "13800000001", "13800000003", "13800000004", "13800000006"
WORK = "手工坊缝纫工"  # what the employer offers the resident


def test_a_resident_answers_with_one_tap_and_pauses(open_page):
    page = open_page(RESIDENT)
    page.get_by_role("button", name="我愿意").first.click()
    expect(page.get_by_role("button", name="同意，告诉单位").first).to_be_visible()
    page.goto("/me/")
    page.get_by_role("button", name="暂时不找").click()
    expect(page.get_by_text("您说了暂时不找")).to_be_visible()
    page.get_by_role("button", name="重新帮我找").click()
    expect(page.get_by_text("您说了暂时不找")).to_have_count(0)


def test_a_resident_and_an_employer_talk(open_page):
    resident, employer = open_page(RESIDENT), open_page(EMPLOYER)
    resident.goto("/me/")
    resident.get_by_role("link", name=re.compile(WORK)).first.click()
    for answer in ("我愿意", "同意，告诉单位"):  # the first one may have been given before
        button = resident.get_by_role("button", name=answer)
        if button.count():
            button.first.click()
    resident.goto("/me/messages/")
    resident.get_by_role("link", name=re.compile(WORK)).last.click()
    resident.locator("textarea").fill("星期二我准时到，要带围裙吗？")
    resident.get_by_role("button", name="发送").click()
    expect(resident.locator(".said-own").last).to_contain_text("要带围裙吗")

    employer.goto("/employer/messages/")
    employer.get_by_role("link", name=re.compile("要带围裙吗")).click()
    employer.locator("textarea").fill("围裙我们有，人来就行。")
    employer.get_by_role("button", name="发送").click()
    expect(employer.locator(".said-own").last).to_contain_text("人来就行")
    resident.reload()
    expect(resident.get_by_text("围裙我们有").first).to_be_visible()

    employer.get_by_role("link", name="看本人的情况").click()
    expect(employer.get_by_role("heading", level=1)).to_contain_text("陈桂芳")
    expect(employer.get_by_text(WORK).first).to_be_visible()


def test_staff_call_decide_together_and_tell_two_records_apart(open_page):
    page = open_page(STAFF, size=DESK_SIZE)
    page.locator("#part-newly .today-line").click()
    contacts = page.url
    page.get_by_label("说了什么").fill("电话里说想找白天的活，先看看手工")
    page.fill("#next_on", (clock.today() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="记下来").click()
    expect(page.get_by_role("status")).to_contain_text("记好了")
    page.goto(contacts)
    expect(page.get_by_text("电话里说想找白天的活")).to_be_visible()

    page.goto("/staff/matches/?list=1")
    boxes = page.locator("input[name=ids]")
    chosen = [boxes.nth(place).get_attribute("value") for place in (0, 1)]
    for place in (0, 1):
        boxes.nth(place).check()
    page.get_by_text("勾选的一起办").click()
    page.locator("[name=bulk_code]").select_option(index=0)
    page.get_by_role("button", name="把这些放在一边…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("都放在一边？")
    page.get_by_role("button", name="对，就这么办").click()
    expect(page.locator(".messages")).to_contain_text("办好了 2 条")
    for match_id in chosen:
        expect(page.locator(f"input[name=ids][value='{match_id}']")).to_have_count(0)

    page.goto("/staff/duplicates/")
    pair = page.locator("main .cell a").first
    address = pair.get_attribute("href")
    pair.click()
    page.get_by_role("button", name="不是同一个，别再提").click()
    page.goto("/staff/duplicates/")
    expect(page.locator(f"a[href='{address}']")).to_have_count(0)


def test_an_admin_adds_a_dated_row_and_looks_at_the_models(open_page):
    page = open_page(ADMIN, size=DESK_SIZE)
    page.goto("/admin/rules/")
    page.get_by_role("link", name="社区自己定的").click()
    page.locator("a[href*='name=message_reports_per_day']").click()
    page.locator("a[href*='message_reports_per_day/new']").click()
    page.fill("#value", "12")
    page.fill("#since", (clock.today() + timedelta(days=30)).isoformat())
    page.fill("#source", "社区会议定的：举报多了也看得过来")
    page.get_by_role("button", name="加上这一行").click()
    expect(page.get_by_role("status")).to_contain_text("起照这个算")
    expect(page.get_by_text("举报多了也看得过来")).to_have_count(1)

    page.goto("/admin/models/")
    page.get_by_role("link", name="出厂排序").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("出厂排序")
