"""The row of the headers, guessed first and chosen by a person where the guess is wrong."""

import io

import pytest
from openpyxl import Workbook

from tests.factories import make_account
from tests.forms import forms_on, press, submit
from tests.functional.imports.lists_of_residents import ALL_AGREED, ID_NUMBER
from tests.functional.imports.sheets import confirm, guessed, settled, upload, workbook
from tests.functional.pages import see
from tests.functional.tables import all_of
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.imports.lifecycle import ImportState
from webapp.imports.models import ImportBatch
from webapp.openings.models import Opening
from webapp.residents.models import Resident

# The second row looks more like headers than the third, which nobody has words for.
STRANGE = workbook(
    ["招工", None],
    ["职位名称", "单位", "工资", "说明"],
    ["啥子活", "哪家", "给好多钱", "干些啥"],
    ["保洁员", "甲公司", "3000元/月", "打扫"],
    ["保安", "乙公司", "3200元/月", "看门"],
)


def choose_header(browser, page, number):
    return settled(browser, press(browser, page, "/header", header=str(number)))


def test_the_guess_is_chosen_already_and_another_row_may_be_chosen(db, browser):
    page = upload(browser, STRANGE).headers["Location"]
    (form,) = [one for one in forms_on(browser.get(page)) if one.action.endswith("/header")]
    assert form.data["header"] == "1"
    shown = see(browser, page)
    for words in (
        "职位名称 ｜ 单位 ｜ 工资 ｜ 说明",
        "啥子活 ｜ 哪家",
        "第 2 行，不对就点开自己选",
    ):
        assert words in shown
    assert choose_header(browser, page, 2).status_code == 303
    asked = see(browser, page)
    assert "A 列：啥子活" in asked
    assert "第 2 行：在标题行上面" in asked
    columns = {"column-0": "title", "column-1": "employer", "column-2": "pay"}
    confirm(browser, page, **columns)
    assert [one.title for one in all_of(db, Opening)] == ["保洁员", "保安"]
    told = [one for one in all_of(db, AuditEvent) if one.action == "import.choose_header"]
    assert [one.details for one in told] == [{"row": 3}]


def test_back_from_a_wrong_choice(db, browser):
    page = upload(browser, STRANGE).headers["Location"]
    choose_header(browser, page, 3)  # a row of the list itself
    assert "A 列：保洁员" in see(browser, page)
    choose_header(browser, page, 1)
    assert guessed(browser, page)["column-0"] == "title"
    confirm(browser, page)
    batch = all_of(db, ImportBatch)[0]
    assert (batch.state, batch.header_row) == (ImportState.DONE, 2)
    late = submit(browser, f"{page}/header", {"header": "0"}, page="/staff/imports/")
    assert late.headers["Location"].endswith(page)
    assert all_of(db, ImportBatch)[0].header_row == 2


def test_a_header_in_another_sheet_and_of_residents(db, browser):
    book = Workbook()
    book.active.title = "封面"
    book.active.append(["富民支部", "2026 年"])
    book.active.append(["居民", "名单"])
    sheet = book.create_sheet("一栋")
    sheet.append(["哪个", "住哪点", "证"])
    sheet.append(["陈桂芳", "3栋2单元501", ID_NUMBER])
    sheet.append(["李四", "3-2-502", None])
    stream = io.BytesIO()
    book.save(stream)
    page = upload(browser, stream.getvalue(), "名单.xlsx", "residents").headers["Location"]
    shown = see(browser, page)
    assert ID_NUMBER not in shown
    assert "“一栋”第 1 行" in shown
    choose_header(browser, page, 1)  # after the one row of the cover that has something below
    columns = {"column-0": "name", "column-1": "unit_address", "column-2": "id_number"}
    confirm(browser, page, **ALL_AGREED, **columns)
    assert {one.name for one in all_of(db, Resident)} >= {"陈桂芳", "李四"}


@pytest.mark.parametrize("sent", [{"header": "99"}, {"header": "x"}, {"header": ""}])
def test_a_row_that_is_not_shown_changes_nothing(db, browser, sent):
    page = upload(browser, STRANGE).headers["Location"]
    answer = press(browser, page, "/header", **sent)
    assert answer.status_code == 303
    assert "没选好标题行" in see(browser, answer.headers["Location"])
    batch = all_of(db, ImportBatch)[0]
    assert (batch.state, batch.header_row) == (ImportState.READ, None)


def test_sent_twice_it_is_read_once_and_a_stranger_cannot(db, write, sign_in, browser):
    page = upload(browser, STRANGE).headers["Location"]
    (form,) = [one for one in forms_on(browser.get(page)) if one.action.endswith("/header")]
    sent = {**form.data, "header": "2"}
    first, again = (browser.post(form.action, data=sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    with write() as session:
        stranger = make_account(session, role=Role.STAFF)
    away = submit(sign_in(stranger), f"{page}/header", {"header": "1"}, page="/staff/imports/")
    assert away.status_code == 404
