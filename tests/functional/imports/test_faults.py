"""Faults of imports found from outside: what was lost, or said falsely, and now is not."""

import io
import json
import time
import zipfile
from datetime import date

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlmodel import select

from tests.factories import make_account, make_branch, make_match, make_opening, make_resident
from tests.forms import forms_on, press, submit
from tests.functional.background import do_jobs
from tests.functional.imports.test_imports import (
    GOOD,
    HEADERS,
    all_of,
    choose,
    confirm,
    count,
    guessed,
    settled,
    upload,
    workbook,
)
from tests.functional.imports.test_residents import ALL_AGREED, CHEN, ID_NUMBER, LI
from tests.functional.imports.test_residents import HEADERS as PEOPLE
from webapp.cli import main
from webapp.core import clock, spreadsheets
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.core.spreadsheets import MOST_ROWS, Unusable, read_spreadsheet, refuse_at_once
from webapp.duplicates.models import DuplicateKind, DuplicatePair
from webapp.employers.models import Employer
from webapp.imports.lifecycle import ImportState
from webapp.imports.models import ImportBatch, ImportedRow
from webapp.imports.services import background, runner
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


@pytest.fixture
def staff(write):
    with write() as session:
        return make_account(session, role=Role.STAFF)


@pytest.fixture
def browser(sign_in, staff):
    return sign_in(staff)


def people(browser, *rows, headers=PEOPLE):
    return upload(browser, workbook(headers, *rows), "名单.xlsx", "residents").headers["Location"]


def text_of(browser, page):
    return browser.get(page).get_data(as_text=True)


def test_fault_28_a_refused_row_comes_back_whole_and_comes_in_once_mended(db, browser):
    """Mended in the one cell that was wrong, nothing else touched, the ID number with it."""
    wrong = [*CHEN]
    wrong[5] = "三栋那边"
    page = people(browser, wrong, LI)
    confirm(browser, page, **ALL_AGREED)
    assert [one.name for one in all_of(db, Resident)] == ["李四"]
    book = load_workbook(io.BytesIO(press(browser, page, "/refused.xlsx").data))
    sheet = book.active
    row = [cell.value for cell in sheet[2]]
    assert row[0] == "2"
    assert "楼栋门牌" in row[1]
    assert row[2:] == wrong
    marked = [cell for cell in sheet[2] if cell.comment]
    assert [cell.value for cell in marked] == ["三栋那边"]
    assert "看不懂" in marked[0].comment.text
    marked[0].value = "3栋2单元501"
    stream = io.BytesIO()
    book.save(stream)
    again = upload(browser, stream.getvalue(), "改好.xlsx", "residents").headers["Location"]
    assert {"column-0": "", "column-1": ""}.items() <= guessed(browser, again).items()
    confirm(browser, again, **ALL_AGREED)
    assert {one.name for one in all_of(db, Resident)} == {"陈桂芳", "李四"}
    assert [one.id_number for one in all_of(db, SensitiveRecord)] == [ID_NUMBER]


def test_fault_28_refused_rows_are_for_who_handed_them_in_and_reading_is_on_record(
    db, write, sign_in, staff, browser
):
    page = people(browser, [*CHEN[:5], "三栋那边", *CHEN[6:]], LI)
    choose(browser, page, **ALL_AGREED)
    with write() as session:
        other = make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
    colleague = sign_in(other)
    assert "下载这些行" not in text_of(colleague, page)
    denied = submit(colleague, f"{page}/refused.xlsx", page="/staff/imports/")
    assert denied.status_code == 404
    assert browser.get(f"{page}/refused.xlsx").status_code == 405
    given = press(browser, page, "/refused.xlsx")
    assert given.headers["Cache-Control"] == "no-store"
    told = [row for row in all_of(db, AuditEvent) if row.action == "import.take_refused"]
    assert [(row.account_id, row.subject) for row in told] == [(staff.id, "import_batch:1")]


def test_fault_28_rows_above_the_header_are_listed(db, browser):
    data = workbook(
        ["富民支部招聘汇总"],
        ["统计：李晓梅"],
        ["截至 11 月", None, "共 2 家"],
        HEADERS,
        GOOD,
        HEADERS,
        [None, "合计", None, None, None, None, None, "12"],
        ["说明：以上都核实过"],
    )
    page = upload(browser, data).headers["Location"]
    asked = text_of(browser, page)
    for row in (1, 2):
        assert f"第 {row} 行：在标题行上面" in asked
    assert "第 3 行：是标题行" in asked  # read together with the one below it
    assert "第 6 行：又是一遍标题行" in asked
    choose(browser, page)
    shown = text_of(browser, page)
    assert "像是合计（1 行：第 7 行）" in shown
    assert "像是说明或签名（1 行：第 8 行）" in shown
    settled(browser, press(browser, page, "/confirm"))
    report = all_of(db, ImportBatch)[0].report
    assert (report["rows"], report["imported"], report["refused"], report["skipped"]) == (
        1,
        1,
        0,
        7,
    )


