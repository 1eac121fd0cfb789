"""Refused rows come back whole, and what is no row is told: headings, totals, notes."""

import io

import pytest
from openpyxl import load_workbook

from tests.factories import make_account
from tests.forms import press, submit
from tests.functional.imports.lists_of_residents import (
    AGREED,
    ALL_AGREED,
    CHEN,
    ID_NUMBER,
    LI,
    people,
)
from tests.functional.imports.sheets import (
    GOOD,
    HEADERS,
    choose,
    confirm,
    guessed,
    settled,
    upload,
    workbook,
)
from tests.functional.pages import see
from tests.functional.tables import all_of
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.imports.models import ImportBatch
from webapp.openings.models import Opening
from webapp.residents.models import (
    Resident,
    ResidentState,
    SensitiveRecord,
)


@pytest.mark.slow
def test_fault_28_a_refused_row_comes_back_whole_and_comes_in_once_mended(db, browser):
    """Mended in the one cell that was wrong, nothing else touched, the ID number with it."""
    wrong = [*CHEN]
    wrong[5] = "三栋那边"
    page = people(browser, wrong, LI)
    confirm(browser, page, **ALL_AGREED)
    assert [one.name for one in all_of(db, Resident)] == ["李四"]
    book = load_workbook(io.BytesIO(press(browser, page, "/refused.xlsx").data))
    sheet = book.active
    row = [cell.value for cell in sheet[2]]
    assert row[0] == "2"
    assert "楼栋门牌" in row[1]
    assert row[2:] == wrong
    marked = [cell for cell in sheet[2] if cell.comment]
    assert [cell.value for cell in marked] == ["三栋那边"]
    assert "看不懂" in marked[0].comment.text
    marked[0].value = "3栋2单元501"
    stream = io.BytesIO()
    book.save(stream)
    again = upload(browser, stream.getvalue(), "改好.xlsx", "residents").headers["Location"]
    assert {"column-0": "", "column-1": ""}.items() <= guessed(browser, again).items()
    confirm(browser, again, **ALL_AGREED)
    assert {one.name for one in all_of(db, Resident)} == {"陈桂芳", "李四"}
    assert [one.id_number for one in all_of(db, SensitiveRecord)] == [ID_NUMBER]


def test_fault_28_refused_rows_are_for_who_handed_them_in_and_reading_is_on_record(
    db, write, sign_in, staff, browser
):
    page = people(browser, [*CHEN[:5], "三栋那边", *CHEN[6:]], LI)
    choose(browser, page, **ALL_AGREED)
    with write() as session:
        other = make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
    colleague = sign_in(other)
    assert "下载这些行" not in see(colleague, page)
    denied = submit(colleague, f"{page}/refused.xlsx", page="/staff/imports/")
    assert denied.status_code == 404
    assert browser.get(f"{page}/refused.xlsx").status_code == 405
    given = press(browser, page, "/refused.xlsx")
    assert given.headers["Cache-Control"] == "no-store"
    told = [row for row in all_of(db, AuditEvent) if row.action == "import.take_refused"]
    assert [(row.account_id, row.subject) for row in told] == [(staff.id, "import_batch:1")]


def test_fault_28_rows_above_the_header_are_listed(db, browser):
    data = workbook(
        ["富民支部招聘汇总"],
        ["统计：李晓梅"],
        ["截至 11 月", None, "共 2 家"],
        HEADERS,
        GOOD,
        HEADERS,
        [None, "合计", None, None, None, None, None, "12"],
        ["说明：以上都核实过"],
    )
    page = upload(browser, data).headers["Location"]
    asked = see(browser, page)
    for row in (1, 2):
        assert f"第 {row} 行：在标题行上面" in asked
    assert "第 3 行：是标题行" in asked  # read together with the one below it
    assert "第 6 行：又是一遍标题行" in asked
    choose(browser, page)
    shown = see(browser, page)
    assert "像是合计（1 行：第 7 行）" in shown
    assert "像是说明或签名（1 行：第 8 行）" in shown
    settled(browser, press(browser, page, "/confirm"))
    report = all_of(db, ImportBatch)[0].report
    assert (report["rows"], report["imported"], report["refused"], report["skipped"]) == (
        1,
        1,
        0,
        7,
    )


