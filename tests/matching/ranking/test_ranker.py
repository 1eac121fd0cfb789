"""The shipped prior on people and openings as the branch meets them."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.features.pair_features import FEATURES
from matching.ranking import prior
from matching.ranking.ranker import PriorRanker, prior_version, rank
from matching.records import Opening, Task
from tests.depth import examples
from tests.matching.community import DISTRICT, ESTATE, openings, seeker

TITLES = {opening.id: opening.title for opening in openings()}


def titles(**fields: Any) -> list[str]:
    task = Task(qid="q", seeker=seeker(**fields), openings=openings())
    return [TITLES[one.id] for one in rank(task)]


@pytest.mark.parametrize(
    ("fields", "expected", "within"),
    [
        ({"wanted": ["做保洁"]}, {"小区保洁员", "写字楼保洁（白班）"}, 2),
        ({"wanted": ["带娃"]}, {"住家育儿嫂", "托管班阿姨"}, 3),
        ({"skills": ["会踩缝纫机"]}, {"缝纫工"}, 1),
        ({"experience": [{"title": "饭店洗碗"}]}, {"餐厅洗碗工"}, 1),
        ({"wanted": ["开车"], "certificates": ["C1驾照"]}, {"网约车司机"}, 1),
        ({"wanted": ["守大门"]}, {"保安"}, 1),
        ({"wanted": ["照顾老人"]}, {"养老院护工"}, 1),
        ({"skills": ["会电脑打字"]}, {"办公室文员"}, 1),
        ({"wanted": ["在屋头做点手工"], "reach": "home"}, {"手工串珠"}, 1),
        ({"wanted": ["炒菜"]}, {"厨师"}, 1),
        ({"wanted": ["送外卖"]}, {"外卖骑手"}, 1),
        ({"skills": ["搬东西"]}, {"仓库搬运工"}, 1),
        ({"wanted": ["想学电工"]}, {"电工培训"}, 1),
        ({"wanted": ["扫地 拖地"]}, {"小区保洁员", "写字楼保洁（白班）"}, 2),
        ({"wanted": ["卖鱼"]}, {"社区菜市场鱼摊"}, 1),
        ({"wanted": ["理发"]}, {"美发店学徒"}, 1),
        ({"wanted": ["坐月子护理"]}, {"母婴护理培训班"}, 1),
        ({"past": [{"title": "家政保洁", "action": "applied"}]}, {"小区保洁员"}, 2),
        (
            {"wanted": ["做保洁", "带娃"], "skills": ["会踩缝纫机"]},
            {"小区保洁员", "缝纫工"},
            5,
        ),
    ],
)
def test_the_right_work_comes_first(
    fields: dict[str, Any], expected: set[str], within: int
) -> None:
    assert expected <= set(titles(**fields)[:within])


def test_nearer_of_two_alike_comes_first() -> None:
    near, far = (Opening(id=place, title="保洁员", place=place) for place in (ESTATE, DISTRICT))
    for shown in ([near, far], [far, near]):
        task = Task(qid="q", seeker=seeker(wanted=["保洁"]), openings=shown)
        assert [one.id for one in rank(task)] == [ESTATE, DISTRICT]


def test_declined_work_sinks_and_is_not_told() -> None:
    declined = [{"title": "超市收银员", "action": "declined"}]
    assert titles(wanted=["超市"], past=declined)[0] == "超市理货员"
    task = Task(qid="q", seeker=seeker(past=declined), openings=openings())
    told = [note.text for one in rank(task) for note in (*one.reasons, *one.gaps)]
    assert not any("拒" in text or "收银" in text for text in told)


def test_ineligible_openings_come_last_with_the_rule() -> None:
    task = Task(qid="q", seeker=seeker(age=15, wanted=["保洁"]), openings=openings()[:3])
    for one in rank(task):
        assert (one.eligible, one.gaps[0].code, one.reasons) == (False, "age", [])
    task = Task(qid="q", seeker=seeker(limits=["lifting"], wanted=["搬运"]), openings=openings())
    found = rank(task)
    assert [one.eligible for one in found] == [True] * 28 + [False] * 2 or not found[-1].eligible
    last = [one for one in found if not one.eligible]
    assert "仓库搬运工" in {TITLES[one.id] for one in last}
    assert found[-len(last) :] == last


@pytest.mark.slow
@settings(max_examples=examples(15))
@given(st.randoms(use_true_random=False))
def test_order_and_ids_of_openings_do_not_matter(shuffler: random.Random) -> None:
    person = seeker(wanted=["保洁", "做饭"], past=[{"title": "帮厨", "place": ESTATE}])
    expected = [
        (TITLES[o.id], o.score) for o in rank(Task(qid="q", seeker=person, openings=openings()))
    ]
    shown = openings()
    shuffler.shuffle(shown)
    renamed = [opening.model_copy(update={"id": str(i)}) for i, opening in enumerate(shown)]
    names = {opening.id: opening.title for opening in renamed}
    found = rank(Task(qid="q", seeker=person, openings=renamed))
    assert [(names[one.id], one.score) for one in found] == expected


@pytest.mark.parametrize(
    "private",
    [
        {"priority": ["low_income"]},
        {"household": "h1"},
        {"sex": "女", "disability": "二级", "allowance": "低保"},
    ],
)
def test_private_facts_change_nothing(private: dict[str, Any]) -> None:
    plain = rank(Task(qid="q", seeker=seeker(wanted=["保洁"]), openings=openings()))
    found = rank(Task(qid="q", seeker=seeker(wanted=["保洁"], **private), openings=openings()))
    assert found == plain


def test_scores_are_probability_like_and_every_opening_comes_once() -> None:
    found = rank(Task(qid="q", seeker=seeker(wanted=["保洁"]), openings=openings()))
    assert sorted(one.id for one in found) == sorted(TITLES)
    scores = [one.score for one in found if one.eligible]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_nothing_known_and_nothing_shown() -> None:
    assert rank(Task(qid="q", seeker={"id": "s"}, openings=[])) == []
    assert len(rank(Task(qid="q", seeker={"id": "s"}, openings=[{"id": "o"}]))) == 1
    assert PriorRanker().version == prior_version()


def test_every_weight_of_the_prior_is_of_a_feature() -> None:
    assert prior.WEIGHTS.keys() <= set(FEATURES)
