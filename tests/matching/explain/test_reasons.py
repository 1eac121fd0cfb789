"""Reasons are told only when true: take the fact away and the reason goes."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.explain.notes import format_yuan
from matching.explain.phrase_similarity import same_work
from matching.explain.reasons import explain
from matching.features.catalogue import monthly_pay
from matching.records import Opening
from matching.skills import vectors as skill_vectors
from tests.matching.community import ESTATE, STREET, seeker

FACTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "wanted": ({"wanted": ["做保洁"]}, {"title": "小区保洁员"}),
    "skill": ({"skills": ["会踩缝纫机"]}, {"title": "车间工人", "skills": ["缝纫"]}),
    "experience": ({"experience": [{"title": "饭店洗碗"}]}, {"title": "洗碗工"}),
    "past": ({"past": [{"title": "超市收银", "action": "applied"}]}, {"title": "收银员"}),
    "teaches": ({"wanted": ["电工"]}, {"title": "冬季班", "teaches": ["低压电工证"]}),
    "at_home": ({}, {"title": "手工", "at_home": True}),
    "near": ({"home": ESTATE}, {"title": "门卫", "place": STREET}),
    "pay": ({"min_pay": 3000}, {"pay": {"min": 3200, "max": None, "unit": "month"}}),
    "hours": (
        {"available": [{"days": "12345", "start": "08:00", "end": "17:00"}]},
        {"hours": [{"days": "123", "start": "09:00", "end": "12:00"}]},
    ),
    "flexible": ({}, {"flexible": True}),
    "no_schooling": ({}, {"education": "none"}),
}


def codes(person: dict[str, Any], opening: dict[str, Any]) -> list[str]:
    return [note.code for note in explain(seeker(**person), Opening(id="o", **opening)).reasons]


# Fields of the opening that a reason is told from; without any of them it can't be.
TOLD_FROM = {
    "wanted": ["title"],
    "skill": ["skills"],
    "experience": ["title"],
    "past": ["title"],
    "teaches": ["teaches"],
    "at_home": ["at_home"],
    "near": ["place"],
    "pay": ["pay"],
    "hours": ["hours"],
    "flexible": ["flexible"],
    "no_schooling": ["education"],
}


def without(record: dict[str, Any], field: str) -> dict[str, Any]:
    # seeker() gives everybody a home unless told otherwise.
    return (
        {**record, "home": None}
        if field == "home"
        else {k: v for k, v in record.items() if k != field}
    )


@pytest.mark.parametrize("code", FACTS)
def test_a_reason_needs_its_facts(code: str) -> None:
    person, opening = FACTS[code]
    assert code in codes(person, opening)
    for field in person:
        assert code not in codes(without(person, field), opening)
    for field in TOLD_FROM[code]:
        assert code not in codes(person, without(opening, field))


def test_reasons_quote_the_records() -> None:
    found = explain(
        seeker(wanted=["带娃", "做保洁"], min_pay=2000),
        Opening(id="o", title="小区保洁员", place=ESTATE, pay={"text": "2200-2600元/月"}),
    )
    assert [note.code for note in found.reasons] == ["wanted", "near", "pay"]
    assert "做保洁" in found.reasons[0].text
    assert "小区" in found.reasons[1].text
    assert "2200元" in found.reasons[2].text


def test_no_more_than_four_reasons() -> None:
    person = {key: value for fields, _ in FACTS.values() for key, value in fields.items()}
    opening = {key: value for _, fields in FACTS.values() for key, value in fields.items()}
    assert len(codes(person, opening)) == 4


def test_gaps_put_hard_rules_first() -> None:
    found = explain(
        seeker(limits=["night"], min_pay=4000),
        Opening(
            id="o",
            title="夜班保安",
            demands=["night"],
            skills=["武术", "消防"],
            pay={"text": "2000元/月"},
        ),
    )
    assert [note.code for note in found.gaps][:3] == ["demand", "skill_missing", "pay_below"]
    assert "武术、消防" in found.gaps[1].text
    assert "2000元" in found.gaps[2].text


def test_missing_facts_of_the_opening_are_not_praised() -> None:
    assert codes({"min_pay": 1000}, {"title": "保安"}) == []
    # A ceiling is no promise.
    assert "pay" not in codes({"min_pay": 3000}, {"pay": {"text": "最高5000元/月"}})


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("会踩缝纫机", "缝纫工", True),
        ("饭店洗碗", "餐厅洗碗工", True),
        ("超市收银", "超市理货员", False),
        ("理发", "理货员", False),
        ("餐厅服务员", "酒店客房服务员", False),
        ("Retail Sales Associate", "Part Time Sales Associate", True),
        ("Part Time Cashier", "Part Time Driver", False),
        ("", "保洁", False),
    ],
)
def test_same_work(a: str, b: str, same: bool) -> None:
    assert same_work(a, b) is same
    assert same_work(b, a) is same


def test_a_skill_is_not_said_to_be_another() -> None:
    def told(held: str, asked: str) -> list[str]:
        found = explain(seeker(skills=[held]), Opening(id="o", title="车间", skills=[asked]))
        return [note.text for note in found.reasons]

    assert told("会踩缝纫机", "踩缝纫机") == ["有“会踩缝纫机”的本事，这里正需要“踩缝纫机”"]
    assert told("会踩缝纫机", "锁边") == ["有“会踩缝纫机”的本事，跟这里要的“锁边”是一类活"]
    # Both could be said of a factory hand.
    assert told("会用电批打螺丝", "看机器") == []


@pytest.mark.parametrize("group", ["女", "有残疾证", "肢体残疾二级", "低保户", "离异", "單親媽媽"])
def test_belonging_to_a_group_is_never_told(group: str) -> None:
    person = seeker(skills=[group], wanted=[group])
    assert explain(person, Opening(id="o", title=group, skills=[group])).reasons == []


def test_a_disability_certificate_is_linked_to_nothing() -> None:
    none, some = skill_vectors.linked_names(["残疾证", "电工证"], 0.0)
    assert none.isdisjoint(skill_vectors.UNRANKED_NAMES)
    assert some


def test_yuan_has_no_needless_decimals() -> None:
    assert [format_yuan(2200.0), format_yuan(0.35), format_yuan(10.5)] == ["2200", "0.35", "10.5"]


@pytest.mark.parametrize(
    ("hourly", "asked", "told"),
    [
        (43.75, 3000, "每月7610元起，够想要的3000元"),
        (43.75, 7612, "每月7612元起，够想要的7612元"),
        (43.75, 7612.5, "每月7612.5元起，够想要的7612.5元"),
        (43.75, 8000, "每月最多7620元，不到想要的8000元"),
        (43.75, 7615, "每月最多7613元，不到想要的7615元"),
    ],
)
def test_pay_by_the_hour_is_told_in_round_sums(hourly: float, asked: float, told: str) -> None:
    opening = Opening(id="o", pay={"min": hourly, "max": hourly, "unit": "hour"})
    found = explain(seeker(min_pay=asked), opening)
    assert told in [note.text for note in (*found.reasons, *found.gaps)]


@given(st.decimals(1, 400, places=2), st.integers(1, 60_000))
def test_a_round_sum_of_pay_is_true(daily, asked: int) -> None:
    opening = Opening(id="o", pay={"min": float(daily), "max": float(daily), "unit": "day"})
    found = explain(seeker(min_pay=asked), opening)
    exact = monthly_pay(opening)[0] or 0.0
    (text,) = [n.text for n in (*found.reasons, *found.gaps) if n.code in ("pay", "pay_below")]
    told = float(re.findall(r"[\d.]+", text)[0])
    if "起" in text:
        assert asked <= told <= exact + 0.005
    else:
        assert exact - 0.005 <= told < asked
