"""Importing spreadsheets through the real forms: upload, confirm the columns, see the result."""

import io
import threading
from datetime import timedelta

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import func, select

from tests.factories import make_account, make_employer
from tests.forms import csrf_token, forms_on, press, submit
from tests.functional.background import do_jobs, settled
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Education, PayUnit
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.imports.lifecycle import ImportState
from webapp.imports.models import ImportBatch
from webapp.imports.services import batches, runner
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening, OpeningSource
from webapp.ops import scheduler

HEADERS = [
    "序号",
    "单位",
    "职位名称",
    "薪资待遇",
    "工作地区",
    "性别要求",
    "学历要求",
    "招聘人数",
    "有效期",
    "职位描述",
]
PLACE = "重庆市 - 九龙坡区"
GOOD = [
    1,
    "重庆甲公司",
    "保洁员",
    "3000-3500元/月",
    PLACE,
    "女",
    "初中以上",
    "3人",
    "2026-12-31",
    "打扫",
]
ASK = [2, "重庆甲公司", "保安", "面议", PLACE, "不限", "不限", "若干", "2015年02月28日", "巡逻"]
NO_PAY = [3, "重庆乙公司", "厨师", "好商量的价", "重庆", "不限", "不限", "2", None, "炒菜"]
TODAY = clock.now().replace(year=2026, month=11, day=22)


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


FILE = workbook(["招聘信息汇总"], HEADERS, GOOD, ASK, NO_PAY)


@pytest.fixture
def staff(write):
    with write() as session:
        return make_account(session, role=Role.STAFF)


@pytest.fixture
def browser(sign_in, staff):
    return sign_in(staff)


def upload(browser, data, name="招聘.xlsx", kind="vacancies"):
    """Hand a file in and have it read; the answer leads to the file's page."""
    sent = {"kind": kind, "file": (io.BytesIO(data), name)}
    return settled(browser, submit(browser, "/staff/imports/", sent))


def guessed(browser, page) -> dict[str, str]:
    """Return the selects of the mapping page as they were guessed."""
    (form,) = [form for form in forms_on(browser.get(page)) if form.action.endswith("/columns")]
    return {name: value for name, value in form.data.items() if name.startswith("column-")}


def choose(browser, page, **changes):
    """Say what the columns mean, and have every row checked."""
    return settled(browser, press(browser, page, "/columns", **changes))


def confirm(browser, page, **changes):
    """Say what the columns mean, look at the rows and have them written."""
    chosen = choose(browser, page, **changes)
    offered = [form.action for form in forms_on(browser.get(page))]
    if chosen.status_code != 303 or f"{page}/confirm" not in offered:
        return chosen
    return settled(browser, press(browser, page, "/confirm"))


def run_job(app, name):
    """Do a scheduled job's work now."""
    (job,) = [one for one in scheduler.JOBS if one.name == name]
    with app.app_context():
        return job.work(app.extensions["database"])


def count(db, table):
    with db.reader() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def all_of(db, table):
    with db.reader() as session:
        return session.exec(select(table).order_by(table.id)).all()


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


def test_confirming_twice_imports_once(db, browser):
    page = upload(browser, FILE).headers["Location"]
    chosen = guessed(browser, page)
    token = csrf_token(browser, page)
    for step in ("columns", "confirm"):
        codes = [
            browser.post(f"{page}/{step}", data={**chosen, "csrf_token": token}).status_code
            for _ in range(2)
        ]
        assert codes == [303, 303]
        assert do_jobs(browser.application) == 1
    assert browser.post(f"{page}/confirm", data={"csrf_token": token}).status_code == 303
    assert do_jobs(browser.application) == 0
    assert count(db, Opening) == 2
    assert all_of(db, ImportBatch)[0].report["imported"] == 2


def test_uploading_twice_before_confirming_is_one_file(db, browser):
    pages = {upload(browser, FILE).headers["Location"] for _ in range(2)}
    assert len(pages) == 1
    assert count(db, ImportBatch) == 1


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
    assert [cell.value for cell in rows[0][:4]] == ["原来第几行", "为什么没导入", "序号", "单位"]
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


