"""The audit trail as it is read: in words and names, filtered, in steps, taken away."""

import csv
import io
import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, text
from sqlmodel import select

from tests.factories import make_account, make_employer, make_match, make_opening, make_resident
from tests.forms import submit
from webapp.admin import trail_files
from webapp.admin.queries import trail
from webapp.core import audit, clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent

NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)  # noon in Chongqing


@pytest.fixture
def browser(sign_in, boss):
    return sign_in(boss)


def rows_of(browser, query=""):
    """Return the lines of the table, each as its words."""
    response = browser.get(f"/admin/audit?{query}")
    assert response.status_code == 200, query
    body = response.get_data(as_text=True).partition("<tbody")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr")[1:]]


def note(db, actor, action, subject, at=NOON, **details):
    with clock.frozen(at), db.transaction(actor) as session:
        audit.record(session, action, subject, **details)


class _Actor:
    def __init__(self, account_id):
        self.account_id = account_id


def test_every_filter_gives_the_rows_that_fit_and_each_step_goes_on_where_the_last_ended(
    db, monkeypatch
):
    """Held against a plain walk through all rows, forwards and back, whatever is asked for."""
    chance = random.Random(7)
    monkeypatch.setattr(trail, "SIZE", 3)
    actions, subjects, accounts = (
        ("test.x", "test.y", "test.z"),
        ("resident:1", "resident:2", "list:甲"),
        (1, 2),
    )
    for number in range(40):
        # Several within one moment, and some written later that happened earlier.
        at = NOON + timedelta(hours=chance.randrange(9))
        note(
            db,
            _Actor(chance.choice((*accounts, None))),
            chance.choice(actions),
            chance.choice(subjects),
            at,
            n=number,
        )
    with db.reader() as session:
        every = session.exec(select(AuditEvent)).all()
        for _ in range(60):
            asked = trail.Asked(
                accounts=chance.choice((None, (1,), (1, 2), ())),
                actions=chance.choice((None, ("test.x",), ("test.x", "test.z"))),
                subjects=chance.choice((None, ("resident:1",), ("resident:1", "list:甲"))),
                since=chance.choice((None, NOON + timedelta(hours=2))),
                until=chance.choice((None, NOON + timedelta(hours=6))),
            )
            fits = [
                row
                for row in every
                if (asked.accounts is None or row.account_id in asked.accounts)
                and (asked.actions is None or row.action in asked.actions)
                and (asked.subjects is None or row.subject in asked.subjects)
                and (asked.since is None or row.at >= asked.since)
                and (asked.until is None or row.at < asked.until)
            ]
            expected = [
                row.id for row in sorted(fits, key=lambda row: (row.at, row.id), reverse=True)
            ]
            step = trail.step(session, asked)
            assert step.total == len(expected)
            assert step.newer is None
            steps = [step]
            while step.older is not None:
                step = trail.step(session, asked, older=step.older)
                steps.append(step)
            assert [row.id for one in steps for row in one.rows] == expected
            for before, after in zip(reversed(steps[:-1]), reversed(steps[1:]), strict=True):
                back = trail.step(session, asked, newer=after.newer)
                assert [row.id for row in back.rows] == [row.id for row in before.rows]
                assert back.older == before.older
            assert [row.id for chunk in trail.all_rows(session, asked) for row in chunk] == expected


def test_no_filter_walks_through_the_trail_or_sorts_it(db):
    """At 200,000 rows each step costs what it costs at forty: an index holds its rows in order."""
    if not db.is_sqlite:
        pytest.skip("PostgreSQL chooses by the size of tables, and these are empty")
    mark = (NOON, 5)
    cases = (
        {}, {"accounts": (1,)}, {"actions": ("a",)}, {"subjects": ("s:1",)}, {"accounts": (1, 2)},
        {"accounts": (1,), "actions": ("a", "b")}, {"subjects": ("s:1", "s:2"), "actions": ("a",)},
        {"since": NOON}, {"since": NOON, "until": NOON, "actions": ("a",)},
    )  # fmt: skip
    with db.reader() as session:
        for case in cases:
            for backwards in (False, True):
                ids = trail._union(
                    trail.Asked(**case), limit=50, beyond=mark, backwards=backwards, ordered=True
                )
                compiled = select(ids.c.id).compile(
                    db.read_engine, compile_kwargs={"literal_binds": True}
                )
                plan = [
                    row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all()
                ]
                walks = [
                    line for line in plan if "SCAN audit_event" in line and "INDEX" not in line
                ]
                assert walks == [], (case, plan)
                assert not any("TEMP B-TREE" in line for line in plan), (case, plan)