def test_fault_28_notes_and_totals_of_a_list_of_people_are_no_refused_people(db, browser):
    heading = ["一、3栋"]
    total = ["合计2人"]
    note = ["以上人员均已电话核实，信息属实。"]
    signed = ["填表人：李晓梅", None, "审核：王主任"]
    lonely = ["赵小六"]  # somebody without an address is refused, not passed over
    page = people(browser, heading, CHEN, LI, lonely, total, note, signed)
    confirm(browser, page, **ALL_AGREED)
    report = all_of(db, ImportBatch)[0].report
    assert (report["imported"], report["refused"], report["skipped"]) == (2, 1, 5)
    assert [one["row"] for one in report["refusals"]] == [5]


@pytest.mark.parametrize("cell", ["=TODAY()", "上个礼拜", "很久以前，记不清了"])
def test_fault_28_a_column_nobody_needs_refuses_no_row(db, browser, cell):
    heads = ["职位名称", "工资", "发布日期", "有效期", "备注"]
    rows = [[f"保洁员{n}", "3000元/月", cell, cell, "x" * 1200] for n in range(30)]
    page = upload(browser, workbook(heads, *rows)).headers["Location"]
    confirm(browser, page, **{"column-2": "posted", "column-3": "valid_until"})
    report = all_of(db, ImportBatch)[0].report
    assert (report["imported"], report["refused"]) == (30, 0)
    told = {note["text"]: note["count"] for note in report["notes"]}
    assert told["“发布日期”看不懂，没有录入"] == 30
    assert {one.valid_until for one in all_of(db, Opening)} == {None}


@pytest.mark.parametrize(
    "header", ["身份证", "身份证号（必填）", "居民身份证", "ID号", "二代证号", "证号", "身份证编号"]
)
@pytest.mark.parametrize(
    "values",
    [[ID_NUMBER, "110105194912310021"], ["110105194912310021", "51070219800101001X"]],
    ids=["one right", "all wrong"],
)
def test_fault_28_the_column_of_identity_numbers_is_known(browser, header, values):
    """Also when most are wrong: the rows then say so, instead of the column going nowhere."""
    rows = [["张三丰", "3-2-501", value] for value in values]
    page = people(browser, *rows, headers=["姓名", "门牌", header])
    assert guessed(browser, page)["column-2"] == "id_number"
    assert values[1][:10] not in text_of(browser, page)


def test_fault_28_numbers_like_identity_numbers_are_guessed_to_be_nothing_else(browser):
    page = people(browser, ["张三丰", "3-2-501", ID_NUMBER], headers=["姓名", "门牌", "证书编号"])
    assert guessed(browser, page)["column-2"] != "certificates"


def test_fault_28_what_was_read_is_shown_before_anything_is_written(db, browser):
    wrong = [*LI]
    wrong[2] = "1850-01-01"
    page = people(
        browser, CHEN, wrong, CHEN, *([f"王{chr(0x4E00 + n)}", *LI[1:]] for n in range(30))
    )
    choose(browser, page, **ALL_AGREED)
    shown = text_of(browser, page)
    table = shown.split("前几行会录成什么")[1].split("</table>")[0]
    assert table.count('scope="row"') == 20
    for words in ("陈桂芳", "3栋2单元-501", "初中", "保洁、家政", "2,500 元", "有，加密保存"):
        assert words in table
    assert "“1850-01-01”看不懂" in table
    assert "和第 2 行是同一条，只录一次" in table
    assert ID_NUMBER[:10] not in shown
    assert "确认，导入 31 行" in shown
    assert count(db, Resident) == count(db, Household) == 0
    settled(browser, press(browser, page, "/confirm"))
    assert count(db, Resident) == 31


def test_fault_28_defaults_hold_for_all_rows(db, write, browser):
    with write() as session:
        other = make_branch(session)
    page = people(browser, CHEN, LI)
    confirm(browser, page, **{**ALL_AGREED, "channel": "phone"}, branch_id=str(other.id))
    assert {one.branch_id for one in all_of(db, Resident)} == {other.id}
    assert {one.channel for one in all_of(db, Consent)} == {"phone"}
    rows = [["保洁员", "3000元/月", None], ["保安", "3200元/月", "2027-01-31"]]
    page = upload(browser, workbook(["职位名称", "工资", "有效期"], *rows)).headers["Location"]
    until = clock.today().replace(day=28)
    past = confirm(browser, page, employer="重庆丁公司", valid_until="gestern")
    assert past.status_code == 400
    confirm(browser, page, employer="重庆丁公司", valid_until=until.isoformat())
    assert [one.name for one in all_of(db, Employer)] == ["重庆丁公司"]
    assert [one.valid_until for one in all_of(db, Opening)] == [until, date(2027, 1, 31)]


