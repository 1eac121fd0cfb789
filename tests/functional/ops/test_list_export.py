"""Every list of staff can be taken away as it is seen: within rights, masked, safe, noted."""

import html
import io
import re
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from tests import factories
from tests.forms import forms_on, press
from tests.functional.tables import count
from webapp.core import clock, paging
from webapp.core.access import PERMISSIONS, Role
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Kind
from webapp.matches.models import Impression
from webapp.needs.models import StaffingNeed
from webapp.openings.lifecycle import OpeningState

TEMPLATES = Path(__file__).parents[3] / "webapp/templates"
LINK = re.compile(r'href="(/staff/export\?of=[^"]+)"')
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

#: Pages with several rows of a kind that are no list to take away, each with its reason.
NO_LISTS: dict[str, str] = {}


def take(browser, page, purpose="ledger"):
    """Follow the link below a list, say what it is for, and return heads and rows of the file."""
    found = LINK.search(browser.get(page).get_data(as_text=True))
    assert found, page
    address = html.unescape(found[1])
    return read(press(browser, address, purpose=purpose), page)


def read(sent, page=""):
    """Return heads and rows of a file that was handed over."""
    assert sent.status_code == 200, (page, sent.status_code, sent.get_data(as_text=True)[:300])
    assert sent.mimetype.endswith("spreadsheetml.sheet"), page
    book = openpyxl.load_workbook(io.BytesIO(sent.data))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    for cells in book.active.iter_rows():
        assert all(cell.data_type != "f" for cell in cells)  # no formula
    end = next(n for n, row in enumerate(rows) if row[0] and "导出，" in str(row[0]))
    return rows[0], [row for row in rows[1:end] if any(row)]


@pytest.fixture
def people(write, staff):
    """Twenty-five residents, one of them with a name that a spreadsheet would run."""
    with write() as session:
        for number in range(24):
            factories.make_resident(session, name=f"居民{number:02}", phone=f"139000000{number:02}")
        factories.make_resident(session, name="=1+1")


def test_a_list_is_taken_away_as_it_is_seen(db, desk, people, monkeypatch):
    heads, rows = take(desk, "/staff/residents/")
    assert heads[:4] == ["姓名", "年龄", "门牌", "电话"]
    assert len(rows) == 25  # all pages of it
    assert "=1+1" in {row[0] for row in rows}
    assert not any(re.search(r"139000000\d\d", str(cell)) for row in rows for cell in row)
    _heads, some = take(desk, "/staff/residents/?q=居民07")
    assert [row[0] for row in some] == ["居民07"]  # its filters kept
    with db.reader() as session:
        notes = [one for one in session.exec(select(AuditEvent)) if one.action == "list.export"]
    assert [one.details for one in notes] == [
        {"purpose": "ledger", "rows": 25},
        {"purpose": "ledger", "rows": 1},
    ]
    monkeypatch.setattr(paging, "MOST_EXPORTED", 10)
    monkeypatch.setattr("webapp.ops.list_export.MOST_EXPORTED", 10)
    address, names = "/staff/export?of=/staff/residents/", []
    for part in (1, 2, 3):
        page = desk.get(address).get_data(as_text=True)
        assert f"一次最多 10 行：这是第 {part} 份，一共 3 份" in page
        names += [row[0] for row in read(press(desk, address, purpose="calls"))[1]]
        following = re.search(r'href="([^"]+)">下一份', page)
        address = html.unescape(following[1]) if following else ""
    assert address == ""
    assert sorted(names) == sorted(row[0] for row in rows)  # each of them once


def test_without_a_purpose_nothing_is_taken_and_a_look_writes_nothing(db, desk, people):
    address = "/staff/export?of=/staff/residents/"
    desk.get("/staff/residents/")
    before = count(db, AuditEvent)
    assert desk.get(address).status_code == 200
    refused = press(desk, address, purpose="")
    assert refused.status_code == 400
    assert "请选拿去做什么" in refused.get_data(as_text=True)
    assert press(desk, address, purpose="sell").status_code == 400
    assert count(db, AuditEvent) == before


