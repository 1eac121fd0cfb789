"""Fault 1: nobody becomes a neighbour by typing an address."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import (
    make_branch,
    make_household,
    make_resident,
)
from tests.forms import submit
from tests.functional.residents.village import EMPTY, HOME, PAGE, settle
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.messages.models import NotificationOptIn
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.residents.models import Household, JoinRequest, JoinState, Resident

GOOD = {"name": "张三", "phone": "13612345678", "password": PASSWORD, "service": "y"}


def test_fault_1_who_registers_stands_alone_whatever_address_is_typed(client, db, write):
    with write() as session:
        make_branch(session)
        home = make_household(session, unit_address=HOME)
        make_resident(session, name="周芳", household_id=home.id)
    submit(client, "/register", {**GOOD, "unit_address": "4-2-601"})
    with db.reader() as session:
        [fresh] = session.exec(select(Resident).where(Resident.name == "张三")).all()
        own = session.get(Household, fresh.household_id)
    assert own.id != home.id
    assert (own.provisional, own.unit_address, fresh.placed) == (True, HOME, False)
    for page in ("/me/", PAGE, "/me/data.json", "/me/piecework/", "/me/piecework/passbook"):
        assert "周芳" not in client.get(page).get_data(as_text=True), page
    assert client.get("/me/data.json").json["household"]["id"] == own.id


def test_fault_1_a_new_address_joins_nobody(village):
    asker = village.browser(village.asker)
    submit(asker, "/me/profile/contact", {"unit_address": "4-2-601", "phone": ""})
    moved = village.person(village.asker)
    assert moved.household_id == village.alone  # alone: the household moved along
    mother = village.browser(village.mother)
    submit(mother, "/me/profile/contact", {"unit_address": "5-1-203", "phone": ""})
    gone = village.person(village.mother)
    assert gone.household_id not in {village.home, village.alone}
    assert not gone.placed
    with village.db.reader() as session:
        kept = session.get(Household, village.home)
        assert (kept.unit_address, kept.provisional) == (HOME, False)
        assert session.get(Household, gone.household_id).provisional


def test_fault_1_staff_place_people(village, db):
    desk = village.desk()
    submit(desk, f"/staff/residents/{village.asker}/contact", {"unit_address": "4-2-601"})
    placed = village.person(village.asker)
    assert (placed.household_id, placed.placed, placed.joined_at) == (village.home, True, None)


def test_fault_1_the_answer_is_the_same_whoever_lives_there(village):
    """Byte for byte: the redirect, the page after it, the page of somebody told no, the data."""
    seen = {}
    for address in (HOME, EMPTY):
        with village.write() as session:
            for row in session.exec(select(JoinRequest)):
                session.delete(row)
        browser = village.browser(village.asker)
        response = submit(browser, f"{PAGE}/ask", {"unit_address": address}, page=PAGE)
        with village.db.reader() as session:
            request_id = session.exec(select(JoinRequest.id)).one()
        headers = sorted(one for one in response.headers.items() if one[0] != "Set-Cookie")
        pages = [response.get_data(as_text=True), str(headers)]
        pages.append(browser.get(PAGE).get_data(as_text=True))
        again = submit(browser, f"{PAGE}/ask", {"unit_address": address}, page=PAGE)
        pages += [str(again.status_code), again.get_data(as_text=True)]
        if address == HOME:
            assert village.answer(village.father, request_id, "object") == 303
        pages.append(browser.get(PAGE).get_data(as_text=True))
        again = submit(browser, f"{PAGE}/ask", {"unit_address": address}, page=PAGE)
        pages += [str(again.status_code), again.get_data(as_text=True)]
        pages.append(str(browser.get("/me/data.json").json["join_requests"]))
        village.wait(hours=73)
        pages.append(browser.get(PAGE).get_data(as_text=True))
        pages.append(browser.get("/me/").get_data(as_text=True))
        seen[address] = [plain(page, address) for page in pages]
    for there, empty in zip(seen[HOME], seen[EMPTY], strict=True):
        assert there.splitlines() == empty.splitlines()


def plain(page, address):
    """Return a page without the address typed, tokens and moments."""
    page = page.replace(address, "…")
    page = re.sub(r'name="(csrf_token|idempotency_key)" value="[^"]*"', "", page)
    page = re.sub(r"session=[^;]*", "", page)
    page = re.sub(r"nonce-[\w-]+|nonce=\"[^\"]*\"", "", page)
    page = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]*", "", page)
    page = re.sub(r"'id': \d+", "", page)
    return re.sub(r"\d{1,2}:\d\d", "", page)


def test_fault_1_only_a_placed_proven_grown_up_says_yes_and_nothing_is_seen_before(village):
    request_id = village.ask()
    with village.write() as session:
        session.get(Resident, village.father).placed = False
    assert village.answer(village.child, request_id, "agree") == 404
    assert village.answer(village.asker, request_id, "agree") == 404
    assert village.answer(village.father, request_id, "agree") == 403
    with village.write() as session:
        mother = session.get(Resident, village.mother)
        session.get(Account, mother.account_id).phone_verified_at = None
    assert village.answer(village.mother, request_id, "agree") == 403
    with village.write() as session:
        session.get(Account, mother.account_id).phone_verified_at = clock.now()
    assert "张三" in village.browser(village.mother).get("/me/").get_data(as_text=True)
    assert village.answer(village.mother, request_id, "agree") == 303
    assert village.state(request_id) is JoinState.ASKED  # the father still has his 72 hours
    assert village.person(village.asker).household_id == village.alone
    page = village.browser(village.asker).get(PAGE).get_data(as_text=True)
    assert "周芳" not in page
    village.wait(hours=71)
    assert village.state(request_id) is JoinState.ASKED
    village.wait(hours=2)
    joined = village.person(village.asker)
    assert village.state(request_id) is JoinState.ACCEPTED
    assert (joined.household_id, joined.placed) == (village.home, False)
    assert joined.joined_at is not None
    assert "周芳" in village.browser(village.asker).get(PAGE).get_data(as_text=True)


def test_fault_1_with_nobody_else_to_object_a_yes_holds_at_once(village):
    with village.write() as session:
        for one in (village.father, village.child):
            session.get(Resident, one).household_id = village.alone
    request_id = village.ask()
    assert village.answer(village.mother, request_id, "agree") == 303
    assert village.state(request_id) is JoinState.ACCEPTED


@pytest.mark.job("settle_join_requests")
def test_fault_1_the_clock_lets_in_whom_somebody_vouched_for(village, app, db):
    request_id = village.ask()
    assert village.answer(village.mother, request_id, "agree") == 303
    for hours, state in ((71, JoinState.ASKED), (73, JoinState.ACCEPTED)):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            settle(app, db)
        assert village.state(request_id) is state


def test_fault_1_no_answer_lets_the_request_lapse(village):
    request_id = village.ask()
    village.wait(hours=73)
    assert village.state(request_id) is JoinState.EXPIRED
    assert village.person(village.asker).household_id == village.alone
    assert village.answer(village.mother, request_id, "agree") == 409


def test_fault_1_an_objection_goes_to_staff_who_decide(village):
    desk = village.desk()
    request_id = village.ask()
    assert village.answer(village.mother, request_id, "agree") == 303
    assert village.answer(village.father, request_id, "object") == 303
    village.wait(hours=73)
    assert village.person(village.asker).household_id == village.alone
    queue = "/staff/join-requests/"
    assert "张三" in desk.get(queue).get_data(as_text=True)
    assert "张三" in desk.get("/staff/").get_data(as_text=True)
    page = f"{queue}{request_id}"
    assert submit(desk, f"{page}/accept", {"note": ""}, page=page).status_code == 400
    assert submit(desk, f"{page}/refuse", {"note": "问过两边"}, page=page).status_code == 303
    assert submit(desk, f"{page}/accept", {"note": "问过两边"}, page=page).status_code == 409
    assert "张三" not in desk.get(queue).get_data(as_text=True)
    assert village.person(village.asker).household_id == village.alone
    second = village.ask()
    assert village.answer(village.father, second, "object") == 303
    page = f"{queue}{second}"
    assert submit(desk, f"{page}/accept", {"note": "都说清了"}, page=page).status_code == 303
    joined = village.person(village.asker)
    assert (joined.household_id, joined.placed) == (village.home, True)


def test_fault_1_staff_say_yes_where_nobody_was_and_ask_who_came_since(village):
    request_id = village.ask(EMPTY)
    with village.write() as session:
        came = make_household(session, unit_address=EMPTY)
        make_resident(session, household_id=came.id)
    page = f"/staff/join-requests/{request_id}"
    submit(village.desk(), f"{page}/accept", {"note": "都认得"}, page=page)
    assert village.state(request_id) is JoinState.ASKED  # they have their time to object
    village.wait(hours=73)
    assert village.person(village.asker).household_id == came.id


def test_fault_1_all_grown_ups_are_told(village, app, db):
    with village.write() as session:
        session.add(
            OutsideChannel(
                name="短信",
                url="json://127.0.0.1/x",
                audience=Audience.PEOPLE,
                created_at=clock.now(),
            )
        )
        for one in (village.mother, village.father, village.child):
            account_id = session.get(Resident, one).account_id
            session.add(NotificationOptIn(account_id=account_id, since=clock.now()))
    village.ask()
    settle(app, db)
    settle(app, db)
    with db.reader() as session:
        told = {row.account_id for row in session.exec(select(OutboxRow))}
        wanted = {session.get(Resident, one).account_id for one in (village.mother, village.father)}
    assert told == wanted


def test_fault_1_anyone_may_leave_at_once(village):
    mother = village.browser(village.mother)
    assert "马上自己算一户" in mother.get(f"{PAGE}/leave").get_data(as_text=True)
    assert submit(mother, f"{PAGE}/leave").status_code == 303
    gone = village.person(village.mother)
    assert gone.household_id != village.home
    assert "周强" not in mother.get(PAGE).get_data(as_text=True)
    assert submit(mother, f"{PAGE}/leave").status_code == 409  # alone already


def test_fault_1_one_request_at_a_time_and_few_a_week(village):
    browser = village.browser(village.asker)
    for _turn in range(3):
        village.ask()
        assert submit(browser, f"{PAGE}/ask", {"unit_address": EMPTY}, page=PAGE).status_code == 409
        assert submit(browser, f"{PAGE}/withdraw", page=PAGE).status_code == 303
    assert submit(browser, f"{PAGE}/ask", {"unit_address": EMPTY}, page=PAGE).status_code == 429
    bad = submit(browser, f"{PAGE}/ask", {"unit_address": "天上"}, page=PAGE)
    assert bad.status_code == 400
    assert 'id="unit_address-error"' in bad.get_data(as_text=True)
