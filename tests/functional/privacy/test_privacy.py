"""Consents, the copy of one's data, and the end of the service."""

import json

import pytest
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import make_account, make_employer, make_match, make_opening, make_resident
from tests.forms import submit
from webapp.accounts.models import Account, LoginSession
from webapp.core.access import Role
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.residents.models import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Experience,
    Resident,
    ResidentState,
    SensitiveRecord,
)
from webapp.residents.services import consents

ID_NUMBER = "11010519491231002X"


@pytest.fixture
def resident(write):
    with write() as session:
        row = make_resident(
            session,
            with_account=True,
            name="陈桂芳",
            phone="13812345678",
            contact_note="下午打",
            limits=["night"],
            available=[{"days": "1", "start": "08:00", "end": "12:00"}],
            situation="要接娃儿",
        )
        employer = make_employer(session, name="重庆红福家政有限公司")
        opening = make_opening(session, employer_id=employer.id)
        make_match(session, resident_id=row.id, opening_id=opening.id, state=MatchState.APPLIED)
        make_match(session, resident_id=row.id, reasons=[{"code": "x", "text": "还没确认"}])
        session.add(Experience(resident_id=row.id, title="帮厨", months=12))
        session.add(SensitiveRecord(resident_id=row.id, id_number=ID_NUMBER))
        for purpose, employer_id in (
            (ConsentPurpose.SERVICE, None),
            (ConsentPurpose.SENSITIVE, None),
            (ConsentPurpose.EMPLOYER, employer.id),
        ):
            consents.record(
                session,
                resident_id=row.id,
                purpose=purpose,
                channel=ConsentChannel.PAGE,
                given_by_id=row.account_id,
                employer_id=employer_id,
            )
        return row


@pytest.fixture
def own(db, sign_in, resident):
    with db.reader() as session:
        account = session.get(Account, resident.account_id)
    return sign_in(account)


def consent_of(db, resident, purpose):
    with db.reader() as session:
        return session.exec(
            select(Consent).where(Consent.resident_id == resident.id, Consent.purpose == purpose)
        ).one()


def withdraw(browser, consent):
    return submit(browser, f"/me/consents/{consent.id}/withdraw", page="/me/consents")


def test_an_employer_loses_sight_at_once(db, own, resident):
    consent = consent_of(db, resident, ConsentPurpose.EMPLOYER)
    assert "重庆红福家政有限公司" in own.get("/me/consents").get_data(as_text=True)
    assert withdraw(own, consent).status_code == 303
    assert withdraw(own, consent).status_code == 303  # clicked twice
    withdrawn = consent_of(db, resident, ConsentPurpose.EMPLOYER)
    assert withdrawn.withdrawn_at is not None
    with db.reader() as session:
        assert (
            consents.standing(
                session,
                resident_id=resident.id,
                purpose=ConsentPurpose.EMPLOYER,
                employer_id=consent.employer_id,
            )
            is None
        )
        states = session.exec(
            select(Match.state).where(Match.resident_id == resident.id).order_by(Match.id)
        ).all()
    assert states == [MatchState.WITHDRAWN, MatchState.SUGGESTED]
    assert "已经收回的" in own.get("/me/consents").get_data(as_text=True)


def test_without_the_sensitive_consent_the_facts_are_gone(db, own, resident):
    assert withdraw(own, consent_of(db, resident, ConsentPurpose.SENSITIVE)).status_code == 303
    with db.reader() as session:
        assert session.exec(select(SensitiveRecord)).all() == []


def test_the_service_itself_ends_on_its_own_page(db, own, resident):
    consent = consent_of(db, resident, ConsentPurpose.SERVICE)
    assert withdraw(own, consent).status_code == 409
    assert consent_of(db, resident, ConsentPurpose.SERVICE).withdrawn_at is None


def test_another_persons_consent_is_out_of_reach(db, write, sign_in, resident):
    with write() as session:
        other = make_resident(session, with_account=True)
        account = session.get(Account, other.account_id)
    consent = consent_of(db, resident, ConsentPurpose.SENSITIVE)
    browser = sign_in(account)
    url = f"/me/consents/{consent.id}/withdraw"
    assert submit(browser, url, page="/me/profile/wanted").status_code == 404
    assert consent_of(db, resident, ConsentPurpose.SENSITIVE).withdrawn_at is None


