"""What a match says of itself: by who began it, who answered, and whether work has begun."""

from datetime import timedelta

import pytest

from tests import factories
from tests.functional.matches_world import World, second_applicant
from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.matches import services
from webapp.matches.lifecycle import MatchOrigin, MatchState
from webapp.matches.models import Match
from webapp.matches.reason_codes import Channel

S = MatchState


def test_fault_21_own_application_is_not_the_communitys(world: World) -> None:
    with world.write() as session:
        other = factories.make_opening(session, employer_id=world.employer_id)
    for opening_id in (other.id, world.opening_id):  # found, and suggested to staff alone
        page = f"/openings/{opening_id}"
        applied = world.post("resident", f"/me/openings/{opening_id}/interest", page)
        world.post("resident", f"{applied.location}/share", applied.location)
        words = world.see("resident", applied.location)
        assert "您自己报的名" in words
        assert "社区已推荐" not in words
    assert world.get(Match, world.match_id).origin is MatchOrigin.RESIDENT


def test_fault_21_what_staff_offered_says_so(world: World) -> None:
    world.to_applied()
    assert "社区已推荐，等单位回话" in world.see("resident", f"/me/matches/{world.match_id}")


def test_fault_21_an_employers_wish_says_so(world: World) -> None:
    world.to_applied()
    with world.write() as session:
        session.get_one(Match, world.match_id).origin = MatchOrigin.EMPLOYER
    assert "单位想请您，您也同意了" in world.see("resident", f"/me/matches/{world.match_id}")


@pytest.mark.parametrize("who", ["resident", "staff"])
def test_fault_21_a_no_is_no_choice_of_something_else(world: World, who: str) -> None:
    world.decide("confirm", channel="page")
    actor = world.actor(who)
    with world.db.transaction(actor) as session:
        services.decline(session, actor, match_id=world.match_id)
    own = world.see("resident", f"/me/matches/{world.match_id}")
    thread = world.see("resident", f"/me/messages/{world.match_id}")
    for page in (own, thread):
        assert "您说先不去" in page
        assert "选了别的" not in page
        assert ("社区替您记下的" in page) == (who == "staff")
    assert "选了别的" not in world.see("staff", f"/staff/matches/{world.match_id}")


def test_fault_21_at_work_from_the_first_day_on(world: World) -> None:
    match = second_applicant(world)
    first_day = clock.today() + timedelta(days=3)
    staff = world.actor("staff")
    with world.db.transaction(staff) as session:
        services.hire(
            session, staff, match_id=match.id, start_date=first_day, evidence="签了劳动合同"
        )
    pages = [
        ("staff", f"/staff/matches/{match.id}"),
        ("staff", "/staff/matches/under-way"),
        ("employer", "/employer/applicants"),
        ("employer", f"/employer/matches/{match.id}"),
    ]
    for role, path in pages:
        page = world.see(role, path)
        assert f"已说好，{date_words(first_day)}上岗" in page, path
        assert "已上岗" not in page, path
    # A file says what is waited for, and what has come.
    file = f"/staff/residents/{match.resident_id}"
    page = world.see("staff", file)
    assert f"等{date_words(first_day)}上岗" in page
    assert "已上岗" not in page
    with clock.frozen(clock.now() + timedelta(days=3)):
        for role, path in [*pages, ("staff", file)]:
            assert "已上岗" in world.see(role, path), path


def test_fault_21_work_to_come_is_not_work_being_done(world: World) -> None:
    world.to_applied()
    first_day = clock.today() + timedelta(days=3)
    staff = world.actor("staff")
    with world.db.transaction(staff) as session:
        services.hire(
            session, staff, match_id=world.match_id, start_date=first_day, evidence="签了合同"
        )
    page = world.see("resident", "/me/")
    assert f"录用了，说好{date_words(first_day)}上岗" in page
    assert "正在做的" not in page
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert "正在做的" in world.see("resident", "/me/")


def test_fault_21_a_told_step_names_who_noted_it(world: World) -> None:
    staff = world.actor("staff")
    world.decide("confirm", channel="phone")
    with world.db.transaction(staff) as session:
        services.share_and_apply(session, staff, match_id=world.match_id, channel=Channel.PHONE)
    assert world.state() is S.APPLIED
    own = world.see("resident", f"/me/matches/{world.match_id}")
    assert "您说愿意（社区替您记下的）" in own
