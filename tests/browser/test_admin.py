"""An admin who has never seen it: who read what, what is late and why, a backup, a new figure."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK_SIZE, PHONE_SIZE
from tests.browser.measured import faults_of_both_sizes
from tests.browser.test_newcomer import Counted
from webapp.core import heartbeats
from webapp.core.access import SYSTEM
from webapp.ops import background

pytestmark = pytest.mark.browser
ADMIN, STAFF = "13800000004", "13800000003"


def test_who_read_a_resident_s_id_last_week_is_found_from_the_first_page(open_page):
    desk = open_page(STAFF, size=DESK_SIZE)
    desk.goto("/staff/residents/?q=陈桂芳")
    desk.locator("tbody a", has_text="陈桂芳").first.click()
    desk.locator("a[href$='/reveal/id_number']").click()
    reason = desk.locator("#reason label").first
    why = reason.inner_text()
    reason.click()
    desk.locator("main form button").first.click()

    page = open_page(ADMIN)
    walk = Counted(page)
    walk.type(page.get_by_label("居民的名字"), "陈桂芳")
    page.get_by_label("哪些天").select_option(label="最近七天")
    walk.tap(page.get_by_role("button", name="查"))
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("李晓梅")
    expect(row).to_contain_text(why)
    assert walk.taps == 1


def test_a_late_job_says_why_a_backup_is_tried_and_the_minimum_wage_confirmed(time_machine):
    page = time_machine(ADMIN)
    db = time_machine.app.extensions["database"]
    with db.transaction(SYSTEM) as session:  # it was started once, and never again
        heartbeats.beat(session, heartbeats.SCHEDULER_START)
        heartbeats.beat(session, heartbeats.SCHEDULER)
    time_machine.travel(days=2)
    time_machine.run_job("watch_upkeep")
    page.goto("/admin/")
    walk = Counted(page)
    walk.tap(page.get_by_role("link", name="定时的事晚了"))
    expect(page.locator("tbody tr").first.locator("strong")).to_contain_text("后台程序停着")
    assert faults_of_both_sizes(page) == []

    time_machine.run_job("nightly_backup")
    page.goto("/admin/")
    walk.tap(page.locator("summary", has_text="菜单"))
    walk.tap(page.get_by_role("link", name="备份", exact=True))
    page.get_by_role("button", name="试着恢复").click()  # the page of the job follows by itself
    expect(page).to_have_url(re.compile("/staff/jobs/"))
    with time_machine.app.app_context():
        background.work(db)
    page.goto("/admin/backups/")
    expect(page.locator("tbody tr").first).to_contain_text("恢复得了")
    for size in (PHONE_SIZE, DESK_SIZE):
        page.set_viewport_size(size)
        walk.look()
    assert faults_of_both_sizes(page) == []

    page.set_viewport_size(PHONE_SIZE)
    page.goto("/admin/")
    before = walk.taps
    walk.tap(page.get_by_role("link", name="规定的数目该核对了"))
    first = page.locator("main section").first
    expect(first.get_by_role("heading")).to_contain_text("最低工资")
    name = first.get_attribute("id")
    number = re.search(r"该核对的 (\d+) 个", page.content())[1]
    walk.tap(first.get_by_role("button", name="我照文件核对过"))
    expect(page.get_by_role("status")).to_contain_text("核对过")
    expect(page.locator(f"#{name}")).to_have_count(0)
    assert f"该核对的 {int(number) - 1} 个" in page.content()
    assert walk.taps - before == 2
    for show in ("due", "unset", "law"):
        page.goto(f"/admin/rules/?show={show}")
        assert faults_of_both_sizes(page) == [], show
        page.set_viewport_size(DESK_SIZE)
        walk.look()
        page.set_viewport_size(PHONE_SIZE)
