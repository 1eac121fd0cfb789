"""The portal on a telephone in a real browser: put on its desktop, read without network, wiped."""

import json
import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.test_attendance import faults
from tests.unit.notices.test_push_encryption import P256DH

pytestmark = pytest.mark.browser

RESIDENT, NEIGHBOUR = "13800000001", "13800000005"
SETTINGS, KEPT = "/me/handset", "/me/kept-page"
HELD = """async () => (await caches.has('fumin-kept') ? 1 : 0)
  + (await navigator.serviceWorker.getRegistrations()).length"""


def keep(page: Page) -> None:
    """Ask the telephone to keep the page, and wait until it does."""
    page.goto(SETTINGS)
    page.get_by_role("button", name="存在这台手机上").click()
    expect(page.locator("[data-kept-done]")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")


def sign_in(page: Page, phone: str) -> None:
    page.goto("/login")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码", exact=True).fill("fumin-demo-1")
    page.locator("main").get_by_role("button", name="登录").click()
    expect(page.locator("main h1")).to_contain_text("您好")


def no_answer(page: Page, address: str) -> None:
    """Fail unless the browser finds nothing at an address without network."""
    with pytest.raises(Error, match=r"ERR_(INTERNET_DISCONNECTED|FAILED)"):
        page.goto(address)


def gone(page: Page) -> None:
    """Wait until the telephone keeps nothing, neither pages nor scripts."""
    for _ in range(50):
        if page.evaluate(HELD) == 0:
            return
        page.wait_for_timeout(100)
    pytest.fail("something is still kept")


def test_the_browser_takes_the_manifest(open_page):
    page = open_page(RESIDENT)
    page.goto(SETTINGS)
    session = page.context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert json.loads(found["data"])["name"] == "富民"
    faulty = [
        one["errorId"]
        for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    ]
    assert set(faulty) <= {"in-incognito"}  # where every test's browser is
    assert faults(page) == []


def test_appointments_are_read_without_network_and_go_on_signing_out(open_page):
    page = open_page(RESIDENT)
    context = page.context
    context.set_offline(True)
    no_answer(page, "/me/")  # nobody asked for it
    context.set_offline(False)
    keep(page)
    page.goto(KEPT)
    online = page.locator("main").inner_text()
    assert faults(page) == []
    context.set_offline(True)
    for address in ("/me/", "/me/messages/", KEPT):
        page.goto(address)
        expect(page.locator("h1")).to_have_text("没网也能看的")
        expect(page.locator("main")).to_contain_text("存下的")
    listed = online.partition("要去的")[2]
    assert listed
    assert page.locator("main").inner_text().partition("要去的")[2] == listed
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"  # its style sheets
    no_answer(page, "/openings/")  # of a person's own pages alone
    context.set_offline(False)
    page.goto("/me/")
    expect(page.locator("main h1")).to_contain_text("您好")
    page.get_by_role("button", name="退出").click()
    expect(page.locator("main")).to_contain_text("您已退出登录")
    assert page.evaluate(HELD) == 0
    context.set_offline(True)
    no_answer(page, "/me/")


def test_another_person_on_the_same_telephone_sees_nothing_of_it(open_page):
    page = open_page(RESIDENT)
    keep(page)
    name = page.locator(".account-name").inner_text()
    page.context.clear_cookies(name="fumin")  # the session ended elsewhere, nobody signed out
    sign_in(page, NEIGHBOUR)
    assert page.locator(".account-name").inner_text() != name
    gone(page)
    page.context.set_offline(True)
    no_answer(page, "/me/")


def test_a_session_that_ended_elsewhere_takes_it_along(open_page):
    page = open_page(RESIDENT)
    keep(page)
    page.context.clear_cookies(name="fumin")
    page.goto("/me/")  # leads to where one signs in
    expect(page).to_have_url(re.compile("/login"))
    gone(page)


def test_taken_back_it_is_gone_and_a_stale_page_is_not_shown(open_page):
    page = open_page(RESIDENT)
    keep(page)
    page.evaluate(
        """async address => {
          const cache = await caches.open('fumin-kept');
          const held = await cache.match(address, {ignoreVary: true});
          const headers = new Headers(held.headers);
          headers.set('X-Kept-Until', String(Math.floor(Date.now() / 1000) - 1));
          await cache.put(address, new Response(await held.text(), {headers}));
        }""",
        KEPT,
    )
    page.context.set_offline(True)
    no_answer(page, "/me/")
    page.context.set_offline(False)
    keep_again = page.context.new_page()
    keep_again.goto(SETTINGS)
    expect(keep_again.locator("[data-kept-done]")).to_be_visible()
    keep_again.get_by_role("button", name="不存了，删掉").click()
    expect(keep_again.locator("main")).to_contain_text("都删了")
    gone(keep_again)
    page.context.set_offline(True)
    no_answer(page, "/me/")


# A push service cannot be reached from here: what the browser's maker would answer is made up.
MADE_UP = """() => {
  const gone = [];
  window.gone = gone;
  PushManager.prototype.getSubscription = async () => ({ unsubscribe: async () => gone.push(1) });
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error('not as asked');
    return { toJSON: () => ({
      endpoint: 'https://fcm.googleapis.com/fcm/send/' + Math.random(),
      keys: {
        p256dh: 'KEY',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
    }) };
  };
}""".replace("KEY", P256DH)


def test_notices_on_the_screen_are_asked_for_and_end_with_the_session(open_page):
    page = open_page(RESIDENT)
    page.add_init_script(f"({MADE_UP})()")
    page.goto(SETTINGS)
    page.get_by_role("button", name="有新消息跳一下").click()
    expect(page.locator("[data-push-refused]")).to_be_visible()  # a browser without permission
    assert page.evaluate(HELD) == 0
    page.context.grant_permissions(["notifications"])
    page.reload()
    page.get_by_role("button", name="有新消息跳一下").click()
    expect(page.locator("main")).to_contain_text("开着。")
    assert page.evaluate(HELD) == 1
    assert faults(page) == []
    page.goto("/openings/")
    assert page.evaluate(HELD) == 1
    page.context.clear_cookies(name="fumin")  # the session ended elsewhere
    page.goto("/openings/")
    gone(page)
    assert page.evaluate("window.gone.length") == 1
