"""Attendance without network in a real browser: cut off, marked, reloaded, sent, and wiped."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK_SIZE
from tests.browser.test_every_page import AXE_RULES, AXE_RUN

pytestmark = pytest.mark.browser

STAFF, COLLEAGUE, LEARNER = "13800000003", "13800000007", "13800000001"
HELD = """async () => {
  const databases = (await indexedDB.databases()).filter(one => one.name === 'fumin-attendance');
  if (!databases.length) return 0;
  const open = indexedDB.open('fumin-attendance');
  await new Promise(done => { open.onsuccess = done; });
  const read = open.result.transaction(['grant', 'taps']);
  const counts = await Promise.all(['grant', 'taps'].map(name => new Promise(done => {
    const count = read.objectStore(name).count();
    count.onsuccess = () => done(count.result);
  })));
  open.result.close();
  return counts[0] + counts[1] + (await caches.keys()).length
    + (await navigator.serviceWorker.getRegistrations()).length;
}"""


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands, on a phone, in large print, on a desk."""
    page.evaluate(Axe().axe_script)
    found = page.evaluate(AXE_RUN, AXE_RULES)
    wide = "document.documentElement.scrollWidth - window.innerWidth"
    if page.evaluate(wide) > 0:
        found.append("wider than the telephone")
    page.evaluate("document.documentElement.classList.add('large')")
    if page.evaluate(wide) > 0:
        found.append("wider than the telephone in large print")
    found += page.evaluate(AXE_RUN, AXE_RULES)
    page.evaluate("document.documentElement.classList.remove('large')")
    size = page.viewport_size
    page.set_viewport_size(DESK_SIZE)
    found += page.evaluate(AXE_RUN, AXE_RULES)
    page.set_viewport_size(size)
    return found


def of_the_meeting(page: Page) -> str:
    """Return the address of the meeting that is on now."""
    page.goto("/staff/training/")
    page.get_by_role("link", name="丝网花和绢花班").first.click()
    links = page.locator("a[href*='/meetings/']")
    return links.nth(1).get_attribute("href") or ""


def person(page: Page, seat: int) -> "object":
    return page.locator("[data-people] > li").nth(seat - 1)


def take_the_list(page: Page, meeting: str) -> None:
    page.goto(meeting)
    page.get_by_role("button", name="这台手机没网也能点名").click()
    expect(page.locator("[data-told]")).to_contain_text("名单存好了")
    expect(page.locator("main[data-ready]")).to_have_count(1)


def test_marks_without_network_are_neither_lost_nor_doubled(open_page):
    page, online = open_page(STAFF), open_page(COLLEAGUE)
    meeting = of_the_meeting(page)
    online.goto(meeting)
    before = online.locator(".card-plain:has(form[action$='/mark'])").count()
    seats = [
        int(text.split(".")[0])
        for text in online.locator(
            ".card-plain:has(form[action$='/mark']) strong"
        ).all_inner_texts()
    ]
    assert before >= 4
    take_the_list(page, meeting)
    assert faults(page) == []
    state, context = page.locator("[data-state]"), page.context
    context.set_offline(True)
    for seat, word in zip(seats, ("到了", "迟到", "没到"), strict=False):
        person(page, seat).get_by_role("button", name=word).click()
        expect(person(page, seat)).to_contain_text("存在手机上")
    person(page, seats[2]).get_by_role("button", name="撤回").click()
    expect(person(page, seats[2]).get_by_role("button", name="请假")).to_be_visible()
    person(page, seats[2]).get_by_role("button", name="请假").click()
    # The count is of people, so it stood at three before this tap; only these words say it is kept.
    expect(person(page, seats[2])).to_contain_text("存在手机上")
    expect(state).to_contain_text("已存在这台手机：3 条，还没送到")
    page.reload()  # without network
    expect(page.locator("main[data-ready]")).to_have_count(1)
    expect(state).to_contain_text("已存在这台手机：3 条，还没送到")
    expect(person(page, seats[1])).to_contain_text("迟到")
    assert faults(page) == []
    other = context.new_page()  # a second tab of the same telephone
    other.goto("/training/attendance/")
    expect(other.locator("[data-state]")).to_contain_text("3 条")
    person(other, seats[3]).get_by_role("button", name="到了").click()
    expect(state).to_contain_text("4 条")
    # A colleague marks somebody otherwise meanwhile.
    card = online.locator(f".card-plain:has(strong:text-matches('^{seats[0]}\\\\.'))")
    card.get_by_role("button", name="没到").click()
    expect(online.locator("main")).to_contain_text(f"还有 {before - 1} 个人没有点")
    context.set_offline(False)  # both tabs notice, and send
    expect(state).to_contain_text("都送到了")
    expect(other.locator("[data-state]")).to_contain_text("都送到了")
    expect(person(page, seats[0])).to_contain_text("跟网上点的不一样")
    expect(page.locator("[data-notes]")).to_contain_text("社区定")
    other.close()
    online.reload()
    expect(online.locator("main")).to_contain_text(f"还有 {before - 4} 个人没有点")
    expect(online.locator("main")).to_contain_text("手机上点的是「到了」")
    online.get_by_role("button", name="网上的对，不改").click()
    expect(online.locator("main")).to_contain_text("网上的不改")
    assert page.evaluate(HELD) > 0
    page.get_by_role("button", name="点完了，从这台手机删掉").click()
    expect(state).to_contain_text("都送到了，名单从这台手机删掉了")
    assert page.evaluate(HELD) == 0
    online.reload()
    expect(online.locator("aside")).to_contain_text("送来 6 下")
    page.goto("/training/attendance/")
    expect(page.locator("main")).to_contain_text("这台手机没有存名单")
    assert faults(page) == []


