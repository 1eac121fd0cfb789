"""Suggestions for many seekers: only what is allowed, the same however it is computed."""

import random

import pytest

from matching import suggesting
from matching.ranking import rank
from matching.records import Opening, Seeker, Task
from matching.rules import is_eligible
from matching.suggesting import suggest

from .community import ESTATE, openings, seeker


def crowd(n: int) -> list[Seeker]:
    draw = random.Random(0)
    wishes = ["做保洁", "带娃", "开车", "炒菜", "守大门", "做手工", "送外卖"]
    return [
        seeker(
            id=f"s{i}",
            wanted=draw.sample(wishes, 2),
            age=draw.choice([15, 17, 30, 50]),
            limits=draw.choice([[], ["night"], ["outdoors"]]),
            reach=draw.choice(["home", "street", "anywhere"]),
        )
        for i in range(n)
    ]


def test_only_eligible_openings_best_first() -> None:
    people, catalogue = crowd(20), {opening.id: opening for opening in openings()}
    answers = dict(suggest(people, openings(), top=5))
    assert list(answers) == [person.id for person in people]
    for person in people:
        found = answers[person.id]
        assert all(is_eligible(person, catalogue[one.id]) for one in found)
        assert len(found) == min(5, sum(is_eligible(person, o) for o in openings()))
        assert [one.score for one in found] == sorted((o.score for o in found), reverse=True)


def test_a_small_catalogue_is_ranked_as_one_task() -> None:
    person = seeker(wanted=["带娃"], reach="district")
    whole = rank(Task(qid="q", seeker=person, openings=openings()))
    ((_, found),) = suggest([person], openings(), top=30)
    assert found == [one for one in whole if one.eligible]


def test_blocks_workers_and_order_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    people = crowd(12)
    expected = list(suggest(people, openings(), top=4))
    assert list(suggest(people, openings()[::-1], top=4, n_jobs=2)) == expected
    monkeypatch.setattr(suggesting, "BLOCK_SIZE", 5)
    assert list(suggest(iter(people), openings(), top=4)) == expected


def test_candidates_beyond_the_first_hundred_are_left_out_by_relevance() -> None:
    many = [Opening(id=f"x{i}", title=f"仓库管理{i}", place=ESTATE) for i in range(150)]
    ((_, found),) = suggest([seeker(wanted=["保洁"])], [*many, *openings()], top=3)
    assert {one.id for one in found[:2]} == {"o0", "o1"}


@pytest.mark.parametrize("wrong", [{"top": 0}, {"n_jobs": 0}])
def test_wrong_numbers_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        list(suggest([], [], **wrong))


def test_nobody_and_nothing() -> None:
    assert list(suggest([], openings())) == []
    assert list(suggest([seeker()], [])) == [("s", [])]
