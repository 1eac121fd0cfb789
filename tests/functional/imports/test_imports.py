"""Importing spreadsheets through the real forms: upload, confirm the columns, see the result."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from tests.factories import make_account, make_employer
from tests.forms import press, submit
from tests.functional.imports.sheets import (
    FILE,
    GOOD,
    HEADERS,
    confirm,
    guessed,
    upload,
    workbook,
)
from tests.functional.tables import all_of, count
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Education, PayUnit
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.imports.models import ImportBatch
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening, OpeningSource

TODAY = clock.now().replace(year=2026, month=11, day=22)


def test_upload_confirm_import_and_again(db, browser):
    with clock.frozen(TODAY):
        page = upload(browser, FILE).headers["Location"]
        chosen = guessed(browser, page)
        assert " ".join(chosen[f"column-{n}"] for n in range(10)) == (
            " employer title pay place sex education headcount valid_until description"
        )
        assert "像：3000-3500元/月 ｜ 面议" in browser.get(page).get_data(as_text=True)
        assert count(db, Opening) == 0
        assert confirm(browser, page).status_code == 303
        first, second = all_of(db, Opening)
        (employer,) = all_of(db, Employer)
        result = browser.get(page).get_data(as_text=True)
        again = upload(browser, FILE).headers["Location"]
        assert again != page
        confirm(browser, again)
    assert (employer.name, employer.state) == ("重庆甲公司", EmployerState.PENDING)
    assert first.employer_id == employer.id
    assert (first.title, first.state, first.source) == (
        "保洁员",
        OpeningState.SUBMITTED,
        OpeningSource.IMPORT,
    )
    assert (first.pay_min_fen, first.pay_max_fen, first.pay_unit) == (300000, 350000, PayUnit.MONTH)
    assert (first.place, first.education, first.headcount) == (
        "重庆市/九龙坡区",
        Education.JUNIOR_HIGH,
        3,
    )
    assert first.valid_until.isoformat() == "2026-12-31"
    assert "性别" in first.state_reason
    assert (second.pay_text, second.pay_unit, second.headcount, second.valid_until) == (
        "面议",
        None,
        1,
        None,
    )
    assert "第 5 行" in result
    assert "“好商量的价”看不懂" in result
    assert count(db, Opening) == 2
    assert all_of(db, ImportBatch)[1].report["known"] == 2


def test_every_write_is_audited_without_personal_data(db, browser):
    confirm(browser, upload(browser, FILE).headers["Location"])
    told = [event for event in all_of(db, AuditEvent) if event.action.startswith("import.")]
    assert [event.action for event in told] == [
        "import.hand_in",
        "import.read",
        "import.choose",
        "import.check",
        "import.begin",
        "import.write",
        "import.finish",
    ]
    assert told[-1].details["imported"] == 2
    assert "甲公司" not in str([event.details for event in told])


def test_a_changed_mapping_is_obeyed_and_a_wrong_one_is_told(db, browser):
    page = upload(browser, FILE).headers["Location"]
    twice = confirm(browser, page, **{"column-9": "title"})
    assert twice.status_code == 400
    assert "选了同一样" in twice.get_data(as_text=True)
    without = confirm(browser, page, **{"column-2": ""})
    assert without.status_code == 400
    assert "还没选哪一列是：职位名称" in without.get_data(as_text=True)
    nonsense = confirm(browser, page, **{"column-2": "nonsense"})
    assert nonsense.status_code == 400
    assert count(db, Opening) == 0
    assert confirm(browser, page, **{"column-3": "", "column-1": ""}).status_code == 303
    openings = all_of(db, Opening)
    assert len(openings) == 3
    assert {(one.employer_id, one.pay_text) for one in openings} == {(None, "")}


def test_the_employer_chosen_on_the_page_is_for_rows_without_one(db, write, browser):
    with write() as session:
        known = make_employer(session)
    data = workbook(["职位名称", "工资"], ["保洁员", "3000元/月"], ["保安", "3200元/月"])
    page = upload(browser, data).headers["Location"]
    assert known.name in browser.get(page).get_data(as_text=True)
    assert confirm(browser, page, employer=known.name).status_code == 303
    assert {one.employer_id for one in all_of(db, Opening)} == {known.id}
    assert count(db, Employer) == 1


def test_a_formula_refuses_its_row_and_says_where(db, browser):
    data = workbook(
        ["职位名称", "工资", "序号"], ["保洁员", "=3000+200", "=ROW()"], ["保安", 3200, "=ROW()"]
    )
    page = upload(browser, data).headers["Location"]
    confirm(browser, page)
    assert [one.title for one in all_of(db, Opening)] == ["保安"]
    (refusal,) = all_of(db, ImportBatch)[0].report["refusals"]
    assert (refusal["row"], refusal["column"]) == (2, "工资")
    assert "公式" in refusal["message"]


def test_refused_rows_can_be_downloaded_mended_and_handed_in(db, browser):
    bad = [4, "=乙", "=HYPERLINK", "看着给", "重庆", None, None, "0", None, None]
    book = Workbook()
    for row in (HEADERS, GOOD, bad):
        book.active.append(row)
    for cell in book.active[3]:
        cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    stream = io.BytesIO()
    book.save(stream)
    page = upload(browser, stream.getvalue()).headers["Location"]
    confirm(browser, page)
    response = press(browser, page, "/refused.xlsx")
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(load_workbook(io.BytesIO(response.data)).active.iter_rows())
    assert [cell.value for cell in rows[0][:4]] == ["原来第几行", "为什么没收", "序号", "单位"]
    assert rows[1][0].value == "3"
    assert "薪资待遇" in rows[1][1].value
    assert "招聘人数" in rows[1][1].value
    assert rows[1][3].data_type == "s"
    assert len(rows) == 2
    assert upload(browser, response.data, "改好.xlsx").status_code == 303


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04 broken", "a.xlsx"),
        (b"\xd0\xcf\x11\xe0 old", "a.xls"),
        (b"\xff\xff\xfe\x81\x20", "a.csv"),
        ("职位\x00,工资".encode(), "a.csv"),
        (b"%PDF-1.7", "招聘.pdf"),
    ],
)
def test_unusable_files_are_told_beside_the_field(db, browser, data, name):
    response = upload(browser, data, name)
    assert response.status_code == 400
    assert "file-error" in response.get_data(as_text=True)
    assert count(db, ImportBatch) == 0


def test_no_file_no_kind_and_too_large(browser):
    assert submit(browser, "/staff/imports/", {}).status_code == 400
    assert upload(browser, FILE, kind="people").status_code == 400
    large = browser.post(
        "/staff/imports/",
        data=b"x" * (9 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )
    assert large.status_code == 413


def test_a_file_belongs_to_its_branch(app, db, write, sign_in, staff, browser):
    page = upload(browser, FILE).headers["Location"]
    with write() as session:
        colleague = make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
        stranger = make_account(session, role=Role.STAFF)
        others = [make_account(session, role=role) for role in (Role.RESIDENT, Role.ADMIN)]
    assert sign_in(colleague).get(page).status_code == 200
    away = sign_in(stranger)
    assert away.get(page).status_code == 404
    for step in ("columns", "confirm", "undo", "refused.xlsx"):
        assert submit(away, f"{page}/{step}", page="/staff/imports/").status_code == 404
    assert away.get(f"{page}/columns").status_code == 404
    assert "招聘.xlsx" not in away.get("/staff/imports/").get_data(as_text=True)
    for account in others:
        assert sign_in(account).get(page).status_code == 403
    assert app.test_client().get(page).status_code == 302
    assert count(db, Opening) == 0


@pytest.mark.parametrize("kind", ["vacancies", "residents"])
def test_the_template_can_be_filled_in_and_imported(db, browser, kind):
    response = browser.get(f"/staff/imports/template/{kind}.xlsx")
    assert response.mimetype.endswith("sheet")
    response.headers["Content-Disposition"].encode("ascii")  # gunicorn refuses anything else
    book = load_workbook(io.BytesIO(response.data))
    assert book.sheetnames[1] == "填表说明"
    assert book.worksheets[0].data_validations.dataValidation
    if kind == "residents":
        book.worksheets[0]["A2"] = "陈桂芳"  # the example itself is nobody
    filled = io.BytesIO()
    book.save(filled)
    page = upload(browser, filled.getvalue(), kind=kind).headers["Location"]
    more = (
        {}
        if kind == "vacancies"
        else {"consent": "y", "sensitive": "y", "channel": "in_person", "note": "x"}
    )
    assert "" not in guessed(browser, page).values()
    confirm(browser, page, **more)
    assert all_of(db, ImportBatch)[0].report["imported"] == 1
    assert browser.get("/staff/imports/template/other.xlsx").status_code == 404
