"""No request reads a file; the work goes on in the background, and long sheets are refused."""

import io
import time
import zipfile

import pytest

from tests.factories import make_account
from tests.forms import forms_on, press, submit
from tests.functional.background import do_jobs
from tests.functional.imports.sheets import (
    GOOD,
    HEADERS,
    upload,
    workbook,
)
from tests.functional.pages import see
from tests.functional.tables import all_of, count
from webapp.core.access import Role
from webapp.core.spreadsheets.reading import read_spreadsheet, refuse_at_once
from webapp.core.spreadsheets.rows import MOST_ROWS, Unusable
from webapp.imports.lifecycle import ImportState
from webapp.imports.models import ImportBatch
from webapp.imports.services import background, runner
from webapp.openings.models import Opening

# ---------- 29: nothing long in a request ----------


@pytest.mark.slow
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
        pages.append(see(browser, "/staff/imports/1"))

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
    assert "请重新上传" in see(browser, "/staff/imports/1")
    page = upload(browser, data).headers["Location"]
    assert page == "/staff/imports/1"
    assert "每一列是什么" in see(browser, page)


def test_fault_29_only_headers_are_told_on_the_files_page(db, browser):
    page = upload(browser, "职位名称,工资\n".encode(), "a.csv").headers["Location"]
    assert "只有标题，没有内容" in see(browser, page)
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


@pytest.mark.slow
def test_fault_31_a_sheet_far_too_long_is_refused_at_once():
    data = long_sheet(200_000)
    began = time.process_time()
    with pytest.raises(Unusable, match=f"{MOST_ROWS} 行"):
        refuse_at_once(data, "长.xlsx")
    assert time.process_time() - began < 1
    refuse_at_once(long_sheet(MOST_ROWS), "长.xlsx")
    assert len(read_spreadsheet(long_sheet(50), "短.xlsx").rows) == 50


def test_fault_31_the_limit_is_named_beside_the_file(db, browser, monkeypatch):
    monkeypatch.setattr("webapp.core.spreadsheets.rows.MOST_ROWS", 20)
    response = upload(browser, long_sheet(30), "长.xlsx")
    assert response.status_code == 400
    assert "表太长了，最多 20 行" in response.get_data(as_text=True)
    assert count(db, ImportBatch) == 0
