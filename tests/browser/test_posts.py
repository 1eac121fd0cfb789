"""A post from a member's first tap to a neighbour's chat group; the week on one sheet of paper."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE_SIZE
from webapp.posts.queries.digest import MOST_EVENTS, MOST_NEWS, MOST_OF, MOST_PROMISES

pytestmark = pytest.mark.browser
STAFF = "13800000003"
LONG = "字" * 30  # as wide as a line of the page may be
# The page at its fullest: each section with all the lines it may have, each as long as may be.
FILL = """([lines, long]) => {
  const sections = [...document.querySelectorAll('.digest-section')];
  while (sections.length < lines.length) {
    const more = sections[0].cloneNode(true);
    sections.at(-1).after(more);
    sections.push(more);
  }
  sections.forEach((section, number) => {
    section.querySelector('ul').innerHTML =
      Array(lines[number]).fill(`<li>${long} <strong>新</strong></li>`).join('');
  });
}"""


def picture() -> dict[str, object]:
    """Return a picture as a file of a form."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "JPEG")
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_post_reaches_a_neighbours_group(open_page):
    desk: Page = open_page(STAFF, size=PHONE_SIZE)
    desk.goto("/staff/posts/")
    desk.get_by_role("link", name="写一条", exact=True).first.click()
    desk.get_by_label("写什么").fill("周日下午院坝里换旧书。家里看完的书带来，换一本回去。")
    desk.get_by_label("活动").check()
    desk.set_input_files("[name=photo]", picture())
    desk.get_by_role("button", name="就这样").click()
    expect(desk.get_by_role("alert")).to_contain_text("看不见图的人靠这句话")
    desk.set_input_files("[name=photo]", picture())
    desk.get_by_label("图上是什么").fill("桌上摊着几本旧书")
    desk.get_by_role("button", name="就这样").click()
    expect(desk.get_by_role("status").first).to_contain_text("发出去了")
    desk.get_by_role("link", name="看大家看到的").click()
    neighbour: Page = open_page(size=PHONE_SIZE)
    neighbour.goto("/")
    neighbour.get_by_role("link", name="周日下午院坝里换旧书").first.click()
    expect(neighbour.get_by_alt_text("桌上摊着几本旧书")).to_be_visible()
    neighbour.context.grant_permissions(["clipboard-read", "clipboard-write"])
    neighbour.get_by_role("button", name="复制文字").click()
    expect(neighbour.get_by_role("button", name="复制好了")).to_be_visible()
    copied = neighbour.evaluate("navigator.clipboard.readText()")
    assert "换一本回去" in copied
    assert neighbour.url in copied


def test_the_week_is_one_sheet_however_much_there_is(open_page, tmp_path):
    desk: Page = open_page(STAFF)
    desk.goto("/staff/posts/digest")
    desk.get_by_role("link", name="打印这一页").click()
    desk.evaluate(FILL, [[*MOST_OF.values(), MOST_EVENTS, MOST_PROMISES, MOST_NEWS], LONG])
    sheet = tmp_path / "week.pdf"
    desk.pdf(path=sheet, prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet.read_bytes())) == 1
    one_line = desk.eval_on_selector_all(
        ".digest-section li", "all => all.every(e => e.getClientRects().length <= 1)"
    )
    assert one_line


def test_the_first_screen_leads_to_each_kind(open_page):
    """Search and one tap to each kind of opening, above the bar of a small telephone."""
    page: Page = open_page(size=PHONE_SIZE)
    page.goto("/")
    bar = page.locator(".places").first.bounding_box()
    bottom = bar["y"] if bar else PHONE_SIZE["height"]
    for name in ("招聘岗位", "在家做的手工", "学手艺", "摆摊创业"):
        box = page.locator("main").get_by_role("link", name=name).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= bottom, name
    search = page.get_by_role("button", name="查找").bounding_box()
    assert search
    assert search["y"] + search["height"] <= bottom
