"""Spreadsheets of vacancies, handed in and confirmed through the real forms."""

import io

from openpyxl import Workbook

from tests.forms import forms_on, press, submit
from tests.functional.background import settled

HEADERS = [
    "序号",
    "单位",
    "职位名称",
    "薪资待遇",
    "工作地区",
    "性别要求",
    "学历要求",
    "招聘人数",
    "有效期",
    "职位描述",
]
PLACE = "重庆市 - 九龙坡区"
GOOD = [
    1,
    "重庆甲公司",
    "保洁员",
    "3000-3500元/月",
    PLACE,
    "女",
    "初中以上",
    "3人",
    "2026-12-31",
    "打扫",
]
ASK = [2, "重庆甲公司", "保安", "面议", PLACE, "不限", "不限", "若干", "2015年02月28日", "巡逻"]
NO_PAY = [3, "重庆乙公司", "厨师", "好商量的价", "重庆", "不限", "不限", "2", None, "炒菜"]


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


FILE = workbook(["招聘信息汇总"], HEADERS, GOOD, ASK, NO_PAY)


def upload(browser, data, name="招聘.xlsx", kind="vacancies"):
    """Hand a file in and have it read; the answer leads to the file's page."""
    sent = {"kind": kind, "file": (io.BytesIO(data), name)}
    return settled(browser, submit(browser, "/staff/imports/", sent))


def guessed(browser, page) -> dict[str, str]:
    """Return the selects of the mapping page as they were guessed."""
    (form,) = [form for form in forms_on(browser.get(page)) if form.action.endswith("/columns")]
    return {name: value for name, value in form.data.items() if name.startswith("column-")}


def choose(browser, page, **changes):
    """Say what the columns mean, and have every row checked."""
    return settled(browser, press(browser, page, "/columns", **changes))


def confirm(browser, page, **changes):
    """Say what the columns mean, look at the rows and have them written."""
    chosen = choose(browser, page, **changes)
    offered = [form.action for form in forms_on(browser.get(page))]
    if chosen.status_code != 303 or f"{page}/confirm" not in offered:
        return chosen
    return settled(browser, press(browser, page, "/confirm"))
