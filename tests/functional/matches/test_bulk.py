"""Several suggestions at once: what is doubtful stands out and is left out until looked at."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlmodel import Session

from tests import factories
from tests.functional.matches_world import World, visible_words
from webapp.core import clock
from webapp.core.vocabulary import Demand, Kind, Reach
from webapp.employers.lifecycle import EmployerState
from webapp.employment.lifecycle import SpellKind
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.queries.doubts import doubts_of, places_of
from webapp.residents.models import ResidentState

S = MatchState
QUEUE = "/staff/matches/"
TICKED = re.compile(r'name="ids" value="(\d+)"[^>]* checked>')


def preview(world: World, ids: list[int], **data: str) -> str:
    sent = {"act": "confirm", "ids": [str(one) for one in ids], "bulk_channel": "phone", **data}
    answer = world.post("staff", f"{QUEUE}bulk", QUEUE, **sent)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def plant(session: Any, world: World) -> list[int]:
    """Return three suggestions with a fault each, of the sort that a long list hides."""
    employer_id = world.employer_id
    heavy = factories.make_opening(session, employer_id=employer_id, demands=[Demand.LIFTING.value])
    cannot = factories.make_resident(session, limits=[Demand.LIFTING.value])
    child = factories.make_resident(session, birth_date=date(clock.today().year - 15, 1, 1))
    busy = factories.make_resident(session)
    factories.make_match(session, resident_id=busy.id, state=S.INTERVIEW)
    return [
        factories.make_match(session, resident_id=cannot.id, opening_id=heavy.id).id,
        factories.make_match(session, resident_id=child.id).id,
        factories.make_match(session, resident_id=busy.id).id,
    ]


def test_of_twenty_with_three_planted_faults_none_slips_through(world: World, write: Any) -> None:
    """Whoever knows nothing of the faults ticks all, agrees, and hands on the seventeen."""
    with write() as session:
        good = [world.match_id, *(factories.make_match(session).id for _ in range(16))]
        bad = plant(session, world)
    page = world.see("staff", f"{QUEUE}?ticked=1&every=1")
    ids = [int(one) for one in TICKED.findall(page)]
    assert set(ids) == {*good, *bad}  # one tap ticks the page
    html = preview(world, ids)
    left = [int(one) for one in TICKED.findall(html)]
    assert set(left) == set(good)
    assert "有 3 条要先看看" in html
    first = html.index(f'name="ids" value="{good[0]}"')
    assert html.index(f'name="ids" value="{bad[0]}"') < first
    world.post(
        "staff",
        f"{QUEUE}bulk",
        QUEUE,
        act="confirm",
        ids=[str(one) for one in left],
        bulk_channel="phone",
        sure="1",
    )
    assert {world.state(one) for one in good} == {S.OFFERED}
    assert {world.state(one) for one in bad} == {S.SUGGESTED}


FAR = "重庆市/渝中区"
MORNINGS = [{"days": "12345", "start": "09:00", "end": "11:30"}]
LONG_DAYS = [{"days": "12345", "start": "08:00", "end": "20:00"}]


def _filled(session: Session, world: World) -> Match:
    """Return a suggestion of an opening whose last place somebody has taken meanwhile."""
    full = factories.make_opening(session, employer_id=world.employer_id, headcount=1)
    match = factories.make_match(session, opening_id=full.id)
    full.hired_count = 1
    return match


def _clash(session: Session, world: World) -> Match:
    opening = factories.make_opening(session, employer_id=world.employer_id, hours=LONG_DAYS)
    carer = factories.make_resident(session, available=MORNINGS)
    return factories.make_match(session, resident_id=carer.id, opening_id=opening.id)


def _far(session: Session, world: World) -> Match:
    opening = factories.make_opening(session, employer_id=world.employer_id, place=FAR)
    person = factories.make_resident(session, reach=Reach.DISTRICT)
    return factories.make_match(session, resident_id=person.id, opening_id=opening.id)


def _hired(session: Session, world: World) -> Match:
    person = factories.make_resident(session)
    match = factories.make_match(session, resident_id=person.id)
    job = factories.make_opening(session, employer_id=world.employer_id, title="食堂帮厨")
    factories.make_match(
        session,
        resident_id=person.id,
        opening_id=job.id,
        state=S.HIRED,
        start_date=clock.today() + timedelta(days=3),
    )
    person.state = ResidentState.EMPLOYED
    return match


def _found_alone(session: Session, world: World) -> Match:
    spell = factories.make_spell(session, verified_at=None, kind=SpellKind.FOUND_ALONE)
    return factories.make_match(session, resident_id=spell.resident_id)


def _too_little(session: Session, world: World) -> Match:
    person = factories.make_resident(session, min_pay_fen=400000)
    return factories.make_match(session, resident_id=person.id)


def _learned(session: Session, world: World) -> Match:
    person = factories.make_resident(session, certificates=["育婴员证"])
    course = factories.make_opening(session, kind=Kind.COURSE, teaches=["育婴员证", "带孩子"])
    return factories.make_match(session, resident_id=person.id, opening_id=course.id)


#: What somebody who did not build this would plant, and the words each stands out by.
FAULTS: dict[str, tuple[Callable[[Session, World], Match], str]] = {
    "place filled": (_filled, "名额超了：还要 0 人"),
    "hours clash": (_clash, "上班时间有一部分没有空"),
    "too far": (_far, "这里不在自家的区县"),
    "hired elsewhere": (_hired, "别处已经录用了：食堂帮厨"),
    "has found work": (_found_alone, "本人说现在是「自己找的工作」，还没核实"),
    "too little pay": (_too_little, "一个月最多 3,200 元，本人至少要 4,000 元"),
    "knows it already": (_learned, "这门课考的证本人已经有了：育婴员证"),
}


@pytest.mark.parametrize("planted", [*combinations(list(FAULTS)[:4], 3), tuple(list(FAULTS)[4:])])
def test_a_stranger_finds_every_fault_planted_among_twenty(
    world: World, write: Any, planted: tuple[str, ...]
) -> None:
    """Looked at first when all twenty were sound: the faults came between list and preview."""
    with write() as session:
        good = [world.match_id, *(factories.make_match(session).id for _ in range(16))]
        bad = {name: FAULTS[name][0](session, world).id for name in planted}
    html = preview(world, [*good, *bad.values()])
    assert {int(one) for one in TICKED.findall(html)} == set(good)
    assert "有 3 条要先看看，没有替您勾上" in html
    above, below = html.split("17 条，不办的去掉勾")
    for name, match_id in bad.items():
        line = above.split(f'id="take-{match_id}"')[1].split("</tr>")[0]
        assert FAULTS[name][1] in visible_words(line), name
        assert f"/staff/matches/{match_id}" in line
        assert f'id="take-{match_id}"' not in below


def test_each_doubt_is_named(world: World, write: Any) -> None:
    with write() as session:
        unchecked = factories.make_employer(session, state=EmployerState.PENDING)
        cases = {
            "单位：等社区核实": factories.make_match(
                session, opening_id=factories.make_opening(session, employer_id=unchecked.id).id
            ),
            "不招人": factories.make_match(
                session,
                opening_id=factories.make_opening(
                    session, valid_until=clock.today() - timedelta(days=1)
                ).id,
            ),
            "最低工资": factories.make_match(
                session,
                opening_id=factories.make_opening(
                    session,
                    pay_min_fen=90000,
                    pay_max_fen=90000,
                    pay_month_min_fen=90000,
                    pay_month_max_fen=90000,
                ).id,
            ),
            "没有在找": factories.make_match(
                session,
                resident_id=factories.make_resident(session, state=ResidentState.PAUSED).id,
            ),
            "多大年纪": factories.make_match(
                session, resident_id=factories.make_resident(session, birth_date=None).id
            ),
        }
    with world.db.reader() as session:
        found = doubts_of(session, [world.match_id, *(one.id for one in cases.values())])
    assert found.pop(world.match_id) == []
    for words, match in cases.items():
        assert len(found[match.id]) == 1, words
        assert words in found[match.id][0]


def test_more_people_than_places_and_one_person_twice(world: World, write: Any) -> None:
    with write() as session:
        few = factories.make_opening(session, headcount=3, hired_count=1)
        factories.make_match(session, opening_id=few.id, state=S.OFFERED)
        first, second = (factories.make_match(session, opening_id=few.id).id for _ in range(2))
        again = factories.make_match(session, resident_id=world.resident_id).id
    with world.db.reader() as session:
        places = places_of(session, {few.id})[few.id]
        found = doubts_of(session, [first, second, world.match_id, again, 2_000_000_000])
    assert (places.left, places.under_way, places.full) == (2, 1, False)
    assert found[first] == []
    assert found[second] == ["名额超了：还要 2 人，加上这条就有 3 人在办"]
    assert found[world.match_id] == []
    assert found[again] == ["这一批里这个人还有一条"]
    assert 2_000_000_000 not in found
    assert "还要 2 人，在办 1 人" in world.see("staff", QUEUE)


@pytest.mark.parametrize("words", ["", "   "])
def test_another_reason_asks_for_words(world: World, words: str) -> None:
    for answer in (
        world.decide("dismiss", code="other", note=words),
        world.post(
            "staff",
            f"{QUEUE}bulk",
            QUEUE,
            act="dismiss",
            ids=[str(world.match_id)],
            bulk_code="other",
            bulk_note=words,
            sure="1",
        ),
    ):
        assert answer.status_code == 400
        assert "请写一句是什么原因" in answer.get_data(as_text=True)
    assert world.state() is S.SUGGESTED


def test_words_of_many_stand_in_the_history_of_each(world: World) -> None:
    data = {
        "act": "dismiss",
        "ids": [str(world.match_id)],
        "bulk_code": "other",
        "bulk_note": "活动取消了",
    }
    shown = world.post("staff", f"{QUEUE}bulk", QUEUE, **data).get_data(as_text=True)
    assert "别的原因：活动取消了" in shown
    assert world.post("staff", f"{QUEUE}bulk", QUEUE, **data, sure="1").status_code == 303
    assert world.state() is S.DISMISSED
    assert "活动取消了" in world.see("staff", f"{QUEUE}{world.match_id}")
