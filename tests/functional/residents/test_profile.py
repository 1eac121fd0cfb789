"""A resident's file, section by section, edited by the person and by staff."""

from datetime import date

import pytest
from sqlmodel import select

from tests.factories import make_resident
from tests.forms import csrf_token, submit
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import ALWAYS, Education, Reach, Sex
from webapp.engine.models import SuggestionRequest
from webapp.residents.models import Experience, Resident, ResidentState


@pytest.fixture
def resident(write):
    with write() as session:
        return make_resident(session, with_account=True, name="陈桂芳", available=ALWAYS)


@pytest.fixture
def own(write, sign_in, resident):
    with write() as session:
        account = session.get(Account, resident.account_id)
    return sign_in(account)


def reread(db, resident):
    with db.reader() as session:
        return session.get(Resident, resident.id)


def requests(db):
    with db.reader() as session:
        return [row.resident_id for row in session.exec(select(SuggestionRequest))]


SECTIONS = [
    (
        "basics",
        {"name": "陈桂花", "birth_date": "1975-03-08", "sex": "female", "education": "primary"},
        {
            "name": "陈桂花",
            "birth_date": date(1975, 3, 8),
            "sex": Sex.FEMALE,
            "education": Education.PRIMARY,
        },
    ),
    (
        "contact",
        {"unit_address": "9栋1单元-101", "phone": "138 0000 1111", "contact_note": "下午打"},
        {"phone": "13800001111", "contact_note": "下午打"},
    ),
    ("wanted", {"wanted": "保洁，带娃儿\n保洁"}, {"wanted": ["保洁", "带娃儿"]}),
    ("skills", {"skills": "炒菜；绣花"}, {"skills": ["炒菜", "绣花"]}),
    ("certificates", {"certificates": "C1 驾照"}, {"certificates": ["C1 驾照"]}),
    ("limits", {"limits": ["night", "lifting"]}, {"limits": ["night", "lifting"]}),
    (
        "hours",
        {
            "available-0-days": ["5", "1"],
            "available-0-start": "08:30",
            "available-0-end": "16:30",
            "situation": "四点要接娃儿",
        },
        {
            "available": [{"days": "15", "start": "08:30", "end": "16:30"}],
            "situation": "四点要接娃儿",
        },
    ),
    ("hours", {"always": "y", "situation": ""}, {"available": ALWAYS, "situation": ""}),
    (
        "reach",
        {"reach": "estate", "min_pay": "2500", "kinds": ["piecework"]},
        {"reach": Reach.ESTATE, "min_pay_fen": 250000, "kinds": ["piecework"]},
    ),
]


def test_the_person_changes_each_section_and_finds_it_in_the_form_again(db, own, resident):
    for section, data, expected in SECTIONS:
        response = submit(own, f"/me/profile/{section}", data)
        assert (section, response.status_code) == (section, 303)
        assert response.headers["Location"] == "/me/profile"
        changed = reread(db, resident)
        assert {name: getattr(changed, name) for name in expected} == expected
        page = own.get(f"/me/profile/{section}").get_data(as_text=True)
        for value in expected.values():
            words = value if isinstance(value, list) else [value]
            assert all(word in page for word in words if isinstance(word, str))
    assert requests(db) == [resident.id]


def test_staff_change_the_same_sections_and_it_says_so(db, sign_in, staff, resident):
    browser = sign_in(staff)
    for section, data, expected in SECTIONS:
        response = submit(browser, f"/staff/residents/{resident.id}/{section}", data)
        assert (section, response.status_code) == (section, 303)
        assert response.headers["Location"] == f"/staff/residents/{resident.id}"
        changed = reread(db, resident)
        assert {name: getattr(changed, name) for name in expected} == expected
    with db.reader() as session:
        rows = session.exec(select(AuditEvent).where(AuditEvent.action == "resident.update")).all()
        account = session.get(Account, resident.account_id)
    assert {row.account_id for row in rows} == {staff.id}
    assert all(row.details["assisted"] is True for row in rows)
    assert "陈桂花" not in str([row.details for row in rows])
    assert account.name == "陈桂花"  # the greeting follows the file


def test_nothing_changed_asks_for_nothing(db, own, resident):
    submit(own, "/me/profile/wanted", {"wanted": "\n".join(resident.wanted)})
    assert requests(db) == []