def test_signing_out_sends_and_wipes(open_page):
    page = open_page(STAFF)
    meeting = of_the_meeting(page)
    take_the_list(page, meeting)
    page.goto(meeting)
    assert page.evaluate(HELD) > 0
    page.get_by_role("button", name="退出").click()
    expect(page.locator("main")).to_contain_text("您已退出登录")
    assert page.evaluate(HELD) == 0


def test_an_expired_list_is_deleted_and_what_was_lost_is_said(open_page):
    page = open_page(STAFF)
    take_the_list(page, of_the_meeting(page))
    page.context.set_offline(True)
    page.locator("[data-marks]:not([hidden]) [data-presence=late]").first.click()
    state = page.locator("[data-state]")
    expect(state).to_contain_text("1 条，还没送到")
    page.clock.set_fixed_time(page.evaluate("Date.now() + 5 * 86400000"))
    page.reload()
    expect(state).to_contain_text("过了时间，名单从这台手机删掉了。还有 1 条没送到")
    assert page.evaluate(HELD) == 0


def test_the_code_of_a_person_is_read_by_the_telephone_at_the_door(open_page):
    staff, learner, phone = open_page(STAFF), open_page(LEARNER), open_page()
    meeting = of_the_meeting(staff)
    staff.goto(meeting)
    staff.get_by_role("button", name="让老师的手机点名").click()
    expect(staff.locator(".door-qr svg")).to_be_visible()
    assert faults(staff) == []
    learner.goto("/me/training/")
    expect(learner.locator("main")).to_contain_text("上课签到")
    staff.goto(meeting)
    card = staff.locator(".card-plain:has(strong:text('陈桂芳'))")
    if card.get_by_role("button", name="撤回").count():  # another test marked them
        card.get_by_role("button", name="撤回").click()
        learner.reload()
    code = learner.locator(".door-code").inner_text().replace(" ", "")
    assert faults(learner) == []
    address = f"/training/attendance/{meeting.rsplit('/', 1)[1]}/{code}"
    learner.goto(address)
    expect(learner.locator("main")).to_contain_text("您自己打开，不会记您到了")
    take_the_list(staff, meeting)  # the telephone at the door
    staff.context.set_offline(True)
    staff.goto(address)
    expect(staff.locator("[data-found-name]")).to_contain_text("陈*芳")
    staff.get_by_role("button", name="是本人，记到了").click()
    expect(staff.locator("[data-state]")).to_contain_text("1 条，还没送到")
    staff.goto(address.replace(code, "AAAAAA"))
    expect(staff.locator("[data-found-name]")).to_contain_text("没有这个码")
    staff.goto(f"/training/attendance/1/{code}")
    expect(staff.locator("[data-found-name]")).to_contain_text("别的课、别的日子")
    staff.context.set_offline(False)
    expect(staff.locator("[data-state]")).to_contain_text("都送到了")
    learner.goto("/me/training/")
    expect(learner.locator("main")).to_contain_text("记您到了")
    phone.goto(address)
    expect(phone.locator("main")).to_contain_text("您自己打开，不会记您到了")
    staff.goto(address)  # with network and a session: the whole page of staff
    expect(staff.locator("main")).to_contain_text("已经点过了")
    assert faults(staff) == []
    staff.goto("/staff/training/")
