"""Importing residents: households, consents, sensitive facts apart, everybody once."""

import csv
import io
import re
from datetime import date

from sqlalchemy import text
from sqlmodel import select

from tests.factories import PLACE, make_household, make_resident
from tests.functional.imports.lists_of_residents import (
    AGREED,
    ALL_AGREED,
    CHEN,
    FILE,
    HEADERS,
    ID_NUMBER,
    LI,
)
from tests.functional.imports.sheets import (
    choose,
    confirm,
    upload,
    workbook,
)
from tests.functional.tables import all_of, count
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Demand, Education, Reach, Sex
from webapp.engine.models import SuggestionRequest
from webapp.imports.models import ImportBatch
from webapp.residents.models import (
    Consent,
    ConsentPurpose,
    Experience,
    Household,
    Resident,
    SensitiveRecord,
)


def hand_in(browser, data=FILE, **said):
    page = upload(browser, data, "名单.xlsx", "residents").headers["Location"]
    return confirm(browser, page, **said)


def test_residents_come_in_with_all_that_was_written(db, browser, staff):
    assert hand_in(browser, **ALL_AGREED).status_code == 303
    chen, li = all_of(db, Resident)
    (household,) = all_of(db, Household)
    assert (household.unit_address, household.place) == ("3栋2单元-501", PLACE)
    assert {chen.household_id, li.household_id} == {household.id}
    assert (chen.name, chen.sex, chen.birth_date) == ("陈桂芳", Sex.FEMALE, date(1949, 12, 31))
    assert (chen.phone, chen.education, chen.reach) == (
        "13800000001",
        Education.JUNIOR_HIGH,
        Reach.ESTATE,
    )
    assert (chen.wanted, chen.limits, chen.min_pay_fen) == (
        ["保洁", "家政"],
        [Demand.LIFTING],
        250000,
    )
    assert chen.available == [{"days": "12345", "start": "08:30", "end": "16:30"}]
    assert chen.branch_id == staff.branch_id
    assert chen.assisted
    assert (li.birth_date, li.situation) == (date(1985, 3, 31), "空闲时间：看情况")
    assert [(job.title, job.months) for job in all_of(db, Experience)] == [
        ("保洁", 36),
        ("洗碗", 12),
    ]
    assert [row.resident_id for row in all_of(db, SuggestionRequest)] == [None]


def test_sensitive_facts_go_only_where_they_may_and_encrypted(db, browser, staff):
    hand_in(browser, **ALL_AGREED)
    (kept,) = all_of(db, SensitiveRecord)
    assert (kept.id_number, kept.allowance, kept.disability) == (ID_NUMBER, "是", None)
    with db.reader() as session:
        raw = session.execute(text("SELECT id_number, allowance FROM sensitive_record")).all()
        assert ID_NUMBER not in str(raw)
        batch = session.exec(select(ImportBatch)).one()
        assert ID_NUMBER not in str(batch.report)
    assert ID_NUMBER not in str([row.details for row in all_of(db, AuditEvent)])
    consents = all_of(db, Consent)
    assert {(one.purpose, one.channel, one.given_by_id) for one in consents} == {
        (purpose, "in_person", staff.id)
        for purpose in (ConsentPurpose.SERVICE, ConsentPurpose.ASSISTED, ConsentPurpose.SENSITIVE)
    }
    assert {one.note for one in consents} == {AGREED["note"]}


def test_sensitive_facts_are_not_shown_when_columns_are_confirmed(browser):
    page = upload(browser, FILE, kind="residents").headers["Location"]
    for response in (browser.get(page), confirm(browser, page), preview(browser, page)):
        html = response.get_data(as_text=True)
        assert ID_NUMBER[:10] not in html
        assert "像：是" not in html
        assert "陈桂芳" in html


def preview(browser, page):
    """Return the page with the rows as they would be stored."""
    choose(browser, page, **ALL_AGREED)
    return browser.get(page)


def test_without_consent_nothing_comes_in(db, browser):
    page = upload(browser, FILE, kind="residents").headers["Location"]
    for said, words in [
        ({}, "先从表里删掉"),
        (AGREED, "要本人另外同意"),
        ({**ALL_AGREED, "note": ""}, "请写一两句"),
    ]:
        response = confirm(browser, page, **said)
        assert response.status_code == 400
        assert words in response.get_data(as_text=True)
    assert count(db, Resident) == 0


def test_sensitive_columns_left_out_need_no_separate_consent(db, browser):
    page = upload(browser, FILE, kind="residents").headers["Location"]
    response = confirm(browser, page, **AGREED, **{"column-3": "", "column-14": ""})
    assert response.status_code == 303
    assert count(db, Resident) == 2
    assert count(db, SensitiveRecord) == 0


def test_the_same_people_come_in_once_however_they_are_written(db, write, browser):
    with write() as session:
        household = make_household(session, unit_address="9栋1单元-101")
        make_resident(session, household_id=household.id, name="王五", birth_date=None)
    hand_in(browser, **ALL_AGREED)
    assert count(db, Resident) == 3
    moved = [*CHEN]
    moved[5] = "8栋1单元301"
    no_number = [*CHEN]
    no_number[3] = None
    wang = ["王五", "男", "1970-01-01", None, None, "9-1-101", *[None] * 9]
    hand_in(browser, workbook(HEADERS, LI, moved, no_number, wang), **ALL_AGREED)
    assert count(db, Resident) == 3
    report = all_of(db, ImportBatch)[1].report
    assert (report["imported"], report["known"]) == (0, 4)
    told = [row for row in all_of(db, AuditEvent) if row.action == "import.compare_id_numbers"]
    assert told[-1].details == {"n": 1}


def test_a_number_recorded_by_hand_is_recognised(db, write, browser):
    with write() as session:
        known = make_resident(session, name="陈桂芳")
        session.add(SensitiveRecord(resident_id=known.id, id_number=ID_NUMBER))
    hand_in(browser, **ALL_AGREED)
    assert [one.name for one in all_of(db, Resident)] == ["陈桂芳", "李四"]


def test_refused_rows_leave_nothing_behind(db, browser):
    wrong_id, child, no_door, clash = [*CHEN], [*LI], [*LI], [*CHEN]
    wrong_id[3] = "110105194912310021"
    child[2] = "2015-01-01"
    no_door[0], no_door[5] = "赵六", None
    clash[0], clash[2] = "钱七", "1950-01-01"
    hand_in(browser, workbook(HEADERS, wrong_id, child, no_door, clash), **ALL_AGREED)
    assert count(db, Resident) == count(db, Household) == count(db, Consent) == 0
    page = browser.get(f"/staff/imports/{all_of(db, ImportBatch)[0].id}").get_data(as_text=True)
    refused = page.split("没导入的行和原因")[1]
    told = re.findall(r"第 (\d+) 行</th><td[^>]*>([^<]*)<", refused)
    assert told == [("2", "身份证号"), ("3", "出生年月"), ("4", "楼栋门牌"), ("5", "出生年月")]
    assert "11010519491231" not in page
    assert "确认，导入" not in page
    assert count(db, SuggestionRequest) == 0


def test_doors_in_three_columns_from_a_csv_of_an_old_program(db, browser):
    stream = io.StringIO()
    rows = [["姓名", "年龄", "栋", "单元", "房号"], ["陈桂芳", "45", "3", "2", "501"]]
    csv.writer(stream).writerows(rows)
    data = stream.getvalue().encode("gb18030")
    page = upload(browser, data, "名单.csv", "residents").headers["Location"]
    assert confirm(browser, page, **AGREED).status_code == 303
    assert all_of(db, Household)[0].unit_address == "3栋2单元-501"
