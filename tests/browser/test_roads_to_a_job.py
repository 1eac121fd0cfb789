"""A road to a job as people click it: a trial day that two sides tell differently."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK_SIZE, PHONE_SIZE, TimeMachine
from webapp.core import clock

pytestmark = pytest.mark.browser

EMPLOYER, STAFF = "13800000006", "13800000003"
TRIES, WHO = "13800000001", "陈桂芳"
OFFERED = "手工坊缝纫工"  # what she is offered


def day(ahead: int) -> str:
    return (clock.today() + timedelta(days=ahead)).isoformat()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def say_yes_and_share(page: Page, title: str) -> None:
    page.goto("/me/")
    page.get_by_role("link", name=re.compile(title)).first.click()
    press(page, "我愿意")
    press(page, "同意，告诉单位")


def hire_on(page: Page) -> None:
    page.fill("#evidence", "签了劳动合同")
    page.get_by_role("button", name="录用，已说好上岗").click()
    expect(page.get_by_text("已说好，").first).to_be_visible()


def test_a_trial_day_that_two_sides_tell_differently(time_machine: TimeMachine) -> None:
    me = time_machine(TRIES)
    say_yes_and_share(me, OFFERED)
    employer = time_machine(EMPLOYER)
    applicant = me.url.replace("/me/", "/employer/")
    employer.goto(applicant)
    expect(employer.get_by_role("heading", level=1)).to_contain_text(WHO)
    employer.get_by_role("link", name="先试岗一到三天").click()
    for field, value in (
        ("starts_at", "08:30"), ("ends_at", "17:00"), ("address", "社区手工坊一楼"),
        ("contact", "周店长 023-68123401"), ("duties", "跟着师傅踩边"), ("pay_yuan", "200"),
        ("cover_note", "开工前在社保局登记"),
    ):  # fmt: skip
        employer.fill(f"#{field}", value)
    employer.check("[name=cover][value=work_injury]")
    for ahead in range(2, 9):  # a class of hers may stand against the first
        employer.fill("#first_day", day(ahead))
        press(employer, "就约这个")
        if "/matches/" not in employer.url:
            break

    me.goto("/me/")
    me.get_by_role("link", name="看试岗").first.click()
    trial = me.url
    yes = me.get_by_role("button", name="行", exact=True)
    box = yes.bounding_box()  # in sight, whatever stands above it
    assert box
    assert box["y"] + box["height"] <= PHONE_SIZE["height"] - 4 * 18  # the bar of places
    press(me, "行")
    expect(me.get_by_text("两边都说好了").first).to_be_visible()

    time_machine.travel(days=ahead)
    employer = time_machine(EMPLOYER)
    employer.goto(applicant.replace("matches", "trials/matches"))  # leads to the one under way
    employer.check("[name=outcome][value=not_held]")
    employer.select_option("#why_not_held", "resident")
    press(employer, "就这样说")
    me = time_machine(TRIES)
    me.goto(trial)
    expect(me.get_by_text("单位说：没有去成")).to_be_visible()
    me.locator("summary", has_text="不是这样").click()
    me.check("[name=outcome][value=came_to_job]")
    me.fill("#starts_on", day(3))
    me.fill("#sentence", "去了，师傅说下周来上班")
    press(me, "就这样说")
    expect(me.get_by_text("两边说的不一样").first).to_be_visible()

    staff = time_machine(STAFF, size=DESK_SIZE)
    staff.goto("/staff/")
    listed = staff.locator("section", has_text="试岗，两边说的不一样")
    listed.get_by_role("link", name=re.compile(WHO)).click()
    expect(staff.get_by_text("师傅说下周来上班").first).to_be_visible()
    deciding = staff.locator("form[action$=decide]")
    deciding.locator("[name=outcome][value=came_to_job]").check()
    deciding.locator("#note").fill("打了店里电话，师傅记得她来过")
    press(staff, "就这样定")
    staff.get_by_role("link", name="去记录用").click()
    assert staff.input_value("#start_date") == day(3)
    hire_on(staff)
    me.goto(trial)
    expect(me.get_by_text("办完了：留下来上班").first).to_be_visible()