def test_fault_28_notes_and_totals_of_a_list_of_people_are_no_refused_people(db, browser):
    heading = ["一、3栋"]
    total = ["合计2人"]
    note = ["以上人员均已电话核实，信息属实。"]
    signed = ["填表人：李晓梅", None, "审核：王主任"]
    lonely = ["赵小六"]  # somebody without an address is refused, not passed over
    page = people(browser, heading, CHEN, LI, lonely, total, note, signed)
    confirm(browser, page, **ALL_AGREED)
    report = all_of(db, ImportBatch)[0].report
    assert (report["imported"], report["refused"], report["skipped"]) == (2, 1, 5)
    assert [one["row"] for one in report["refusals"]] == [5]


@pytest.mark.parametrize("cell", ["=TODAY()", "上个礼拜", "很久以前，记不清了"])
def test_fault_28_a_column_nobody_needs_refuses_no_row(db, browser, cell):
    heads = ["职位名称", "工资", "发布日期", "有效期", "备注"]
    rows = [[f"保洁员{n}", "3000元/月", cell, cell, "x" * 1200] for n in range(30)]
    page = upload(browser, workbook(heads, *rows)).headers["Location"]
    confirm(browser, page, **{"column-2": "posted", "column-3": "valid_until"})
    report = all_of(db, ImportBatch)[0].report
    assert (report["imported"], report["refused"]) == (30, 0)
    told = {note["text"]: note["count"] for note in report["notes"]}
    assert told["“发布日期”看不懂，没有录入"] == 30
    assert {one.valid_until for one in all_of(db, Opening)} == {None}


def test_a_number_that_came_before_with_other_words_is_refused(db, browser):
    """One of the two rows is wrong, and only a person can tell which; the file keeps both."""
    twice, other = [*CHEN], [*CHEN]
    other[0], other[7] = "陈桂芬", "保安"
    page = people(browser, CHEN, LI, other, twice, [*LI[:3], "无", *LI[4:]])
    choose(browser, page, **ALL_AGREED)
    shown = see(browser, page)
    assert "身份证号和第 2 行一样，别的不一样，请核对" in shown
    assert "和第 2 行是同一条，只录一次" in shown
    assert ID_NUMBER[:10] not in shown
    settled(browser, press(browser, page, "/confirm"))
    assert {one.name for one in all_of(db, Resident)} == {"陈桂芳", "李四"}
    report = all_of(db, ImportBatch)[0].report
    assert (report["imported"], report["refused"], report["repeated"]) == (2, 1, 2)
    assert [(one["row"], one["column"]) for one in report["refusals"]] == [(4, "身份证号")]
    sheet = load_workbook(io.BytesIO(press(browser, page, "/refused.xlsx").data)).active
    assert [[cell.value for cell in row][2] for row in sheet.iter_rows(min_row=2)] == ["陈桂芬"]


def test_what_was_decided_for_the_writer_is_told_with_its_rows(db, browser):
    """Who is not looking is not suggested for; what the body and the purse are like stays out."""
    headers = ["姓名", "门牌", "就业情况", "备注"]
    page = people(
        browser,
        ["袁大明", "3栋2单元501", "待业", "想找白班。家里有低保，腰杆也痛"],
        ["苟小琴", "3栋2单元502", "已就业", "周末有空"],
        ["冉光华", "3栋2单元503", "待业", "周末有空"],
        headers=headers,
    )
    choose(browser, page, **AGREED)
    shown = see(browser, page)
    settled(browser, press(browser, page, "/confirm"))
    found = {one.name: one for one in all_of(db, Resident)}
    assert {name: one.state for name, one in found.items()} == {
        "袁大明": ResidentState.SEEKING,
        "苟小琴": ResidentState.EMPLOYED,
        "冉光华": ResidentState.SEEKING,
    }
    assert "低保" not in found["袁大明"].situation
    assert "腰" not in found["袁大明"].situation
    notes = {note["text"]: note["rows"] for note in all_of(db, ImportBatch)[0].report["notes"]}
    told = {
        "备注里有身体或低保、残疾的话，没有记进“情况”": [2],
        f"录成“{ResidentState.EMPLOYED.label}”，先不推荐活路": [3],
        "记成“自己找的工作”，还要看凭据核实": [3],
        f"没写哪天开始工作的，从{clock.today()}记起": [3],
    }
    assert notes == told
    for words in told:
        assert words in shown
