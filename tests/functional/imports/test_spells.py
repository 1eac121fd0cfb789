"""A list that says who is in work writes it down as a spell, which waits to be verified."""

from datetime import date

import pytest

from tests.forms import press
from tests.functional.imports.lists_of_residents import ALL_AGREED, people
from tests.functional.imports.sheets import choose, confirm, guessed, settled
from tests.functional.pages import see
from tests.functional.tables import all_of, count
from webapp.core import clock
from webapp.employment.lifecycle import Evidence, Origin, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.imports.models import ImportBatch
from webapp.residents.models import Resident, ResidentState

HEADERS = ["姓名", "楼栋门牌", "已就业", "单位", "开始工作时间", "备注"]


def spells_of(db, browser, *rows, headers=HEADERS):
    page = people(browser, *rows, headers=headers)
    confirm(browser, page, **ALL_AGREED)
    return page, all_of(db, EmploymentSpell)


def test_who_is_in_work_gets_a_spell_with_place_and_day(db, browser):
    page, spells = spells_of(
        db,
        browser,
        ["陈桂芳", "3栋2单元501", "是", "永辉超市", "2026-03-02", None],
        ["李四", "3栋2单元502", "否", None, None, "想找保安的活"],
        ["王五六", "3栋2单元503", "√", "在菜市场摆摊卖鱼", "2025年6月", None],
    )
    assert [(one.kind, one.starts_on, one.words) for one in spells] == [
        (SpellKind.FOUND_ALONE, date(2026, 3, 2), "永辉超市"),
        (SpellKind.SELF_EMPLOYED, date(2025, 6, 30), "在菜市场摆摊卖鱼"),
    ]
    assert {one.origin for one in spells} == {Origin.IMPORT}
    assert {(one.evidence, one.verified_at) for one in spells} == {(Evidence.OWN_WORD, None)}
    states = {one.name: one.state for one in all_of(db, Resident)}
    assert states == {
        "陈桂芳": ResidentState.EMPLOYED,
        "李四": ResidentState.SEEKING,
        "王五六": ResidentState.EMPLOYED,
    }
    assert "永辉超市" in see(browser, f"/staff/residents/{all_of(db, Resident)[0].id}/employment")
    told = see(browser, page)
    assert "还要看凭据核实" in told


def test_the_columns_are_known_and_the_preview_says_what_is_recorded(browser):
    page = people(
        browser, ["陈桂芳", "3栋2单元501", "是", "永辉超市", "2026-03-02", None], headers=HEADERS
    )
    chosen = guessed(browser, page)
    assert [chosen[f"column-{n}"] for n in range(2, 5)] == ["status", "work", "since"]
    choose(browser, page, **ALL_AGREED)
    shown = see(browser, page)
    for words in ("永辉超市", "自己找的工作", "2026-03-02", "还要看凭据核实"):
        assert words in shown


@pytest.mark.parametrize(
    ("row", "kind", "starts"),
    [
        (["在职", "小区保安", None], SpellKind.FOUND_ALONE, None),
        (["已就业", "社区公益性岗位", "2025"], SpellKind.PUBLIC_POST, date(2025, 12, 31)),
        (["退休", None, None], SpellKind.RETIRED, None),
        (["已就业", "工厂", "2099-01-01"], SpellKind.FOUND_ALONE, None),
        (["未就业", None, None], None, None),
        (["想换工作", "洗车场", "2026-01-05"], SpellKind.FOUND_ALONE, date(2026, 1, 5)),
    ],
)
def test_what_is_not_said_is_taken_for_as_little_as_it_can_be(db, browser, row, kind, starts):
    heads = ["姓名", "楼栋门牌", "就业情况", "工作单位", "入职时间"]
    _page, spells = spells_of(db, browser, ["陈桂芳", "3栋2单元501", *row], headers=heads)
    if kind is None:
        assert spells == []
        return
    assert [(one.kind, one.starts_on) for one in spells] == [(kind, starts or clock.today())]


def test_an_illness_beside_the_work_is_not_kept(db, browser):
    _page, (spell,) = spells_of(
        db, browser, ["陈桂芳", "3栋2单元501", "是", "永辉超市，三级残疾，腰椎病", None, None]
    )
    assert spell.words == "永辉超市"


def test_the_spell_goes_with_the_import_unless_it_was_verified(db, write, browser):
    rows = [
        [f"陈桂{n}", f"3栋2单元50{i}", "是", "厂里", None, None] for i, n in enumerate("芳花", 1)
    ]
    page, spells = spells_of(db, browser, *rows)
    with write() as session:
        seen = session.get_one(EmploymentSpell, spells[0].id)
        seen.evidence, seen.verified_at = Evidence.PAYSLIP, clock.now()
        session.add(seen)
    settled(browser, press(browser, page, "/undo"))
    report = all_of(db, ImportBatch)[0].report
    assert [one["row"] for one in report["kept"]] == [2], report["kept"]
    assert [one.name for one in all_of(db, Resident)] == ["陈桂芳"]
    assert count(db, EmploymentSpell) == 1
