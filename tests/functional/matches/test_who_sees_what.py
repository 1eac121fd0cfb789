"""Who sees what of a match: nobody else, nothing sensitive, and words that are checked first."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from tests import factories
from tests.forms import submit
from tests.functional.matches_world import World, make_world, visible_words
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Kind, Sex
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match, RefusalRemark
from webapp.matches.suggestions import compute
from webapp.residents.models import Consent, Resident, ResidentState, SensitiveRecord

S = MatchState


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


@pytest.mark.parametrize(("kind", "own_words"), [(Kind.VENTURE, "开张"), (Kind.VACANCY, "上岗")])
def test_fault_21_each_kind_is_told_in_its_own_words(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient], kind: Kind, own_words: str
) -> None:
    world = make_world(db, write, sign_in, opening_kind=kind)
    if kind is Kind.VENTURE:
        world.stand_applied()
    else:
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
