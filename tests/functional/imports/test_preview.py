"""Which column is what, and what the rows become, before anything is written."""

import re
from datetime import date, timedelta

import pytest

from tests.factories import make_branch
from tests.forms import press
from tests.functional.imports.lists_of_residents import ALL_AGREED, CHEN, ID_NUMBER, LI, people
from tests.functional.imports.sheets import choose, confirm, guessed, settled, upload, workbook
from tests.functional.pages import see
from tests.functional.tables import all_of, count
from webapp.core import clock
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.residents.models import (
    Consent,
    Household,
    Resident,
)


@pytest.mark.parametrize(
    "header", ["身份证", "身份证号（必填）", "居民身份证", "ID号", "二代证号", "证号", "身份证编号"]
)
@pytest.mark.parametrize(
    "values",
    [[ID_NUMBER, "110105194912310021"], ["110105194912310021", "51070219800101001X"]],
    ids=["one right", "all wrong"],
)
def test_fault_28_the_column_of_identity_numbers_is_known(browser, header, values):
    """Also when most are wrong: the rows then say so, instead of the column going nowhere."""
    rows = [["张三丰", "3-2-501", value] for value in values]
    page = people(browser, *rows, headers=["姓名", "门牌", header])
    assert guessed(browser, page)["column-2"] == "id_number"
    assert values[1][:10] not in see(browser, page)


def test_fault_28_numbers_like_identity_numbers_are_guessed_to_be_nothing_else(browser):
    page = people(browser, ["张三丰", "3-2-501", ID_NUMBER], headers=["姓名", "门牌", "证书编号"])
    assert guessed(browser, page)["column-2"] != "certificates"


def test_fault_28_what_was_read_is_shown_before_anything_is_written(db, browser):
    wrong = [*LI]
    wrong[2] = "1850-01-01"
    page = people(
        browser, CHEN, wrong, CHEN, *([f"王{chr(0x4E00 + n)}", *LI[1:]] for n in range(30))
    )
    choose(browser, page, **ALL_AGREED)
    shown = see(browser, page)
    table = shown.split("前几行会录成什么")[1].split("</table>")[0]
    assert table.count('scope="row"') == 20
    for words in ("陈桂芳", "3栋2单元-501", "初中", "保洁、家政", "2,500 元", "有，加密保存"):
        assert words in table
    assert "“1850-01-01”看不懂" in table
    assert "和第 2 行是同一条，只录一次" in table
    assert ID_NUMBER[:10] not in shown
    assert "确认，导入 31 行" in shown
    assert count(db, Resident) == count(db, Household) == 0
    settled(browser, press(browser, page, "/confirm"))
    assert count(db, Resident) == 31


def test_fault_28_defaults_hold_for_all_rows(db, write, browser):
    with write() as session:
        other = make_branch(session)
    page = people(browser, CHEN, LI)
    confirm(browser, page, **{**ALL_AGREED, "channel": "phone"}, branch_id=str(other.id))
    assert {one.branch_id for one in all_of(db, Resident)} == {other.id}
    assert {one.channel for one in all_of(db, Consent)} == {"phone"}
    rows = [["保洁员", "3000元/月", None], ["保安", "3200元/月", "2027-01-31"]]
    page = upload(browser, workbook(["职位名称", "工资", "有效期"], *rows)).headers["Location"]
    until = clock.today().replace(day=28)
    past = confirm(browser, page, employer="重庆丁公司", valid_until="gestern")
    assert past.status_code == 400
    confirm(browser, page, employer="重庆丁公司", valid_until=until.isoformat())
    assert [one.name for one in all_of(db, Employer)] == ["重庆丁公司"]
    assert [one.valid_until for one in all_of(db, Opening)] == [until, date(2027, 1, 31)]


def lines_of(page: str) -> list[list[str]]:
    """Return the cells of each row of the preview as plain text."""
    table = page.split("前几行会录成什么")[1].split("</table>")[0]
    rows = [row.split("</td>") for row in table.split("<tr ")[2:]]
    return [[re.sub(r"\s+", " ", re.sub("<[^>]+>", "", cell)) for cell in row] for row in rows]


