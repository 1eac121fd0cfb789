"""The page, its files and the script that recomputes one from the other; freezing once."""

import re
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from tests.functional.oversight import world
from webapp.core import clock, signing
from webapp.core.access import SYSTEM
from webapp.core.errors import Refused
from webapp.figures.queries.employment import employment
from webapp.ops import scheduled_jobs, scheduler
from webapp.oversight import recompute
from webapp.oversight.figures import Figure, Period, Share
from webapp.oversight.models import FrozenMonth, MonthFigure
from webapp.oversight.queries import published
from webapp.oversight.services import freezing, publishing
from webapp.oversight.topics import by_id

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JOBS = {job.name: job for job in scheduled_jobs.JOBS}


def save(client, folder):
    """Save the page, the files and the key as somebody with a browser would."""
    manifest = client.get("/oversight/files/manifest.json")
    (folder / "manifest.json").write_bytes(manifest.data)
    for name in manifest.get_json()["content"]["files"]:
        (folder / name).write_bytes(client.get(f"/oversight/files/{name}").data)
    key = signing.public_keys()[0]
    (folder / f"{key.id}.pem").write_bytes(client.get(f"/signing-keys/{key.id}.pem").data)
    (folder / "index.html").write_bytes(client.get("/oversight/").data)
    (folder / "recompute.py").write_bytes(client.get("/oversight/recompute.py").data)


