"""Refused rows come back as a sheet, are corrected, handed in again, and all is in once."""

import io

import pytest
from openpyxl import load_workbook

from tests.factories import make_account
from tests.forms import forms_on, press, submit
from tests.functional.imports.lists_of_residents import ALL_AGREED, CHEN, LI, people
from tests.functional.imports.sheets import confirm, guessed, settled, upload, workbook
from tests.functional.pages import see, text
from tests.functional.tables import all_of, count
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.imports.models import ImportBatch
from webapp.openings.models import Opening
from webapp.residents.models import Resident, SensitiveRecord

HEADERS = ["啥子活", "单位", "工资", "干些啥"]
MEANT = {"column-0": "title", "column-3": "description"}
GOOD = ["保洁员", "重庆甲公司", "3000元/月", "打扫"]
BAD = ["保安", "重庆甲公司", "看着给", "巡逻，晚上也要来"]
NAMELESS = [None, "重庆乙公司", "3300元/月", "搬货"]


def mended(browser, page, **cells) -> bytes:
    """Download the refused rows and correct cells: ``C2="3000元/月"``."""
    book = load_workbook(io.BytesIO(press(browser, page, "/refused.xlsx").data))
    for place, value in cells.items():
        book.active[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def hand_in_again(browser, page, data, **changes):
    """Hand a sheet in by the form below the refused rows."""
    (form,) = [one for one in forms_on(browser.get(page)) if "mends" in one.data]
    sent = {**form.data, "file": (io.BytesIO(data), "改好.xlsx"), **changes}
    return settled(browser, browser.post(form.action, data=sent))


@pytest.fixture
def page(browser):
    """The result of a file of three, two of which were refused."""
    data = workbook(HEADERS, GOOD, BAD, NAMELESS)
    found = upload(browser, data).headers["Location"]
    confirm(browser, found, **MEANT, employer="重庆丙公司")
    return found


def test_the_round_trip_brings_all_in_and_doubles_nothing(db, browser, page):
    rows = list(load_workbook(io.BytesIO(mended(browser, page))).active.values)
    assert rows[0] == ("原来第几行", "为什么没收", *HEADERS)
    assert [row[2:] for row in rows[1:]] == [tuple(BAD), tuple(NAMELESS)]
    assert all(why for _number, why, *_cells in rows[1:])
    data = mended(browser, page, E2="3100元/月", F2="巡逻", C3="搬运工")
    again = hand_in_again(browser, page, data).headers["Location"]
    assert again != page
    chosen = guessed(browser, again)
    assert [chosen[f"column-{n}"] for n in range(6)] == [
        "", "", "title", "employer", "pay", "description",
    ]  # fmt: skip
    assert 'value="重庆丙公司"' in see(browser, again)
    confirm(browser, again)
    assert [one.title for one in all_of(db, Opening)] == ["保洁员", "保安", "搬运工"]
    third = hand_in_again(browser, page, data).headers["Location"]
    confirm(browser, third)
    whole = upload(browser, workbook(HEADERS, GOOD, BAD, NAMELESS)).headers["Location"]
    confirm(browser, whole, **MEANT)
    assert count(db, Opening) == 3
    reports = [one.report for one in all_of(db, ImportBatch)]
    assert [(one["imported"], one["known"], one["refused"]) for one in reports] == [
        (1, 0, 2), (2, 0, 0), (0, 2, 0), (0, 1, 2),
    ]  # fmt: skip


def test_numbers_typed_into_the_sheet_point_at_nobodys_rows(db, browser, page):
    before = all_of(db, Opening)[0]
    data = mended(browser, page, A2="1", C2="冒充的", E2="9999元/月", F2="x", A3=before.id, C3="乙")
    confirm(browser, hand_in_again(browser, page, data).headers["Location"])
    after = all_of(db, Opening)
    assert (after[0].title, after[0].pay_min_fen) == (before.title, before.pay_min_fen)
    assert [one.title for one in after] == ["保洁员", "冒充的", "乙"]


def test_people_come_back_whole_and_their_consent_is_asked_again(db, browser):
    wrong = [*CHEN]
    wrong[5] = "三栋那边"
    page = people(browser, wrong, LI)
    confirm(browser, page, **{**ALL_AGREED, "channel": "phone"}, reach="street")
    data = mended(browser, page, H2="3栋2单元501")
    again = hand_in_again(browser, page, data).headers["Location"]
    (form,) = [one for one in forms_on(browser.get(again)) if one.action.endswith("/columns")]
    assert "consent" not in form.data
    assert "sensitive" not in form.data
    assert (form.data["channel"], form.data["reach"]) == ("phone", "street")
    assert settled(browser, press(browser, again, "/columns")).status_code == 400
    confirm(browser, again, consent="y", sensitive="y")
    assert sorted(one.name for one in all_of(db, Resident)) == ["李四", "陈桂芳"]
    assert [one.id_number for one in all_of(db, SensitiveRecord)] == [CHEN[3]]
    told = [one for one in all_of(db, AuditEvent) if one.action == "import.take_refused"]
    assert len(told) == 1


def test_going_back_to_the_columns_keeps_what_was_chosen(browser):
    page = people(browser, CHEN)
    confirm_at = settled(browser, press(browser, page, "/columns", **ALL_AGREED, building="3栋"))
    assert confirm_at.status_code == 303
    (form,) = [
        one for one in forms_on(browser.get(f"{page}/columns")) if one.action.endswith("/columns")
    ]
    assert (form.data["building"], form.data["consent"]) == ("3栋", "y")
    assert form.data["note"].strip() == ALL_AGREED["note"]


@pytest.mark.parametrize("mends", ["999", "x", "9" * 40, "-1"])
def test_a_file_that_is_not_there_is_mended_by_nobody(db, browser, page, mends):
    answer = hand_in_again(browser, page, mended(browser, page), mends=mends)
    assert answer.status_code == (404 if mends == "999" else 303)
    files = all_of(db, ImportBatch)
    assert all("mends" not in (one.options or "") for one in files)


def test_another_branchs_file_or_another_kind_is_mended_by_nobody(
    db, write, sign_in, browser, page
):
    with write() as session:
        stranger = make_account(session, role=Role.STAFF)
    sent = {"kind": "vacancies", "mends": "1", "file": (io.BytesIO(b"x,y\n1,2\n"), "a.csv")}
    assert submit(sign_in(stranger), "/staff/imports/", sent).status_code == 404
    data = mended(browser, page)
    assert hand_in_again(browser, page, data, kind="residents").status_code == 404
    assert count(db, ImportBatch) == 1


def test_no_file_is_told(browser, page):
    (form,) = [one for one in forms_on(browser.get(page)) if "mends" in one.data]
    answer = browser.post(form.action, data=form.data)
    assert answer.status_code == 400
    assert "请选一个文件" in text(answer)
