"""Staff narrow the list of people by choosing: certificate, age, hours, records, allowance."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from tests.factories import make_account, make_branch, make_household, make_resident
from tests.forms import press, submit
from webapp.accounts.models import FilteredList, SavedFilter
from webapp.caseload.queries.people_filters import HOURS, NAMES
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.official_facts.lifecycle import FactKind, FactSource
from webapp.official_facts.models import OfficialFact
from webapp.residents.allowance import AllowanceKind
from webapp.residents.models import Resident, SensitiveRecord

TODAY = (2026, 11, 30)
PEOPLE: dict[str, dict[str, Any]] = {
    "陈桂芳": {
        "born": (1976, 11, 30),  # fifty today
        "certificates": ["健康 证"],
        "available": [{"days": "12345", "start": "08:00", "end": "12:00"}],
        "allowance": "低保户",
    },
    "王大爷": {
        "born": (1976, 12, 1),  # fifty tomorrow
        "certificates": ["电工证"],
        "available": [{"days": "1234567", "start": "21:00", "end": "07:00"}],
        "allowance": "不是低保",
    },
    "赵小妹": {
        "born": (1996, 2, 29),
        "available": [{"days": "67", "start": "08:00", "end": "18:00"}],
        "allowance": "特困供养",
    },
    "周无话": {},
}


@pytest.fixture
def desk(write: Any, sign_in: Any) -> FlaskClient:
    with clock.frozen(clock.now().replace(year=2026, month=11, day=30)), write() as session:
        for name, fields in PEOPLE.items():
            values = dict(fields)
            born, allowance = values.pop("born", None), values.pop("allowance", None)
            one = make_resident(
                session,
                name=name,
                household_id=make_household(session).id,
                **{"certificates": [], "available": [], **values},
                birth_date=clock.today().replace(*born) if born else None,
            )
            if allowance:
                session.add(SensitiveRecord(resident_id=one.id, allowance=allowance))
            if name == "周无话":
                session.add(
                    OfficialFact(
                        resident_id=one.id,
                        kind=FactKind.UNEMPLOYED,
                        starts_on=clock.today(),
                        source=FactSource.SYSTEM,
                        recorded_at=clock.now(),
                    )
                )
        member = make_account(session, role=Role.STAFF, name="李晓梅")
    browser: FlaskClient = sign_in(member)
    return browser


def listed(desk: FlaskClient, query: str) -> list[str]:
    with clock.frozen(clock.now().replace(year=2026, month=11, day=30)):
        answer = desk.get(f"/staff/residents/?{query}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    names = re.findall(r'href="/staff/residents/\d+">([^<]+)<', page)
    if names:
        assert f"{len(names)} 人" in page
    return names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("certificate=健康证", "陈桂芳"),
        ("certificate=健", "陈桂芳"),
        ("certificate=证", "陈桂芳 王大爷"),
        ("certificate=厨师证", ""),
        ("age_from=50", "陈桂芳"),
        ("age_to=49", "王大爷 赵小妹"),
        ("age_from=30&age_to=50", "陈桂芳 王大爷 赵小妹"),
        ("age_from=31&age_to=49", "王大爷"),
        ("hours=morning", "陈桂芳"),
        ("hours=afternoon", ""),
        ("hours=evening", ""),
        ("hours=night", "王大爷"),
        ("hours=weekend", "赵小妹"),
        ("official=registered_unemployed", "周无话"),
        ("official=hard_to_employ", ""),
        ("allowance=minimum_allowance", "陈桂芳"),
        ("allowance=destitute_support", "赵小妹"),
        ("allowance=no_allowance", "王大爷"),
        ("allowance=minimum_allowance&hours=night", ""),
        ("certificate=证&age_from=50&q=陈", "陈桂芳"),
        ("certificate=证&q=赵小妹", ""),
        # What is no such choice narrows nothing.
        ("age_from=x&age_to=９&hours=noon&official=1&allowance=%25", "陈桂芳 王大爷 赵小妹 周无话"),
        ("age_from=99999999999999999999", "陈桂芳 王大爷 赵小妹 周无话"),
    ],
)
def test_each_choice_leaves_whom_it_fits(desk: FlaskClient, query: str, names: str) -> None:
    assert sorted(listed(desk, query)) == sorted(names.split())


def test_the_list_is_put_in_order_of_age(desk: FlaskClient) -> None:
    assert listed(desk, "order=age") == ["赵小妹", "王大爷", "陈桂芳", "周无话"]


def test_each_listing_by_allowance_is_on_record_and_others_are_not(
    desk: FlaskClient, db: Any
) -> None:
    listed(desk, "certificate=证")
    listed(desk, "allowance=minimum_allowance")
    with db.reader() as session:
        rows = session.exec(
            select(AuditEvent).where(AuditEvent.action == "resident.find_by_allowance")
        ).all()
    assert [one.details for one in rows] == [{"kind": "minimum_allowance", "rows": 1}]
    # A list taken away is one more.
    of = "/staff/export?of=/staff/residents/%3Fallowance=minimum_allowance"
    answer = press(desk, of, purpose="ledger")
    assert answer.status_code == 200
    assert "spreadsheet" in answer.content_type
    with db.reader() as session:
        taken = session.exec(select(AuditEvent).where(AuditEvent.action == "list.export")).one()
    assert taken.details["rows"] == 1


def test_a_member_of_another_branch_finds_by_allowance_only_their_own(
    desk: FlaskClient, write: Any, sign_in: Any
) -> None:
    with write() as session:
        branch = make_branch(session, name="乐民支部", serves_all=False).id
        member = make_account(session, role=Role.STAFF, branch_id=branch)
        own = make_resident(session, name="乐民的人", branch_id=branch)
        session.add(SensitiveRecord(resident_id=own.id, allowance="是"))
    other = sign_in(member)
    assert listed(other, "allowance=minimum_allowance") == ["乐民的人"]
    assert "陈桂芳" in listed(other, "certificate=健康证")


def test_the_code_tells_nothing_without_the_key_and_follows_the_words(
    desk: FlaskClient, db: Any, write: Any
) -> None:
    with db.reader() as session:
        raw = str(session.connection().exec_driver_sql("SELECT * FROM sensitive_record").all())
    for told in ("低保", "特困", *AllowanceKind):
        assert told not in raw
    with write() as session:
        [kept] = session.exec(
            select(SensitiveRecord).join(Resident).where(Resident.name == "陈桂芳")
        ).all()
        kept.allowance = None
    assert listed(desk, "allowance=minimum_allowance") == []
    with db.reader() as session:
        codes = session.exec(select(SensitiveRecord.allowance_code)).all()
    assert sorted(code is None for code in codes) == [False, False, True]


def test_a_kept_filter_holds_the_choices_and_the_page_shows_them(
    desk: FlaskClient, db: Any
) -> None:
    query = "certificate=健康证&age_from=40&age_to=60&hours=morning&order=age"
    page = desk.get(f"/staff/residents/?{query}").get_data(as_text=True)
    assert 'value="健康证"' in page
    assert 'value="40"' in page
    assert '<option value="morning" selected>' in page
    submit(
        desk,
        "/staff/filters/",
        {"list": "residents", "name": "上午的", "query": query},
        page=f"/staff/residents/?{query}",
    )
    with db.reader() as session:
        kept = session.exec(select(SavedFilter)).one()
    assert (kept.list, unquote(kept.query)) == (FilteredList.RESIDENTS, query)
    # Each choice stays while another link of the page is followed.
    assert "hours=morning" in re.search(r'href="([^"]+)">门牌<', page)[1]  # type: ignore[index]
    assert {*NAMES} >= {"certificate", "hours", "allowance"}
    assert len(HOURS) == 5
