"""Meaning in the ranking: what the linker is sure of wins, order and repeats change nothing."""

import random
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opencc import OpenCC
from pypinyin import lazy_pinyin

from matching import rank, suggest
from matching.records import Kind, Opening, Seeker, Task
from matching.skills.linker import SkillLinker
from matching.text.pinyin import folded_syllables
from tests.depth import examples

LINKER = SkillLinker.default()
TRADES = [e for e in LINKER.entries if e.prior == 1.0 and e.code is not None and len(e.forms) > 3]
DOES = Opening(
    id="wash",
    title="后厨洗碗工",
    description="在水池边刮渣，清洗碗碟锅筷，放进消毒柜。包吃住。",
    skills=["洗碗"],
)
OTHER = Opening(
    id="weld", title="电焊工", description="车间里焊钢架、打磨焊缝。", skills=["二保焊"]
)
PHRASE = "两只手成天泡在油水里，把客人吃剩的盘盘碟碟冲干净"


def _related(one: str, other: str) -> bool:
    names = {link.name for link in LINKER.link(one, top=8)}
    return bool(names & {link.name for link in LINKER.link(other, top=8)})


@pytest.mark.slow
@given(st.sampled_from(TRADES), st.sampled_from(TRADES), st.data())
@settings(max_examples=examples(60))
def test_what_the_linker_is_sure_of_comes_before_an_unrelated_opening(one, other, data) -> None:
    phrase = data.draw(st.sampled_from(one.forms))
    found = LINKER.link(phrase, top=1)
    if not found or found[0].name != one.name or found[0].score < 0.95:
        return
    if one.code[:7] == other.code[:7] or _related(phrase, other.name):
        return
    openings = [Opening(id="right", title=one.name), Opening(id="wrong", title=other.name)]
    task = Task(qid="q", seeker=Seeker(id="s", wanted=[phrase]), openings=openings)
    assert rank(task)[0].id == "right", (phrase, one.name, other.name)


def test_a_name_in_latin_letters_is_linked() -> None:
    openings = [Opening(id="right", title="数控操作工"), Opening(id="wrong", title="保洁员")]
    task = Task(qid="q", seeker=Seeker(id="s", wanted=["CNC"]), openings=openings)
    right, wrong = rank(task)
    assert right.id == "right"
    assert right.score > wrong.score


SPELLED = {
    "traditional": OpenCC("s2t").convert,
    "spaced": " ".join,
    "punctuated": lambda phrase: f"　{phrase}！",
    "syllables": lambda phrase: " ".join(lazy_pinyin(phrase)),
    "joined": lambda phrase: "".join(lazy_pinyin(phrase)),
}


def _first(phrase: str, openings: list[Opening]) -> str:
    return rank(Task(qid="q", seeker=Seeker(id="s", wanted=[phrase]), openings=openings))[0].id


@pytest.mark.slow
@given(
    st.sampled_from(TRADES), st.sampled_from(TRADES), st.sampled_from(sorted(SPELLED)), st.data()
)
@settings(max_examples=examples(40))
def test_spelling_script_and_pinyin_of_one_phrase_give_the_same_first_opening(
    one, other, name, data
) -> None:
    phrase = data.draw(st.sampled_from(one.forms))
    found = LINKER.link(phrase, top=1)
    assume(re.fullmatch("[\u4e00-\u9fff]{2,8}", phrase) is not None)
    assume(bool(found) and found[0].name == one.name and found[0].score >= 0.95)
    # What sounds the same may well be taken for the other.
    heard = folded_syllables(phrase)
    assume(all(folded_syllables(form) != heard for form in other.forms))
    assume(one.code[:7] != other.code[:7] and not _related(phrase, other.name))
    openings = [Opening(id=entry.name, title=entry.name) for entry in (one, other)]
    assert _first(SPELLED[name](phrase), openings) == _first(phrase, openings) == one.name


@pytest.mark.slow
@given(st.sampled_from(TRADES), st.data())
@settings(max_examples=examples(25))
def test_a_reason_in_meaning_names_a_part_of_the_posting(trade, data) -> None:
    phrase = data.draw(st.sampled_from(trade.forms))
    task = Task(qid="q", seeker=Seeker(id="s", skills=[phrase]), openings=[DOES, OTHER])
    for ranked in rank(task):
        posting = DOES if ranked.id == DOES.id else OTHER
        for note in ranked.reasons:
            if note.code == "meaning":
                said, answer = re.findall("“([^”]+)”", note.text)
                assert said == phrase
                assert answer in (posting.description or "")


def test_what_the_hands_do_finds_the_work_and_says_what_answers() -> None:
    task = Task(qid="q", seeker=Seeker(id="s", wanted=[PHRASE]), openings=[OTHER, DOES])
    ranking = rank(task)
    assert [one.id for one in ranking] == ["wash", "weld"]
    (note,) = [note for note in ranking[0].reasons if note.code == "meaning"]
    assert "清洗碗碟锅筷" in note.text or "在水池边刮渣" in note.text
    assert [note for note in ranking[1].reasons if note.code == "meaning"] == []


def test_a_condition_of_the_posting_is_no_answer_to_work() -> None:
    bare = DOES.model_copy(update={"description": "包吃住，月休四天。", "skills": []})
    task = Task(qid="q", seeker=Seeker(id="s", wanted=[PHRASE]), openings=[bare])
    assert [note for note in rank(task)[0].reasons if note.code == "meaning"] == []


def test_order_repeats_and_other_seekers_change_nothing() -> None:
    openings = [
        Opening(id=entry.name, title=entry.name, description="、".join(entry.forms[:4]))
        for entry in TRADES[::6]
    ]
    seekers = [Seeker(id=str(i), wanted=[entry.forms[-1]]) for i, entry in enumerate(TRADES[::9])]
    seekers.append(Seeker(id="hands", wanted=[PHRASE]))
    once = dict(suggest(seekers, openings, top=5))
    shuffled = random.Random(1).sample(openings, len(openings))
    again = dict(suggest([*reversed(seekers)], shuffled, top=5))
    assert again == once
    alone = dict(suggest([seekers[-1]], openings, top=5))
    assert alone["hands"] == once["hands"]


@pytest.mark.parametrize(
    ("phrase", "first"),
    [("洗碗", "job"), ("想学洗碗", "course"), ("自己开个洗碗的小店", "venture")],
)
def test_the_kind_that_is_asked_for_comes_first(phrase: str, first: str) -> None:
    same = {"title": "洗碗", "description": "洗碗"}
    openings = [
        Opening(id="job", **same),
        Opening(id="course", kind=Kind.COURSE, **same),
        Opening(id="venture", kind=Kind.VENTURE, **same),
    ]
    task = Task(qid="q", seeker=Seeker(id="s", wanted=[phrase]), openings=openings)
    assert rank(task)[0].id == first