def test_nobody_takes_what_they_may_not_see(client, sign_in, desk, boss, people, write):
    with write() as session:
        resident = factories.make_account(session, role=Role.RESIDENT)
    address = "/staff/export?of="
    assert client.get(f"{address}/staff/residents/").status_code == 302
    assert sign_in(resident).get(f"{address}/staff/residents/").status_code == 403
    admin = sign_in(boss)
    assert admin.get(f"{address}/staff/residents/").status_code == 403
    assert desk.get(f"{address}/admin/accounts").status_code == 403
    assert len(take(admin, "/admin/accounts", "check")[1]) == 3
    for nowhere in (
        "", "/", "/me/profile", "//evil.example/staff/", "https://evil.example/staff/residents/",
        "/staff/export?of=/staff/residents/", "/staff/nothing", "/staff/residents/999999", "x",
    ):  # fmt: skip
        assert desk.get(address + nowhere).status_code == 404, nowhere


@one_database
def test_the_queue_taken_away_is_not_noted_as_seen(db, desk, write, staff):
    with write() as session:
        opening = factories.make_opening(session, title="小区保洁")
        for _ in range(3):
            factories.make_match(session, opening_id=opening.id, position=1, score=0.5, rank=1)
    assert desk.get("/staff/export?of=/staff/matches/").status_code == 200
    assert count(db, Impression) == 0


@one_database
def test_the_main_lists(db, desk, write, staff):
    """Openings, matches under way, employers: tables and cells alike, a row each."""
    with write() as session:
        employer = factories.make_employer(session, name="暖邻家政")
        opening = factories.make_opening(
            session, title="小区保洁", employer_id=employer.id, state=OpeningState.PUBLISHED
        )
        factories.make_opening(session, title="插花", kind=Kind.PIECEWORK)
        resident = factories.make_resident(session, name="陈桂芳")
        factories.make_match(
            session, resident_id=resident.id, opening_id=opening.id, state="offered"
        )
    for page, words in (
        ("/staff/openings/", "小区保洁"),
        ("/staff/matches/under-way", "陈桂芳 · 小区保洁"),
        ("/staff/employers/", "暖邻家政"),
    ):
        heads, rows = take(desk, page, "meeting")
        assert any(words in str(cell) for row in rows for cell in row), (page, heads, rows)
        assert len(heads) >= 2


def test_every_list_of_staff_stands_above_the_link():
    """A template that goes through the rows of a page ends its list with the pager."""
    lists, without = 0, set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if "in page.rows" in text:
            lists += 1
            name = path.relative_to(TEMPLATES).as_posix()
            if "pager(page" not in text and name not in NO_LISTS:
                without.add(name)
    assert lists > 30
    assert without == set()


@one_database
def test_every_paged_list_of_staff_and_admin_can_be_taken(
    app, db, write, sign_in, staff, boss, people, house
):
    """Whatever their pages show, the link below leads to the same list."""
    employer, account, *_rest = house
    with write() as session:  # the audit trail has a way of its own to be taken
        session.add(
            StaffingNeed(
                employer_id=employer.id, told_by_id=account.id, words="会做面点", people=1,
                some_fit=False, told_at=clock.now(),
            )
        )  # fmt: skip
    browsers = {Role.STAFF: sign_in(staff), Role.ADMIN: sign_in(boss)}
    seen = 0
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in rule.methods:
            continue
        if not rule.rule.startswith(("/staff/", "/admin/")) or rule.rule == "/staff/export":
            continue
        permission = app.view_functions[rule.endpoint].access
        for role, browser in browsers.items():
            if permission not in PERMISSIONS[role]:
                continue
            text = browser.get(rule.rule).get_data(as_text=True)
            for link in set(LINK.findall(text)):
                asked = browser.get(html.unescape(link))
                assert asked.status_code == 200, (rule.rule, asked.status_code)
                assert forms_on(asked), link
                seen += 1
    assert seen >= 5
