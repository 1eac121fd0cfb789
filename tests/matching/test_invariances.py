"""What must not matter does not: order, repeats, spelling, and what is left out."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC
from pydantic import ValidationError

from matching.eligibility import certificates, hours, places
from matching.explain.phrase_similarity import same_skill, same_work
from matching.explain.reasons import explain
from matching.features.seeker_cleaning import clean_seeker
from matching.ranking.batch import suggest
from matching.ranking.ranker import rank
from matching.records import Opening, Record, Seeker, Task, Window
from matching.text.normalise import initials, ngrams, normalise, pinyin, squeeze
from matching.text.numerals import plain_numerals
from matching.text.segmentation import segments
from matching.text.tfidf import terms
from tests.depth import examples
from tests.matching.community import ESTATE
from tests.matching.strategies import RICH_OPENINGS, RICH_SEEKERS

_CODES = {"id", "kind", "kinds", "action", "education", "reach", "days", "start", "end", "unit"}
_TRADITIONAL = OpenCC("s2t").convert
SPELLINGS = {
    "traditional": _TRADITIONAL,
    "capitals": str.upper,
    "spaces": lambda text: f"　{text} \n",
    "wide": lambda text: "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text
    ),
}


def respelled(value: Any, spell: Any) -> Any:
    """The record with its free text spelled another way; codes of a list of words stay."""
    if isinstance(value, str):
        return spell(value)
    if isinstance(value, list):
        return [respelled(one, spell) for one in value]
    if isinstance(value, dict):
        return {k: v if k in _CODES else respelled(v, spell) for k, v in value.items()}
    return value


def variants(person: Seeker, listed: list[Opening]) -> dict[str, Any]:
    found = rank(Task(qid="q", seeker=person, openings=listed))
    return {
        one.id: (
            one.score,
            one.eligible,
            [note.code for note in one.reasons],
            [note.code for note in one.gaps],
        )
        for one in found
    }


def factorize(listed: list[Opening]) -> list[Opening]:
    return [one.model_copy(update={"id": f"o{i}"}) for i, one in enumerate(listed)]


COMMUNITIES = st.lists(RICH_OPENINGS, min_size=1, max_size=6).map(factorize)


@pytest.mark.slow
@settings(max_examples=examples(25))
@given(RICH_SEEKERS, COMMUNITIES, st.sampled_from(sorted(SPELLINGS)), st.booleans())
def test_spelling_changes_nothing(
    person: Seeker, listed: list[Opening], name: str, both: bool
) -> None:
    def spelled(record: Record) -> Any:
        data = record.model_dump(mode="json", exclude_none=True)
        return type(record).model_validate(respelled(data, SPELLINGS[name]))

    theirs = [spelled(one) for one in listed] if both else listed
    expected, found = variants(person, listed), variants(spelled(person), theirs)
    assert {k: v[1:] for k, v in found.items()} == {k: v[1:] for k, v in expected.items()}
    assert [found[k][0] for k in expected] == pytest.approx([v[0] for v in expected.values()])


@pytest.mark.slow
@settings(max_examples=examples(25))
@given(RICH_SEEKERS, COMMUNITIES, st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(person: Seeker, listed: list[Opening], draw: Any) -> None:
    lists = ("wanted", "skills", "certificates", "experience", "limits")
    again = {name: [*getattr(person, name), *getattr(person, name)[:1]] for name in lists}
    for items in again.values():
        draw.shuffle(items)
    shuffled = draw.sample(listed, len(listed))
    expected = variants(person, listed)
    found = variants(person.model_copy(update=again), shuffled)
    assert {k: v[1] for k, v in found.items()} == {k: v[1] for k, v in expected.items()}
    assert [found[k][0] for k in expected] == pytest.approx([v[0] for v in expected.values()])
    # Gaps are all told, and a reason's code stands for whichever wish or skill it quotes.
    assert {k: set(v[3]) for k, v in found.items()} == {k: set(v[3]) for k, v in expected.items()}
    assert {k: set(v[2]) for k, v in found.items()} == {k: set(v[2]) for k, v in expected.items()}


def test_an_opening_listed_twice_takes_nothing_from_the_others() -> None:
    one = Opening(id="a", title="小区保洁员", place=ESTATE)
    other = Opening(id="b", title="缝纫工", place=ESTATE)
    person = Seeker(id="s", wanted=["做保洁"], home=ESTATE)
    once = variants(person, [one, other])
    twice = variants(person, [one, other, one.model_copy(update={"id": "c"})])
    assert twice["a"] == twice["c"] == once["a"]
    assert twice["b"] == once["b"]


def test_repeats_are_dropped_and_the_rest_stays() -> None:
    person = Seeker(
        id="s",
        wanted=["做保潔", "做保洁 ", "带娃"],
        skills=["Excel", "ＥＸＣＥＬ", "女"],
        experience=[{"title": "厨师", "years": 2}] * 2 + [{"title": "厨师", "years": 3}],
    )
    found = clean_seeker(person)
    assert (found.wanted, found.skills) == (["做保洁", "带娃"], ["Excel"])
    assert [job.years for job in found.experience] == [2, 3]
    assert clean_seeker(found) is found


FULL_SEEKER: dict[str, Any] = {
    "id": "s",
    "household": "h",
    "wanted": ["做保洁"],
    "skills": ["打扫卫生"],
    "certificates": ["健康证"],
    "experience": [{"title": "饭店洗碗", "employer": "小面馆", "place": ESTATE, "years": 2}],
    "education": "junior_high",
    "age": 40,
    "home": ESTATE,
    "reach": "district",
    "available": [{"days": "12345", "start": "08:00", "end": "18:00"}],
    "limits": ["night"],
    "min_pay": 2000,
    "kinds": ["vacancy", "course"],
    "past": [{"title": "保洁", "place": ESTATE, "action": "applied"}],
    "priority": ["low_income"],
}
FULL_OPENING: dict[str, Any] = {
    "id": "o",
    "kind": "vacancy",
    "title": "小区保洁员",
    "employer": "物业",
    "category": "保洁",
    "description": "打扫楼道",
    "place": ESTATE,
    "at_home": False,
    "skills": ["打扫卫生"],
    "certificates": ["健康证"],
    "education": "primary",
    "demands": ["standing"],
    "hours": [{"days": "12345", "start": "09:00", "end": "17:00"}],
    "flexible": False,
    "hazardous": False,
    "pay": {"text": "2200-2600元/月"},
    "capacity": 2,
    "teaches": ["保洁"],
}


@pytest.mark.slow
def test_no_optional_field_is_needed() -> None:
    assert {*FULL_SEEKER} == {*Seeker.model_fields}
    assert {*FULL_OPENING} == {*Opening.model_fields}
    people, listed = [FULL_SEEKER, {"id": "s"}], [FULL_OPENING, {"id": "o"}]
    for name in [*FULL_SEEKER][1:]:
        rest = {k: v for k, v in FULL_SEEKER.items() if k != name}
        people += [rest, {**rest, name: None}]
    for name in [*FULL_OPENING][1:]:
        rest = {k: v for k, v in FULL_OPENING.items() if k != name}
        listed += [rest, {**rest, name: None}]
    seekers = [Seeker.model_validate({**one, "id": str(i)}) for i, one in enumerate(people)]
    openings = [Opening.model_validate({**one, "id": str(i)}) for i, one in enumerate(listed)]
    for person in seekers:
        ranking = rank(Task(qid="q", seeker=person, openings=openings))
        assert len(ranking) == len(openings)
        assert np.isfinite([one.score for one in ranking]).all()
    assert len(list(suggest(seekers, openings))) == len(seekers)
    # Null and missing are the same.
    assert seekers[2].model_copy(update={"id": "s"}) == seekers[3].model_copy(update={"id": "s"})


_TEXT = st.text(max_size=30) | st.text(
    "一二两三半百千万元块每月天时件男女有证 的0.5-~/（）", max_size=20
)


@pytest.mark.slow
@settings(max_examples=examples(150))
@given(_TEXT, _TEXT)
def test_any_phrase_is_read(one: str, other: str) -> None:
    assert normalise(normalise(one)) == normalise(one)
    assert squeeze(squeeze(one)) == squeeze(one)
    assert terms(one) == terms(f" {one}\t")
    assert same_work(one, other) == same_work(other, one)
    assert same_skill(one, other) == same_skill(other, one)
    assert all(gram in squeeze(one) for gram in ngrams(one))
    assert not any(char.isspace() for char in initials(one))
    assert isinstance(pinyin(one), str)
    assert len(set(segments(one))) == len(segments(one))
    assert certificates.holds([one], one)
    assert places.prefixes_agree(places.split_path(one), places.split_path(one), 4)
    assert isinstance(plain_numerals(one), str)
    explain(
        Seeker(id="s", wanted=[one], skills=[other], limits=[one], home=other),
        Opening(id="o", title=other, skills=[one], demands=[other], place=one, pay={"text": one}),
    )


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@pytest.mark.slow
@settings(max_examples=examples(200))
@given(st.sampled_from([*FULL_SEEKER]), st.sampled_from([*FULL_OPENING]), _JSON)
def test_a_record_is_read_or_refused(ours: str, theirs: str, value: Any) -> None:
    for model, data in (
        (Seeker, {**FULL_SEEKER, ours: value}),
        (Opening, {**FULL_OPENING, theirs: value}),
    ):
        try:
            record = model.model_validate(json.loads(json.dumps(data)))
        except ValidationError:
            continue
        assert model.model_validate_json(record.model_dump_json()) == record


@settings(max_examples=examples(200))
@given(
    st.text("01234567 ：:", max_size=6) | st.from_regex(r"[0-9]{1,2}:[0-9]{2}", fullmatch=True),
    st.text("01234567", max_size=8),
)
def test_hours_are_read_or_refused(clock: str, days: str) -> None:
    try:
        window = Window(days=days, start=clock, end=clock)
    except ValidationError:
        return
    # A window that ends when it starts is a whole day and night.
    assert hours.hours_a_week([window]) == 24 * len(set(days))
    assert hours.covers([window], [window])
