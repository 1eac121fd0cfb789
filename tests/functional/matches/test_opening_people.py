"""From an opening to people: who stands there, several asked at once, never one too many."""

from typing import Any

import pytest
from sqlmodel import select

from tests import factories
from tests.forms import forms_on, press
from tests.functional.matches_world import World, visible_words
from webapp.core.db import Database
from webapp.matches.lifecycle import MatchState, Pick
from webapp.matches.models import Match, MatchEvent
from webapp.matches.suggestions import compute
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState

S = MatchState


def page_of(world: World) -> str:
    return f"/staff/openings/{world.opening_id}/people"


@pytest.fixture
def candidates(world: World) -> list[int]:
    """The matches of three people for one place, the first the best of them."""
    with world.write() as session:
        match = session.get_one(Match, world.match_id)
        match.score, match.position = 0.9, 1
        match.reasons = [
            {"code": "skill", "text": "会缝纫"},
            {"code": "near", "text": "就在自家小区"},
        ]
        session.get_one(Opening, world.opening_id).headcount = 1
        session.add(match)
        ids = [match.id]
        for n, (name, fields) in enumerate(
            [("赵代办", {"phone": "13700000002"}), ("钱在办", {"with_account": True})], start=2
        ):
            person = factories.make_resident(session, name=name, **fields)
            other = factories.make_match(
                session, resident_id=person.id, opening_id=world.opening_id, state=S.SUGGESTED
            )
            other.score, other.position = 1 - n / 10, n
            session.add(other)
            ids.append(other.id)
            if name == "钱在办":
                busy = factories.make_opening(
                    session, employer_id=world.employer_id, title="食堂切菜"
                )
                factories.make_match(
                    session, resident_id=person.id, opening_id=busy.id, state=S.OFFERED
                )
    return ids


def ask(world: World, ids: list[int], **more: Any) -> Any:
    return press(world.browser("staff"), page_of(world), "people", ids=ids, how="page", **more)


def test_they_stand_there_best_first_with_what_staff_weigh(
    world: World, candidates: list[int]
) -> None:
    html = world.see("staff", page_of(world))
    words = visible_words(html)
    assert "会缝纫" in words
    assert "就在自家小区" in words
    assert "食堂切菜（已推荐，等回话）" in words
    assert words.index("会缝纫") < words.index("赵代办") < words.index("钱在办")
    assert words.index("赵代办") < words.index("代办", words.index("赵代办") + 3)
    # One place: the best who is free is ticked, and nobody else.
    assert "替您勾了最合适、手上没有别的在办的 1 个" in words
    assert html.count(" checked") == 1
    assert f'value="{candidates[0]}" aria-labelledby="who-{candidates[0]}" checked' in html
    review = world.see("staff", f"/staff/openings/{world.opening_id}")
    assert page_of(world) in review


def test_the_ticked_are_asked_each_in_the_way_that_reaches_them(
    world: World, candidates: list[int]
) -> None:
    with world.write() as session:
        session.get_one(Opening, world.opening_id).headcount = 2
    assert ask(world, candidates[:2]).status_code == 303
    first, second = (world.get(Match, one) for one in candidates[:2])
    assert (first.state, first.channel) == (S.OFFERED, "page")
    assert (second.state, second.channel) == (S.OFFERED, "phone")  # no account
    shown = visible_words(world.see("staff", page_of(world)))
    assert "推荐给 2 个人了" in shown
    assert "2 个人正问着" in shown
    assert "推荐过的、在办的" in shown


def test_more_than_places_is_said_first_and_then_done(world: World, candidates: list[int]) -> None:
    refused = ask(world, candidates[:2])
    assert refused.status_code == 409
    assert "还空 1 个名额，0 个人已经问着，这里又勾了 2 个" in refused.get_data(as_text=True)
    assert [world.state(one) for one in candidates] == [S.SUGGESTED] * 3
    assert ask(world, candidates[:2], more="1").status_code == 303
    assert [world.state(one) for one in candidates] == [S.OFFERED, S.OFFERED, S.SUGGESTED]


