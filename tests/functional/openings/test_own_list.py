"""The list as its reader left it: marked with what is theirs, and found again at the same place."""

import re

import pytest
from sqlalchemy import event

from tests.conftest import PASSWORD
from tests.factories import (
    make_account,
    make_employer,
    make_match,
    make_opening,
    make_resident,
)
from tests.forms import submit
from tests.functional.pages import text
from webapp.bookmarks.models import Bookmark
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.vocabulary import Kind
from webapp.employers.lifecycle import EmployerState
from webapp.guides.trades import Site, Trade
from webapp.matches.lifecycle import MatchState
from webapp.piecework.models.assignment import Assignment, AssignmentMember
from webapp.piecework.models.order import Mode, PieceworkOrder
from webapp.training.lifecycle import EnrolmentOrigin, EnrolmentState
from webapp.training.models.courses import Course
from webapp.training.models.enrolments import Enrolment
from webapp.ventures.lifecycle import Allocation, CaseOrigin, CaseState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import Venture

pytestmark = pytest.mark.usefixtures("branch")
OWN_WORDS = ("已邀请", "已录用", "已报名", "已收藏", "已领")


@pytest.fixture
def person(write):
    with write() as session:
        account = make_account(session)
        resident = make_resident(session, account_id=account.id)
    return account, resident


def mark_on(browser, title, query=""):
    """Return the marks on the card of a title."""
    page = text(browser.get(f"/openings/{query}"))
    card = re.search(rf"<article(?:(?!</article>).)*>{title}<.*?</article>", page, re.DOTALL)
    assert card, title
    return [word for word in OWN_WORDS if f">{word}<" in card[0]]


def test_cards_bear_what_their_reader_has_to_do_with_them(write, sign_in, client, person):
    account, resident = person
    states = {
        "等确认的": MatchState.SUGGESTED,
        "确认了的": MatchState.CONFIRMED,
        "推荐了的": MatchState.OFFERED,
        "没回话的": MatchState.NO_REPLY,
        "愿意去的": MatchState.INTERESTED,
        "单位看的": MatchState.SEEN,
        "先不去的": MatchState.DECLINED,
        "单位没要": MatchState.REFUSED,
    }
    with write() as session:
        for title, state in states.items():
            opening = make_opening(session, title=title)
            make_match(session, resident_id=resident.id, opening_id=opening.id, state=state)
            if title == "单位看的":
                kept = Bookmark(
                    account_id=account.id, opening_id=opening.id, created_at=clock.now()
                )
                session.add(kept)
    browser = sign_in(account)
    expected = {
        "推荐了的": ["已邀请"],
        "没回话的": ["已邀请"],
        "愿意去的": ["已报名"],
        "单位看的": ["已报名", "已收藏"],
    }
    for title in states:  # nothing staff have not handed on, no refusal
        assert mark_on(browser, title) == expected.get(title, []), title
    assert mark_on(browser, "愿意去的", "?q=愿意去的") == ["已报名"]


def test_nobody_reads_the_marks_of_another(write, sign_in, client, app, person):
    """One list drawn for all is kept between requests: whoever asked for it first."""
    account, resident = person
    with write() as session:
        opening = make_opening(session, title="搬家师傅")
        make_match(
            session, resident_id=resident.id, opening_id=opening.id, state=MatchState.APPLIED
        )
        other = make_account(session)
        make_resident(session, account_id=other.id)
        staff = make_account(session, role=Role.STAFF)
    own, neighbour = sign_in(account), sign_in(other)
    for query in ("", "?q=搬家师傅", "?kind=vacancy"):
        for _again in range(2):
            assert mark_on(own, "搬家师傅", query) == ["已报名"]
            for reader in (neighbour, client, sign_in(staff)):
                assert mark_on(reader, "搬家师傅", query) == []
    assert "已报名" in text(own.get(f"/openings/{opening.id}"))
    assert "已报名" not in text(neighbour.get(f"/openings/{opening.id}"))


def enrolled(session, resident, title, state):
    """Have a resident stand so with the course of an opening of its own."""
    opening = make_opening(session, title=title, kind=Kind.COURSE)
    course = Course(opening_id=opening.id, created_at=clock.now())
    session.add(course)
    session.flush()
    enrolment = Enrolment(
        course_id=course.id,
        resident_id=resident.id,
        state=state,
        origin=EnrolmentOrigin.SELF,
        since=clock.now(),
        created_at=clock.now(),
    )
    session.add(enrolment)