@pytest.mark.job("forget_imports")
def test_fault_31_a_job_deletes_files_after_their_time(app, db, browser):
    page = upload(browser, FILE).headers["Location"]
    confirm(browser, page)
    folder = app.extensions["settings"].uploads / "imports"
    kept = sorted(folder.iterdir())
    assert [path.suffix for path in kept] == [".bin", ".reading", ".refused"]
    for path in kept:
        assert not path.read_bytes().startswith((b"PK", b"{"))
    stray = folder / "0123.bin"
    stray.write_bytes(b"of a process that died")
    days = batches.kept().days
    assert days == 30
    assert run_job(app, "forget_imports") == "0 files deleted, 0 of no import"
    with clock.frozen(clock.now() + timedelta(days=days, minutes=1)):
        assert run_job(app, "forget_imports") == "1 files deleted, 1 of no import"
        assert list(folder.iterdir()) == []
        assert all_of(db, ImportBatch)[0].stored == ""
        assert all_of(db, AuditEvent)[-1].action == "import.forget"
        assert run_job(app, "forget_imports") == "0 files deleted, 0 of no import"
    assert browser.get(page).status_code == 200
    assert browser.get(f"{page}/columns").status_code == 303


def test_a_run_that_was_cut_off_is_taken_up_again(db, write, browser):
    page = upload(browser, FILE).headers["Location"]
    choose(browser, page)
    with write() as session:
        batch = session.exec(select(ImportBatch)).one()
        batch.state, batch.running_since = ImportState.RUNNING, clock.now()
        session.add(batch)
    assert "接着导" in browser.get(page).get_data(as_text=True)
    assert settled(browser, press(browser, page, "/confirm")).status_code == 303
    assert count(db, Opening) == 2
    assert all_of(db, ImportBatch)[0].state is ImportState.DONE


def test_a_run_that_fails_leaves_the_file_waiting(app, db, browser, monkeypatch):
    page = upload(browser, FILE).headers["Location"]

    def fail(*_args, **_named):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(runner.writing, "write_vacancies", fail)
        confirm(browser, page)
    assert all_of(db, ImportBatch)[0].state is ImportState.CHECKED
    assert "出了点问题" in browser.get(page).get_data(as_text=True)
    assert settled(browser, press(browser, page, "/confirm")).status_code == 303
    assert count(db, Opening) == 2


def test_two_imports_at_once_add_each_row_once(app, db, browser, monkeypatch):
    monkeypatch.setattr(runner, "BLOCK", 5)
    rows = [[f"职位{n}", f"单位{n % 7}", "3000元/月"] for n in range(60)]
    heads = ["职位名称", "单位", "工资"]
    files = [workbook(heads, *rows), workbook(heads, *reversed(rows))]
    pages = [upload(browser, data).headers["Location"] for data in files]
    for page in pages:
        choose(browser, page)
        assert press(browser, page, "/confirm").status_code == 303
    threads = [threading.Thread(target=do_jobs, args=(app,)) for _ in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(db, Opening) == 60
    assert count(db, Employer) == 7
    assert sum(batch.report["imported"] for batch in all_of(db, ImportBatch)) == 60


@pytest.mark.parametrize("kind", ["vacancies", "residents"])
def test_the_template_can_be_filled_in_and_imported(db, browser, kind):
    response = browser.get(f"/staff/imports/template/{kind}.xlsx")
    assert response.mimetype.endswith("sheet")
    response.headers["Content-Disposition"].encode("ascii")  # gunicorn refuses anything else
    book = load_workbook(io.BytesIO(response.data))
    assert book.sheetnames[1] == "填表说明"
    assert book.worksheets[0].data_validations.dataValidation
    page = upload(browser, response.data, kind=kind).headers["Location"]
    more = (
        {}
        if kind == "vacancies"
        else {"consent": "y", "sensitive": "y", "channel": "in_person", "note": "x"}
    )
    assert "" not in guessed(browser, page).values()
    confirm(browser, page, **more)
    assert all_of(db, ImportBatch)[0].report["imported"] == 1
    assert browser.get("/staff/imports/template/other.xlsx").status_code == 404