def test_each_line_that_cannot_be_asked_says_why(world: World, candidates: list[int]) -> None:
    with world.write() as session:
        match = session.get_one(Match, candidates[1])
        session.get_one(Opening, world.opening_id).headcount = 5
        session.get_one(Resident, match.resident_id).state = ResidentState.PAUSED
        other = factories.make_match(session, state=S.SUGGESTED)
    done = ask(world, [*candidates[:2], other.id])
    assert done.status_code == 303
    words = visible_words(world.see("staff", page_of(world)))
    assert "推荐给 1 个人了" in words
    assert "赵代办没有推荐：这位居民现在没有在找活路" in words
    assert "不在这个机会的名单里" in words
    assert world.state(other.id) is S.SUGGESTED
    assert world.state(candidates[1]) is S.SUGGESTED


def test_pressed_twice_it_is_done_once(world: World, candidates: list[int], db: Database) -> None:
    browser = world.browser("staff")
    (form,) = [one for one in forms_on(browser.get(page_of(world))) if one.action == page_of(world)]
    data = {**form.data, "ids": [candidates[0]], "how": "page"}
    first = browser.post(page_of(world), data=data)
    again = browser.post(page_of(world), data=data)
    assert (first.status_code, again.status_code) == (303, 303)
    with db.reader() as session:
        steps = session.exec(
            select(MatchEvent.action)
            .where(MatchEvent.match_id == candidates[0])
            .order_by(MatchEvent.id)
        ).all()
    assert steps == ["confirm", "offer"]


def test_nobody_is_asked_for_what_takes_nobody_and_others_see_nothing(
    world: World, candidates: list[int]
) -> None:
    for role in ("employer", "resident"):
        assert world.browser(role).get(page_of(world)).status_code in {403, 404}
    with world.write() as session:
        session.get_one(Opening, world.opening_id).state = OpeningState.CLOSED
    assert "现在不招人" in world.see("staff", page_of(world))
    assert world.browser("staff").get("/staff/openings/999999/people").status_code == 404


def test_once_published_people_come_there_by_themselves(
    world: World, db: Database, in_the_rankings_order: None
) -> None:
    """Nobody has to look again by hand: the page loads itself until the first have come."""
    with world.write() as session:
        person = factories.make_resident(session, name="孙来了", wanted=["包装"], skills=["打包"])
        opening = factories.make_opening(
            session,
            employer_id=world.employer_id,
            title="包装工",
            headcount=2,
            state=OpeningState.SUBMITTED,
            published_at=None,
            skills=["打包"],
        )
    page = f"/staff/openings/{opening.id}/people"
    review = f"/staff/openings/{opening.id}"
    published = press(world.browser("staff"), review, "publish")
    assert published.status_code == 303, visible_words(published.get_data(as_text=True))
    html = world.see("staff", page)
    assert "正在给大家重新算推荐" in html
    assert f'http-equiv="refresh" content="2;url={page}"' in html
    compute.process_requests(db)
    html = world.see("staff", page)
    assert "孙来了" in html
    assert "refresh" not in html
    assert "正在给大家重新算推荐" not in html
    with db.reader() as session:
        match = session.exec(
            select(Match).where(Match.resident_id == person.id, Match.opening_id == opening.id)
        ).one()
    assert f'value="{match.id}" aria-labelledby="who-{match.id}" checked' in html


def test_who_the_plan_places_here_and_whose_home_has_no_work_is_seen(
    world: World, candidates: list[int]
) -> None:
    with world.write() as session:
        session.get_one(Match, candidates[0]).pick = Pick.FIRST
        session.get_one(Match, candidates[1]).pick = None
        home = session.get_one(Resident, session.get_one(Match, candidates[1]).resident_id)
        factories.make_resident(
            session, household_id=home.household_id, state=ResidentState.EMPLOYED
        )
    rows = world.see("staff", page_of(world)).split("<tr ")
    (first,) = [row for row in rows if f'id="who-{candidates[0]}"' in row]
    (second,) = [row for row in rows if f'id="who-{candidates[1]}"' in row]
    assert "计划排到这里" in first
    assert "全家没有人上班" in first
    assert "计划排到这里" not in second
    assert "全家没有人上班" not in second


def test_who_is_asked_already_fills_the_places_and_nobody_is_ticked(
    world: World, candidates: list[int]
) -> None:
    with world.write() as session:
        factories.make_match(session, opening_id=world.opening_id, state=S.OFFERED)
    html = world.see("staff", page_of(world))
    assert " checked" not in html
    assert "问着的人已经够名额了，没有再替您勾" in html