def test_other_kinds_are_marked_too(write, sign_in, person):
    account, resident = person
    with write() as session:
        enrolled(session, resident, "等班的课", EnrolmentState.APPLIED)
        enrolled(session, resident, "请我的课", EnrolmentState.INVITED)
        enrolled(session, resident, "不学的课", EnrolmentState.WITHDRAWN)
        stall = make_opening(session, title="水果摊位", kind=Kind.VENTURE)
        venture = Venture(
            opening_id=stall.id,
            trade=Trade.VEGETABLES,
            site=Site.MARKET,
            allocation=Allocation.OPEN,
            created_at=clock.now(),
        )
        pieces = make_opening(session, title="手工串珠", kind=Kind.PIECEWORK)
        employer = make_employer(session)
        order = PieceworkOrder(
            opening_id=pieces.id,
            employer_id=employer.id,
            mode=Mode.SUPPLIED,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        session.add_all([venture, order])
        session.flush()
        claim = Assignment(
            order_id=order.id,
            household_id=resident.household_id,
            pieces=10,
            due=clock.today(),
            claimed_at=clock.now(),
            updated_at=clock.now(),
            idempotency_key="one",
        )
        session.add(claim)
        session.flush()
        session.add(AssignmentMember(assignment_id=claim.id, resident_id=resident.id))
        session.add(
            VentureCase(
                venture_id=venture.id,
                resident_id=resident.id,
                state=CaseState.APPLIED,
                origin=CaseOrigin.SELF,
                code="ABCD2345",
                title="水果摊位",
                trade=Trade.VEGETABLES,
                site=Site.MARKET,
                created_at=clock.now(),
                since=clock.now(),
            )
        )
    browser = sign_in(account)
    for title, marks in {
        "等班的课": ["已报名"],
        "请我的课": ["已邀请"],
        "不学的课": [],
        "水果摊位": ["已报名"],
        "手工串珠": ["已领"],
    }.items():
        assert mark_on(browser, title) == marks, title


def test_marks_cost_one_query(write, sign_in, person, db):
    account, resident = person
    with write() as session:
        for n in range(30):
            opening = make_opening(session, title=f"岗位{n}")
            make_match(
                session, resident_id=resident.id, opening_id=opening.id, state=MatchState.APPLIED
            )
        other = make_account(session, role=Role.EMPLOYER)
    counts = []
    for reader in (sign_in(other), sign_in(account)):
        reader.get("/openings/")  # what is kept is drawn
        statements = []
        listener = lambda *args, into=statements: into.append(args[2])  # noqa: E731
        event.listen(db.read_engine, "before_cursor_execute", listener)
        reader.get("/openings/")
        event.remove(db.read_engine, "before_cursor_execute", listener)
        counts.append([one for one in statements if "UNION ALL" in one])
    assert [len(one) for one in counts] == [0, 1]


def test_who_was_checked_says_so(client, write):
    with write() as session:
        checked = make_employer(session, state=EmployerState.VERIFIED)
        named = make_employer(session, state=EmployerState.PENDING)
        opening = make_opening(session, title="查过的", employer_id=checked.id)
        make_opening(session, title="没查的", employer_id=named.id)
        make_opening(session, title="社区的", kind=Kind.COURSE, employer_id=None)
    page = text(client.get("/openings/"))
    cards = {one.split("<")[0]: "已核实" in one for one in page.split('class="stretched-link"')[1:]}
    assert {title.split(">")[1]: said for title, said in cards.items()} == {
        "社区的": False,
        "没查的": False,
        "查过的": True,
    }
    assert f"{checked.name}（已核实）" in text(client.get(f"/openings/{opening.id}"))


BACK = re.compile(r'<p class="back"><a href="([^"]+)">')


def back_of(response):
    return [one.replace("&amp;", "&") for one in BACK.findall(response.get_data(as_text=True))]


def test_the_way_back_is_the_list_one_had(client, app, write, sign_in, person):
    account, _resident = person
    with write() as session:
        opening = make_opening(session, employer_id=make_employer(session).id, title="洗碗工")
    page = f"/openings/{opening.id}"
    assert back_of(app.test_client().get(page)) == ["/openings/"]  # straight from a chat
    browser = sign_in(account)
    browser.get("/openings/?q=%E6%B4%97%E7%A2%97&sort=pay&page=1")
    here = f"/openings/?q=%E6%B4%97%E7%A2%97&sort=pay&page=1#o{opening.id}"
    assert back_of(browser.get(page)) == [here]
    assert f'id="o{opening.id}"' in text(
        browser.get("/openings/?q=%E6%B4%97%E7%A2%97&sort=pay&page=1")
    )
    # Applying asks nothing more here, and the page of the application leads back as well.
    sent = submit(browser, f"/me/openings/{opening.id}/interest", {}, page=page)
    assert here in back_of(browser.get(sent.headers["Location"]))
    # Of two windows the one come from counts.
    browser.get("/openings/?kind=course")
    other = "http://localhost/openings/?kind=vacancy"
    assert back_of(browser.get(page, headers={"Referer": other})) == [
        f"/openings/?kind=vacancy#o{opening.id}"
    ]
    assert back_of(browser.get(page)) == [f"/openings/?kind=vacancy#o{opening.id}"]
    for stranger in ("http://evil.example/openings/?kind=course", "http://localhost/me/?x=1"):
        assert back_of(browser.get(page, headers={"Referer": stranger})) == [
            f"/openings/?kind=vacancy#o{opening.id}"
        ]


def test_a_list_survives_signing_in_and_not_signing_out(app, write, person, client):
    account, _resident = person
    with write() as session:
        opening = make_opening(session, title="洗碗工")
    page = f"/openings/{opening.id}"
    client.get("/openings/?kind=vacancy")
    sent = submit(client, "/login", {"phone": account.phone, "password": PASSWORD})
    assert sent.status_code == 303
    assert back_of(client.get(page)) == [f"/openings/?kind=vacancy#o{opening.id}"]
    client.get("/openings/?q=不想让别人知道")
    assert submit(client, "/logout", {}, page="/me/").status_code == 303
    assert back_of(client.get(page)) == ["/openings/"]


@pytest.mark.parametrize("query", ["x=" + "长" * 1000, "%ff%fe", 'q="><script>', "q=%00x"])
def test_a_list_with_nonsense_leads_back_all_the_same(client, write, query):
    with write() as session:
        opening = make_opening(session)
    client.get(f"/openings/?{query}")
    [back] = back_of(client.get(f"/openings/{opening.id}"))
    assert back.startswith("/openings/")
    assert client.get(back).status_code in {200, 400}
    assert "<script>" not in back