def undo(browser, page):
    return settled(browser, press(browser, page, "/undo"))


TRACES = (Resident, Household, Consent, SensitiveRecord, Experience, ImportedRow, DuplicatePair)


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
    assert "撤回了 2 行" in text_of(browser, page)
    confirm(browser, f"{page}/columns", **ALL_AGREED)
    settled(browser, press(browser, page, "/confirm"))
    assert [one.name for one in all_of(db, Resident)] == ["陈桂芳", "李四"]


@pytest.mark.parametrize(
    "moved", ["edited", "matched", "contact", "suggested to", "in a household with another"]
)
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
    assert left == {"陈桂芳"}
    assert (report["undone"], report["kept"]) == (1, [{"row": 2, "reason": why}])
    assert f"第 2 行：{why}" in text_of(browser, page)
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


# ---------- 29: nothing long in a request ----------


def test_fault_29_a_request_reads_and_writes_nothing_of_a_file(db, browser):
    """With the reader of spreadsheets taken away, every page of an import still answers."""
    sent = {"kind": "vacancies", "file": (io.BytesIO(workbook(HEADERS, GOOD)), "招聘.xlsx")}
    pages = []

    def refuse(*_args, **_named):
        raise AssertionError("a request reads the file")

    def step(url, ask):
        with pytest.MonkeyPatch.context() as patch:
            for name in ("read_spreadsheet", "read_table", "summarise"):
                patch.setattr(background, name, refuse)
            patch.setattr(runner, "prepare", refuse)
            answer = ask(browser, url)
            assert answer.status_code == 303
            assert "/staff/jobs/" in answer.headers["Location"]
            assert browser.get(answer.headers["Location"]).status_code == 200
            assert browser.get("/staff/imports/1").status_code == 200
        assert do_jobs(browser.application) == 1
        pages.append(text_of(browser, "/staff/imports/1"))

    step("/staff/imports/", lambda browser, url: submit(browser, url, sent))
    for action in ("columns", "confirm"):
        step("/staff/imports/1", lambda browser, url, to=action: press(browser, url, f"/{to}"))
    assert count(db, Opening) == 1
    assert "每一列是什么" in pages[0]
    assert "确认，导入 1 行" in pages[1]
    assert "导入结果" in pages[2]


def test_fault_29_a_colleague_sees_the_progress_on_the_files_page(
    db, write, sign_in, staff, browser
):
    page = upload(browser, workbook(HEADERS, GOOD)).headers["Location"]
    assert press(browser, page, "/columns").status_code == 303
    with write() as session:
        other = make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
    colleague = sign_in(other)
    shown = colleague.get(page)
    html = shown.get_data(as_text=True)
    assert f'<meta http-equiv="refresh" content="2;url={page}">' in html
    assert "后台程序没有在运行" in html
    assert not [form for form in forms_on(shown) if page in form.action]


def test_fault_29_a_file_whose_reading_was_cancelled_is_read_when_handed_in_again(db, browser):
    data = workbook(HEADERS, GOOD)
    for _ in range(2):
        sent = {"kind": "vacancies", "file": (io.BytesIO(data), "招聘.xlsx")}
        job = submit(browser, "/staff/imports/", sent).headers["Location"]
        assert press(browser, job, "/cancel").status_code == 303
        assert do_jobs(browser.application) == 0
    assert "请重新上传" in text_of(browser, "/staff/imports/1")
    page = upload(browser, data).headers["Location"]
    assert page == "/staff/imports/1"
    assert "每一列是什么" in text_of(browser, page)


def test_fault_29_only_headers_are_told_on_the_files_page(db, browser):
    page = upload(browser, "职位名称,工资\n".encode(), "a.csv").headers["Location"]
    assert "只有标题，没有内容" in text_of(browser, page)
    assert all_of(db, ImportBatch)[0].state is ImportState.UNREADABLE


# ---------- 31: long sheets ----------


def long_sheet(rows: int) -> bytes:
    """Return an .xlsx of so many rows, each text of its own, and no word on its size."""
    sheet = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c><c r="B{n}"><v>{n}</v></c></row>'
        for n in range(1, rows + 1)
    )
    texts = "".join(f"<si><t>岗位{n}</t></si>" for n in range(rows))
    stream = io.BytesIO(workbook(["职位名称", "工资"]))
    main_ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    out = io.BytesIO()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part_of_texts = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part).decode()
            if part.filename == "xl/worksheets/sheet1.xml":
                data = f"<worksheet {main_ns}><sheetData>{sheet}</sheetData></worksheet>"
            elif part.filename == "[Content_Types].xml":
                data = data.replace("</Types>", part_of_texts)
            new.writestr(part.filename, data)
        new.writestr("xl/sharedStrings.xml", f"<sst {main_ns}>{texts}</sst>")
    return out.getvalue()


