"""From a suggestion to a kept job, in every role, through the real pages and forms."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from tests import factories
from tests.forms import submit
from tests.functional.matches_world import World, make_world, second_applicant, visible_words
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Kind, Sex
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match, MatchEvent, RefusalRemark
from webapp.matches.services import chase_employers
from webapp.matches.suggestions import compute
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Consent, Resident, ResidentState, SensitiveRecord

S = MatchState


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    return make_world(db, write, sign_in)


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


def test_withdrawn_consent_hides_the_applicant_at_once(world: World) -> None:
    world.to_applied()
    page = f"/employer/matches/{world.match_id}"
    name = world.get(Resident, world.resident_id).name
    assert name in world.see("employer", "/employer/applicants")
    with world.db.reader() as session:
        consent_id = session.exec(select(Consent)).one().id
    withdrawn = f"/me/consents/{consent_id}/withdraw"
    assert world.post("resident", withdrawn, "/me/consents").status_code == 303
    assert world.browser("employer").get(page).status_code == 404
    assert name not in world.see("employer", "/employer/applicants")
    assert world.employ("seen").status_code == 404
    assert world.state() is S.WITHDRAWN  # nothing waits for somebody who may not look
    assert "还是想要这个" in world.see("resident", f"/me/matches/{world.match_id}")
    again = f"/me/openings/{world.opening_id}/interest"
    assert world.post("resident", again, f"/me/matches/{world.match_id}").status_code == 303
    world.answer("share")
    assert world.browser("employer").get(page).status_code == 200


def test_others_see_nothing(world: World) -> None:
    world.to_applied()
    with world.write() as session:
        account = factories.make_account(session, role=Role.EMPLOYER)
        factories.make_employer(session, member=account)
        neighbour = factories.make_resident(session, with_account=True)
        neighbours = session.get_one(Account, neighbour.account_id)
    stranger, other = world.sign_in(account), world.sign_in(neighbours)
    assert stranger.get(f"/employer/matches/{world.match_id}").status_code == 404
    assert other.get(f"/me/matches/{world.match_id}").status_code == 404
    for browser, path in (
        (stranger, f"/employer/matches/{world.match_id}/seen"),
        (other, f"/me/matches/{world.match_id}/withdraw"),
    ):
        assert submit(browser, path, {}, page="/account/password").status_code == 404
    assert world.state() is S.APPLIED


def test_employers_read_nothing_sensitive(world: World) -> None:
    with world.write() as session:
        person = session.get_one(Resident, world.resident_id)
        person.sex = Sex.FEMALE
        person.limits = ["lifting", "秘密限制"]
        person.situation = "秘密情况"
        person.contact_note = "秘密联系"
        session.add(person)
        match = session.get_one(Match, world.match_id)
        match.gaps = [{"code": "demand", "text": "秘密差距"}]
        match.reasons = [{"code": "near", "text": "秘密理由"}]
        session.add(match)
        session.add(
            SensitiveRecord(
                resident_id=world.resident_id,
                id_number="500107198005011234",
                disability="秘密残疾",
                allowance="秘密低保",
            )
        )
    world.to_applied()
    pages = [
        world.see("employer", path)
        for path in ("/employer/applicants", f"/employer/matches/{world.match_id}", "/employer/")
    ]
    for words in map(visible_words, pages):
        for secret in ("秘密", "500107", "搬重", "1980", "单元-", "女", "家务"):
            assert secret not in words, (secret, words)
    assert "打扫卫生" in pages[1]


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


def test_a_course_leaves_the_person_looking(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    world = make_world(db, write, sign_in, opening_kind=Kind.COURSE)
    world.to_applied()
    with world.write() as session:
        other = factories.make_match(session, resident_id=world.resident_id, state=S.APPLIED)
    world.employ("hire", start_date=clock.today().isoformat(), evidence="报到了")
    assert world.get(Resident, world.resident_id).state is ResidentState.SEEKING
    assert world.state(other.id) is S.APPLIED


def test_fault_10_refusal_is_by_code_and_a_remark_is_read_first(world: World) -> None:
    world.to_applied()
    mine = f"/me/matches/{world.match_id}"
    assert world.employ("refuse", refuse_code="", remark="").status_code == 400
    shut_out = "我们只招男性，三十五岁以下，女的不要"
    refused = world.employ("refuse", refuse_code="other", remark=shut_out)
    assert refused.status_code == 400
    assert "不能挑性别" in refused.get_data(as_text=True)
    assert world.state() is S.APPLIED
    assert world.employ("refuse", refuse_code="filled", remark="下个月还招").status_code == 303
    for page in (mine, "/me/messages/", "/me/data.json"):
        assert "下个月还招" not in world.see("resident", page), page
    assert "已经招满了" in world.see("resident", mine)
    assert "已经招满了" in world.see("resident", "/me/messages/")

    staff_page = f"/staff/matches/{world.match_id}"
    assert staff_page in world.see("staff", "/staff/matches/under-way")
    assert "下个月还招" in world.see("staff", staff_page)
    with world.db.reader() as session:
        remark = session.exec(select(RefusalRemark)).one()
    judge = f"{staff_page}/remarks/{remark.id}"
    assert world.post("resident", judge, mine, verdict="released").status_code == 403
    assert world.post("employer", judge, "/employer/", verdict="released").status_code == 403
    assert world.post("staff", judge, staff_page, verdict="").status_code == 400
    assert world.post("staff", judge, staff_page, verdict="released").status_code == 303
    assert world.post("staff", judge, staff_page, verdict="withheld").status_code == 409
    assert "下个月还招" in world.see("resident", mine)


def test_fault_10_other_words_to_the_resident_are_checked(world: World) -> None:
    world.to_applied()
    refused = world.employ("offer-job", message="本地户口优先，想请您来")
    assert refused.status_code == 400
    assert "不能挑户口" in refused.get_data(as_text=True)
    assert world.state() is S.APPLIED


def test_staff_answer_for_somebody_without_a_phone(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    world = make_world(db, write, sign_in)
    with write() as session:
        session.get_one(Resident, world.resident_id).account_id = None
    world.decide("confirm", channel="in_person")
    assert world.record("answer", answer="apply").status_code == 400  # how were you told?
    assert world.record("answer", answer="apply", told="in_person").status_code == 303
    assert world.state() is S.APPLIED
    with db.reader() as session:
        consent = session.exec(select(Consent)).one()
        staff = world.accounts["staff"].id
        assert (consent.channel, consent.given_by_id) == ("in_person", staff)
        said = session.exec(select(AuditEvent).where(AuditEvent.action == "match.answer")).one()
        assert said.details["on_behalf"] is True
        assert said.account_id == staff


def test_staff_record_what_an_employer_said_by_phone(world: World) -> None:
    other = second_applicant(world)
    page = f"/staff/matches/{other.id}"
    done = world.post(
        "staff",
        f"{page}/hire",
        page,
        start_date=clock.today().isoformat(),
        evidence="电话里说的，已看合同照片",
    )
    assert done.status_code == 303
    assert world.state(other.id) is S.HIRED
    with world.db.reader() as session:
        hired = session.exec(select(AuditEvent).where(AuditEvent.action == "match.hire")).one()
    assert hired.details["on_behalf"] is True


def test_declining_is_nobody_elses_business(world: World) -> None:
    world.decide("confirm", channel="page")
    world.answer("decline", why="health")
    assert world.state() is S.DECLINED
    for role, path in (("employer", "/employer/applicants"), ("employer", "/employer/")):
        assert world.get(Resident, world.resident_id).name not in world.see(role, path)
    staff = world.see("staff", f"/staff/matches/{world.match_id}")
    assert "拒绝" not in staff
    assert world.get(Resident, world.resident_id).state is ResidentState.SEEKING
    assert "不报给别的部门和单位" in world.see("resident", f"/me/matches/{world.match_id}")


def test_offers_run_out_and_can_still_be_answered(world: World) -> None:
    from webapp.matches.services.offer_expiry import time_out_offers

    world.decide("confirm", channel="page")
    with world.write() as session:
        assert time_out_offers(session) == 0
    with clock.frozen(clock.now() + timedelta(days=8)):
        with world.write() as session:
            assert time_out_offers(session) == 1
        assert world.state() is S.NO_REPLY
        assert "居民没回话" in world.see("staff", "/staff/")
        world.record("renew", again_channel="phone")
        assert world.state() is S.OFFERED
    world.answer("interested")
    assert world.state() is S.INTERESTED


def test_silent_employers_are_asked_and_residents_told(world: World) -> None:
    world.to_applied()
    assert "单位没回话" not in world.see("staff", "/staff/")
    handed_in = clock.now()
    page = f"/me/matches/{world.match_id}"

    def after_days(days: float, noted: int) -> None:
        with clock.frozen(handed_in + timedelta(days=days)), world.write() as session:
            assert chase_employers(session) == noted
            assert chase_employers(session) == 0  # once each

    after_days(2.9, 0)
    assert "等您回话" not in world.see("employer", "/employer/applicants")
    after_days(3, 1)
    assert "等您回话" in world.see("employer", "/employer/applicants")
    assert "社区催了一次" in world.see("resident", page)
    with clock.frozen(handed_in + timedelta(days=3)):
        assert "单位没回话" in world.see("staff", "/staff/")
    assert "雇主未回复" not in world.see("resident", "/me/")
    world.employ("seen")  # a look is no answer
    after_days(7, 1)
    after_days(13.9, 0)
    after_days(14, 1)
    assert "雇主未回复" in world.see("resident", "/me/")
    assert "雇主未回复" in world.see("resident", "/me/messages/")
    after_days(60, 0)
    assert world.state() is S.SEEN  # never turned down by silence
    with world.db.reader() as session:
        steps = select(MatchEvent).where(MatchEvent.reason != "").order_by(MatchEvent.id)
        assert [(one.action, one.reason) for one in session.exec(steps)] == [
            ("chase", "3"),
            ("chase", "7"),
            ("tell_silent", "14"),
        ]
        assert verify_chain(session) == []
    world.employ("offer-job", message="周五来")  # an answer: nobody is chased any more
    assert "等您回话" not in world.see("employer", "/employer/applicants")


def test_after_a_pause_of_the_scheduler_nobody_is_asked_twice(world: World) -> None:
    world.to_applied()
    with clock.frozen(clock.now() + timedelta(days=20)), world.write() as session:
        assert chase_employers(session) == 1
    with world.db.reader() as session:
        noted = session.exec(select(MatchEvent.action).where(MatchEvent.reason != "")).all()
    assert list(noted) == ["tell_silent"]
    with clock.frozen(clock.now() + timedelta(days=30)):
        day = clock.today() + timedelta(days=2)
        world.employ("invite", day=day.isoformat(), time="09:00", place="门卫室")
        with world.write() as session:
            assert chase_employers(session) == 0
    with clock.frozen(clock.now() + timedelta(days=31)), world.write() as session:
        assert chase_employers(session) == 0  # silence counts from the interview
    with clock.frozen(clock.now() + timedelta(days=36)), world.write() as session:
        assert chase_employers(session) == 1


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


def test_an_employer_asks_for_somebody_it_may_see_and_learns_nothing(world: World) -> None:
    world.to_applied()
    with world.write() as session:
        other = factories.make_opening(session, employer_id=world.employer_id, title="洗碗工")
        foreign = factories.make_opening(session)
    page = f"/employer/matches/{world.match_id}"
    ask = {"other_opening": other.id, "ask_words": "手脚勤快，想请来洗碗"}
    assert world.employ("ask-for", **{**ask, "other_opening": foreign.id}).status_code == 404
    assert world.employ("ask-for", other_opening=other.id).status_code == 400
    assert world.employ("ask-for", **ask).status_code == 303
    with world.db.reader() as session:
        asked = session.exec(select(Match).where(Match.opening_id == other.id)).one()
    assert (asked.state, asked.origin.value) == (S.SUGGESTED, "employer")
    assert "洗碗工" not in world.see("resident", "/me/")  # nothing before staff have weighed it
    compute.compute_suggestions(world.db)  # nor does a new computation drop it
    assert "手脚勤快" in world.see("staff", f"/staff/matches/?id={asked.id}")
    world.post("staff", f"/staff/matches/{asked.id}/confirm", "/staff/matches/", channel="page")
    assert "手脚勤快" in world.see("resident", f"/me/matches/{asked.id}")
    world.see("employer", page)  # what was said after the step is read
    first = world.see("employer", page)
    world.post("resident", f"/me/matches/{asked.id}/decline", f"/me/matches/{asked.id}")
    assert world.state(asked.id) is S.DECLINED
    second = world.see("employer", page)
    assert visible_words(first) == visible_words(second)
    assert world.employ("ask-for", **ask).status_code == 303  # the same answer as ever
    assert world.state(asked.id) is S.SUGGESTED
    with world.db.reader() as session:
        trail = session.exec(select(AuditEvent)).all()
        assert "declined" not in str([one.details for one in trail])


@pytest.mark.parametrize(
    ("kind", "own_words"), [(Kind.COURSE, "开课"), (Kind.VENTURE, "开张"), (Kind.VACANCY, "上岗")]
)
def test_fault_21_each_kind_is_told_in_its_own_words(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient], kind: Kind, own_words: str
) -> None:
    world = make_world(db, write, sign_in, opening_kind=kind)
    world.to_applied()
    pages = [
        ("resident", f"/me/matches/{world.match_id}"),
        ("resident", "/me/messages/"),
        ("resident", f"/me/messages/{world.match_id}"),
        ("employer", f"/employer/matches/{world.match_id}"),
        ("employer", "/employer/applicants"),
        ("staff", f"/staff/matches/{world.match_id}"),
        ("staff", "/staff/matches/under-way"),
    ]
    seen = ""

    def look() -> None:
        nonlocal seen
        for role, page in pages:
            # What follows after the main part is the same on every page.
            main = world.see(role, page).split("<main")[1].split("</main>")[0]
            # The chips that narrow a list down name states of all kinds.
            seen += re.sub(r'<nav class="chips".*?</nav>', "", main, flags=re.DOTALL)

    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    look()
    assert world.employ("invite", day=tomorrow, time="10:00", place="社区二楼").status_code == 303
    look()
    day = clock.today().isoformat()
    assert world.employ("hire", start_date=day, evidence="说好了").status_code == 303
    look()
    assert own_words in seen
    for word in ("面试", "上岗", "工钱", "录用", "离岗"):
        found = re.search(f".{{0,60}}{word}.{{0,20}}", seen)
        assert bool(found) is (kind is Kind.VACANCY), (word, found)
