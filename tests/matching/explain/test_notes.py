"""What is said of a pair is so: take the fact away, and the sentence goes."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from matching.eligibility import hours
from matching.eligibility.places import split_path
from matching.eligibility.rules import RULES, broken_rules
from matching.explain.reasons import gaps, reasons
from matching.records import (
    Education,
    Experience,
    Note,
    Opening,
    PastOpening,
    PayRange,
    Reach,
    Seeker,
    Window,
)
from tests.depth import examples
from tests.matching.strategies import RICH_OPENINGS, RICH_SEEKERS, ROUND_THE_CLOCK

_QUOTED = re.compile("“(.*?)”")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def but(record: Any, **fields: Any) -> Any:
    """The record with other facts, checked like any other."""
    return type(record).model_validate({**dict(record), **fields})


def other_than(phrases: Sequence[str], said: str) -> list[str]:
    return [phrase for phrase in phrases if phrase.strip() != said]


def without_the_fact(seeker: Seeker, opening: Opening, note: Note) -> list[tuple[Seeker, Opening]]:
    """Pairs that lack what the reason is told from, one fact at a time; checks that it is there."""
    said = _QUOTED.findall(note.text)
    match note.code:
        case "wanted":
            assert said[1] == opening.title.strip()
            less = but(seeker, wanted=other_than(seeker.wanted, said[0]))
            return [(less, opening), (seeker, but(opening, title="别的"))]
        case "skill":
            assert said[1] in [opening.title.strip(), *map(str.strip, opening.skills)]
            bare = but(opening, skills=other_than(opening.skills, said[1]), title="别的")
            less = but(seeker, skills=other_than(seeker.skills, said[0]))
            return [(less, opening), (seeker, bare)]
        case "experience":
            left = [job for job in seeker.experience if job.title.strip() != said[0]]
            return [(but(seeker, experience=left), opening), (seeker, but(opening, title="别的"))]
        case "past":
            done = {"看过": "viewed", "申请过": "applied", "做过": "hired"}
            verb = next(verb for verb in done if verb in note.text)
            told = [
                one
                for one in seeker.past
                if (one.title.strip(), one.action) == (said[0], done[verb])
            ]
            assert told
            return [(but(seeker, past=[one for one in seeker.past if one not in told]), opening)]
        case "teaches":
            assert said[1] in map(str.strip, seeker.wanted)
            return [(seeker, but(opening, teaches=other_than(opening.teaches, said[0])))]
        case "at_home":
            return [(seeker, but(opening, at_home=False))]
        case "near":
            home, place = split_path(seeker.home), split_path(opening.place)
            depth = {"小区": 4, "地方": len(home), "街道": 3, "区县": 2}
            parts = next(n for word, n in depth.items() if word in note.text)
            assert home[:parts] == place[:parts]
            return [(but(seeker, home=None), opening), (seeker, but(opening, place=None))]
        case "pay":
            least, wanted = map(float, _FIGURE.findall(note.text))
            assert wanted == seeker.min_pay <= least
            return [(but(seeker, min_pay=None), opening), (but(seeker, min_pay=least + 1), opening)]
        case "hours":
            return [
                (but(seeker, available=[]), opening),
                (but(seeker, available=None), opening),
                (seeker, but(opening, hours=[], flexible=False)),
            ]
        case "flexible":
            return [
                (seeker, but(opening, flexible=False, hours=[])),
                (seeker, nine_to_five(opening)),
            ]
        case "no_schooling":
            return [(seeker, but(opening, education=Education.PRIMARY))]
    raise AssertionError(f"a reason nobody checks: {note.code}")


def nine_to_five(opening: Opening) -> Opening:
    fixed: Opening = but(opening, flexible=False, hours=[Window(start="09:00", end="17:00")])
    return fixed


@pytest.mark.slow
@settings(max_examples=examples(120))
@given(RICH_SEEKERS, RICH_OPENINGS)
def test_every_reason_is_true_and_goes_with_its_fact(seeker: Seeker, opening: Opening) -> None:
    for note in reasons(seeker, opening):
        for person, place in without_the_fact(seeker, opening, note):
            assert note not in reasons(person, place), note


def filled(seeker: Seeker, opening: Opening, code: str) -> tuple[Seeker, Opening]:
    """The pair with what the gap says is lacking."""
    of_seeker = {
        "age": {"age": 40},
        "demand": {"limits": []},
        "certificate": {"certificates": opening.certificates},
        "education": {"education": Education.BACHELOR},
        "hours": {"available": [ROUND_THE_CLOCK]},
        "place": {"reach": Reach.ANYWHERE},
        "kind": {"kinds": [opening.kind]},
        "skill_missing": {"skills": [*seeker.skills, *opening.skills]},
        "pay_below": {"min_pay": 1},
        "unknown_age": {"age": 40},
        "unknown_education": {"education": Education.BACHELOR},
        "unknown_available": {"available": [ROUND_THE_CLOCK]},
        "unknown_home": {"home": opening.place},
        "unknown_reach": {"reach": Reach.ANYWHERE},
    }
    of_opening = {
        "full": {"capacity": 1},
        "unknown_pay": {"pay": PayRange(min=1, max=None, unit="month")},
        "unknown_place": {"place": seeker.home if split_path(seeker.home) else "重庆市"},
    }
    if code in of_opening:
        return seeker, but(opening, **of_opening[code])
    return but(seeker, **of_seeker[code]), opening


@pytest.mark.slow
@settings(max_examples=examples(120))
@given(RICH_SEEKERS, RICH_OPENINGS)
def test_every_gap_goes_when_it_is_filled(seeker: Seeker, opening: Opening) -> None:
    found = gaps(seeker, opening)
    codes = [note.code for note in found]
    assert len(set(codes)) == len(codes)
    for code in codes:
        person, place = filled(seeker, opening, code)
        assert code not in [note.code for note in gaps(person, place)], code
        # Nothing else was the matter with it: the other rules still say the same.
        others = [note for note in broken_rules(seeker, opening) if note.code != code]
        assert [note for note in broken_rules(person, place) if note.code in RULES] == others


@pytest.mark.slow
@settings(max_examples=examples(60))
@given(RICH_SEEKERS, RICH_OPENINGS)
def test_figures_and_words_of_gaps_are_in_the_records(seeker: Seeker, opening: Opening) -> None:
    for note in gaps(seeker, opening):
        if note.code == "pay_below":
            most, wanted = map(float, _FIGURE.findall(note.text))
            assert most < wanted == seeker.min_pay
        elif note.code == "skill_missing":
            named = note.text.removeprefix("要会").split("，")[0].removesuffix("等").split("、")
            assert set(named) <= {skill.strip() for skill in opening.skills}
            assert not set(named) & {skill.strip() for skill in seeker.skills}
        elif note.code == "unknown_available":
            assert hours.minute_mask(hours.fixed_windows(opening.hours))
        elif note.code == "hours":
            assert seeker.available is not None
            free, asked = hours.minute_mask(seeker.available), hours.minute_mask(opening.hours)
            assert asked & ~free


@settings(max_examples=examples(40))
@given(RICH_SEEKERS, RICH_OPENINGS)
def test_no_sentence_says_whom_it_speaks_to(seeker: Seeker, opening: Opening) -> None:
    said = [note.text for note in [*reasons(seeker, opening), *gaps(seeker, opening)]]
    own = [opening.title, *opening.skills, *seeker.skills, *seeker.wanted]
    assert not any("您" in text for text in said if not any("您" in word for word in own))


@pytest.mark.parametrize("action", ["declined", "left"])
def test_declining_and_leaving_are_never_told(action: Any) -> None:
    person = Seeker(id="s", past=[PastOpening(title="超市收银员", action=action)])
    till = Opening(id="o", title="收银员")
    assert reasons(person, till) == []
    assert not any("收银" in note.text for note in gaps(person, till))
    worked = but(person, experience=[Experience(title="超市收银员")])
    assert [note.code for note in reasons(worked, till)] == ["experience"]
