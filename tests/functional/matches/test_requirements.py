"""Hard rules are told before somebody applies; who applies all the same does so knowingly."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from tests import factories
from tests.functional.matches_world import World, visible_words
from webapp.core import clock
from webapp.core.errors import Refused
from webapp.core.vocabulary import Education, Reach
from webapp.matches import services
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.matches.reason_codes import Channel
from webapp.openings.models import Opening
from webapp.residents.models import Resident

S = MatchState
NIGHT = [{"days": "12345", "start": "22:00", "end": "06:00"}]
DAY = [{"days": "12345", "start": "09:00", "end": "17:00"}]
RULES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "certificate": ({}, {"certificates": ["行车操作证"]}, "要《行车操作证》，您的资料里没有"),
    "demand": ({"limits": ["lifting"]}, {"demands": ["lifting"]}, "您登记过做不了"),
    "hours": ({"available": DAY}, {"hours": NIGHT}, "上班时间是"),
    "place": ({"reach": Reach.HOME}, {}, "您说的是只能在家做"),
    "education": ({}, {"education": Education.COLLEGE}, "要大专以上学历，您登记的是初中"),
}


def opening_of(world: World, person: dict[str, Any], **opening: Any) -> int:
    with world.write() as session:
        resident = session.get_one(Resident, world.resident_id)
        for name, value in person.items():
            setattr(resident, name, value)
        return factories.make_opening(session, employer_id=world.employer_id, **opening).id


def apply(world: World, opening_id: int, **data: Any) -> Any:
    page = f"/openings/{opening_id}"
    return world.post("resident", f"/me/openings/{opening_id}/interest", page, **data)


def match_for(world: World, opening_id: int) -> Match | None:
    with world.db.reader() as session:
        return session.exec(select(Match).where(Match.opening_id == opening_id)).first()


@pytest.mark.parametrize("code", RULES)
def test_fault_13_each_rule_is_told_before_and_kept_after(world: World, code: str) -> None:
    person, opening, sentence = RULES[code]
    opening_id = opening_of(world, person, **opening)
    told = apply(world, opening_id)
    assert told.status_code == 303
    assert told.location == f"/me/openings/{opening_id}/interest"
    assert match_for(world, opening_id) is None  # nothing before it was told
    page = world.see("resident", told.location)
    assert sentence in page
    assert "我知道，还是想试试" in page
    assert "不报了" in page
    assert f"?opening={opening_id}" in page  # the way to fill it in, and back

    assert apply(world, opening_id, knowing=code).status_code == 303
    match = match_for(world, opening_id)
    assert match is not None
    assert match.state is S.INTERESTED
    kept = [(gap["code"], gap.get("accepted")) for gap in match.gaps]
    assert (code, "resident") in kept
    assert match.reasons == []
    assert "为什么觉得合适" not in world.see("resident", f"/me/matches/{match.id}")
    for_staff = visible_words(world.see("staff", f"/staff/matches/{match.id}"))
    assert "本人看过，还是想试试" in for_staff
    assert "本人看过要求，知道不合，还是想试试" in for_staff  # in the history
    assert "为什么合适" not in for_staff
    assert "不合要求，本人知道" in world.see("staff", "/staff/matches/under-way")
    assert "不合要求，本人知道" in world.see("staff", "/staff/")


def test_fault_13_what_was_known_stays_when_the_file_changes(world: World) -> None:
    opening_id = opening_of(world, {}, certificates=["行车操作证"])
    apply(world, opening_id, knowing="certificate")
    with world.write() as session:
        session.get_one(Resident, world.resident_id).certificates = ["行车操作证"]
    match = match_for(world, opening_id)
    assert match is not None
    assert [gap["code"] for gap in match.gaps] == ["certificate"]
    with world.db.reader() as session:
        events = session.exec(select(MatchEvent).where(MatchEvent.match_id == match.id)).all()
    assert [(one.code, "行车操作证" in one.reason) for one in events] == [("knowing", True)]


def test_fault_13_knowing_one_rule_is_not_knowing_another(world: World) -> None:
    opening_id = opening_of(
        world, {"limits": ["lifting"]}, certificates=["电工证"], demands=["lifting"]
    )
    assert apply(world, opening_id, knowing="certificate").location.endswith("/interest")
    assert match_for(world, opening_id) is None


def test_fault_13_filling_it_in_leads_back_and_on(world: World) -> None:
    opening_id = opening_of(world, {}, certificates=["行车操作证"])
    here = f"/me/profile/certificates?opening={opening_id}"
    back = world.post("resident", here, here, certificates="行车操作证")
    assert back.location == f"/me/openings/{opening_id}/interest"
    on = world.browser("resident").get(back.location)
    assert (on.status_code, on.location) == (302, f"/openings/{opening_id}")
    assert apply(world, opening_id).location.startswith("/me/matches/")


@pytest.mark.parametrize(
    ("years", "opening"),
    [
        (15, {}),
        (17, {"hazardous": True}),
        (17, {"demands": ["heights"]}),
        (17, {"hours": NIGHT}),
    ],
)
def test_fault_13_the_law_is_nobodys_to_waive(
    world: World, years: int, opening: dict[str, Any]
) -> None:
    born = clock.today() - timedelta(days=years * 365 + 10)
    opening_id = opening_of(world, {"birth_date": born}, **opening)
    refused = apply(world, opening_id, knowing="age")
    assert refused.status_code == 400
    assert "未满" in refused.get_data(as_text=True)
    assert match_for(world, opening_id) is None
    page = world.see("resident", f"/me/openings/{opening_id}/interest")
    assert "这里报不了名" in page
    assert "还是想试试" not in page


def test_fault_13_staff_note_no_yes_against_the_law(world: World) -> None:
    staff = world.actor("staff")
    with world.db.transaction(staff) as session:
        services.confirm_match(session, staff, match_id=world.match_id, channel=Channel.PHONE)
    with world.write() as session:
        born = clock.today() - timedelta(days=5000)
        session.get_one(Resident, world.resident_id).birth_date = born
    for verb, more in (
        (services.say_interested, {}),
        (services.share_and_apply, {"channel": Channel.PHONE}),
    ):
        with pytest.raises(Refused, match="未满16周岁"), world.db.transaction(staff) as session:
            verb(session, staff, match_id=world.match_id, **more)
    assert world.state() is S.OFFERED


def test_fault_13_unknown_facts_are_asked_and_age_has_to_be_known(world: World) -> None:
    opening_id = opening_of(world, {"birth_date": None})
    assert apply(world, opening_id, knowing="unknown_age").location.endswith("/interest")
    page = world.see("resident", f"/me/openings/{opening_id}/interest")
    assert "还不知道年龄" in page
    assert "出生日期要先填上" in page
    assert "还是想试试" not in page
    assert match_for(world, opening_id) is None

    other = opening_of(world, {"birth_date": clock.today() - timedelta(days=9999), "reach": None})
    assert apply(world, other).location.endswith("/interest")
    assert "还不知道最远能去哪里" in world.see("resident", f"/me/openings/{other}/interest")
    assert apply(world, other, knowing="unknown_reach").status_code == 303
    kept = match_for(world, other)
    assert kept is not None
    assert [gap["code"] for gap in kept.gaps] == ["unknown_reach"]


def test_fault_13_a_yes_to_an_offer_is_told_first_too(world: World) -> None:
    world.decide("confirm", channel="page")
    with world.write() as session:
        session.get_one(Resident, world.resident_id).limits = ["standing"]
        match = session.get_one(Match, world.match_id)
        opening = session.get_one(Opening, match.opening_id)
        opening.demands = ["standing"]
    told = world.answer("interested")
    assert told.location == f"/me/openings/{world.opening_id}/interest"
    assert world.state() is S.OFFERED
    with world.write() as session:
        session.get_one(Resident, world.resident_id).limits = []
    back = world.browser("resident").get(told.location)
    assert back.location == f"/me/matches/{world.match_id}"  # nothing left: say yes there
    with world.write() as session:
        session.get_one(Resident, world.resident_id).limits = ["standing"]
    assert apply(world, world.opening_id, knowing="demand").status_code == 303
    assert world.state() is S.INTERESTED
    kept = world.get(Match, world.match_id)
    assert kept.reasons == []  # 您想做保洁 stood there when it was an offer
    assert kept.origin.value == "model"  # and it still was one


def test_fault_13_what_nothing_speaks_against_goes_on_at_once(world: World) -> None:
    opening_id = opening_of(world, {})
    assert apply(world, opening_id).location.startswith("/me/matches/")
    closed = opening_of(world, {}, valid_until=clock.today() - timedelta(days=1))
    assert world.browser("resident").get(f"/me/openings/{closed}/interest").status_code == 404
