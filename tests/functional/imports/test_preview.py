"""Which column is what, and what the rows become, before anything is written."""

from datetime import date

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
