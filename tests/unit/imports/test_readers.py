"""Reading single cells, headers, places and hours as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.place_names import read_place
from webapp.core.spreadsheets.rows import Broken, Formula, Row, Sheet
from webapp.core.vocabulary import Demand, Education, PayUnit, Reach
from webapp.imports.models import ImportKind
from webapp.imports.readers import cells, resident_cells, vacancy_cells, wish_cells
from webapp.imports.readers.cells import Reading, Unreadable
from webapp.imports.readers.columns import find_column, guess_columns
from webapp.imports.readers.doors import Door, read_door
from webapp.imports.readers.fields import FIELDS
from webapp.imports.readers.hours import read_hours
from webapp.imports.readers.stitching import read_table
from webapp.openings.presentation import hours_line
from webapp.residents.unit_address import known_unit_address

TODAY = date(2026, 11, 22)
VACANCIES, RESIDENTS = ImportKind.VACANCIES, ImportKind.RESIDENTS
ID_NUMBER = "11010519491231002X"


def read(reader, value, header=""):
    reading = Reading(today=TODAY, header=header)
    return reader(value, reading), reading.notes


def values(reader, value, header=""):
    return read(reader, value, header)[0]


@pytest.mark.parametrize(
    ("text", "count", "noted"),
    [
        ("1500人", 1500, False),
        (3.0, 3, False),
        ("5 人", 5, False),
        ("10人人", 10, False),
        ("两名", 2, False),
        ("二十人", 20, False),
        ("约10人左右", 10, False),
        ("10人以上", 10, False),
        ("3-5人", 5, True),
        ("男2女3", 5, True),
        ("男女各2名", 4, True),
        ("数名人", None, False),
        ("不限人", None, False),
        ("若干", None, False),
        ("人", None, False),
        (None, None, False),
    ],
)
def test_headcount(text, count, noted):
    found, notes = read(vacancy_cells.headcount, text)
    assert (found, bool(notes)) == (count, noted)


@pytest.mark.parametrize("text", ["0", "99999", "很大规模", "A组", "2名（实习1名）", "-3"])
def test_headcounts_that_say_nothing(text):
    with pytest.raises(Unreadable):
        values(vacancy_cells.headcount, text)


@pytest.mark.parametrize(
    ("text", "header", "low", "high", "unit"),
    [
        ("3000-5000元/月", "", 300000, 500000, PayUnit.MONTH),
        ("8000以上元/月", "", 800000, None, PayUnit.MONTH),
        (3500, "月薪（元）", 350000, 350000, PayUnit.MONTH),
        (18, "时薪", 1800, 1800, PayUnit.HOUR),
        ("120-150", "日工资", 12000, 15000, PayUnit.DAY),
        (0.35, "计件单价（元）", 35, 35, PayUnit.PIECE),
        ("3-5", "月薪（千元）", 300000, 500000, PayUnit.MONTH),
        ("面议", "", None, None, None),
        ("工资面议", "", None, None, None),
        (None, "", None, None, None),
    ],
)
def test_pay(text, header, low, high, unit):
    _text, pay = values(vacancy_cells.pay, text, header)
    assert (pay.min_fen, pay.max_fen, pay.unit) == (low, high, unit)


@pytest.mark.parametrize("text", ["好商量的价", "15", "见附件"])
def test_pay_that_says_nothing_is_refused(text):
    with pytest.raises(Unreadable):
        values(vacancy_cells.pay, text, "薪资")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("不限", Education.NONE),
        ("初中以下", Education.NONE),
        ("高中以上", Education.SENIOR_HIGH),
        ("中专/技校", Education.VOCATIONAL),
        ("高中、大专", Education.SENIOR_HIGH),
        ("大专及以上学历", Education.COLLEGE),
        ("本科", Education.BACHELOR),
        ("", None),
    ],
)
def test_schooling_asked_for(text, level):
    assert values(vacancy_cells.education, text) is level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("初中", "junior_high"),
        ("初中以下", "primary"),
        ("文盲", "none"),
        ("中专以下", "junior_high"),
    ],
)
def test_schooling_somebody_has(text, level):
    assert values(resident_cells.education, text) == level


@pytest.mark.parametrize(
    "text", ["2015年02月28日", "2015/2/28", "2015.2.28", 42063, "20150228", "2015-02-28 10:00"]
)
def test_days(text):
    assert values(vacancy_cells.posted, text) == date(2015, 2, 28)


def test_validity():
    reader = vacancy_cells.valid_until
    assert values(reader, "2026-01-01至2026-12-05") == date(2026, 12, 5)
    assert values(reader, "30天") == timedelta(days=30)
    assert values(reader, "2026年12月") == date(2026, 12, 31)
    assert values(reader, "长期有效") is None
    with pytest.raises(Unreadable):
        values(reader, "等通知")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("安徽省 - 合肥市", "安徽省/合肥市"),
        ("重庆市九龙坡区华岩镇华龙大道8号", "重庆市/九龙坡区/华岩镇"),
        ("九龙坡", "重庆市/九龙坡区"),
        ("重庆 渝北", "重庆市/渝北区"),
        ("华龙家园小区", "重庆市/九龙坡区/华岩镇/华龙家园"),
        ("重庆市九龙坡区华岩镇华龙家园3栋", "重庆市/九龙坡区/华岩镇/华龙家园"),
        ("CA/Palo Alto", "CA/Palo Alto"),
        ("九龙园区", "九龙园区"),
        ("不限", ""),
    ],
)
def test_places(text, path):
    assert read_place(text).path == path


def test_an_address_stays_beside_the_place():
    assert (
        read_place("重庆市九龙坡区华岩镇华龙大道8号").address == "重庆市九龙坡区华岩镇华龙大道8号"
    )


def test_hours():
    assert read_hours("周一至周五 8:30-12:00 14:00-18:00") == [
        {"days": "12345", "start": "08:30", "end": "12:00"},
        {"days": "12345", "start": "14:00", "end": "18:00"},
    ]
    assert read_hours("22:00-6:00 夜班") == [{"days": "1234567", "start": "22:00", "end": "06:00"}]
    assert read_hours("下午2点-6点") == [{"days": "1234567", "start": "14:00", "end": "18:00"}]
    assert read_hours("随时") == []
    assert [read_hours(text) for text in ("白天", "8:30-5:30", "看排班")] == [None] * 3


def test_sex_and_age_are_noted_and_not_kept():
    for reader, text in [(vacancy_cells.sex, "女"), (vacancy_cells.age, "18-35岁")]:
        found, notes = read(reader, text)
        assert found is None
        assert notes
    assert read(vacancy_cells.sex, "不限") == (None, [])


def test_births_are_taken_late():
    def birth(cell, reading):
        found = resident_cells.birth(cell, reading)
        return found and found[:2]

    assert values(birth, "1975-03-08") == (date(1975, 3, 8), True)
    assert values(birth, "1975年2月") == (date(1975, 2, 28), False)
    assert values(birth, 1975) == (date(1975, 12, 31), False)
    assert values(resident_cells.age, "17岁")[:2] == (date(2009, 11, 22), False)


def test_an_identity_number_is_checked_and_never_shown():
    reader = resident_cells.id_number
    assert values(reader, " 110105 19491231 002x") == ID_NUMBER
    for wrong in ("110105194912310021", 110105194912310016, 1.1010519491231e17):
        with pytest.raises(Unreadable) as told:
            values(reader, wrong)
        assert "1101" not in told.value.message


def test_what_residents_say():
    assert values(resident_cells.experience, "家政保洁3年；餐馆洗碗（半年）") == [
        ("家政保洁", 36),
        ("餐馆洗碗", 6),
    ]
    limits, notes = read(wish_cells.limits, "搬重物、上夜班、腰椎间盘突出")
    assert limits == [Demand.LIFTING, Demand.NIGHT]
    assert notes
    assert "腰" not in notes[0]
    assert values(wish_cells.reach, "九龙坡区内") is Reach.DISTRICT
    door = read_door(values(resident_cells.unit_address, "华龙家园3栋2单元501室"), Door())
    assert known_unit_address(door.address, on=TODAY) == "3栋2单元-501"
    assert values(wish_cells.min_pay, "2500以上") == 250000
    assert values(resident_cells.phone, 13800000000.0) == ("13800000000", "")
    assert values(wish_cells.fact, "否") == ""


CELLS = st.one_of(
    st.text(max_size=60),
    st.text("0123456789-~年月日号人名元万千百双男女至周一点:：.、/（）以上下 ", max_size=25),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(),
    st.times(),
    st.booleans(),
    st.none(),
    st.sampled_from([Formula(), Broken("#N/A")]),
)


@pytest.mark.parametrize("kind", list(ImportKind))
@given(value=CELLS, header=st.text(max_size=10))
def test_no_cell_makes_a_reader_crash(kind, value, header):
    for field in FIELDS[kind].values():
        try:
            field.read(value, Reading(today=TODAY, header=header))
        except Unreadable as told:
            if field.sensitive and isinstance(value, str) and len(value) > 5:
                assert value not in told.message  # noqa: PT017 - any other outcome is fine too


@given(text=st.text(max_size=60))
def test_places_and_hours_read_anything(text):
    path, address = read_place(text)
    assert len(path) <= 120
    assert len(address) <= 120
    assert all(path.split("/")) or not path
    windows = read_hours(text)
    assert windows is None or all(set(one) == {"days", "start", "end"} for one in windows)


def table(kind, *rows):
    return read_table(Sheet([Row(n, tuple(row)) for n, row in enumerate(rows, start=1)]), kind)


def meanings(kind, *rows):
    found = table(kind, *rows)
    return {found.headers[c]: key for key, c in guess_columns(found, kind, TODAY).items()}


def test_headers_by_meaning():
    heads = (
        "序号 招聘单位 工种 岗位 月薪(元) 上班地址 男女 文化程度 需要人数 岗位职责/要求 联系人电话"
    )
    assert meanings(VACANCIES, heads.split()) == {
        "岗位": "title",
        "招聘单位": "employer",
        "工种": "category",
        "月薪(元)": "pay",
        "上班地址": "address",
        "男女": "sex",
        "文化程度": "education",
        "需要人数": "headcount",
        "岗位职责/要求": "description",
        "联系人电话": "phone",
    }


def test_traditional_and_misspelt_headers():
    assert meanings(VACANCIES, ["職位名稱", "薪資待偶", "招聘人数（人）*"]) == {
        "職位名稱": "title",
        "薪資待偶": "pay",
        "招聘人数（人）*": "headcount",
    }


def test_a_header_below_a_title_and_of_two_rows():
    found = table(
        VACANCIES,
        ["华龙家园招聘信息汇总"],
        ["岗位", "工资", "联系方式", None],
        [None, None, "联系人", "电话"],
        ["保洁", "3000元/月", "张三", "13800000000"],
        ["岗位", "工资", "联系人", "电话"],
        ["保安", "3000元/月", "李四", "13800000001"],
    )
    assert found.headers == ["岗位", "工资", "联系人", "电话"]
    assert [row.number for row in found.rows] == [4, 6]


def test_values_that_do_not_fit_speak_against_a_header():
    heads = ["姓名", "栋", "单元", "房号", "电话"]
    found = meanings(RESIDENTS, heads, ["张三", "3", "2", "501", "13800000000"])
    assert found["房号"] == "flat"
    rows = [["张三", "王五"]] * 3
    assert meanings(RESIDENTS, ["姓名", "出生日期"], *rows) == {"姓名": "name"}


def test_columns_by_header_or_letter():
    found = table(VACANCIES, ["职位名称", "薪资 待遇"])
    assert [find_column(found, name) for name in ("薪资待遇", "b", "职位名称", "Z", "没有")] == [
        1,
        1,
        0,
        None,
        None,
    ]


@pytest.mark.slow
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=5))
def test_any_table_can_be_looked_at(rows):
    width = max(len(row) for row in rows)
    for kind in ImportKind:
        found = table(kind, *rows)
        columns = guess_columns(found, kind, TODAY)
        assert all(0 <= column < len(found.headers) for column in columns.values())
        assert all(len(found.examples(column)) <= 3 for column in range(width))


def test_words_of_cells():
    assert cells.words(1500.5) == "1500.5"
    assert cells.line("Ａ　Ｂ\n C") == "A B C"
    with pytest.raises(Unreadable):
        cells.words(Formula())


def test_fault_21_shifts_with_their_times_are_read_as_windows():
    text = "三班倒：8:00-16:00、16:00-24:00、0:00-8:00"
    starts = [("08:00", "16:00"), ("16:00", "24:00"), ("00:00", "08:00")]
    windows = [{"days": "1234567", "start": start, "end": end} for start, end in starts]
    assert read_hours(text) == windows
    assert hours_line(windows, flexible=False).startswith("每天三班倒：")
    assert read_hours("三班倒") is None  # without times it stays words