def run(folder):
    """Run the script that was downloaded."""
    return subprocess.run(
        [sys.executable, "recompute.py", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_anybody_recomputes_every_figure_of_the_page(db, client, tmp_path):
    months = world.make_months(5, 3)
    world.freeze(db, months[:2])
    later = world.at(months[2].first + timedelta(days=9))
    with world.counted_as(months), clock.frozen(later), db.transaction(SYSTEM) as session:
        publishing.count_running(session)
    folder = tmp_path / "saved"
    folder.mkdir()
    save(client, folder)
    said = run(folder)
    assert said.returncode == 0, said.stderr
    page = (folder / "index.html").read_text(encoding="utf-8")
    seen = re.findall(r'data-figure="([^"]+)" data-month="([^"]+)" value="([^"]*)"', page)
    assert f" {len(seen)} " in said.stdout
    assert {one[0] for one in seen} >= set(by_id())  # every figure of the registry
    assert len({one[1] for one in seen}) == 3

    def fails(name, old, new):
        kept = (folder / name).read_bytes()
        assert old in kept
        (folder / name).write_bytes(kept.replace(old, new, 1))
        failed = run(folder)
        (folder / name).write_bytes(kept)
        return failed.returncode != 0

    assert fails("able.csv", b"2026", b"2025")  # one byte of a file
    assert fails("manifest.json", b'"able.csv":"', b'"able.csv":"0')
    count = next(one for one in seen if isinstance(by_id().get(one[0]), Figure) and one[2])
    share = next(one for one in seen if isinstance(by_id().get(one[0]), Share) and one[2])
    for figure, month, value in (count, share):
        mark = f'data-figure="{figure}" data-month="{month}" value="'
        assert fails("index.html", f'{mark}{value}"'.encode(), f'{mark}99"'.encode())
    assert run(folder).returncode == 0


def test_the_script_is_short():
    script = Path(recompute.__file__).read_text(encoding="utf-8")
    assert len(script.splitlines()) <= 60


def test_a_month_is_frozen_once_by_two_schedulers(app, db, write):
    """What is counted of nobody is 0, on both databases; what was published never changes."""
    with clock.frozen(world.at(date(2026, 12, 2))):
        assert JOBS["freeze_oversight"].work(db) == "1 months frozen"  # October: November waits
    with clock.frozen(world.at(date(2026, 12, 3))):
        done = []

        def work():
            with app.app_context(), clock.frozen(world.at(date(2026, 12, 3))):
                done.append(scheduler.run_once(db, JOBS["freeze_oversight"]))

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(done) == [False, True]
        assert JOBS["freeze_oversight"].work(db) == "0 months frozen"
        with pytest.raises(Refused), write() as session:
            freezing.freeze(session, Period.of(date(2026, 11, 1)))
    with db.reader() as session:
        months = session.exec(select(FrozenMonth.month).order_by(FrozenMonth.month)).all()
        assert months == [date(2026, 10, 1), date(2026, 11, 1)]
        assert {row.figure for row in session.exec(select(MonthFigure)) if row.shown} > {"able"}
    with pytest.raises(IntegrityError), write() as session:
        session.add(FrozenMonth(month=months[0], edition=0, at=clock.now()))
    for statement in ("UPDATE oversight_figure SET value = 7", "DELETE FROM oversight_month"):
        with pytest.raises(DBAPIError, match="what was published is kept"), write() as session:
            session.execute(text(statement))


@pytest.mark.job("freeze_oversight")
@one_database
def test_months_nobody_froze_are_made_up_for(db):
    with clock.frozen(world.at(date(2026, 8, 5))):
        assert JOBS["freeze_oversight"].work(db) == "1 months frozen"
    with clock.frozen(world.at(date(2026, 11, 4))):
        assert JOBS["freeze_oversight"].work(db) == "3 months frozen"
    with db.reader() as session:
        assert published.frozen(session) == [date(2026, month, 1) for month in (10, 9, 8, 7)]


@pytest.mark.job("count_running_month")
@one_database
def test_the_month_under_way_is_counted_by_the_job_and_by_no_page(db, client):
    with clock.frozen(world.at(date(2026, 11, 4))):
        JOBS["freeze_oversight"].work(db)
        assert "到现在" not in client.get("/oversight/").get_data(as_text=True)
        assert JOBS["count_running_month"].work(db).endswith(" figures counted")
        assert "11月到现在" in client.get("/oversight/").get_data(as_text=True)
    with clock.frozen(world.at(date(2026, 12, 1), hour=2)):
        JOBS["count_running_month"].work(db)
        assert "12月到现在" in client.get("/oversight/").get_data(as_text=True)


def test_pages_cost_a_fixed_number_of_queries(db, client, write):
    months = world.make_months(6, 2)
    world.freeze(db, months)
    asked = []
    event.listen(db.read_engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    page = client.get("/oversight/")
    assert page.status_code == 200
    assert len(asked) <= 6, asked
    for id_ in by_id():
        asked.clear()
        one = client.get(f"/oversight/figures/{id_}")
        assert one.status_code == 200
        assert by_id()[id_].meaning.split("。")[0].split("÷")[0][:20] in one.get_data(as_text=True)
        assert len(asked) <= 6, asked
    asked.clear()
    with db.reader() as session:
        lines = published.headline(session)
    assert [one.figure for one in lines] == list(published.HEADLINES)
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
    for nothing in (
        "/oversight/figures/nobody",
        "/oversight/files/../keys.json",
        "/oversight/files/x",
    ):
        assert client.get(nothing).status_code == 404
    assert all(words in page.get_data(as_text=True) for words in ("目标 80%", "不公布", "清单"))


@one_database
def test_an_empty_community_has_an_empty_page(client):
    assert "还没有定下来的月份" in client.get("/oversight/").get_data(as_text=True)
    assert client.get("/oversight/figures/able").status_code == 200
    assert client.get("/oversight/files/manifest.json").status_code == 404


@one_database
def test_the_month_is_the_one_that_staff_see(db, write):
    """The public figure of a month is the frozen one of the staff's page, where there is one."""
    first = world.at(date(2026, 12, 1))
    with clock.frozen(first):
        JOBS["freeze_figures"].work(db)
    with clock.frozen(first + timedelta(days=2)):
        JOBS["freeze_oversight"].work(db)
        with db.reader() as session:
            values = published.month_values(session, [date(2026, 11, 1)])[date(2026, 11, 1)]
            assert values["able"] == employment(session, on=date(2026, 11, 30)).able