def test_fault_31_a_sheet_far_too_long_is_refused_at_once():
    data = long_sheet(200_000)
    began = time.process_time()
    with pytest.raises(Unusable, match=f"{MOST_ROWS} 行"):
        refuse_at_once(data, "长.xlsx")
    assert time.process_time() - began < 1
    refuse_at_once(long_sheet(MOST_ROWS), "长.xlsx")
    assert len(read_spreadsheet(long_sheet(50), "短.xlsx").rows) == 50


def test_fault_31_the_limit_is_named_beside_the_file(db, browser, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 20)
    response = upload(browser, long_sheet(30), "长.xlsx")
    assert response.status_code == 400
    assert "表太长了，最多 20 行" in response.get_data(as_text=True)
    assert count(db, ImportBatch) == 0


# ---------- the command line ----------


@pytest.fixture
def look(monkeypatch, settings, db, tmp_path):
    """Run ``fumin import … --dry-run --json`` and return its lines."""
    monkeypatch.setattr("webapp.core.settings.from_environment", lambda: settings)
    monkeypatch.setattr("webapp.from_environment", lambda: settings)

    def _look(kind, data):
        path = tmp_path / "表.xlsx"
        path.write_bytes(data)
        result = CliRunner().invoke(main, ["import", kind, str(path), "--dry-run", "--json"])
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    return _look


def test_fault_28_json_of_a_list_of_residents(db, look):
    wrong, child, rounded = [*CHEN], [*LI], [*CHEN]
    wrong[3] = "110105194912310021"
    child[0], child[2] = "小明明", "2015-01-01"
    rounded[0], rounded[3] = "赵六七", 110105194912310000
    rows = [["名单"], PEOPLE, CHEN, wrong, child, rounded, CHEN, ["合计"]]
    lines = look("residents", workbook(*rows))
    assert [line.get("skipped") for line in lines if "skipped" in line] == [
        "是标题行",
        "是标题行",
        "像是合计",
    ]
    rows = {line["row"]: line for line in lines if "record" in line}
    assert list(rows) == [3, 4, 5, 6, 7]
    assert [rows[n]["accepted"] for n in rows] == [True, False, False, False, False]
    assert [rows[n]["record"]["refuse"] for n in rows] == [
        None,
        "id_checksum",
        "under_16",
        "id_damaged",
        "duplicate",
    ]
    chen = rows[3]["record"]
    assert rows[3]["sheet"] is None
    assert chen["name"] == "陈桂芳"
    assert chen["id_number"] == ID_NUMBER
    assert (chen["unit_address"], chen["birth"], chen["sex"]) == (
        "3栋/2单元/501",
        "1949-12-31",
        "female",
    )
    assert (chen["min_pay_month"], chen["limits"], chen["reach"]) == (2500, ["lifting"], "estate")
    assert (chen["low_income"], rows[5]["record"]["low_income"]) == (True, False)
    assert (rows[4]["record"]["id_error"], rows[4]["record"]["id_number"]) == (
        "checksum",
        "110105194912310021",
    )
    assert (rows[6]["record"]["id_error"], rows[6]["record"]["id_number"]) == (
        "digits_lost",
        None,
    )
    assert rows[4]["refused"] == [{"column": "身份证号", "text": "身份证号不对，请照证件核对"}]
    assert count(db, Resident) == count(db, ImportBatch) == count(db, AuditEvent) == 0


def test_fault_28_json_of_a_list_of_vacancies(db, look):
    bad = [2, "重庆乙公司", "厨师", "好商量的价", *[None] * 6]
    lines = look("vacancies", workbook(HEADERS, GOOD, bad))
    assert [line["row"] for line in lines] == [1, 2, 3]
    record = lines[1]["record"]
    assert (record["title"], record["pay_min"], record["pay_max"], record["pay_unit"]) == (
        "保洁员",
        3000,
        3500,
        "month",
    )
    assert (record["headcount"], record["valid_until"]) == (3, "2026-12-31")
    assert (lines[2]["accepted"], lines[2]["refused"][0]["column"]) == (False, "薪资待遇")
    assert lines[2]["record"]["title"] == "厨师"
    with db.reader() as session:
        assert session.exec(select(Opening)).first() is None


def test_json_without_dry_run_is_wrong_usage(look, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("姓名\n")
    assert CliRunner().invoke(main, ["import", "residents", str(path), "--json"]).exit_code == 2