def test_staff_withdraw_a_consent_for_those_they_assist(db, write, sign_in):
    with write() as session:
        account = make_account(session, role=Role.STAFF)
        assisted = make_resident(session)
        consent = consents.record(
            session,
            resident_id=assisted.id,
            purpose=ConsentPurpose.SENSITIVE,
            channel=ConsentChannel.IN_PERSON,
            given_by_id=account.id,
        )
    url = f"/staff/residents/{assisted.id}"
    response = submit(sign_in(account), f"{url}/consents/{consent.id}/withdraw", page=url)
    assert response.status_code == 303
    assert consent_of(db, assisted, ConsentPurpose.SENSITIVE).withdrawn_at is not None


def test_the_copy_holds_everything_and_no_secret(own, resident):
    response = own.get("/me/data.json")
    assert response.mimetype == "application/json"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "no-store"
    copy = json.loads(response.data)
    assert copy["account"]["name"] == "陈桂芳"
    assert copy["resident"]["contact_note"] == "下午打"
    assert copy["resident"]["available"] == [{"days": "1", "start": "08:00", "end": "12:00"}]
    assert copy["household"]["unit_address"]
    assert copy["experience"][0]["title"] == "帮厨"
    assert copy["sensitive"][0]["id_number"] == ID_NUMBER
    assert {row["purpose"] for row in copy["consents"]} == {"service", "sensitive", "employer"}
    assert [row["state"] for row in copy["matches"]] == ["applied"]
    assert copy["sign_ins"]
    text = response.get_data(as_text=True)
    assert "argon2" not in text
    assert "token" not in text
    assert "还没确认" not in text


def test_leaving_erases_closes_and_withdraws(app, db, own, resident):
    page = own.get("/me/data/leave").get_data(as_text=True)
    assert "找不回来" in page
    with db.reader() as session:
        phone = session.get(Account, resident.account_id).phone
    assert submit(own, "/me/data/leave").status_code == 303
    assert own.get("/me/").status_code == 302
    with db.reader() as session:
        left = session.get(Resident, resident.id)
        account = session.get(Account, resident.account_id)
        assert session.exec(select(SensitiveRecord)).all() == []
        assert session.exec(select(Experience)).all() == []
        assert session.exec(select(LoginSession)).all() == []
        assert all(row.withdrawn_at for row in session.exec(select(Consent)).all())
        states = set(session.exec(select(Match.state)).all())
        assert session.exec(select(MatchEvent)).first()
    assert left.state is ResidentState.LEFT
    assert (left.phone, left.birth_date, left.wanted, left.limits) == (None, None, [], [])
    assert (left.situation, left.contact_note) == ("", "")
    assert left.name == "陈桂芳"  # an employer took part: that record has to be kept
    assert not account.enabled
    assert account.phone != phone
    assert states <= {MatchState.WITHDRAWN, MatchState.SUGGESTED}
    # The number may come back, to a new file.
    browser = app.test_client()
    again = {"phone": phone, "password": PASSWORD, "name": "陈桂芳", "unit_address": "3-2-501"}
    assert submit(browser, "/login", {"phone": phone, "password": PASSWORD}).status_code == 400
    assert submit(browser, "/register", {**again, "service": "y"}).status_code == 303


def test_leaving_takes_the_name_too_where_no_employer_took_part(db, write, sign_in):
    with write() as session:
        resident = make_resident(session, with_account=True, name="周大妈")
        account = session.get(Account, resident.account_id)
    assert submit(sign_in(account), "/me/data/leave").status_code == 303
    with db.reader() as session:
        assert session.get(Resident, resident.id).name == "已注销"
        assert session.get(Account, account.id).name == "已注销"


def test_leaving_needs_the_page_of_confirmation(db, own, resident):
    assert own.post("/me/data/leave").status_code == 400
    with db.reader() as session:
        assert session.get(Resident, resident.id).state is ResidentState.SEEKING
