"""What staff do for residents: the list, registration, sensitive facts, accounts, the end."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import (
    make_account,
    make_branch,
    make_household,
    make_match,
    make_resident,
)
from tests.forms import csrf_token, submit
from webapp.caseload.queries import resident_list
from webapp.core.access import Actor, Role
from webapp.core.models import AuditEvent
from webapp.residents.models import (
    Consent,
    ConsentPurpose,
    Household,
    Resident,
    ResidentState,
    SensitiveRecord,
)

ID_NUMBER = "11010519491231002X"
NEW = {
    "name": "周大妈",
    "unit_address": "3-2-501",
    "contact_note": "找楼下小卖部",
    "birth_date": "1962-05-01",
    "consent": "y",
    "channel": "in_person",
    "note": "女儿在场",
}


@pytest.fixture
def member(write):
    with write() as session:
        return make_account(session, role=Role.STAFF, name="李晓梅", title="岗位推荐")


@pytest.fixture
def desk(sign_in, member):
    return sign_in(member)


def found(browser, query):
    return browser.get(f"/staff/residents/?{query}").get_data(as_text=True)


def test_the_list_is_searched_and_narrowed(write, desk, member):
    with write() as session:
        home = make_household(session, unit_address="3栋2单元-501", responsible_id=member.id)
        make_resident(session, name="陈桂芳", household_id=home.id, phone="13812345678")
        # Fixed addresses: the numbered ones of the factory would answer to "12" by chance.
        homes = [make_household(session, unit_address=f"{n}栋1单元-30{n}").id for n in (4, 5, 6)]
        make_resident(
            session,
            name="王大爷",
            household_id=homes[0],
            with_account=True,
            state=ResidentState.PAUSED,
        )
        matched = make_resident(session, name="赵小妹", household_id=homes[1], with_account=True)
        make_match(session, resident_id=matched.id)
        make_resident(session, name="刘搬走", household_id=homes[2], state=ResidentState.LEFT)
    everybody = {"陈桂芳", "王大爷", "赵小妹", "刘搬走"}
    for query, expected in {
        "": {"陈桂芳", "王大爷", "赵小妹"},
        "q=桂芳": {"陈桂芳"},
        "q=5678": {"陈桂芳"},
        "q=3-2-501": {"陈桂芳"},
        "q=3栋": {"陈桂芳"},
        "q=%25": set(),
        "q=12": set(),
        "show=mine": {"陈桂芳"},
        "show=assisted": {"陈桂芳"},
        "show=none": {"陈桂芳"},
        "show=paused": {"王大爷"},
        "show=left": {"刘搬走"},
        "show=nonsense&page=-1": {"陈桂芳", "王大爷", "赵小妹"},
        "page=99999999999": {"陈桂芳", "王大爷", "赵小妹"},
    }.items():
        page = found(desk, query)
        assert {name for name in everybody if name in page} == expected, query
    assert "13812345678" not in found(desk, "")


def test_a_long_list_is_paged_in_few_queries(app, db, write, desk):
    with write() as session:
        for n in range(45):
            make_resident(session, name=f"居民{n:02d}")
    statements = []
    event.listen(db.read_engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    last = found(desk, "page=3")
    assert "第 3 页，共 3 页" in last
    assert "居民44" in last
    assert "居民39" not in last
    assert len(statements) <= 7  # who asks, their messages and filters, members, how many, the page


def test_registering_for_somebody_keeps_how_they_agreed(db, desk, member):
    response = submit(desk, "/staff/residents/new", NEW)
    assert response.status_code == 303
    with db.reader() as session:
        [resident] = session.exec(select(Resident)).all()
        consents = session.exec(select(Consent)).all()
        home = session.get(Household, resident.household_id)
    assert response.headers["Location"] == f"/staff/residents/{resident.id}"
    assert (resident.name, resident.assisted, home.unit_address) == ("周大妈", True, "3栋2单元-501")
    assert resident.branch_id == member.branch_id
    assert {row.purpose for row in consents} == {ConsentPurpose.SERVICE, ConsentPurpose.ASSISTED}
    assert {(row.channel, row.note, row.given_by_id) for row in consents} == {
        ("in_person", "女儿在场", member.id)
    }


def test_registering_for_somebody_twice_leads_to_the_first(db, desk):
    submit(desk, "/staff/residents/new", NEW)
    again = submit(desk, "/staff/residents/new", NEW)
    assert again.status_code == 400
    with db.reader() as session:
        [resident] = session.exec(select(Resident)).all()
    assert f"/staff/residents/{resident.id}" in again.get_data(as_text=True)


def test_registering_for_somebody_refuses_bad_input(db, desk):
    for field, value in [
        ("name", ""),
        ("unit_address", "天上"),
        ("phone", "110"),
        ("birth_date", "2020-01-01"),
        ("consent", None),
        ("channel", None),
        ("channel", "托梦"),
        ("note", "很" * 201),
    ]:
        data = {key: typed for key, typed in {**NEW, field: value}.items() if typed is not None}
        response = submit(desk, "/staff/residents/new", data)
        assert (field, response.status_code) == (field, 400)
        assert f'id="{field}-error"' in response.get_data(as_text=True)
    with db.reader() as session:
        assert session.exec(select(Resident)).all() == []


def test_likely_duplicates_are_shown(write, desk):
    with write() as session:
        first = make_resident(session, name="陈桂芳")
        same_birth = make_resident(session, name="陈桂芳")
        same_phone = make_resident(session, name="陈芳", phone="13812345678")
        alone = make_resident(session, name="王一", phone="13812345679")
        session.merge(first).phone = "13812345678"
    page = desk.get(f"/staff/residents/{first.id}").get_data(as_text=True)
    assert f'href="/staff/residents/{same_birth.id}"' in page
    assert f'href="/staff/residents/{same_phone.id}"' in page
    assert "同一个人" not in desk.get(f"/staff/residents/{alone.id}").get_data(as_text=True)


def test_sensitive_facts_need_their_consent_and_are_encrypted(db, write, desk):
    with write() as session:
        resident = make_resident(session)
    url = f"/staff/residents/{resident.id}/sensitive"
    facts = {"id_number": "110105 19491231 002x", "allowance": "低保户"}
    refused = submit(desk, url, facts)
    assert refused.status_code == 400
    assert 'id="consent-error"' in refused.get_data(as_text=True)
    assert submit(desk, url, {**facts, "consent": "y"}).status_code == 303
    with db.reader() as session:
        [kept] = session.exec(select(SensitiveRecord)).all()
        [consent] = session.exec(select(Consent)).all()
        raw = session.connection().exec_driver_sql("SELECT * FROM sensitive_record").first()
    assert (kept.id_number, kept.allowance, kept.disability) == (ID_NUMBER, "低保户", None)
    assert (consent.purpose, consent.channel) == (ConsentPurpose.SENSITIVE, "in_person")
    assert ID_NUMBER not in str(raw)
    assert "低保户" not in str(raw)
    # Empty leaves, 删掉 erases.
    assert submit(desk, url, {"disability": "肢体三级", "erase": ["allowance"]}).status_code == 303
    with db.reader() as session:
        [kept] = session.exec(select(SensitiveRecord)).all()
    assert (kept.id_number, kept.allowance, kept.disability) == (ID_NUMBER, None, "肢体三级")


@pytest.mark.parametrize("number", ["110105194912310021", "1101051949123100", "11010519491331002X"])
def test_a_wrong_id_number_is_told_beside_the_field(db, write, desk, number):
    with write() as session:
        resident = make_resident(session)
    url = f"/staff/residents/{resident.id}/sensitive"
    response = submit(desk, url, {"id_number": number, "consent": "y"})
    assert response.status_code == 400
    assert 'id="id_number-error"' in response.get_data(as_text=True)
    with db.reader() as session:
        assert session.exec(select(Consent)).all() == []


def test_reading_a_sensitive_fact_needs_a_reason_and_is_written_down(db, write, desk, member):
    with write() as session:
        resident = make_resident(session)
        session.add(SensitiveRecord(resident_id=resident.id, id_number=ID_NUMBER))
    overview = desk.get(f"/staff/residents/{resident.id}").get_data(as_text=True)
    assert ID_NUMBER not in overview
    url = f"/staff/residents/{resident.id}/reveal/id_number"
    assert ID_NUMBER not in desk.get(url).get_data(as_text=True)
    for reason in ({}, {"reason": "curious"}):
        refused = submit(desk, url, reason)
        assert refused.status_code == 400
        assert ID_NUMBER not in refused.get_data(as_text=True)
    shown = submit(desk, url, {"reason": "identity"})
    assert shown.status_code == 200
    assert ID_NUMBER in shown.get_data(as_text=True)
    assert shown.headers["Cache-Control"] == "no-store"
    assert ID_NUMBER not in desk.get(url).get_data(as_text=True)
    with db.reader() as session:
        [row] = session.exec(select(AuditEvent).where(AuditEvent.action == "resident.reveal")).all()
    assert (row.account_id, row.subject) == (member.id, f"resident:{resident.id}")
    assert row.details == {"field": "id_number", "reason": "identity"}
    for field in ("allowance", "password_hash", "resident_id"):
        other = f"/staff/residents/{resident.id}/reveal/{field}"
        assert desk.get(other).status_code == 404


def test_a_household_gets_its_responsible_member(db, write, desk, member):
    with write() as session:
        resident = make_resident(session)
        outsider = make_account(session, role=Role.EMPLOYER)
    url = f"/staff/residents/{resident.id}/responsible"
    for wrong in ({}, {"member": "x"}, {"member": str(outsider.id)}):
        assert submit(desk, url, wrong).status_code == 400
    assert submit(desk, url, {"member": str(member.id)}).status_code == 303
    with db.reader() as session:
        assert session.get(Household, resident.household_id).responsible_id == member.id
    assert "李晓梅" in desk.get(f"/staff/residents/{resident.id}").get_data(as_text=True)


def test_an_assisted_resident_gets_an_account_once(app, db, write, desk):
    with write() as session:
        resident = make_resident(session, phone="13812345678")
        make_account(session, phone="13900009999")
    url = f"/staff/residents/{resident.id}/account"
    assert "13812345678" in desk.get(url).get_data(as_text=True)
    taken = submit(desk, url, {"phone": "13900009999", "password": PASSWORD})
    assert taken.status_code == 400
    assert submit(desk, url, {"phone": "13812345678", "password": PASSWORD}).status_code == 303
    assert desk.get(url).status_code == 303  # nothing to open any more
    browser = app.test_client()
    data = {"phone": "13812345678", "password": PASSWORD}
    assert submit(browser, "/login", data).headers["Location"] == "/me/"
    assert resident.name in browser.get("/me/").get_data(as_text=True)
    # A forgotten password is set anew in person; the old sessions end.
    data["password"] = "a-new-secret-9"
    reset = f"/staff/residents/{resident.id}/password"
    assert submit(desk, reset, {"password": "x13812345678"}).status_code == 400
    assert submit(desk, reset, {"password": data["password"]}).status_code == 303
    assert browser.get("/me/").status_code == 302
    assert submit(app.test_client(), "/login", data).status_code == 303


def test_staff_end_the_service_only_for_those_they_assist(db, write, desk):
    with write() as session:
        assisted = make_resident(session, name="周大妈")
        own = make_resident(session, with_account=True)
    assert submit(desk, f"/staff/residents/{assisted.id}/end").status_code == 303
    assert desk.get(f"/staff/residents/{own.id}/end").status_code == 403
    with db.reader() as session:
        assert session.get(Resident, assisted.id).state is ResidentState.LEFT
        assert session.get(Resident, own.id).state is ResidentState.SEEKING
    assert desk.get(f"/staff/residents/{assisted.id}").status_code == 200
    assert desk.get(f"/staff/residents/{assisted.id}/wanted").status_code == 403


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.EMPLOYER, Role.ADMIN])
def test_others_stay_outside(write, sign_in, role):
    with write() as session:
        account = make_account(session, role=role)
        resident = make_resident(session)
    browser = sign_in(account)
    for page in ("", "new", str(resident.id), f"{resident.id}/reveal/id_number"):
        assert browser.get(f"/staff/residents/{page}").status_code == 403


def test_two_clicks_at_once_leave_one_record(app, db, write, desk):
    with write() as session:
        resident = make_resident(session)
    url = f"/staff/residents/{resident.id}/sensitive"
    data = {"allowance": "低保户", "consent": "y", "csrf_token": csrf_token(desk, url)}
    cookie = desk.get_cookie("fumin").value

    def click(_n):
        browser = app.test_client()
        browser.set_cookie("fumin", cookie)
        return browser.post(url, data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {303}
    with db.reader() as session:
        assert len(session.exec(select(SensitiveRecord)).all()) == 1
        assert len(session.exec(select(Consent)).all()) == 1


def test_another_branch_reads_a_file_and_changes_nothing(db, write, sign_in):
    with write() as session:
        branch = make_branch(session, name="便民支部", serves_all=False)
        stranger = make_account(session, role=Role.STAFF, branch_id=branch.id)
        own = make_resident(session, branch_id=branch.id)
        other = make_resident(session, wanted=["保洁"])
    browser = sign_in(stranger)
    page = browser.get(f"/staff/residents/{other.id}").get_data(as_text=True)
    assert "您可以看" in page
    assert f"/staff/residents/{other.id}/wanted" not in page
    assert browser.get(f"/staff/residents/{other.id}/wanted").status_code == 403
    refused = submit(
        browser,
        f"/staff/residents/{other.id}/wanted",
        {"wanted": "保安"},
        page="/account/password",
    )
    assert refused.status_code == 403
    changed = submit(browser, f"/staff/residents/{own.id}/wanted", {"wanted": "保安"})
    assert changed.status_code == 303
    with db.reader() as session:
        assert session.get_one(Resident, other.id).wanted == ["保洁"]
        assert session.get_one(Resident, own.id).wanted == ["保安"]


def test_two_members_of_staff_save_one_section_at_once(db, write, sign_in):
    with write() as session:
        first, second = (make_account(session, role=Role.STAFF) for _ in "ab")
        resident = make_resident(session, wanted=["保洁"])
    one, two = sign_in(first), sign_in(second)
    url = f"/staff/residents/{resident.id}/wanted"
    seen = re.search(r'name="seen" value="(\w+)"', two.get(url).get_data(as_text=True)).group(1)
    assert submit(one, url, {"wanted": "保安"}).status_code == 303
    late = submit(two, url, {"wanted": "月嫂", "seen": seen})
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "现在记的是：保安" in page
    assert "月嫂" in page  # what was typed is kept
    with db.reader() as session:
        assert session.get_one(Resident, resident.id).wanted == ["保安"]
    again = re.search(r'name="seen" value="(\w+)"', page).group(1)
    assert submit(two, url, {"wanted": "月嫂", "seen": again}).status_code == 303
    other = f"/staff/residents/{resident.id}/skills"  # another section stands in nobody's way
    seen = re.search(r'name="seen" value="(\w+)"', one.get(other).get_data(as_text=True)).group(1)
    assert submit(two, url, {"wanted": "保洁"}).status_code == 303
    assert submit(one, other, {"skills": "炒菜", "seen": seen}).status_code == 303


def test_columns_order_the_list_and_a_member_narrows_it(write, desk, member):
    with write() as session:
        near = make_household(session, unit_address="2栋1单元-101", responsible_id=member.id)
        far = make_household(session, unit_address="3栋1单元-101")
        make_resident(session, name="甲远", household_id=far.id, skills=["缝纫"])
        make_resident(
            session,
            name="乙近",
            household_id=near.id,
            skills=["缝纫"],
            state=ResidentState.PAUSED,
        )

    def order(query):
        html = found(desk, query)
        return sorted((name for name in ("甲远", "乙近") if name in html), key=html.index)

    assert order("order=home") == order("order=member") == ["乙近", "甲远"]
    assert order("order=state") == ["乙近", "甲远"]  # by its code: paused before seeking
    assert order("q=3栋附近") == ["甲远", "乙近"]  # the nearest first
    assert order("q=3栋附近&order=home") == ["乙近", "甲远"]
    assert order("order=nonsense") == order("order=name")
    assert order(f"member={member.id}") == ["乙近"]
    assert order("member=nobody&q=会缝纫") == ["甲远"]
    assert order("member=999999") == order("")
    # What is chosen stays with each other choice.
    page = found(desk, f"member={member.id}&order=home")
    assert f"show=paused&amp;member={member.id}&amp;order=home" in page or (
        f"member={member.id}&amp;order=home&amp;show=paused" in page
    )
    assert 'aria-sort="ascending"' in page


def test_the_count_of_the_list_is_that_of_its_rows(db, write, member):
    with write() as session:
        mine = make_household(session, responsible_id=member.id)
        for state in ResidentState:
            make_resident(session, household_id=mine.id, state=state)
        make_resident(session)
        make_match(session)
    actor = Actor(account_id=member.id, role=Role.STAFF, branch_id=member.branch_id)
    numbers = set()
    with db.reader() as session:
        for view in resident_list.VIEWS:
            for whose in (None, member.id, resident_list.NOBODY):
                rows = session.execute(resident_list.staff_list(actor, view=view, member=whose))
                counted = resident_list.staff_count(actor, view=view, member=whose)
                number = session.execute(counted).scalar_one()
                assert number == len(rows.all()), (view, whose)
                numbers.add(number)
    assert len(numbers) > 3
