"""Caseloads, contacts, filters kept, and the parts of the workbench they feed."""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from tests import factories
from tests.forms import csrf_token, press, submit
from tests.functional.pages import see
from webapp.accounts.models import SavedFilter
from webapp.caseload.service import MOST_FILTERS
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.access import Role
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.residents.models import Household, ResidentState

CASES = "/staff/caseload/"


@pytest.fixture
def member(write):
    with write() as session:
        return factories.make_account(session, role=Role.STAFF, name="李晓梅")


@pytest.fixture
def desk(sign_in, member):
    return sign_in(member)


def test_households_without_work_come_first_and_each_is_bounded(db, write, desk, member):
    with write() as session:
        homes = [
            factories.make_household(
                session, unit_address=f"{n}栋1单元-101", responsible_id=member.id
            ).id
            for n in (7, 8, 9)
        ]
        factories.make_household(
            session, unit_address="6栋1单元-101", responsible_id=member.id
        )  # empty
        make = factories.make_resident
        make(session, name="在上班", household_id=homes[0], state=ResidentState.EMPLOYED)
        make(session, name="他老婆", household_id=homes[0])
        seen = make(session, name="问过的", household_id=homes[1])
        make(session, name="没问过", household_id=homes[2])
        make(session, name="没人管", household_id=factories.make_household(session).id)
    first = {
        "way": "phone",
        "reached": "yes",
        "words": "想找近的活",
        "next_on": (clock.today() + timedelta(days=3)).isoformat(),
    }
    assert press(desk, f"/staff/residents/{seen.id}/contacts", **first).status_code == 303
    page = see(desk, CASES)
    places = [page.index(name) for name in ("没问过", "问过的", "在上班")]
    assert places == sorted(places)
    assert "6栋1单元-101" not in page
    assert "没人管" not in page
    assert "没人管" in see(desk, f"{CASES}?member=nobody")
    for nonsense in ("x", "-1", "99999999999999999999"):
        assert "没问过" in see(desk, f"{CASES}?member={nonsense}&page=0")


def test_households_change_hands_after_a_preview(db, write, desk, member):
    with write() as session:
        other = factories.make_account(session, role=Role.STAFF, name="王志强")
        homes = [factories.make_household(session).id for _ in range(2)]
        for home in homes:
            factories.make_resident(session, household_id=home)
    form = {"ids": [str(home) for home in homes], "member": str(other.id)}
    url, page = f"{CASES}share-out", f"{CASES}?member=nobody"
    preview = submit(desk, url, form, page=page)
    assert preview.status_code == 200
    assert "王志强" in preview.get_data(as_text=True)

    def owners():
        with db.reader() as session:
            return {session.get_one(Household, home).responsible_id for home in homes}

    assert owners() == {None}
    assert submit(desk, url, {**form, "sure": "1"}, page=page).status_code == 303
    assert owners() == {other.id}
    for bad in ({**form, "ids": []}, {**form, "ids": ["0"]}, {**form, "member": "999999"}):
        assert submit(desk, url, {**bad, "sure": "1"}, page=page).status_code == 400
    with write() as session:
        resident = factories.make_account(session)
    assert (
        submit(desk, url, {**form, "member": str(resident.id), "sure": "1"}, page=page).status_code
        == 400
    )
    assert owners() == {other.id}


