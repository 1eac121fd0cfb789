"""1,600 imported openings made ready and published, counted in clicks from the workbench."""

import io
import re
from datetime import timedelta

import pytest

from tests.factories import make_employer
from tests.forms import forms_on, press
from tests.functional.background import do_jobs
from tests.functional.imports.sheets import workbook
from tests.functional.pages import see
from tests.functional.tables import all_of
from webapp.core import clock
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

ROWS = 1600
MOST_CLICKS = 15
TRADES = ("保洁员", "保安", "洗碗工", "厨师", "收银员", "搬运工", "裁缝", "配送员", "导购", "护工")
HEADERS = ["职位名称", "单位", "工资", "工作地点", "要做什么"]
#: What no law lets pass, what pays too little: (pay, words).
FAULTY = (
    ("3200元/月", "做事认真，限女性，35岁以下"),
    ("3500元/月", "入职先交押金500元"),
    ("1200元/月", "打扫楼道"),
)
FIGURE = re.compile(r'figure-label">([^<]+).*?figure-value">(?:<a [^>]*>)?(\d+)', re.DOTALL)
VERIFIED, UNKNOWN = 8, 32


def sheet() -> bytes:
    """Return the file: every 40th row breaks a rule, four of five employers are not known."""
    rows = []
    for n in range(ROWS):
        pay, words = f"{3000 + n % 9 * 100}元/月", f"{TRADES[n % 10]}的活，早八晚五，管一顿饭"
        if n % 40 == 0:
            pay, words = FAULTY[n // 40 % 3]
        name = f"{TRADES[n % 10]}{n}"
        rows.append([name, f"重庆第{n % (VERIFIED + UNKNOWN)}商行", pay, "重庆市九龙坡区", words])
    return workbook(HEADERS, *rows)


class Walk:
    """A browser that counts: a link, a button, a tick, a field that is entered is one click."""

    def __init__(self, browser) -> None:
        self.browser, self.clicks, self.page = browser, 0, ""

    def go(self, page: str) -> str:
        """Follow a link that stands on the page."""
        if self.page:
            assert f'href="{page}"' in see(self.browser, self.page), (page, self.page)
            self.clicks += 1
        self.page = page
        return see(self.browser, page)

    def send(self, action: str, *, files=(), **typed):
        """Fill in fields, press the button, and be led on by the job's page."""
        self.clicks += len(typed) + len(files) + 1
        answer = press(self.browser, self.page, action, **typed, **dict(files))
        return self._led(answer)

    def press(self, action: str, name: str, value: str, **typed):
        """Fill in fields and press one of several buttons."""
        self.clicks += len(typed) + 1
        return self._led(press(self.browser, self.page, action, **typed, **{name: value}))

    def _led(self, answer):
        if answer.status_code == 200:
            return answer
        assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
        do_jobs(self.browser.application)
        address = answer.headers["Location"]
        if "/staff/jobs/" in address:
            address = self.browser.get(address, query_string={"follow": 1}).headers["Location"]
        self.page = address
        return self.browser.get(address)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_1600_imported_rows_are_ready_and_out_in_15_clicks(db, write, browser):
    with write() as session:
        for n in range(VERIFIED):
            make_employer(session, name=f"重庆第{n}商行")
    walk = Walk(browser)
    walk.go("/staff/imports/")
    walk.send("/staff/imports/", files=[("file", (io.BytesIO(sheet()), "招聘.xlsx"))],
              kind="vacancies")  # fmt: skip
    walk.send("/columns")
    walk.send("/confirm")
    batch = walk.page
    walk.go(f"{batch}/review")
    until = clock.today() + timedelta(days=60)
    walk.press("/review", "act", "repair_all", valid_until=until.isoformat(), education="none")
    shown = see(browser, walk.page)
    figures = FIGURE.findall(shown)
    told = {name: int(n) for name, n in figures}
    flagged = len(range(0, ROWS, 40))
    unknown = ROWS // 40 * UNKNOWN
    assert told == {
        "可以放出去": ROWS - flagged - unknown,
        "还差内容": 0,
        "要单独看": flagged,
        "单位还没核实": unknown,
    }
    answer = walk.send("/publish")
    asked = answer.get_data(as_text=True)
    assert f"要单独看的（有不合法或可疑的话、工钱低于最低工资）：{flagged} 条" in re.sub(
        "<[^>]+>", "", asked
    )
    sure = [form for form in forms_on(answer) if form.data.get("sure")]
    walk.clicks += 1
    walk._led(browser.post(sure[0].action, data=sure[0].data))
    assert walk.clicks <= MOST_CLICKS, walk.clicks
    out = [one for one in all_of(db, Opening) if one.state is OpeningState.PUBLISHED]
    assert len(out) == ROWS - flagged - unknown
    assert not [one for one in out if "限女性" in one.description or "押金" in one.description]
    assert {one.valid_until for one in out} == {until}
    assert min(one.pay_min_fen for one in out) == 300000
    left = [one for one in all_of(db, Opening) if one.state is OpeningState.SUBMITTED]
    assert len(left) == flagged + unknown
    assert f"放出去了 {len(out)} 条" in see(browser, walk.page)
