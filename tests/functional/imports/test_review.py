"""Imported openings reviewed all together: what is repaired, what goes out, what stays."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.factories import make_account, make_employer
from tests.forms import forms_on, press, submit
from tests.functional.imports.sheets import confirm, settled, upload, workbook
from tests.functional.pages import see, text
from tests.functional.tables import all_of, count
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Education, PayUnit
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.imports.lifecycle import Readiness
from webapp.imports.models import ImportedRow
from webapp.imports.services import review
from webapp.jobs.models import BackgroundJob
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

HEADERS = ["职位名称", "单位", "工资", "工作地点", "要做什么", "学历要求", "有效期"]
PLACE = "重庆市九龙坡区"
UNTIL = clock.today() + timedelta(days=40)
WHOLE = ["保洁员", "重庆甲商行", "3000元/月", PLACE, "打扫楼道", "不限", UNTIL.isoformat()]
BARE = ["保安", "重庆甲商行", "3100元/月", PLACE, "看大门", "初中", None]
UNLAWFUL = ["收银员", "重庆甲商行", "3200元/月", PLACE, "收银，限女性", "不限", UNTIL.isoformat()]
STRANGER = ["搬运工", "重庆乙商行", "3300元/月", PLACE, "搬货", "不限", UNTIL.isoformat()]
UNPAID = ["洗碗工", "重庆甲商行", "面议", PLACE, "洗碗", None, None]
SHEET = workbook(HEADERS, WHOLE, BARE, UNLAWFUL, STRANGER, UNPAID)


@pytest.fixture
def employer(write):
    with write() as session:
        return make_employer(session, name="重庆甲商行")


@pytest.fixture
def page(browser, employer):
    """The review of a file of five: one whole, two lacking, one flagged, one of a stranger."""
    batch = upload(browser, SHEET).headers["Location"]
    confirm(browser, batch)
    return f"{batch}/review"


def repair(browser, page, act="repair_all", **typed):
    return settled(browser, press(browser, page, "/review", act=act, **typed))


def publish(browser, page):
    asked = press(browser, page, "/publish")
    assert asked.status_code == 200
    (sure,) = [form for form in forms_on(asked) if form.data.get("sure")]
    return settled(browser, browser.post(sure.action, data=sure.data))


def titles(db, state):
    return [one.title for one in all_of(db, Opening) if one.state is state]


def test_what_is_flagged_or_of_a_stranger_stays_out_and_is_told(db, browser, page):
    shown = see(browser, page)
    for words in ("不能挑性别（“限女”）", "招到哪天没定 2 条", "没写工钱 1 条", "重庆乙商行"):
        assert words in shown
    repair(browser, page, valid_until=UNTIL.isoformat())
    assert "补好了 2 条" in see(browser, page)
    asked = text(press(browser, page, "/publish"))
    for words in ("要单独看的", "单位还没核实的", "还差内容的"):
        assert words in asked
    publish(browser, page)
    assert titles(db, OpeningState.PUBLISHED) == ["保洁员", "保安"]
    assert titles(db, OpeningState.SUBMITTED) == ["收银员", "搬运工", "洗碗工"]
    told = [one.subject for one in all_of(db, AuditEvent) if one.action == "opening.publish"]
    assert len(told) == 2


def test_a_repair_fills_what_is_empty_and_replaces_only_when_told(db, browser, page):
    repair(browser, page, education="none", hours="周一至周六 8:00-18:00")
    levels = [one.education for one in all_of(db, Opening)]
    assert levels == [
        Education.NONE, Education.JUNIOR_HIGH, Education.NONE, Education.NONE, Education.NONE
    ]  # fmt: skip
    assert {one.hours[0]["days"] for one in all_of(db, Opening)} == {"123456"}
    repair(browser, page, education="primary", replaces="y")
    assert {one.education for one in all_of(db, Opening)} == {Education.PRIMARY}
    told = [one for one in all_of(db, AuditEvent) if one.action == "import.repair"]
    assert [(one.details["n"], one.details["fields"]) for one in told] == [
        (5, ["education", "hours"]),
        (5, ["education"]),
    ]


def test_only_the_ticked_ones_and_only_those_listed(db, browser, page):
    unpaid = all_of(db, Opening)[4]
    repair(browser, page, "repair_ticked", ids=str(unpaid.id), pay_text="3000-3500元/月")
    assert all_of(db, Opening)[4].pay_max_fen == 350000
    repair(browser, f"{page}?q=保安", pay_unit="day")
    units = {one.title: one.pay_unit for one in all_of(db, Opening)}
    assert [title for title, unit in units.items() if unit is PayUnit.DAY] == ["保安"]
    repair(browser, f"{page}?q=搬运", employer="重庆甲商行", replaces="y")
    assert len({one.employer_id for one in all_of(db, Opening)}) == 1


def test_a_repair_to_pay_below_the_floor_is_flagged(db, browser, page):
    repair(browser, f"{page}?q=保安", pay_text="900元/月", replaces="y")
    row = all_of(db, ImportedRow)[-4]
    assert row.readiness is Readiness.FLAGGED
    assert "最低工资" in row.flags[0]


def test_held_ones_stay_until_they_are_let_go(db, browser, page):
    whole = all_of(db, Opening)[0]
    assert press(browser, page, "/review", act="hold", ids=str(whole.id)).status_code == 303
    assert "可以放的" not in see(browser, page)
    held = f"{page}?group=held"
    assert press(browser, held, "/review", act="release", ids=str(whole.id)).status_code == 303
    publish(browser, page)
    assert titles(db, OpeningState.PUBLISHED) == ["保洁员"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "先填要补的"),
        ({"valid_until": "2020-01-01"}, "这一天已经过了"),
        ({"valid_until": "2099-01-01"}, "到期可以再续"),
        ({"hours": "看心情"}, "看不懂"),
        ({"pay_text": "好商量"}, "看不懂"),
        ({"pay_unit": "year"}, "pay_unit-error"),
        ({"education": "professor"}, "education-error"),
        ({"place": "月球"}, "看不出是哪里"),
        ({"employer": "没有的单位"}, "没有这家单位"),
        ({"education": "none", "act": "repair_ticked"}, "打勾"),
        ({"education": "none", "act": "repair_ticked", "ids": "x"}, "error-summary"),
        ({"education": "none", "seen": "gestern"}, "请刷新页面"),
    ],
)
def test_nonsense_is_told_beside_the_field_and_changes_nothing(db, browser, page, typed, says):
    before = [one.updated_at for one in all_of(db, Opening)]
    answer = press(browser, page, "/review", **{"act": "repair_all", **typed})
    assert answer.status_code == 400
    assert says in text(answer)
    assert count(db, BackgroundJob) == 3  # read, check, write
    assert [one.updated_at for one in all_of(db, Opening)] == before


def test_what_was_changed_since_the_page_was_shown_is_left_alone(db, write, browser, page):
    earlier = (clock.now() - timedelta(minutes=1)).isoformat()
    repair(browser, page, education="college", replaces="y", seen=earlier)
    assert Education.COLLEGE not in {one.education for one in all_of(db, Opening)}
    with write() as session:
        one = session.exec(select(Opening).where(Opening.title == "保洁员")).one()
        one.description, one.updated_at = "打扫，只要女的", clock.now()
        session.add(one)
    assert "改过，要再看一遍" in see(browser, page)
    assert "可以放的" not in see(browser, page)
    assert titles(db, OpeningState.PUBLISHED) == []
    settled(browser, press(browser, page, "/review", act="look"))
    assert all_of(db, ImportedRow)[-5].readiness is Readiness.FLAGGED


def test_an_employer_suspended_meanwhile_keeps_its_openings_in(db, write, browser, page, employer):
    (sure,) = [one for one in forms_on(press(browser, page, "/publish")) if one.data.get("sure")]
    asked = browser.post(sure.action, data=sure.data)
    with write() as session:
        own = session.get_one(Employer, employer.id)
        own.state = EmployerState.SUSPENDED
        session.add(own)
    settled(browser, asked)
    assert titles(db, OpeningState.PUBLISHED) == []


def test_publishing_that_is_cut_off_goes_on_and_does_nothing_twice(db, browser, page, monkeypatch):
    repair(browser, page, valid_until=UNTIL.isoformat())
    monkeypatch.setattr(review, "_PUBLISHED_AT_ONCE", 1)
    publishing = review._publish
    done = []

    def die(*arguments):
        if done:
            raise RuntimeError("the power is gone")
        done.append(1)
        return publishing(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(review, "_publish", die)
        publish(browser, page)
    assert len(titles(db, OpeningState.PUBLISHED)) == 1
    assert "出了点问题" in see(browser, page)
    publish(browser, page)
    assert titles(db, OpeningState.PUBLISHED) == ["保洁员", "保安"]
    told = [one.subject for one in all_of(db, AuditEvent) if one.action == "opening.publish"]
    assert len(told) == len(set(told)) == 2


def test_sent_twice_it_is_done_once(db, browser, page):
    form = next(one for one in forms_on(browser.get(page)) if one.action.endswith("/review"))
    sent = {**form.data, "act": "repair_all", "education": "none"}
    first, again = (browser.post(form.action, data=sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert count(db, BackgroundJob) == 4


def test_a_repair_goes_with_the_file_when_it_is_taken_back(db, browser, page):
    repair(browser, page, valid_until=UNTIL.isoformat())
    one = all_of(db, Opening)[0]
    edited = press(browser, f"/staff/openings/{one.id}/edit", "/edit", title="楼道保洁员")
    assert edited.status_code == 303
    repair(browser, page, education="primary", replaces="y")
    settled(browser, press(browser, page.removesuffix("/review"), "/undo"))
    assert [left.title for left in all_of(db, Opening)] == ["楼道保洁员"]


def test_it_is_for_the_branch_that_handed_the_file_in(app, db, write, sign_in, browser, page):
    with write() as session:
        stranger = make_account(session, role=Role.STAFF)
        owner = make_account(session, role=Role.EMPLOYER)
    away = sign_in(stranger)
    assert away.get(page).status_code == 404
    for step in ("review", "publish"):
        sent = {"seen": clock.now().isoformat(), "sure": "1", "act": "repair_all"}
        url = page.replace("review", step)
        assert submit(away, url, sent, page="/staff/imports/").status_code == 404
    assert sign_in(owner).get(page).status_code == 403
    assert titles(db, OpeningState.PUBLISHED) == []


def test_a_list_of_residents_has_no_such_review(browser):
    data = workbook(["姓名", "门牌"], ["陈桂芳", "3栋2单元-501"])
    batch = upload(browser, data, kind="residents").headers["Location"]
    assert browser.get(f"{batch}/review").status_code == 404
