"""Conditions an opening may not ask for, and what only looks like one."""

import pytest

from matching.extraction.illegal_conditions import CODES, conditions
from matching.extraction.message import clean_message
from matching.utils.reference_tables import data_path, read_table


def codes(text: str) -> set[str]:
    return {code for _at, code in conditions(clean_message(text))}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("只招女", "sex"),
        ("招两个男的", "sex"),
        ("女士优先", "sex"),
        ("男同志，力气大", "sex"),
        ("招女洗头工", "sex"),
        ("不超过四十五周岁", "age"),
        ("五十五岁以内", "age"),
        ("20到45之间", "age"),
        ("18-40，能吃苦", "age"),
        ("60以下", "age"),
        ("体检费用自付", "fee"),
        ("培训费800从工资里扣", "fee"),
        ("先交报名费50", "fee"),
        ("服装费自理", "fee"),
        ("交500押金", "deposit"),
        ("押金300", "deposit"),
        ("押半个月工资", "deposit"),
        ("已婚已育优先", "marriage"),
        ("怀孕的莫来", "marriage"),
        ("本地户口", "hukou"),
        ("要本地人", "hukou"),
        ("外地人勿扰", "hukou"),
        ("乙肝不要", "disease"),
        ("无传染病", "disease"),
        ("扣身份证", "id_retention"),
        ("身份证原件放在公司保管", "id_retention"),
        ("残疾人莫来", "disability"),
        ("四肢健全", "disability"),
        ("少数民族勿扰", "ethnicity"),
    ],
)
def test_conditions_are_found(text: str, code: str) -> None:
    assert codes(f"招普工，{text}，电话15200007788") == {code}


@pytest.mark.parametrize(
    "text",
    [
        "男女不限",
        "不限男女，能做就行",
        "满18岁",
        "18岁以上",
        "照顾85岁老人",
        "60多岁也要得",
        "不收押金",
        "不收任何费用，无中介费",
        "不收取任何押金和工装费",
        "免费体检",
        "体检费公司出",
        "带身份证复印件",
        "学历不限，户口不限",
        "住得近优先",
        "残疾人优先",
        "身体健康，无高血压",
        "18-20元一小时",
        "卖女装",
        "12月5日前报到",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert codes(f"招普工，{text}") == set()


def test_every_code_of_the_table_that_is_a_condition_is_known() -> None:
    told = {row["code"] for row in read_table(data_path("lint_rules.csv"))}
    assert told - {"looks", "bait"} == set(CODES)
