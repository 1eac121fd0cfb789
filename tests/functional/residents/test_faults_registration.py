"""Faults 14 and 15: hours are kept as they were said, and so is what somebody came for."""

import pytest
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import make_account, make_branch, make_opening, make_resident
from tests.forms import submit
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.vocabulary import ALWAYS, Kind
from webapp.engine import records
from webapp.imports.readers.cells import Reading
from webapp.imports.readers.wish_cells import available
from webapp.openings.models import Opening
from webapp.residents.models import Resident

HOURS = "/me/profile/hours"
WINDOW = {
    "available-0-days": ["1"],
    "available-0-start": "08:00",
    "available-0-end": "12:00",
}
NEW = {
    "name": "张三",
    "phone": "13612345678",
    "password": "another-word-7",
    "unit_address": "3-2-501",
    "service": "y",
}


@pytest.fixture
def person(write, sign_in):
    with write() as session:
        resident = make_resident(session, with_account=True)
        account = session.get(Account, resident.account_id)
    return sign_in(account), resident.id


def kept(db, resident_id):
    with db.reader() as session:
        return session.get(Resident, resident_id)


def test_fault_14_nothing_is_ticked_beforehand_and_what_was_chosen_is_kept(db, person):
    browser, resident_id = person
    assert "checked" not in browser.get(HOURS).get_data(as_text=True)
    assert submit(browser, HOURS, WINDOW).status_code == 303
    assert kept(db, resident_id).available == [{"days": "1", "start": "08:00", "end": "12:00"}]
    both = submit(browser, HOURS, {**WINDOW, "always": "y"})
    assert both.status_code == 400
    assert 'id="always-error"' in both.get_data(as_text=True)
    assert kept(db, resident_id).available == [{"days": "1", "start": "08:00", "end": "12:00"}]


def test_fault_14_always_is_told_apart_from_not_known(db, person):
    browser, resident_id = person
    page = browser.get("/me/profile").get_data(as_text=True)
    assert "随时都行" not in page
    assert "hours" in gaps(db, resident_id)
    assert submit(browser, HOURS, {"always": "y"}).status_code == 303
    assert kept(db, resident_id).available == ALWAYS
    assert "随时都行" in browser.get("/me/profile").get_data(as_text=True)
    form = browser.get(HOURS).get_data(as_text=True)
    assert 'name="always"' in form
    assert form.count("checked") == 1
    assert gaps(db, resident_id) == ""


def gaps(db, resident_id):
    """Return what is asked of the person for an opening with fixed hours, even at night."""
    with db.reader() as session:
        resident = session.get(Resident, resident_id)
    opening = records.opening_record(
        make_unsaved(hours=[{"days": "67", "start": "22:00", "end": "06:00"}])
    )
    seeker = records.seeker_record(resident, home="", today=resident.created_at.date())
    assert "hours" not in records.broken_rules(seeker, opening)
    codes = [one["code"] for one in records.unknowns(seeker, opening)]
    return "hours" if "unknown_available" in codes else ""


def make_unsaved(**fields):
    return Opening(id=1, kind=Kind.VACANCY, title="夜班", headcount=1, hired_count=0, **fields)


@pytest.mark.parametrize(
    ("words", "expected"), [("随时", ("", ALWAYS)), ("", ("", [])), ("看情况", ("看情况", []))]
)
def test_fault_14_an_imported_always_is_one_too(words, expected):
    assert available(words, Reading(today=clock.today())) == expected


def test_fault_15_registration_leads_back_to_what_somebody_came_for(client, db, write):
    with write() as session:
        make_branch(session)
        opening = make_opening(session)
    page = f"/openings/{opening.id}"
    login = client.get(f"/login?next={page}").get_data(as_text=True)
    assert f"/register?next={page}" in login
    form = client.get(f"/register?next={page}").get_data(as_text=True)
    assert f'name="next" value="{page}"' in form
    assert f"/login?next={page}" in form
    # A slip in the form keeps it as well.
    slip = submit(client, "/register", {**NEW, "name": "", "next": page})
    assert f'name="next" value="{page}"' in slip.get_data(as_text=True)
    done = submit(client, "/register", {**NEW, "next": page})
    assert (done.status_code, done.headers["Location"]) == (303, page)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_fault_15_only_addresses_of_the_site(app, write, target):
    with write() as session:
        make_branch(session)
        account = make_account(session)
    browser = app.test_client()
    for path in ("/login", "/register"):
        page = browser.get(path, query_string={"next": target}).get_data(as_text=True)
        assert f'value="{target}"' not in page
        assert 'href="/login?next' not in page
        assert 'href="/register?next' not in page
    done = submit(browser, "/register", {**NEW, "next": target})
    assert done.headers["Location"] == "/me/questions/"
    login = {"phone": account.phone, "password": PASSWORD, "next": target}
    assert submit(app.test_client(), "/login", login).headers["Location"] == "/me/"
    with write() as session:
        assert session.exec(select(Account)).all()
