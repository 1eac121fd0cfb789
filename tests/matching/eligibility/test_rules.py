"""The hard rules, one by one and for whole communities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.eligibility.index import EligibilityIndex
from matching.eligibility.rules import RULES, broken_rules, is_eligible, unknown_gaps
from matching.records import Opening, Seeker
from tests.depth import examples
from tests.matching.strategies import OPENINGS, SEEKERS

HOME = "重庆市/九龙坡区/华岩镇/华龙家园"


def codes(seeker: dict, opening: dict) -> list[str]:
    return [n.code for n in broken_rules(Seeker(id="s", **seeker), Opening(id="o", **opening))]


def texts(seeker: dict, opening: dict) -> list[str]:
    return [n.text for n in broken_rules(Seeker(id="s", **seeker), Opening(id="o", **opening))]


def gap_codes(seeker: dict, opening: dict) -> list[str]:
    return [n.code for n in unknown_gaps(Seeker(id="s", **seeker), Opening(id="o", **opening))]


NIGHT = {"days": "5", "start": "23:00", "end": "07:00"}
DAY = {"days": "12345", "start": "09:00", "end": "17:00"}


@pytest.mark.parametrize(
    ("seeker", "opening", "expected"),
    [
        ({}, {}, []),
        ({"age": 15}, {}, ["age"]),
        ({"age": 15}, {"kind": "course", "at_home": True}, ["age"]),
        ({"age": 16}, {}, []),
        ({"age": 17}, {"demands": ["heights"]}, ["age"]),
        ({"age": 17}, {"demands": ["Night"]}, ["age"]),
        ({"age": 17}, {"demands": ["lifting"]}, []),
        ({"age": 17}, {"hazardous": True}, ["age"]),
        ({"age": 18}, {"hazardous": True, "demands": ["night"]}, []),
        ({"age": 17}, {"hours": [NIGHT]}, ["age"]),
        ({"age": 17}, {"hours": [NIGHT], "flexible": True}, []),
        ({"age": 17}, {"hours": [NIGHT | {"flexible": True}]}, []),
        ({"age": 17}, {"hours": [{"start": "14:00", "end": "22:00"}]}, []),
        ({"age": 17}, {"hours": [{"start": "14:00", "end": "22:01"}]}, ["age"]),
        ({"age": 17}, {"hours": [{"start": "06:00", "end": "14:00"}]}, []),
        ({"age": 17}, {"hours": [{"start": "05:59", "end": "14:00"}]}, ["age"]),
        ({"limits": ["lifting"]}, {"demands": ["lifting"]}, ["demand"]),
        ({"limits": ["闻油漆味"]}, {"demands": ["聞油漆味"]}, ["demand"]),
        ({"limits": ["lifting"]}, {"demands": ["stairs"]}, []),
        ({"limits": [""]}, {"demands": [""]}, []),
        ({}, {"certificates": ["健康证"]}, ["certificate"]),
        ({"certificates": []}, {"certificates": ["健康证"]}, ["certificate"]),
        ({"certificates": ["从业人员健康证明"]}, {"certificates": ["健康证"]}, []),
        ({"certificates": ["A1驾驶证"]}, {"certificates": ["C2驾照", "健康证"]}, ["certificate"]),
        ({"certificates": ["健康证"]}, {"certificates": []}, []),
        ({"education": "primary"}, {"education": "junior_high"}, ["education"]),
        ({"education": "vocational"}, {"education": "senior_high"}, []),
        ({"education": "senior_high"}, {"education": "vocational"}, []),
        ({"education": "none"}, {"education": "none"}, []),
        ({}, {"education": "bachelor"}, []),
        ({"available": [DAY]}, {"hours": [DAY]}, []),
        ({"available": [DAY]}, {"hours": [DAY | {"days": "6"}]}, ["hours"]),
        ({"available": []}, {"hours": [DAY]}, ["hours"]),
        ({"available": []}, {"hours": []}, []),
        ({"available": []}, {"hours": [DAY], "flexible": True}, []),
        ({"available": [DAY]}, {"hours": [DAY, NIGHT | {"flexible": True}]}, []),
        ({"available": [DAY]}, {"hours": [DAY, NIGHT]}, ["hours"]),
        ({"home": HOME, "reach": "home"}, {"place": HOME}, ["place"]),
        ({"home": HOME, "reach": "home"}, {"place": HOME, "at_home": True}, []),
        ({"reach": "home"}, {}, ["place"]),
        ({"home": HOME, "reach": "district"}, {"place": "重庆市/渝北区"}, ["place"]),
        ({"home": HOME, "reach": "city"}, {"place": "重庆市/渝北区"}, []),
        ({"home": HOME, "reach": "estate"}, {}, []),
        ({"reach": "estate"}, {"place": HOME}, []),
        ({"home": HOME, "reach": "anywhere"}, {"place": "CA/San Jose"}, []),
        ({"kinds": ["course"]}, {"kind": "vacancy"}, ["kind"]),
        ({"kinds": []}, {"kind": "vacancy"}, []),
        ({"kinds": ["vacancy", "course"]}, {"kind": "course"}, []),
        ({}, {"capacity": 0}, ["full"]),
        ({}, {"capacity": -3}, ["full"]),
    ],
)
def test_each_rule(seeker: dict, opening: dict, expected: list[str]) -> None:
    assert codes(seeker, opening) == expected


ALL_BROKEN_SEEKER = {
    "age": 15,
    "limits": ["standing", "stairs"],
    "education": "primary",
    "available": [],
    "home": HOME,
    "reach": "street",
    "kinds": ["course"],
}
ALL_BROKEN_OPENING = {
    "demands": ["stairs", "standing", "stairs"],
    "certificates": ["健康证", "健康证明"],
    "education": "college",
    "hours": [DAY],
    "place": "重庆市/渝北区",
    "capacity": 0,
}


def test_all_broken_rules_are_told_in_order() -> None:
    assert codes(ALL_BROKEN_SEEKER, ALL_BROKEN_OPENING) == list(RULES)


def test_sentences_name_the_fact() -> None:
    assert texts({}, {"certificates": ["健康证"]}) == ["需要健康证，资料里还没有"]
    assert texts({"limits": ["stairs"]}, {"demands": ["stairs"]}) == ["需要爬楼梯，登记过做不了"]
    assert texts({"limits": ["闻油漆味"]}, {"demands": ["闻油漆味"]}) == [
        "需要闻油漆味，登记过做不了"
    ]
    assert texts({"education": "primary"}, {"education": "college"}) == [
        "要求大专以上学历，登记的是小学"
    ]
    assert texts({"kinds": ["course"]}, {}) == ["这是招聘岗位，只想看培训"]
    assert (
        "重庆市/渝北区" in texts({"home": HOME, "reach": "street"}, {"place": "重庆市/渝北区"})[0]
    )
    assert "登高" in texts({"age": 16}, {"demands": ["heights"]})[0]
    # Two spellings of one certificate are told once.
    assert texts({}, {"certificates": ["健康证", "健康证明"]}) == ["需要健康证明，资料里还没有"]


def test_what_is_not_known_is_a_gap_only_where_it_matters() -> None:
    assert gap_codes({"age": 30, "reach": "anywhere"}, {"place": HOME}) == []
    assert gap_codes({"reach": "anywhere"}, {}) == ["unknown_age"]
    known = {"age": 30, "reach": "anywhere"}
    assert gap_codes(known, {"education": "college"}) == ["unknown_education"]
    assert gap_codes(known, {"education": "none"}) == []
    assert gap_codes(known, {"hours": [DAY]}) == ["unknown_available"]
    assert gap_codes(known, {"hours": [DAY], "flexible": True}) == []
    assert gap_codes({"age": 30, "reach": "street"}, {"place": HOME}) == ["unknown_home"]
    assert gap_codes({"age": 30, "reach": "street"}, {"place": HOME, "at_home": True}) == []
    assert gap_codes({"age": 30, "home": HOME, "reach": "street"}, {}) == ["unknown_place"]
    assert gap_codes({"age": 30, "home": HOME}, {"place": HOME}) == ["unknown_reach"]
    assert gap_codes({"age": 30, "reach": "home"}, {"place": HOME}) == []


@pytest.mark.slow
@settings(max_examples=examples(150))
@given(st.lists(SEEKERS, max_size=4), st.lists(OPENINGS, max_size=8))
def test_index_agrees_with_the_rules(seekers: list[Seeker], openings: list[Opening]) -> None:
    index = EligibilityIndex(openings)
    expected = np.array([[not broken_rules(s, o) for o in openings] for s in seekers], dtype=bool)
    block = index.eligible_block(seekers)
    assert block.dtype == np.bool_
    assert block.shape == (len(seekers), len(openings))
    assert np.array_equal(block, expected.reshape(block.shape))
    for seeker in seekers:
        assert [is_eligible(seeker, o) for o in openings] == index.eligible(seeker).tolist()
    some = np.arange(len(openings))[::-2]
    assert np.array_equal(index.eligible_block(seekers, some), block[:, some])


def _rewritten(words: list[str]) -> list[str]:
    """Return the same words in another order, repeated, spaced, wide and in upper case."""
    wide = str.maketrans({"C": "Ｃ", "(": "（", "1": "１"})
    return [f"  {word.upper().translate(wide)} " for word in reversed(words * 2)]


@settings(max_examples=examples(100))
@given(SEEKERS, OPENINGS)
def test_spelling_order_and_repeats_change_nothing(seeker: Seeker, opening: Opening) -> None:
    other_seeker = seeker.model_copy(
        update={
            "certificates": _rewritten(seeker.certificates),
            "limits": _rewritten(seeker.limits),
            "kinds": seeker.kinds and seeker.kinds[::-1] * 2,
            "available": seeker.available and seeker.available[::-1] * 2,
            "home": seeker.home and seeker.home.replace("/", " ／ ").upper() + "/",
        }
    )
    other_opening = opening.model_copy(
        update={
            "certificates": _rewritten(opening.certificates),
            "demands": _rewritten(opening.demands),
            "hours": opening.hours[::-1] * 2,
            "place": opening.place and opening.place.replace("重庆", "重慶"),
        }
    )
    before = [note.code for note in broken_rules(seeker, opening)]
    assert [note.code for note in broken_rules(other_seeker, other_opening)] == before


def test_remembered_answers_are_not_shared_out_for_writing() -> None:
    index = EligibilityIndex([Opening(id="o", demands=["lifting"])])
    seeker = Seeker(id="s", limits=["stairs"])
    index.eligible(seeker)[:] = False
    assert index.eligible(seeker).all()
