"""A run of an import: once, cut off and taken up again, side by side, forgotten in time."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.forms import csrf_token, press
from tests.functional.background import do_jobs, run_job, settled
from tests.functional.imports.sheets import FILE, choose, confirm, guessed, upload, workbook
from tests.functional.tables import all_of, count
from webapp.core import clock
from webapp.core.models import AuditEvent
from webapp.employers.models import Employer
from webapp.imports.lifecycle import ImportState
from webapp.imports.models import ImportBatch
from webapp.imports.services import batches, runner
from webapp.openings.models import Opening


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


@pytest.mark.slow
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
