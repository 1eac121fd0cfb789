"""Descriptions beside a title: what is asked for, of the row's own job alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.extraction.described import Described, read_description

SEVERAL = (
    "包住，每周日休息\n一、切菜工 2名\n初中以上，上班6:00-14:00\n"
    "二、点心师傅 3名\n中专以上，有健康证\n三、库房管理员若干"
)


def test_of_several_jobs_only_the_row_s_own_and_what_is_for_all() -> None:
    found = read_description("点心师傅", SEVERAL)
    assert (found.headcount, found.education, found.several) == (3, "vocational", True)
    assert found.certificates == ("健康证",)
    assert found.hours_words == "每周日休息"
    assert read_description("切菜工", SEVERAL).headcount == 2
    assert read_description("库房管理员", SEVERAL).headcount is None
    stranger = read_description("司机", SEVERAL)
    assert stranger == Described(hours_words="每周日休息", several=True)


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("会做凉菜，能吃苦", ("凉菜",)),
        ("熟练操作办公软件", ("办公软件",)),
        ("普通话标准，会开铲车优先", ("普通话",)),
        ("公司会定期组织旅游，有的是机会", ()),
        ("定期开会议事，年会抽奖", ()),
    ],
)
def test_skills_are_what_one_must_be_able_to_do(text: str, skills: tuple[str, ...]) -> None:
    assert read_description("帮工", text).skills == skills


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("大专以上优先", None),
        ("大专或中专学历，应届亦可", "vocational"),
        ("学历本科（食品专业）", "bachelor"),
        ("学历不限，大专以上优先", "none"),
    ],
)
def test_the_least_schooling_asked_for(text: str, level: str | None) -> None:
    assert read_description("化验员", text).education == level


def test_interviews_and_allowances_are_no_working_hours() -> None:
    text = "面试时间：周一至周五10:00-16:00\n夜班补贴每晚8元\n做五休二"
    assert read_description("质检", text).hours_words == "做五休二"


def test_a_team_or_a_room_is_no_headcount() -> None:
    assert read_description("主管", "带领7人团队，住2人间").headcount is None
    assert read_description("主管", "拟招3名，带领7人团队").headcount == 3


@given(st.text(max_size=40), st.text(max_size=300))
def test_any_text_is_read(title: str, text: str) -> None:
    found = read_description(title, text)
    assert len(found.skills) <= 12
    assert found.headcount is None or found.headcount > 0