def test_what_was_read_stands_beside_what_the_file_says_and_doubts_say_why(browser):
    heads = ["职位名称", "单位", "工资", "人数", "有效期", "发布日期"]
    rows = [
        ["保洁员", "甲公司", "3000元/月", "3-5人", "2015-01-01", "昨天"],
        ["保安", "乙公司", "3200元/月", "2", None, None],
    ]
    page = upload(browser, workbook(heads, *rows)).headers["Location"]
    until = clock.today() + timedelta(days=30)
    choose(
        browser, page, valid_until=until.isoformat(), education="junior_high",
        **{"column-5": "posted"},
    )  # fmt: skip
    first, second = lines_of(see(browser, page))
    assert "招聘人数 3-5人" in first[0]
    assert "招聘人数 5 人数是个范围，按多的算" in first[1]
    assert "有效期 2015-01-01" in first[0]
    assert f"有效期 {until} 您定的 有效期已过，由社区重新定" in first[1]
    assert "发布日期 空着 “发布日期”看不懂，没有录入" in first[1]
    assert "招聘人数 2有效期" in second[1]
    assert f"有效期 {until} 您定的" in second[1]
    assert "学历要求 初中 您定的" in second[1]
    assert "有疑问的 1 行" in see(browser, page)
    (only,) = lines_of(see(browser, f"{page}?rows=doubtful"))
    assert "保洁员" in only[0]


def test_a_bare_figure_takes_the_unit_that_was_chosen_and_no_other_does(db, browser):
    heads = ["职位名称", "单位", "薪酬"]
    rows = [["保洁员", "甲公司", "18"], ["保安", "甲公司", "3200"], ["厨师", "甲公司", "19元/天"]]
    page = upload(browser, workbook(heads, *rows)).headers["Location"]
    choose(browser, page)
    assert "没写是按月、按天、按小时还是按件" in see(browser, page)
    confirm(browser, f"{page}/columns", pay_unit="hour")
    settled(browser, press(browser, page, "/confirm"))
    assert [one.pay_unit for one in all_of(db, Opening)] == ["hour", "month", "day"]


@pytest.mark.parametrize(
    "typed",
    [{"valid_until": "2020-01-01"}, {"valid_until": "2099-01-01"}, {"pay_unit": "year"},
     {"education": "x"}],
)  # fmt: skip
def test_defaults_that_make_no_sense_are_told_beside_the_field(browser, typed):
    page = upload(browser, workbook(["职位名称", "工资"], ["保洁员", "3000元/月"])).headers[
        "Location"
    ]
    answer = choose(browser, page, **typed)
    assert answer.status_code == 400
    assert f"{next(iter(typed))}-error" in answer.get_data(as_text=True)


def test_defaults_of_a_list_of_residents(db, browser):
    heads = ["姓名", "房号", "就业意向"]
    page = people(browser, ["陈桂芳", "2-501", None], ["李四", "5栋1-301", "保安"], headers=heads)
    agreed = {**ALL_AGREED, "reach": "district", "seeking": "n"}
    assert choose(browser, page, **agreed).status_code == 400  # nothing says which building
    assert choose(browser, page, **agreed, building="不知道").status_code == 400
    confirm(browser, page, **agreed, building="3栋")
    assert [one.unit_address for one in all_of(db, Household)] == ["3栋2单元-501", "5栋1单元-301"]
    chen, li = all_of(db, Resident)
    assert (chen.reach, chen.state) == ("district", "paused")
    assert li.state == "seeking"


def test_the_preview_shows_no_number_illness_or_allowance(browser):
    secret = "肢体三级残疾，吃低保，爱唱歌"
    heads = ["姓名", "门牌", "身份证号", "备注", "随手记"]
    row = ["陈桂芳", "3栋2单元-501", ID_NUMBER, secret, f"证号{ID_NUMBER}"]
    page = people(browser, row, headers=heads)
    choose(browser, page, **ALL_AGREED, **{"column-4": "demands"})
    shown = see(browser, page)
    assert "爱唱歌" in shown
    for hidden in (ID_NUMBER, "三级残疾", "吃低保"):
        assert hidden not in shown
