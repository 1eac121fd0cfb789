"""Two roads to a job as people click them: a course to order, and a trial day told differently."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK_SIZE, PHONE_SIZE, TimeMachine
from webapp.core import clock

pytestmark = pytest.mark.browser

EMPLOYER, STAFF, COLLEAGUE = "13800000006", "13800000003", "13800000007"
LEARNER, LEARNS = "13800000005", "张建国"
POST = "手工坊样品师"  # an opening of the employer that he is not on his way to
TRIES, WHO = "13800000001", "陈桂芳"
OFFERED = "手工坊缝纫工"  # another, which she is offered


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


def test_from_a_course_to_order_to_the_promised_job(time_machine: TimeMachine) -> None:
    staff = time_machine(STAFF, size=DESK_SIZE)
    staff.goto("/staff/training/new?template=sewing")
    for field, value in (
        ("first_day", day(2)), ("enrol_until", day(2)), ("count", "1"), ("seats", "3"),
        ("room", "四楼空教室"), ("trainer", "袁桂英"), ("title", "质检缝纫快班"),
    ):  # fmt: skip
        staff.fill(f"#{field}", value)
    for nth in range(7):  # on whatever day of the week it is
        staff.locator("input[name=days]").nth(nth).check()
    press(staff, "发出去，开始报名")

    employer = time_machine(EMPLOYER)
    employer.goto("/employer/training/")
    employer.get_by_role("link", name=re.compile("质检缝纫快班")).first.click()
    course = employer.get_by_role("link", name="看这门课").get_attribute("href")
    assert course
    promised = employer.locator("#opening_id option", has_text=POST).get_attribute("value")
    employer.select_option("#opening_id", promised)
    for field, value in (
        ("people", "1"), ("pay", "4500"), ("start_from", day(3)), ("start_until", day(20)),
    ):  # fmt: skip
        employer.fill(f"#{field}", value)
    press(employer, "说好了")

    me = time_machine(LEARNER)
    me.goto(course)
    expect(me.get_by_text(POST)).to_be_visible()  # what is promised stands before she decides
    me.get_by_role("link", name="我要报名").click()
    press(me, "报名")
    me.goto("/me/training/")
    expect(me.get_by_text("座位留好了").first).to_be_visible()

    time_machine.travel(days=2)
    time_machine.run_job("run_courses")
    staff, colleague = (time_machine(one, size=DESK_SIZE) for one in (STAFF, COLLEAGUE))
    staff.goto("/staff/training/")
    staff.get_by_role("link", name=re.compile("质检缝纫快班")).first.click()
    run = staff.url
    staff.locator("details", has_text="点名").get_by_role("link").first.click()
    press(staff, "到了")
    expect(staff.get_by_text("都点好了")).to_be_visible()
    staff.goto(run)
    staff.get_by_role("link", name="记结果").click()
    staff.check("[name=passed][value=yes]")
    press(staff, "记下，等同事核对")
    expect(staff.get_by_text("等另一位同事核对").first).to_be_visible()
    colleague.goto(run)
    press(colleague, "核对过，没错")
    expect(colleague.get_by_text("结业证 FM").first).to_be_visible()

    me = time_machine(LEARNER)
    me.goto("/me/training/")
    me.get_by_role("link", name=re.compile("结业证")).first.click()
    code = re.search(r"/certificates/([A-Z0-9]{8,})", me.content())
    assert code
    visitor = time_machine()
    visitor.goto(f"/certificates/{code[1]}")
    expect(visitor.get_by_text("质检缝纫快班").first).to_be_visible()
    expect(visitor.get_by_text("有效").first).to_be_visible()
    expect(visitor.get_by_text(LEARNS)).to_have_count(0)

    staff.goto(f"/staff/residents/?q={LEARNS}")
    staff.locator("main table").get_by_role("link", name=re.compile(LEARNS)).first.click()
    staff.get_by_role("link", name=re.compile(POST)).first.click()
    expect(staff.get_by_text("学完了「质检缝纫快班」").first).to_be_visible()
    staff.locator("summary", has_text="推荐给居民").click()
    press(staff, "推荐给居民")
    say_yes_and_share(me, POST)
    employer = time_machine(EMPLOYER)
    employer.goto(me.url.replace("/me/", "/employer/"))
    expect(employer.get_by_role("heading", level=1)).to_contain_text(LEARNS)
    employer.get_by_text("录用，已说好上岗").first.click()
    employer.fill("#start_date", day(1))
    hire_on(employer)
    employer.goto("/employer/training/")
    expect(employer.get_by_text(re.compile("学完 1 人")).first).to_be_visible()


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
    me.locator(".wait", has_text="试岗 ·").get_by_role("link", name="去回话").first.click()
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
    staff.get_by_role("link", name="试岗，两边说的不一样").click()
    staff.get_by_role("main").get_by_role("link", name=re.compile(WHO)).first.click()
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
