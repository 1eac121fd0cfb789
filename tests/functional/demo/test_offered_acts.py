"""In the demo nothing that a page of piecework offers is answered with a conflict."""

import itertools
import shutil
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.forms import submit
from tests.functional.piecework.pressing import pages, press_all
from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.db import Database
from webapp.demo import handwork, handwork_cast, load
from webapp.employers.models import EmployerMember
from webapp.piecework.models.assignment import Assignment, Inspection
from webapp.piecework.models.order import PieceworkEvent
from webapp.residents.models import Resident

HOUSEHOLDS = 45  # the orders go to some of the first forty


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, sqlite_template, built) -> Path:
    """The first households of the demo with its orders, in a file to copy."""
    path = tmp_path_factory.mktemp("handwork") / "loaded.sqlite3"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", before_commit=audit.write_pending)
    whole = load.community
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "community", lambda today: itertools.islice(whole(today), HOUSEHOLDS))
        patch.setattr(load, "openings", lambda _today: ())
        load.once(database, "people", load.people_and_openings)
        patch.setitem(built.extensions, "database", database)
        with built.app_context():  # pictures of samples go into its folder
            load.once(database, "handwork", handwork.write)
    database.dispose()
    return path


@pytest.fixture
def database_url(loaded, tmp_path) -> str:
    """A copy of what was loaded; SQLite alone, for its rows are the same on PostgreSQL."""
    copy = tmp_path / "fumin.sqlite3"
    shutil.copy(loaded, copy)
    return f"sqlite:///{copy}"


@pytest.mark.slow
def test_fault_18_no_step_of_the_demo_is_offered_in_vain(app, db):
    def browser(phone: str):
        made = app.test_client()
        answer = submit(made, "/login", {"phone": phone, "password": load.PASSWORD})
        assert answer.status_code == 303
        return made

    family, company = handwork_cast.FAMILIES[0], handwork_cast.COMPANY
    with db.reader() as session:
        home = session.exec(
            select(Resident.household_id)
            .join(Account, col(Account.id) == Resident.account_id)
            .where(Account.phone == family)
        ).one()
        employer = session.exec(
            select(EmployerMember.employer_id)
            .join(Account, col(Account.id) == EmployerMember.account_id)
            .where(Account.phone == company)
        ).one()
    for phone, addresses in (
        (family, pages(db, household_id=home)),
        (handwork_cast.STAFF[0], pages(db)),
        (company, pages(db, employer_id=employer)),
    ):
        pressed, in_vain = press_all(browser(phone), addresses)
        assert pressed > len(addresses)
        assert in_vain == []


@pytest.mark.slow
def test_fault_27_the_history_reads_like_work_of_people(db):
    with db.reader() as session:
        events = session.exec(select(PieceworkEvent.at)).all()
        notes = session.exec(
            select(Inspection.note).where((Inspection.rework > 0) | (Inspection.rejected > 0))
        ).all()
        orders = session.exec(select(Assignment.order_id, Assignment.pieces)).all()
    times = [clock.local(at) for at in events]
    now = clock.local(clock.now())
    within = [at for at in times if 9 <= at.hour < 18]
    assert len(within) >= len([at for at in times if at.date() < now.date()])
    assert len({(at.hour, at.minute) for at in times}) > 60
    assert len(set(notes)) == len(notes) > 5
    for order_id in {order for order, _pieces in orders}:
        taken = [pieces for order, pieces in orders if order == order_id]
        assert len(set(taken)) == len(taken)
