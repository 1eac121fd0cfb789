"""读给我听: who hears what, in a browser whose voices are written down instead of heard."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# Voices come late, as in Chromium; what is said is kept, and ends at once or when told to.
VOICES = """
const voices = [{lang: 'en-US', localService: true}, {lang: 'zh-CN', localService: LOCAL}];
const heard = [], waiting = [];
let loaded = false;
const speech = new EventTarget();
Object.assign(speech, {
  getVoices: () => loaded ? voices : [],
  cancel: () => { waiting.splice(0).forEach(one => one.onerror?.()); },
  speak: one => { heard.push(one.text); waiting.push(one); if (!window.slowly) speech.goOn(); },
  goOn: () => queueMicrotask(() => waiting.shift()?.onend?.()),
});
Object.defineProperty(window, 'speechSynthesis', {value: speech});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.heard = heard;
addEventListener('load', () => setTimeout(() => {
  loaded = true;
  speech.dispatchEvent(new Event('voiceschanged'));
}, 20));
"""
# What is written → how a neighbour says it.
SAID = {
    "¥3,200": "三千二百元",
    "3,000–4,500 元/月": "三千到四千五百元一个月",
    "0.35 元/件": "零点三五元一件",
    "12.50元": "十二点五元",
    "2,200 元": "两千二百元",
    "20,050": "两万零五十",
    "10,010": "一万零一十",
    "100000000": "一亿",
    "10 元": "十元",
    "110 件": "一百一十件",
    "1,001": "一千零一",
    "2 个人，22 天": "两个人，二十二天",
    "第 2 条": "第二条",
    "95%": "百分之九十五",
    "08:00": "早上八点",
    "每天 08:00–17:30": "每天早上八点到下午五点半",
    "14:05": "下午两点零五分",
    "10:45": "上午十点四十五分",
    "12:15": "中午十二点一刻",
    "22:00-06:00": "晚上十点到早上六点",
    "00:00": "半夜十二点",
    "03:00": "凌晨三点",
    "2026-12-01": "二零二六年十二月一日",
    "2026年11月24日（周二）": "二零二六年十一月二十四日（周二）",
    "有危险先打 110，着火打 119": "有危险先打幺幺零，着火打幺幺九",
    "023-65201234": "零二三，六五二零幺二三四",
    "16栋2单元1203": "十六栋二单元幺二零三",
    "重庆市/九龙坡区 · 华岩镇": "重庆市，九龙坡区，华岩镇",
}
# Nobody else's business: no digit of it is said, in whatever way it is written.
UNTOLD = [
    "13812345678", "138 1234 5678", "138-1234-5678", "510222196501011234", "51022219650101123X",
    "6222021234567890123", "138****5678", "510222********1234", "K7QP2MNA9XYZ", "K7QP 2MNA 9XYZ",
]  # fmt: skip


@pytest.fixture
def reading(open_page):
    """A page in a browser with voices, whose person may be named."""

    def opened(phone: str | None = None, *, local: bool = True) -> Page:
        page = open_page(phone)
        page.context.add_init_script(VOICES.replace("LOCAL", "true" if local else "false"))
        return page

    return opened


def read(page: Page, button: str = "header [data-read-aloud]") -> str:
    """Have a page read and return all that was said."""
    page.locator(button).click()
    expect(page.locator("[data-reader]")).to_be_hidden()  # it has come to its end
    said: list[str] = page.evaluate("heard.splice(0)")
    assert said
    return "\n".join(said)


def test_how_things_are_said(open_page):
    page = open_page()
    page.goto("/login")
    script = "async all => all.map((await import('/static/spoken.js')).spoken)"
    said = page.evaluate(script, list(SAID))
    assert dict(zip(SAID, said, strict=True)) == SAID
    for written, words in zip(UNTOLD, page.evaluate(script, UNTOLD), strict=True):
        assert words == "号码不念，请自己看", written


@pytest.mark.parametrize("path", ["/login", "/openings/"])
def test_nothing_is_offered_without_a_voice_of_the_device(reading, path):
    page = reading(local=False)
    page.goto(path)
    page.wait_for_timeout(60)
    assert page.locator("[data-read-aloud]:visible, [data-say]:visible").count() == 0


def test_the_header_of_large_print_stays_one_line(reading):
    page = reading("13800000001")
    page.goto("/openings/")
    page.evaluate("document.documentElement.classList.add('large')")
    expect(page.locator("header [data-read-aloud]")).to_be_visible()
    assert page.locator(".site-header-inner").bounding_box()["height"] <= 62
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_list_an_opening_and_a_form_with_its_errors(reading):
    page = reading()
    page.goto("/openings/")
    title = page.locator(".opening-title").first.inner_text()
    said = read(page)
    assert title in said
    assert "¥" not in said
    assert not any(digit in said for digit in "0123456789")
    page.goto("/openings/?kind=vacancy")
    page.locator(".opening-card a").first.click()
    assert "我想去" in read(page)
    page.get_by_role("link", name="我想去").click()
    page.fill("#name", "不该念的名字")
    page.locator("main form .btn-main").click()
    said = read(page)
    assert "社区打这个号码找您" in said  # a hint
    assert "错误：请填手机号" in said
    assert "不该念的名字" not in said


def test_what_is_read_is_shown_and_can_be_halted(reading):
    page = reading()
    page.goto("/rights/")
    page.evaluate("window.slowly = true")
    page.locator("header [data-read-aloud]").click()
    shown = page.locator(".being-read")
    expect(shown).to_have_text(page.locator("h1").inner_text())
    page.evaluate("speechSynthesis.goOn()")
    expect(shown).not_to_have_text(page.locator("h1").inner_text())
    second = page.evaluate("heard.at(-1)")
    page.get_by_role("button", name="等一等").click()
    assert page.evaluate("heard.length") == 2
    page.get_by_role("button", name="接着念").click()
    assert page.evaluate("heard.at(-1)") == second  # from where it was halted
    page.get_by_role("button", name="不念了").click()
    expect(shown).to_have_count(0)
    expect(page.locator("[data-reader]")).to_be_hidden()


def test_codes_and_what_is_kept_secret_are_not_read(reading):
    page = reading()
    page.goto("/feedback/new")
    page.get_by_label("什么事").fill("楼梯间的灯坏了")
    page.get_by_label("在哪里").fill("3栋1单元")
    page.locator("main form [type=radio]").nth(1).check()
    page.get_by_role("button", name="告诉社区").click()
    expect(page.locator(".ticket-code")).to_have_count(2)
    code, pin = page.locator(".ticket-code").all_inner_texts()
    said = read(page)
    assert "编号和密码不念" in said
    assert not [part for part in (code[:4], pin, pin[:3]) if part in said]

    page = reading("13800000001")
    page.goto("/me/consents")
    assert "收回就马上算数" in read(page)
    page.goto("/me/profile")
    said = read(page)
    assert "我的情况" in said
    assert "残疾证情况" not in said
    page.goto("/me/profile/sensitive")
    page.locator("form[data-unread] input:not([type=hidden])").first.fill("510222196501011234")
    said = read(page)
    assert "不念出声" in said
    assert "身份证号" not in said.split("不念出声")[1]
