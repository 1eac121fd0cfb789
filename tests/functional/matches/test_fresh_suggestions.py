"""Suggestions follow the file: none before it says anything, none that it no longer bears out."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from tests import factories
from tests.functional.matches_world import World, visible_words
from webapp.core import clock
from webapp.matches.lifecycle import MatchOrigin, MatchState
from webapp.matches.models import Match
from webapp.matches.suggestions import compute
from webapp.residents.models import Experience, Household, Resident

S = MatchState
EMPTY: dict[str, Any] = {"wanted": [], "skills": []}


def suggested(world: World) -> list[Match]:
    with world.db.reader() as session:
        query = select(Match).where(
            Match.resident_id == world.resident_id, col(Match.state) == S.SUGGESTED
        )
        return list(session.exec(query.order_by(col(Match.position), col(Match.id))))


def test_fault_19_an_empty_file_waits(world: World) -> None:
    with world.write() as session:
        resident = session.get_one(Resident, world.resident_id)
        resident.wanted, resident.skills = [], []
    compute.compute_suggestions(world.db)
    assert suggested(world) == []
    assert "先填几样，才好推荐" in world.see("resident", "/me/")
    assert "资料还空着，先不推荐" in world.see("staff", f"/staff/residents/{world.resident_id}")
    for number, column in enumerate(("certificates", "skills", "wanted")):
        with world.write() as session:  # one thing is enough
            person = factories.make_resident(session, **{**EMPTY, column: ["保洁"]})
        assert compute.compute_suggestions(world.db, resident_ids=[person.id]) == 1, number


def test_fault_19_a_past_job_alone_is_something_to_go_by(world: World) -> None:
    with world.write() as session:
        person = factories.make_resident(session, **EMPTY)
        session.add(Experience(resident_id=person.id, title="保洁员"))
    assert compute.compute_suggestions(world.db, resident_ids=[person.id]) == 1
    assert "资料还空着" not in world.see("staff", f"/staff/residents/{person.id}")


def test_fault_19_saving_drops_what_the_old_file_said(world: World) -> None:
    compute.compute_suggestions(world.db)
    assert len(suggested(world)) == 1
    page = "/me/profile/limits"
    assert world.post("resident", page, page, limits=["standing"]).status_code == 303
    assert suggested(world) == []  # in the same transaction
    at_staff = world.see("staff", f"/staff/residents/{world.resident_id}")
    assert "正在重新算" in at_staff
    assert "正在重新算" in world.see("resident", "/me/")
    assert world.see("staff", "/staff/matches/").count("保洁员") == 0
    compute.process_requests(world.db)
    assert len(suggested(world)) == 1
    assert "正在重新算" not in world.see("staff", f"/staff/residents/{world.resident_id}")


def test_fault_19_a_past_job_counts_and_a_telephone_number_does_not(world: World) -> None:
    with world.db.reader() as session:
        address = session.get_one(Resident, world.resident_id)
        home = session.get_one(Household, address.household_id).unit_address
    page = "/me/profile/contact"
    world.post(
        "resident", page, page, unit_address=home, phone="13712345678", contact_note="下午打"
    )
    assert len(suggested(world)) == 1
    page = "/me/profile/experience"
    world.post("resident", page, page, title="帮厨")
    assert suggested(world) == []


def test_fault_19_what_somebody_asked_for_or_put_off_stays(world: World) -> None:
    with world.write() as session:
        row = session.get_one(Match, world.match_id)
        row.postponed_until = clock.today() + timedelta(days=3)
        asked = factories.make_match(
            session, resident_id=world.resident_id, origin=MatchOrigin.EMPLOYER
        )
    page = "/me/profile/limits"
    world.post("resident", page, page, limits=["standing"])
    assert {one.id for one in suggested(world)} == {world.match_id, asked.id}


def test_fault_19_the_file_shows_suggestions_best_first_with_what_decides(world: World) -> None:
    with world.write() as session:
        session.get_one(Match, world.match_id).position = 2
        best = factories.make_opening(
            session,
            employer_id=world.employer_id,
            title="楼道保洁",
            pay_min_fen=350000,
            pay_max_fen=350000,
        )
        factories.make_match(
            session,
            resident_id=world.resident_id,
            opening_id=best.id,
            position=1,
            reasons=[{"code": "place", "text": "就在您住的小区"}],
        )
        gone = factories.make_opening(
            session, title="过期的活", valid_until=clock.today() - timedelta(days=1)
        )
        factories.make_match(session, resident_id=world.resident_id, opening_id=gone.id, position=3)
    page = visible_words(world.see("staff", f"/staff/residents/{world.resident_id}"))
    first, second = page.index("第 1 合适 · 楼道保洁"), page.index("第 2 合适 · 保洁员")
    assert first < second
    line = page[first:second]
    assert "3,500 元/月" in line
    assert "华岩镇 华龙家园" in line
    assert "就在您住的小区" in line
    assert "过期的活" not in page
