"""Which drawing stands for which work: an independent table, and the drawings themselves."""

import re
from pathlib import Path

import pytest

from webapp.core import drawings
from webapp.core.vocabulary import Kind
from webapp.openings.pictured import drawing_of, hours_drawing
from webapp.residents.forms.questions import When
from webapp.residents.questions import common_answers

ICONS = Path(drawings.__file__).parents[1] / "static/icons.svg"


@pytest.mark.parametrize(
    ("title", "category", "name"),
    [
        ("火锅店洗碗工", "餐饮", "cook"),
        ("食堂择菜、切菜", "", "cook"),
        ("写字楼保洁", "", "clean"),
        ("小区夜班保安", "保安", "guard"),
        ("照顾老人，住家", "家政", "old"),
        ("幼儿园保育员", "", "child"),
        ("平车缝纫工", "制造", "sewing"),
        ("搬家装卸工", "", "carry"),
        ("外卖骑手（送餐）", "", "deliver"),
        ("超市收银", "零售", "sell"),
        ("工地小工", "", "build"),
        ("手机维修", "", "repair"),
        ("菜市场杀鱼", "", "fish"),
        ("苗圃种花", "", "farm"),
        ("快递分拣打包", "物流", "pack"),
        ("敬老院洗衣工", "护理", "clean"),
        ("送餐员（敬老院）", "", "deliver"),
        ("住家做饭阿姨", "家政", "cook"),
        ("居民服务窗口公益岗", "公益岗", ""),
        ("没见过的活", "制造", "make"),
        ("没见过的活", "没见过的行当", ""),
    ],
)
def test_work_has_the_drawing_a_neighbour_expects(title, category, name):
    assert drawing_of(Kind.VACANCY, title, category).name == name


def test_a_course_is_learning_a_stall_a_stall_piecework_of_the_hands():
    assert drawing_of(Kind.COURSE, "电工班", "").name == "learn"
    assert drawing_of(Kind.VENTURE, "没见过的摊", "").name == "stall"
    assert drawing_of(Kind.PIECEWORK, "没见过的件", "").name == "handwork"


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        ("08:00", "17:00", "sun"),
        ("08:00", "13:00", "half"),
        ("08:00", "13:01", "sun"),
        ("06:00", "22:00", "sun"),
        ("05:59", "12:00", "moon"),
        ("18:00", "22:01", "moon"),
        ("22:00", "06:00", "moon"),
        ("16:00", "00:00", "moon"),
    ],
)
def test_hours_have_a_sun_a_moon_or_half_a_day(start, end, name):
    assert hours_drawing([{"days": "12345", "start": start, "end": end}], flexible=False) == name


def test_parts_of_a_day_are_counted_together_and_own_time_is_a_clock():
    parts = [{"start": "08:00", "end": "11:00"}, {"start": "14:00", "end": "17:00"}]
    assert hours_drawing(parts, flexible=False) == "sun"
    assert hours_drawing(parts, flexible=True) == hours_drawing([], flexible=False) == "own-time"


def test_every_drawing_is_drawn_and_has_a_word():
    drawn = set(re.findall(r'id="draw-([a-z-]+)"', ICONS.read_text(encoding="utf-8")))
    named = [one.name for one in drawings.table()]
    assert set(named) <= drawn
    assert len(named) == len(set(named))
    assert all(one.word for one in drawings.table())


def test_most_answers_that_are_tapped_have_a_drawing():
    """The rest stand as large words."""
    answers = [*common_answers()["wanted"], *common_answers()["skills"]]
    without = {words for words in answers if not drawings.of_answer(words)}
    assert without <= {"电脑打字"}
    assert all(drawings.of_answer(one.label) for one in When)
