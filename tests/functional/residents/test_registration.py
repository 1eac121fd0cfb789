"""Registration by one's own hand: the account, the household, the file and the consents."""

import pytest
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import PLACE, make_account, make_resident
from tests.forms import csrf_token, submit
from webapp.accounts.models import Account
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import ALWAYS
from webapp.engine.models import SuggestionRequest
from webapp.residents.models import Consent, ConsentPurpose, Household, Resident

pytestmark = pytest.mark.usefixtures("branch")


PHONE = "13612345678"
GOOD = {
    "name": "陈桂芳",
    "phone": PHONE,
    "password": PASSWORD,
    "unit_address": "3栋2单元501",
    "service": "y",
}


def everything(db):
    with db.reader() as session:
        return {
            table.__name__: session.exec(select(table)).all()
            for table in (Account, Household, Resident, Consent, SuggestionRequest)
        }


def test_registering_creates_all_at_once_and_signs_in(client, db, branch):
    response = submit(client, "/register", {**GOOD, "sensitive": "y"})
    assert response.status_code == 303
    assert response.headers["Location"] == "/me/questions/"
    rows = everything(db)
    [account], [household], [resident] = rows["Account"], rows["Household"], rows["Resident"]
    assert (account.phone, account.role, account.name) == (PHONE, Role.RESIDENT, "陈桂芳")
    assert (household.unit_address, household.place) == ("3栋2单元-501", PLACE)
    assert resident.account_id == account.id
    assert resident.household_id == household.id
    assert resident.branch_id == branch.id
    assert {consent.purpose for consent in rows["Consent"]} == {
        ConsentPurpose.SERVICE,
        ConsentPurpose.SENSITIVE,
    }
    assert {consent.given_by_id for consent in rows["Consent"]} == {account.id}
    assert [row.resident_id for row in rows["SuggestionRequest"]] == [resident.id]
    assert "陈桂芳，您好" in client.get("/me/").get_data(as_text=True)


def test_the_sensitive_consent_is_not_needed(client, db):
    assert submit(client, "/register", GOOD).status_code == 303
    assert [consent.purpose for consent in everything(db)["Consent"]] == [ConsentPurpose.SERVICE]


BAD = [
    ("name", ""),
    ("name", "陈"),
    ("name", "很" * 41),
    ("phone", "123"),
    ("phone", "12345678901"),
    ("password", ""),
    ("password", "12345678"),
    ("password", PHONE),
    ("unit_address", ""),
    ("unit_address", "随便哪里"),
    ("unit_address", "0栋0单元-0"),
    ("unit_address", "3" * 500),
    ("service", None),
]


def test_bad_input_changes_nothing_and_is_told_beside_the_field(client, db):
    for field, value in BAD:
        data = {**GOOD, field: value}
        data = {name: typed for name, typed in data.items() if typed is not None}
        response = submit(client, "/register", data)
        page = response.get_data(as_text=True)
        assert (field, value, response.status_code) == (field, value, 400)
        assert f'id="{field}-error"' in page
        assert data["name"] in page  # what was typed stays
        assert PASSWORD not in page
    assert not any(everything(db).values())


def test_clicking_twice_registers_once(client, db):
    token = csrf_token(client, "/register")
    data = {**GOOD, "csrf_token": token}
    assert client.post("/register", data=data).status_code == 303
    again = client.post("/register", data=data)
    assert again.status_code == 303
    assert again.headers["Location"] == "/me/"
    assert len(everything(db)["Resident"]) == 1


def test_a_file_kept_by_staff_is_neither_merged_nor_revealed(client, db, write, sign_in):
    with write() as session:
        assisted = make_resident(session, name="陈桂芳", phone=PHONE)
        staff = make_account(session, role=Role.STAFF)
    response = submit(client, "/register", GOOD)
    assert response.status_code == 303
    rows = everything(db)["Resident"]
    assert len(rows) == 2
    assert next(row for row in rows if row.id == assisted.id).account_id is None
    page = sign_in(staff).get(f"/staff/residents/{assisted.id}").get_data(as_text=True)
    fresh = next(row for row in rows if row.id != assisted.id)
    assert "同一个人" in page
    assert f"/staff/residents/{fresh.id}" in page


def test_the_sections_of_the_file_are_filled_in(client, db):
    submit(client, "/register", GOOD)
    for section, data in (
        ("wanted", {"wanted": "保洁，带娃儿"}),
        ("skills", {"skills": "打扫\n做饭"}),
        ("hours", {"always": "y"}),
        ("reach", {"reach": "estate"}),
        ("certificates", {"certificates": "健康证"}),
    ):
        response = submit(client, f"/me/profile/{section}", data)
        assert (section, response.status_code) == (section, 303)
        assert response.headers["Location"] == "/me/profile"
    [resident] = everything(db)["Resident"]
    assert resident.wanted == ["保洁", "带娃儿"]
    assert resident.skills == ["打扫", "做饭"]
    assert resident.available == ALWAYS
    assert resident.certificates == ["健康证"]


def test_registering_is_in_the_audit_trail_without_personal_data(client, db):
    submit(client, "/register", GOOD)
    with db.reader() as session:
        rows = session.exec(select(AuditEvent)).all()
    assert {"account.open", "household.create", "resident.register", "consent.give"} <= {
        row.action for row in rows
    }
    written = " ".join(f"{row.subject} {row.details}" for row in rows)
    assert "陈桂芳" not in written
    assert PHONE not in written
