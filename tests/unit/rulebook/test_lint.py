"""The lawful-text check: what it blocks, what it flags, what it lets pass."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from webapp.rulebook import lawful_words, lint
from webapp.rulebook.models import WordingCode

CORPUS = Path(__file__).with_name("wording_corpus.csv")

BLOCKED = {
    "入职交押金500元，离职退还": "deposit",
    "需缴纳保证金": "deposit",
    "押金不退": "deposit",
    "不退押金": "deposit",
    "无故离职扣押金": "deposit",
    "服装费自理200元": "fee",
    "要交报名费": "fee",
    "先付中介费": "fee",
    "体检费自理": "fee",
    "工装费从工资里扣": "fee",
    "压一个月工资": "deposit",
    "身份证由公司保管": "id_retention",
    "要押身份证原件": "id_retention",
}
SHUTS_OUT = {
    "限女性": "sex",
    "男士优先": "sex",
    "已婚已育优先": "marriage",
    "不招少数民族": "ethnicity",
    "谢绝残疾人": "disability",
    "五官端正": "looks",
    "身高165以上": "looks",
    "四肢健全": "disability",
    "无传染性疾病": "disease",
    "男，20—45岁": "sex",
    "保洁员（女）": "sex",
    "女限，形象好": "sex",
    "夫妻工优先": "marriage",
    "三年内不得怀孕": "marriage",
    "本地人优先": "hukou",
    "月薪过万不是梦": "bait",
    "提成上不封顶": "bait",
    "要查乙肝": "disease",
    "要求本地户口": "hukou",
    "年龄18-45岁": "age",
    "年龄55以内": "age",
    "18---50岁": "age",
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
    "男女不限，年满18周岁",
    "男、女均可",
    "不限男女，户籍不限，民族不限",
    "提供单身宿舍，有婚假产假",
    "女装店的货要当天上架",
    "不扣工资，不押一个月工资",
    "在传染病医院打扫，发手套口罩",
    "",
]


@pytest.mark.parametrize(("sentence", "code"), BLOCKED.items())
def test_money_and_papers_are_blocked(sentence, code):
    (finding, *_others) = lint.check([f"打扫楼道。{sentence}。包吃。"])
    assert finding.blocks
    assert finding.code == code
    assert finding.sentence.rstrip("。") in sentence
    assert finding.source


@pytest.mark.parametrize(("sentence", "code"), SHUTS_OUT.items())
def test_fault_10_shutting_people_out_is_forbidden(sentence, code):
    found = [finding for finding in lint.check([sentence]) if finding.code == code]
    assert found
    assert all(finding.blocks is (code != "bait") for finding in found)


def test_fault_10_the_corpus_is_read_as_a_lawyer_would():
    """Measured before the rules were mended: recall 0.60, precision 0.95 of these sentences.

    Half of them (odd rows) were not looked at while the rules were mended.
    """
    with CORPUS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    forbidden = [row for row in rows if row["codes"]]
    lawful = [row for row in rows if not row["codes"]]
    assert len(forbidden) > 100
    assert len(lawful) > 90
    seen = [row for row in forbidden if any(one.blocks for one in lint.check([row["text"]]))]
    assert len(seen) / len(forbidden) >= 0.98, [row for row in forbidden if row not in seen]
    assert [row["text"] for row in lawful if lint.check([row["text"]])] == []


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("体检费用自付", "fee"),
        ("不超过四十五周岁", "age"),
        ("年龄二十到三十五岁", "age"),
        ("限\u200b女", "sex"),
    ],
)
def test_fault_10_numerals_and_costs_are_seen(sentence, code):
    assert code in {finding.code for finding in lint.check([sentence])}


@pytest.mark.parametrize("sentence", FINE)
def test_good_offers_pass(sentence):
    assert lint.check([sentence]) == []


@given(st.lists(st.text(max_size=300), max_size=4))
def test_any_text_can_be_checked(texts):
    for finding in lint.check(texts):
        assert finding.phrase
        assert finding.severity in {"block", "flag"}


def test_the_phrase_is_marked_where_it_stands():
    text = "打扫楼道。限女性，５０周岁以下。<b>"
    marked = str(lint.mark(text))
    assert "<mark>限女</mark>性" in marked
    assert "<mark>５０周岁以下</mark>" in marked  # as it was written, not as it was compared
    assert "&lt;b&gt;" in marked
    (sex, _age) = lint.check([text])
    assert sex.marked == "<mark>限女</mark>性，５０周岁以下。"


@given(st.text(max_size=300))
def test_marking_changes_no_text(text):
    assert lint.mark(text).striptags() == Markup(escape(text)).striptags()


@given(st.lists(st.text(min_size=2, max_size=40), min_size=1, max_size=20), st.text(max_size=2000))
def test_phrases_of_people_are_only_phrases(phrases, text):
    lint.compile_phrases("\n".join(phrases)).search(text)
    hostile = lint.compile_phrases("(a+)+$\n" + "……".join(["爱"] * 10))
    assert hostile.search("爱" * 60 + "a" * 2000) is not None
    assert hostile.search("a" * 5000) is None


def test_every_rule_says_its_law():
    for rule in lint.read_rules():
        assert rule.source
        assert rule.says
        assert rule.severity in {"block", "flag"}


def test_each_kind_of_wording_can_be_said_lawfully():
    for code in WordingCode:
        advice = lawful_words.instead(code.value)
        assert advice, code
        # What it proposes would itself be let through.
        for proposal in re.findall("“([^”]+)”", advice):
            assert lint.check([proposal]) == [], proposal