BAD = [
    ("basics", {"name": "", "birth_date": ""}, "name"),
    ("basics", {"name": "陈桂芳", "birth_date": "yesterday"}, "birth_date"),
    ("basics", {"name": "陈桂芳", "birth_date": "1899-12-31"}, "birth_date"),
    ("basics", {"name": "陈桂芳", "birth_date": "2999-01-01"}, "birth_date"),
    (
        "basics",
        {"name": "陈桂芳", "birth_date": f"{clock.today().year - 14}-01-01"},
        "birth_date",
    ),
    ("basics", {"name": "陈桂芳", "education": "doctor"}, "education"),
    ("contact", {"unit_address": "天上", "phone": ""}, "unit_address"),
    ("contact", {"unit_address": "3-2-501", "phone": "110"}, "phone"),
    ("contact", {"unit_address": "3-2-501", "contact_note": "很" * 101}, "contact_note"),
    ("wanted", {"wanted": "\n".join(f"活{n}" for n in range(31))}, "wanted"),
    ("skills", {"skills": "很" * 61}, "skills"),
    ("limits", {"limits": ["flying"]}, "limits"),
    ("hours", {}, "always"),
    ("hours", {"available-0-days": ["1"]}, "available-0-days"),
    (
        "hours",
        {"available-0-days": ["1"], "available-0-start": "25:00", "available-0-end": "1"},
        "available-0-days",
    ),
    (
        "hours",
        {"available-1-days": ["1"], "available-1-start": "08:00", "available-1-end": "08:00"},
        "available-1-days",
    ),
    ("hours", {"available-0-days": ["8"], "available-0-start": "08:00"}, "available-0-days"),
    ("hours", {"always": "y", "situation": "很" * 201}, "situation"),
    ("reach", {"reach": "moon"}, "reach"),
    ("reach", {"min_pay": "-1"}, "min_pay"),
    ("reach", {"min_pay": "9" * 5000}, "min_pay"),
    ("reach", {"min_pay": "三千"}, "min_pay"),
    ("reach", {"kinds": ["gift"]}, "kinds"),
    ("experience", {"title": ""}, "title"),
    ("experience", {"title": "保洁", "years": "71"}, "years"),
    ("experience", {"title": "保洁", "extra_months": "12"}, "extra_months"),
]


@pytest.mark.slow
def test_bad_input_is_told_beside_the_field_and_changes_nothing(db, own, resident):
    before = reread(db, resident)
    for section, data, field in BAD:
        response = submit(own, f"/me/profile/{section}", data)
        assert (section, data, response.status_code) == (section, data, 400)
        page = response.get_data(as_text=True)
        assert f'id="{field}-error"' in page
        assert "Not a valid" not in page
    assert reread(db, resident) == before
    assert requests(db) == []


def test_someone_under_16_is_told_why(own):
    day = f"{clock.today().year - 10}-01-01"
    response = submit(own, "/me/profile/basics", {"name": "陈桂芳", "birth_date": day})
    assert "不满 16 岁" in response.get_data(as_text=True)


def test_past_jobs_come_and_go(db, own, resident):
    data = {"title": "帮厨", "employer": "老灶火锅", "years": "3", "extra_months": "2"}
    assert submit(own, "/me/profile/experience", data).status_code == 303
    assert submit(own, "/me/profile/experience", data).status_code == 303  # clicked twice
    with db.reader() as session:
        [job] = session.exec(select(Experience)).all()
    assert (job.title, job.employer, job.months) == ("帮厨", "老灶火锅", 38)
    assert "帮厨，老灶火锅，3年2个月" in own.get("/me/profile").get_data(as_text=True)
    url = f"/me/profile/experience/{job.id}/remove"
    assert submit(own, url, page="/me/profile/experience").status_code == 303
    assert submit(own, url, page="/me/profile/experience").status_code == 404
    with db.reader() as session:
        assert session.exec(select(Experience)).all() == []


def test_past_jobs_have_an_end(own, monkeypatch):
    monkeypatch.setattr("webapp.residents.services.profile.MOST_EXPERIENCE", 1)
    assert submit(own, "/me/profile/experience", {"title": "帮厨"}).status_code == 303
    assert submit(own, "/me/profile/experience", {"title": "保洁"}).status_code == 400


def test_another_persons_file_is_out_of_reach(db, write, own):
    with write() as session:
        other = make_resident(session, with_account=True)
        job = Experience(resident_id=other.id, title="帮厨")
        session.add(job)
        session.flush()
    for page in ("", "/wanted", "/sensitive", "/experience"):
        assert own.get(f"/staff/residents/{other.id}{page}").status_code == 403
    url = f"/me/profile/experience/{job.id}/remove"
    assert submit(own, url, page="/me/profile/experience").status_code == 404
    with db.reader() as session:
        assert session.get(Experience, job.id)


@pytest.mark.parametrize("path", ["/me/profile/nothing", "/me/profile/__class__"])
def test_an_unknown_section_is_not_found(own, path):
    assert own.get(path).status_code == 404


def test_pausing_and_going_on(db, own, resident):
    assert submit(own, "/me/pause", page="/me/").status_code == 303
    assert reread(db, resident).state is ResidentState.PAUSED
    assert submit(own, "/me/pause", page="/me/").status_code == 409  # clicked twice
    assert submit(own, "/me/resume", page="/me/").status_code == 303
    assert reread(db, resident).state is ResidentState.SEEKING
    assert requests(db) == [resident.id]


def test_the_home_page_says_what_is_missing(write, own, resident):
    assert "下一步" not in own.get("/me/").get_data(as_text=True)
    with write() as session:
        session.merge(resident).wanted = []
    page = own.get("/me/").get_data(as_text=True)
    assert "还有 1 样没填" in page
    assert "/me/questions/" in page


def test_a_forged_or_missing_token_changes_nothing(db, own, resident):
    csrf_token(own, "/me/profile/wanted")
    for token in ("", "forged"):
        response = own.post("/me/profile/wanted", data={"wanted": "x", "csrf_token": token})
        assert response.status_code == 400
    assert reread(db, resident).wanted == resident.wanted
