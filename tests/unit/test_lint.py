"""The lawful-text check: what it blocks, what it flags, what it lets pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.openings import lint

BLOCKED = {
    "入职交押金500元，离职退还": "deposit",
    "需缴纳保证金": "deposit",
    "押金不退": "deposit",
    "不退押金": "deposit",
    "无故离职扣押金": "deposit",
    "服装费自理200元": "fee",
    "要交报名费": "fee",
    "先付中介费": "fee",
    "身份证由公司保管": "id_retention",
    "要押身份证原件": "id_retention",
}
FLAGGED = {
    "限女性": "sex",
    "男士优先": "sex",
    "已婚已育优先": "marriage",
    "不招少数民族": "ethnicity",
    "谢绝残疾人": "disability",
    "五官端正": "disability",
    "要查乙肝": "disease",
    "要求本地户口": "hukou",
    "年龄18-45岁": "age",
    "５０周岁以下": "age",
}
FINE = [
    "不收押金，不收任何费用",
    "没有任何押金",
    "押金：不收",
    "免费培训，不收培训费",
    "单位承担体检费",
    "带身份证原件面试，交身份证复印件一份",
    "打扫女厕所，性别不限",
    "包吃住，收银员两名，月薪3000元",
    "",
]


@pytest.mark.parametrize(("sentence", "code"), BLOCKED.items())
def test_money_and_papers_are_blocked(sentence, code):
    (finding, *_others) = lint.check([f"打扫楼道。{sentence}。包吃。"])
    assert finding.blocks
    assert finding.code == code
    assert finding.sentence.rstrip("。") in sentence.translate({ord("，"): ","})
    assert finding.source


@pytest.mark.parametrize(("sentence", "code"), FLAGGED.items())
def test_shutting_people_out_is_flagged(sentence, code):
    found = lint.check([sentence])
    assert code in {finding.code for finding in found}
    assert not any(finding.blocks for finding in found)


@pytest.mark.parametrize("sentence", FINE)
def test_good_offers_pass(sentence):
    assert lint.check([sentence]) == []


@given(st.lists(st.text(max_size=300), max_size=4))
def test_any_text_can_be_checked(texts):
    for finding in lint.check(texts):
        assert finding.phrase
        assert finding.severity in {"block", "flag"}


def test_every_rule_says_its_law():
    for rule in lint.read_rules():
        assert rule.source
        assert rule.says
        assert rule.severity in {"block", "flag"}