def test_rows_are_told_by_name_and_lead_to_what_the_reader_may_see(db, write, boss, browser):
    with write() as session:
        staff = make_account(session, role=Role.STAFF, name="李晓梅")
        resident = make_resident(session, name="陈桂芳")
        employer = make_employer(session, name="暖邻家政")
        opening = make_opening(session, employer_id=employer.id, title="保洁员")
        match = make_match(session, resident_id=resident.id, opening_id=opening.id)
    me = _Actor(staff.id)
    note(db, me, "resident.reveal", resident_of(resident), field="id_number", reason="verify")
    note(db, me, "match.confirm", f"match:{match.id}", after="confirmed")
    note(db, me, "consent.give", resident_of(resident), purpose="employer", employer=employer.id)
    note(db, me, "ticket.reply", "ticket:3")
    note(db, me, "opening.publish", f"opening:{opening.id}")
    shown = rows_of(browser, f"by={staff.id}")
    assert len(shown) == 5
    assert all("李晓梅（社区工作人员）" in row for row in shown)
    by_action = {row.split("（社区工作人员）")[1].split()[0]: row for row in shown}
    assert "陈桂芳 居民" in by_action["查看保密信息"]
    assert "保密" in by_action["查看保密信息"]
    assert "哪一项：身份证号" in by_action["查看保密信息"]
    assert "陈桂芳、保洁员" in by_action["确认推荐"]
    assert "单位：暖邻家政" in by_action["记下一条同意"]
    assert "民情 3" in by_action["答复民情"]
    page = browser.get("/admin/audit").get_data(as_text=True)
    assert f'href="/admin/accounts/{staff.id}"' in page
    assert f'href="/openings/{opening.id}"' in page  # public; the file of a resident is not hers
    assert "/staff/residents/" not in page


def resident_of(resident):
    return f"resident:{resident.id}"


def test_who_looked_at_somebodys_id_number_last_month(db, write, browser):
    with write() as session:
        staff = make_account(session, role=Role.STAFF, name="李晓梅")
        chen, other = (make_resident(session, name=name) for name in ("陈桂芳", "张建国"))
    me = _Actor(staff.id)
    october, november = NOON - timedelta(days=30), NOON
    for resident, at in ((chen, october), (chen, november), (other, october)):
        note(db, me, "resident.reveal", resident_of(resident), at, field="id_number")
    note(db, me, "resident.update", resident_of(chen), october)
    with clock.frozen(NOON):
        found = rows_of(browser, "thing=陈桂芳&reveals=y&days=last_month")
        assert len(found) == 1
        assert "10月19日" in found[0]
        assert "陈桂芳" in found[0]
        assert len(rows_of(browser, "thing=陈桂芳&reveals=y")) == 2
        assert len(rows_of(browser, f"thing=居民 {chen.id}&days=last_month")) == 2
        assert (
            len(rows_of(browser, f"of=resident:{chen.id}&since=2026-10-19&until=2026-10-19")) == 2
        )
        assert rows_of(browser, "who=没有这个人") == []
        assert rows_of(browser, "action=resident.update&reveals=y") == []
        for query in ("until=2026-10-01&since=2026-10-02", "since=x", "who=" + "很" * 41):
            assert browser.get(f"/admin/audit?{query}").status_code == 400, query


def test_what_is_taken_away_is_on_record_and_no_formula(db, write, sign_in, browser):
    with write() as session:
        staff = make_account(session, role=Role.STAFF, name="=1+1")
        resident = make_resident(session, name="@SUM(A1)")
    note(db, _Actor(staff.id), "resident.reveal", resident_of(resident), field="id_number")
    url = "/admin/audit/export?reveals=y"
    assert submit(browser, url, {"purpose": ""}).status_code == 400
    data = {"purpose": "somebody_asks", "form_of_file": "csv"}
    answer = submit(browser, url, data)
    assert answer.mimetype == "text/csv"
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert lines[0] == trail_files.heads()
    assert len(lines) == 2
    assert lines[1][1:4] == [
        "'=1+1（社区工作人员）",
        "查看保密信息",
        f"'@SUM(A1)（居民 {resident.id}）",
    ]
    answer = submit(browser, url, {**data, "form_of_file": "xlsx"})
    (sheet,) = load_workbook(io.BytesIO(answer.get_data())).worksheets
    assert sheet["B2"].value == "=1+1（社区工作人员）"
    assert sheet["B2"].data_type == "s"
    with db.reader() as session:
        noted = session.exec(select(AuditEvent).where(AuditEvent.action == "audit.export")).all()
    assert [row.details for row in noted] == [
        {"purpose": "somebody_asks", "rows": 1, "sensitive": True}
    ] * 2
    assert "导出操作记录" in rows_of(browser, "action=audit.export")[0]
    assert sign_in(staff).get(url).status_code == 403


def test_a_page_of_the_trail_asks_a_fixed_number_of_questions(db, write, browser):
    with write() as session:
        opening = make_opening(session)
        residents = [make_resident(session) for _ in range(30)]
        matches = [
            make_match(session, resident_id=one.id, opening_id=opening.id) for one in residents
        ]
    for one in residents[:2]:
        note(db, _Actor(None), "resident.update", resident_of(one))

    def asked():
        statements = []
        listen = lambda *arguments: statements.append(arguments[2])  # noqa: E731
        event.listen(db.read_engine, "before_cursor_execute", listen)
        rows_of(browser)
        event.remove(db.read_engine, "before_cursor_execute", listen)
        return len(statements)

    note(db, _Actor(None), "match.confirm", f"match:{matches[0].id}")
    few = asked()
    for one, match in zip(residents, matches, strict=True):
        note(db, _Actor(None), "resident.update", resident_of(one))
        note(db, _Actor(None), "match.confirm", f"match:{match.id}")
    assert asked() == few
