"""Somebody without an account says something; the branch answers; it is not solved after all."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK_SIZE, TimeMachine
from tests.browser.test_every_page import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OWNER, CALLER = "13800000003", "13800000007"
WORDS = "领料处的桌子断了一条腿，放上去的料会倒"
PUBLIC_WORDS = "领料处的桌子断了一条腿"


def picture() -> dict[str, object]:
    """A picture as a telephone hands it in."""
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG")
    return {"name": "table.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def say(page: Page, visibility: str) -> str:
    """Fill in the one form, from the first page: two fields, two taps and a picture."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("^我有话说")).click()
    page.set_input_files("[name=photos]", picture())
    page.get_by_label("什么事").fill(WORDS)
    page.get_by_label("在哪里").fill("服务中心一楼")
    page.get_by_label(re.compile(visibility)).check()
    page.get_by_role("button", name="告诉社区").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("社区收到了")
    return "".join(page.locator(".code-box .ticket-code").first.inner_text().split())


def done(page: Page, words: str) -> None:
    """What was done is said."""
    expect(page.locator("[role=status]")).to_contain_text(words)


def handle(staff: Page) -> str:
    """Sort it, take it, answer it, and let everybody read it; return its page."""
    staff.goto("/staff/tickets/?list=unsorted")
    staff.locator("main a", has_text=WORDS[:10]).first.click()
    form = staff.locator("form[action$='/sort']")
    form.get_by_label(re.compile("^富民支部")).check()
    form.get_by_label("要办件事").check()
    form.get_by_role("button").click()
    done(staff, "分好了")
    form = staff.locator("form[action$='/dispatch']")
    form.get_by_label("责任人").select_option(label="李晓梅（富民支部）")
    form.get_by_label("后备").select_option(label="王志强（富民支部）")
    form.get_by_role("button").click()
    form = staff.locator("form[action$='/reply']")
    form.locator("textarea").first.fill("桌子换了一张，请来看看。")
    form.get_by_role("button").click()
    done(staff, "答复了")
    staff.locator("summary", has_text="公开").first.click()
    form = staff.locator("form[action$='/publish']")
    form.locator("textarea").fill(PUBLIC_WORDS)
    form.get_by_role("button").click()
    done(staff, "大家看得到了")
    return staff.url


def ring_up(caller: Page, ticket: str) -> None:
    """Another member asks; it is said to be solved."""
    caller.goto(ticket)
    caller.locator("form[action$='/call'] button").click()
    form = caller.locator("form[action$='/outcome']")
    form.get_by_label("解决了", exact=True).check()
    form.get_by_label("满意", exact=True).check()
    form.get_by_role("button").click()
    done(caller, "记下了")


def test_from_a_picture_to_once_more(time_machine: TimeMachine) -> None:
    time_machine.travel(days=1)  # to noon, when one may ring people up
    person = time_machine()
    code = say(person, "大家都能看")
    follow = f"/feedback/{code}"
    faults = faults_of(person, person.url, ("tickets.filed",), "public")
    ticket = handle(time_machine(OWNER, size=DESK_SIZE))
    person.goto(follow)
    expect(person.locator("main")).to_contain_text("桌子换了一张")
    faults += faults_of(person, follow, ("tickets.follow",), "public")
    ring_up(time_machine(CALLER, size=DESK_SIZE), ticket)
    # It is not, after all: the code on the slip is enough.
    person.goto("/feedback/")
    person.get_by_label("纸条上的编号").fill(f"{code[:4].lower()} {code[4:8]} {code[8:]}")
    person.get_by_role("button", name="看", exact=True).click()
    expect(person.get_by_role("heading", level=1)).to_contain_text("您说解决了")
    person.locator("summary", has_text="没办好，再办").click()
    person.get_by_label("还有什么没办好").fill("新桌子又歪了")
    person.get_by_role("button", name="请再办").click()
    expect(person.get_by_role("heading", level=1)).to_have_text("正在办")
    # Everybody reads that it is being worked on again, and neither the code nor the words since.
    anybody = time_machine()
    anybody.goto("/feedback/public")
    anybody.locator(".cell a", has_text=PUBLIC_WORDS).click()
    expect(anybody.locator(".tags")).to_contain_text("正在办")
    expect(anybody.locator("main")).to_contain_text("本人说没办好")
    expect(anybody.locator("main")).not_to_contain_text(code)
    expect(anybody.locator("main")).not_to_contain_text("新桌子又歪了")
    faults += faults_of(anybody, anybody.url, ("tickets.public_ticket",), "public")
    assert not faults, "\n".join(faults)


def test_a_private_one_asks_for_its_pin(time_machine: TimeMachine) -> None:
    person, stranger = time_machine(), time_machine()
    code = say(person, "只给社区看")
    pin = person.locator(".code-box .ticket-code").nth(1).inner_text()
    stranger.goto(f"/feedback/{code}")
    faults = faults_of(stranger, stranger.url, ("tickets.pin",), "public")
    expect(stranger.locator("main")).not_to_contain_text(WORDS)
    stranger.get_by_label("密码").fill("000000" if pin != "000000" else "000001")
    stranger.get_by_role("button", name="看", exact=True).click()
    expect(stranger.locator("main")).to_contain_text("编号和密码对不上")
    stranger.get_by_label("密码").fill(pin)
    stranger.get_by_role("button", name="看", exact=True).click()
    expect(stranger.locator("main")).to_contain_text(WORDS)
    expect(stranger.locator(".ticket-photos img")).to_have_count(1)
    stranger.get_by_role("button", name="看完了，锁上").click()
    stranger.goto(f"/feedback/{code}")
    expect(stranger.locator("main")).not_to_contain_text(WORDS)
    assert not faults, "\n".join(faults)
