"""An import taken back: without a trace, and what has moved on since stays."""

import pytest

from tests.factories import make_match, make_opening, make_resident
from tests.forms import press, submit
from tests.functional.background import do_jobs
from tests.functional.imports.lists_of_residents import ALL_AGREED, CHEN, ID_NUMBER, LI, people
from tests.functional.imports.sheets import confirm, settled, upload, workbook
from tests.functional.pages import see
from tests.functional.tables import all_of, count
from webapp.core import audit, clock
from webapp.core.models import AuditEvent
from webapp.duplicates.models import DuplicateKind, DuplicatePair, PairState
from webapp.employers.models import Employer
from webapp.imports.lifecycle import ImportState
from webapp.imports.models import ImportBatch, ImportedRow
from webapp.imports.services import undo as undo_service
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.residents.models import (
    Consent,
    Experience,
    Household,
    Resident,
    SensitiveRecord,
)


def undo(browser, page):
    return settled(browser, press(browser, page, "/undo"))


TRACES = (Resident, Household, Consent, SensitiveRecord, Experience, ImportedRow, DuplicatePair)


@pytest.mark.slow
def test_fault_28_an_import_is_taken_back_without_a_trace_and_may_come_in_again(
    db, write, browser, staff
):
    page = people(browser, CHEN, LI)
    confirm(browser, page, **ALL_AGREED)
    chen, li = all_of(db, Resident)
    with write() as session:
        make_match(session, resident_id=chen.id)  # computed since, nobody has looked at it
        session.add(
            DuplicatePair(
                kind=DuplicateKind.RESIDENT,
                first_id=chen.id,
                second_id=li.id,
                found_at=clock.now(),
            )
        )
    undo(browser, page)
    assert [count(db, table) for table in TRACES] == [0] * len(TRACES)
    assert count(db, Match) == 0
    batch = all_of(db, ImportBatch)[0]
    assert (batch.state, batch.report["undone"], batch.report["kept"]) == (
        ImportState.UNDONE,
        2,
        [],
    )
    told = [row for row in all_of(db, AuditEvent) if row.action == "import.undo"]
    assert [(row.account_id, row.details) for row in told] == [(staff.id, {"undone": 2, "kept": 0})]
    assert "撤回了 2 行" in see(browser, page)
    confirm(browser, f"{page}/columns", **ALL_AGREED)
    settled(browser, press(browser, page, "/confirm"))
    assert [one.name for one in all_of(db, Resident)] == ["陈桂芳", "李四"]


@pytest.mark.parametrize(
    "moved",
    ["edited", "matched", "contact", "suggested to", "kept apart", "on record",
     "in a household with another"],
)  # fmt: skip
def test_fault_28_what_has_moved_on_since_stays_and_says_why(db, write, browser, moved):
    wang = ["王五六", *LI[1:5], "9-1-101", *LI[6:]]
    page = people(browser, CHEN, wang)
    confirm(browser, page, **ALL_AGREED)
    chen, _wang = all_of(db, Resident)
    why = {
        "edited": "后来改过",
        "matched": "已经有推荐在办",
        "suggested to": "已经有推荐在办",
        "contact": "有联系记录",
        "kept apart": "判过是不是重复",
        "on record": "后来办过别的事",
    }.get(moved)
    if moved == "edited":
        with write() as session:
            own = session.get_one(Resident, chen.id)
            own.wanted, own.updated_at = ["厨师"], clock.now()
            session.add(own)
    elif moved in {"matched", "suggested to"}:
        state = MatchState.OFFERED if moved == "matched" else MatchState.SUGGESTED
        with write() as session:
            made = make_match(session, resident_id=chen.id, state=state)
            if moved == "suggested to":
                made.postponed_until = clock.today()
    elif moved == "contact":
        answer = press(browser, f"/staff/residents/{chen.id}/contacts", words="打过电话")
        assert answer.status_code == 303
    elif moved == "kept apart":
        with write() as session:
            other = make_resident(session, name="另一个")
            session.add(
                DuplicatePair(
                    kind=DuplicateKind.RESIDENT,
                    first_id=chen.id,
                    second_id=other.id,
                    found_at=clock.now(),
                    state=PairState.APART,
                )
            )
    elif moved == "on record":
        with write() as session:
            audit.record(session, "test.export", session.get_one(Resident, chen.id))
    else:
        with write() as session:
            make_resident(session, household_id=chen.household_id, name="另一个")
    undo(browser, page)
    left = {one.name for one in all_of(db, Resident)}
    report = all_of(db, ImportBatch)[0].report
    addresses = {one.unit_address for one in all_of(db, Household)}
    if why is None:  # the people go, the household of somebody else stays
        assert left == {"另一个"}
        assert "3栋2单元-501" in addresses
        return
    assert left - {"另一个"} == {"陈桂芳"}
    assert (report["undone"], report["kept"]) == (1, [{"row": 2, "reason": why, "id": chen.id}])
    assert f"第 2 行：{why}" in see(browser, page)
    assert all_of(db, SensitiveRecord)[0].id_number == ID_NUMBER
    assert count(db, Experience) == 2
    assert addresses >= {"3栋2单元-501"}
    assert "9栋1单元-101" not in addresses


def test_fault_28_vacancies_are_taken_back_with_the_employers_they_brought(db, write, browser):
    other = ["保安", "3000元/月", "重庆乙公司"]
    rows = [["保洁员", "3000元/月", "重庆甲公司"], other]
    page = upload(browser, workbook(["职位名称", "工资", "单位"], *rows)).headers["Location"]
    confirm(browser, page)
    kept = next(one for one in all_of(db, Employer) if one.name == "重庆乙公司")
    with write() as session:
        make_opening(session, employer_id=kept.id)
    undo(browser, page)
    assert [one.name for one in all_of(db, Employer)] == ["重庆乙公司"]
    assert count(db, Opening) == 1
    again = submit(browser, f"{page}/undo", page="/staff/imports/")
    assert again.status_code == 303
    assert do_jobs(browser.application) == 0


def test_every_table_that_speaks_of_an_imported_row_is_named_in_words(app):
    """What keeps a row from being taken back is said, not only that something does."""
    with app.test_request_context():
        unnamed = {
            table.name
            for thing in undo_service._THINGS[:2]
            for table, _column in undo_service._pointing_at(thing.table.__tablename__)
            if table.name not in {*thing.own, "imported_row"}
            and undo_service._why(table.name) == undo_service._why("")
        }
    assert unnamed == set()