def test_a_contact_is_told_once_and_asks_again_on_its_day(db, write, desk, member):
    with write() as session:
        person = factories.make_resident(session, name="赵小妹")
    url = f"/staff/residents/{person.id}/contacts"
    for bad in (
        {"words": ""},
        {"words": "好" * 301},
        {"words": "好", "next_on": clock.today().isoformat()},
        {"words": "好", "next_on": "2999-01-01"},
        {"words": "好", "way": "pigeon"},
    ):
        refused = press(desk, url, **{"way": "phone", "reached": "yes", "words": "", **bad})
        assert refused.status_code == 400
    soon = clock.today() + timedelta(days=2)
    data = {
        "way": "visit",
        "reached": "no",
        "words": "家里没人，邻居说去买菜了",
        "next_on": soon.isoformat(),
        "idempotency_key": "a" * 32,
        "csrf_token": csrf_token(desk, url),
    }
    assert [desk.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    with db.reader() as session:
        assert session.exec(select(func.count()).select_from(Contact)).one() == 1
    assert "邻居说去买菜了" in see(desk, url)
    assert "邻居说去买菜了" not in see(desk, "/staff/")
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert "邻居说去买菜了" in see(desk, "/staff/")
        press(desk, url, way="phone", reached="yes", words="说下周来登记")
        assert "邻居说去买菜了" not in see(desk, "/staff/")


def test_a_home_newly_without_work_is_told_until_somebody_asks(write, desk):
    with write() as session:
        person = factories.make_resident(session, name="刚下岗的人")
        kept = factories.make_household(session).id
        factories.make_resident(session, household_id=kept, state=ResidentState.EMPLOYED)
        lucky = factories.make_resident(session, name="家里有人挣", household_id=kept)
        for one in (person, lucky):
            match = factories.make_match(session, resident_id=one.id, state=MatchState.LEFT)
            session.add(
                MatchEvent(
                    match_id=match.id,
                    at=clock.now() - timedelta(days=1),
                    action="leave",
                    from_state="hired",
                    to_state="left",
                )
            )
        session.flush()
    page = see(desk, "/staff/")
    assert "刚下岗的人" in page
    assert "家里有人挣" not in page
    url = f"/staff/residents/{person.id}/contacts"
    press(desk, url, way="phone", reached="yes", words="约好来看岗位")
    assert "刚下岗的人" not in see(desk, "/staff/")


def test_openings_about_to_end_and_pairs_alike_stand_on_the_workbench(write, desk):
    with write() as session:
        make = factories.make_opening
        make(session, title="快到期的活", valid_until=clock.today() + timedelta(days=7))
        make(session, title="招满的活", valid_until=clock.today(), headcount=1, hired_count=1)
        make(session, title="还早的活", valid_until=clock.today() + timedelta(days=8))
    page = see(desk, "/staff/")
    assert "快到期的活" in page
    assert "招满的活" not in page
    assert "还早的活" not in page


def test_filters_are_kept_by_name_for_oneself(db, write, desk, sign_in):
    url = "/staff/filters/"
    keep = {"list": "residents", "name": "三栋代办", "query": "q=3栋&show=assisted&page=4"}
    done = submit(desk, url, keep, page="/staff/residents/?show=assisted")
    assert done.headers["Location"] == "/staff/residents/?q=3%E6%A0%8B&show=assisted"
    submit(desk, url, {**keep, "query": "show=none"}, page="/staff/residents/?show=assisted")
    assert "三栋代办" in see(desk, "/staff/residents/")
    assert "三栋代办" not in see(desk, "/staff/matches/")
    with db.reader() as session:
        (kept,) = session.exec(select(SavedFilter)).all()
    assert kept.query == "show=none"
    with write() as session:
        stranger = factories.make_account(session, role=Role.STAFF)
    other = sign_in(stranger)
    assert "三栋代办" not in see(other, "/staff/residents/")
    assert (
        submit(other, f"{url}{kept.id}/drop", {}, page="/staff/residents/?show=none").status_code
        == 404
    )
    for bad in ({"name": ""}, {"name": "长" * 21}, {"list": "nonsense"}, {"query": "x" * 301}):
        refused = submit(desk, url, {**keep, **bad}, page="/staff/residents/?show=none")
        assert refused.status_code == 400
    with write() as session:
        for n in range(MOST_FILTERS - 1):
            session.add(
                SavedFilter(account_id=kept.account_id, list=kept.list, name=str(n), query="")
            )
        session.flush()
    full = submit(desk, url, {**keep, "name": "多出来的"}, page="/staff/residents/?show=none")
    assert full.status_code == 400
    assert submit(desk, f"{url}{kept.id}/drop", {}, page=url).status_code == 303


def test_a_bulk_decision_is_shown_before_it_is_made(db, write, desk):
    with write() as session:
        matches = [factories.make_match(session, position=1, score=0.5).id for _ in range(2)]
        taken = factories.make_match(session, state=MatchState.OFFERED).id
    form = {
        "ids": [str(one) for one in (*matches, taken)],
        "act": "dismiss",
        "bulk_code": "pay",
        "bulk_channel": "phone",
    }
    url, page = "/staff/matches/bulk", "/staff/matches/"
    preview = submit(desk, url, form, page=page)
    assert preview.status_code == 200
    assert "工钱不合" in preview.get_data(as_text=True)
    assert f'value="{taken}"' not in preview.get_data(as_text=True)

    def states():
        with db.reader() as session:
            return {session.get_one(Match, one).state for one in matches}

    assert states() == {MatchState.SUGGESTED}
    assert submit(desk, url, {**form, "sure": "1"}, page=page).status_code == 303
    assert states() == {MatchState.DISMISSED}
