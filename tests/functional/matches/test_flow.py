"""From a suggestion to a kept job, in every role, through the real pages and forms."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests import factories
from tests.forms import submit
from tests.functional.matches_world import World
from webapp.core import clock
from webapp.core.audit import verify_chain
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Consent, Resident, ResidentState

S = MatchState


def test_from_suggestion_to_a_kept_job(world: World) -> None:
    assert f"/me/matches/{world.match_id}" not in world.see("resident", "/me/")
    assert world.browser("resident").get(f"/me/matches/{world.match_id}").status_code == 404

    world.decide("confirm", channel="page")
    assert world.state() is S.OFFERED
    assert "社区推荐给您" in world.see("resident", "/me/")
    assert world.get(Match, world.match_id).offered_until == clock.today() + timedelta(days=7)

    world.answer("interested")
    assert world.state() is S.INTERESTED
    assert "同意，告诉单位" in world.see("resident", f"/me/matches/{world.match_id}")
    assert world.browser("employer").get(f"/employer/matches/{world.match_id}").status_code == 404

    world.answer("share")
    assert world.state() is S.APPLIED
    assert "社区已推荐，等单位回话" in world.see("resident", "/me/")
    assert "13712345678" not in world.see("employer", f"/employer/matches/{world.match_id}")
    assert world.state() is S.APPLIED  # looking changes nothing

    world.employ("seen")
    assert world.state() is S.SEEN
    day = clock.today() + timedelta(days=2)
    world.employ("invite", day=day.isoformat(), time="14:30", place="1号楼门卫室")
    assert "1号楼门卫室" in world.see("resident", f"/me/matches/{world.match_id}")
    world.employ("offer-job", message="周五来签合同")
    assert "周五来签合同" in world.see("resident", f"/me/messages/{world.match_id}")
    world.employ("hire", start_date=clock.today().isoformat(), evidence="签了合同")
    assert world.state() is S.HIRED
    assert world.get(Opening, world.opening_id).hired_count == 1
    assert world.get(Resident, world.resident_id).state is ResidentState.EMPLOYED

    early = world.record("follow-up", asked="both", heard="在")
    assert early.status_code == 400
    with world.write() as session:
        session.get_one(Match, world.match_id).start_date = clock.today() - timedelta(days=30)
    assert "还在做吗" in world.see("resident", f"/me/matches/{world.match_id}")
    world.answer("still-there")
    assert "还在做吗" not in world.see("resident", f"/me/matches/{world.match_id}")
    assert world.state() is S.HIRED  # one word of two
    world.employ("still-there")
    assert world.state() is S.DAY_30

    with world.db.reader() as session:
        events = session.exec(select(MatchEvent).order_by(MatchEvent.id)).all()
        assert [event.to_state for event in events] == [
            "confirmed",
            "offered",
            "interested",
            "shared",
            "applied",
            "seen",
            "interview",
            "job_offer",
            "hired",
            "hired",  # the resident's word, then the employer's
            "hired",
            "day_30",
        ]
        assert events[-1].code == "both"
        shown = {"position": 1, "score": 0.8, "model_version": "test"}
        assert shown.items() <= events[0].shown.items()
        assert all(event.account_id for event in events)
        assert verify_chain(session) == []


@pytest.mark.parametrize(
    ("take", "form"),
    [
        ("share", {}),
        ("interested", {}),
        ("withdraw", {}),
        ("decline", {"why": "too_far"}),
    ],
)
def test_a_second_tap_changes_nothing(world: World, take: str, form: dict[str, str]) -> None:
    world.decide("confirm", channel="page")
    if take == "withdraw":
        world.answer("interested")
        world.answer("share")
    first = world.answer(take, **form)
    state = world.state()
    second = world.answer(take, **form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert world.state() is state
    with world.db.reader() as session:
        assert len(session.exec(select(Consent)).all()) <= 1
        kinds = [event.action for event in session.exec(select(MatchEvent)).all()]
    assert len(kinds) == len(set(kinds))


def test_second_decision_of_staff_is_told_and_changes_nothing(world: World) -> None:
    world.decide("confirm", channel="page")
    again = submit(
        world.browser("staff"),
        f"/staff/matches/{world.match_id}/dismiss",
        {"code": "pay"},
        page="/account/password",
    )
    assert again.status_code == 303
    assert "不能再做这一步" in world.see("staff", "/staff/matches/")
    assert world.state() is S.OFFERED


def test_hiring_twice_takes_one_place(world: World) -> None:
    world.to_applied()
    form = {"start_date": clock.today().isoformat(), "evidence": "签了合同"}
    assert world.employ("hire", **form).status_code == 303
    assert world.employ("hire", **form).status_code == 409
    assert world.get(Opening, world.opening_id).hired_count == 1


def test_no_place_left_is_refused(world: World) -> None:
    world.to_applied()
    with world.write() as session:
        opening = session.get_one(Opening, world.opening_id)
        opening.hired_count = opening.headcount = 1
    refused = world.employ("hire", start_date=clock.today().isoformat(), evidence="签了合同")
    assert refused.status_code == 409
    assert "名额已满" in refused.get_data(as_text=True)
    assert world.state() is S.APPLIED


def test_a_hire_rests_the_other_matches_and_leaving_brings_them_back(world: World) -> None:
    world.to_applied()
    with world.write() as session:
        others = {
            state: factories.make_match(session, resident_id=world.resident_id, state=state).id
            for state in (S.OFFERED, S.INTERVIEW, S.DECLINED, S.SUGGESTED)
        }
        ended = factories.make_match(
            session,
            resident_id=world.resident_id,
            opening_id=factories.make_opening(session).id,
            state=S.APPLIED,
        )
    world.employ("hire", start_date=clock.today().isoformat(), evidence="签了合同")
    assert world.state(others[S.OFFERED]) is S.HIRED_ELSEWHERE
    assert world.state(others[S.INTERVIEW]) is S.HIRED_ELSEWHERE
    assert world.state(others[S.DECLINED]) is S.DECLINED
    with world.db.reader() as session:
        assert session.get(Match, others[S.SUGGESTED]) is None
    with world.write() as session:
        session.get_one(Opening, ended.opening_id).state = OpeningState.CLOSED

    assert world.record("leave", leave_code="resigned").status_code == 303
    assert world.state() is S.LEFT
    assert world.get(Opening, world.opening_id).hired_count == 0
    assert world.get(Resident, world.resident_id).state is ResidentState.SEEKING
    assert world.state(others[S.OFFERED]) is S.OFFERED
    assert world.state(others[S.INTERVIEW]) is S.INTERVIEW
    assert world.state(ended.id) is S.HIRED_ELSEWHERE
    assert world.get(Match, others[S.OFFERED]).offered_until > clock.today()


def test_a_hire_noted_by_mistake_is_undone(world: World) -> None:
    world.to_applied()
    with world.write() as session:
        opening = factories.make_opening(session, employer_id=world.employer_id)
        other = factories.make_match(
            session, resident_id=world.resident_id, opening_id=opening.id, state=S.INTERESTED
        )
    world.employ("hire", start_date=clock.today().isoformat(), evidence="签了合同")
    assert world.state(other.id) is S.HIRED_ELSEWHERE
    assert world.employ("undo-hire").status_code == 400  # how it came about?
    assert world.record("undo-hire", mistake="记成同名的人了").status_code == 303
    assert (world.state(), world.state(other.id)) == (S.APPLIED, S.INTERESTED)
    assert world.get(Opening, world.opening_id).hired_count == 0
    assert world.get(Resident, world.resident_id).state is ResidentState.SEEKING
    assert "记成同名的人了" in world.see("staff", f"/staff/matches/{world.match_id}")
    assert "记成同名的人了" not in world.see("resident", f"/me/messages/{world.match_id}")
    assert world.record("undo-hire", mistake="再点一次").status_code == 409


def test_a_follow_up_with_one_side_alone_is_marked_so(world: World) -> None:
    world.to_applied()
    started = clock.today() - timedelta(days=31)
    world.employ("hire", start_date=started.isoformat(), evidence="签了合同")
    assert world.record("one-sided").status_code == 400  # nobody asked yet
    world.record("follow-up", asked="resident", heard="说还在")
    assert "另一边还没问到" in world.see("staff", f"/staff/matches/{world.match_id}")
    assert world.record("one-sided").status_code == 303
    assert world.state() is S.DAY_30
    assert "只问到本人" in world.see("staff", f"/staff/matches/{world.match_id}")
    world.answer("leave", leave_code="resigned")  # a person says so themselves
    assert world.state() is S.LEFT
    assert world.get(Opening, world.opening_id).hired_count == 0
    assert world.get(Resident, world.resident_id).state is ResidentState.SEEKING
