"""An employer's check: by two papers, for a time, and what happens when it runs out."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.factories import (
    acting,
    make_account,
    make_employer,
    make_match,
    make_opening,
)
from tests.forms import press, submit
from tests.functional.pages import text
from tests.functional.racing import at_once
from tests.functional.tables import reload
from webapp.core import clock
from webapp.core.access import Role
from webapp.employers import policy
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerCheck
from webapp.employers.services import checks
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services.editing import expire_openings
from webapp.ops.scheduled_jobs import JOBS
from webapp.ops.scheduler import run_once

ENDING = ("licence_until", "authorised_until")
SEEN = ["licence", "identity", "authorisation"]
PAPERS = checks.Papers("91500107MA5U6N4K38", None, "周丽华", None)


@pytest.mark.job("check_employers")
def test_a_check_that_runs_out_pauses_and_comes_back(app, db, write, sign_in, client, house):
    employer, account, opening, staff = house
    with write() as session:
        session.get_one(Employer, employer.id).verified_at = clock.now() - timedelta(days=180)
        match = make_match(session, opening_id=opening.id, state=MatchState.APPLIED)
    browser, desk = sign_in(account), sign_in(staff)
    page = f"/staff/employers/{employer.id}"
    for warned in (text(browser.get("/employer/")), text(desk.get(page))):
        assert "到期" in warned or "就满了" in warned
    assert employer.name in text(desk.get("/staff/")).split('id="part-verify"')[1]
    job = next(job for job in JOBS if job.name == "check_employers")
    with clock.frozen(clock.now() + timedelta(days=3)), app.app_context():
        assert run_once(db, job)  # the last day still counts
        assert reload(db, Employer, employer.id).state is EmployerState.VERIFIED
    with clock.frozen(clock.now() + timedelta(days=4)):
        with app.app_context():
            assert run_once(db, job)
            assert not run_once(db, job)
            with write() as session:
                assert checks.lapse_employers(session) == 0
        assert reload(db, Employer, employer.id).state is EmployerState.LAPSED
        assert reload(db, Opening, opening.id).state is OpeningState.PAUSED
        assert reload(db, Match, match.id).state is MatchState.APPLIED  # nobody's chance is lost
        gone = client.get(f"/openings/{opening.id}")
        assert gone.status_code == 410
        assert "证件要再核实一次" in text(gone)
        assert opening.title not in text(client.get("/openings/"))
        assert "先停一停" in text(browser.get("/employer/"))
        own = f"/employer/openings/{opening.id}"
        assert "再核实一次" in text(browser.get(own))
        assert submit(browser, f"{own}/submit", page=own).status_code == 409
        later = (clock.today() + timedelta(days=400)).isoformat()
        again = press(
            desk,
            page,
            "/verify",
            papers=SEEN,
            agent_name="周丽华",
            licence_until=later,
            authorised_until="",
        )
        assert again.status_code == 303
        assert client.get(f"/openings/{opening.id}").status_code == 200
    row = reload(db, Employer, employer.id)
    assert (row.state, row.licence_until.isoformat()) == (EmployerState.VERIFIED, later)


def test_a_licence_or_letter_that_ends_takes_the_file_down_too(app, db, write):
    yesterday = clock.today() - timedelta(days=1)
    with write() as session:
        ended = [make_employer(session, **{paper: yesterday}) for paper in ENDING]
        good = [make_employer(session, **{paper: clock.today()}) for paper in ENDING]
    with app.test_request_context(), write() as session:
        assert checks.lapse_employers(session) == 2
    assert all(reload(db, Employer, row.id).state is EmployerState.LAPSED for row in ended)
    assert all(reload(db, Employer, row.id).state is EmployerState.VERIFIED for row in good)


def test_paused_openings_expire_and_an_edit_goes_to_review(db, write, app, house):
    employer, _account, opening, _staff = house
    with write() as session:
        other = make_opening(session, employer_id=employer.id)
        session.get_one(Employer, employer.id).verified_at = clock.now() - timedelta(days=184)
    with app.test_request_context(), write() as session:
        assert checks.lapse_employers(session) == 1
    later = clock.now() + timedelta(days=31)
    with clock.frozen(later), app.test_request_context(), write() as session:
        assert expire_openings(session) == 2
    for one in (opening, other):
        assert reload(db, Opening, one.id).state is OpeningState.EXPIRED


def test_papers_are_noted_and_none_of_the_identity_number(write, sign_in, db, house):
    employer, _account, _opening, staff = house
    desk, page = sign_in(staff), f"/staff/employers/{employer.id}"
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    for field, value, message in [
        ("licence_until", yesterday, "执照已经过期"),
        ("authorised_until", yesterday, "授权已经过期"),
        ("licence_until", "明天", "日期"),
        ("licence_number", "", "请填执照号码"),
        ("licence_number", "9" * 41, "最多 40 个字"),
        ("agent_name", "", "请填经办人姓名"),
    ]:
        refused = press(desk, page, "/verify", papers=SEEN, **{field: value})
        assert (field, refused.status_code) == (field, 400)
        assert message in text(refused)
    assert press(desk, page, "/verify", papers=SEEN, agent_name="罗小兰").status_code == 303
    with db.reader() as session:
        check = session.exec(select(EmployerCheck)).one()
    assert (check.agent_name, check.checked_by_id) == ("罗小兰", staff.id)
    assert not any("identity" in name or "id_number" in name for name in EmployerCheck.model_fields)
    assert "罗小兰" in text(desk.get(page))
    stale = press(desk, page, "/verify", papers=SEEN, revision="1")
    assert stale.status_code == 409
    assert press(desk, page, "/verify", papers=SEEN, revision="x" * 9).status_code == 409


def test_two_staff_verify_at_once_and_one_of_them_does(app, db, write, house):
    employer, _account, _opening, staff = house
    with write() as session:
        other = make_account(session, role=Role.STAFF)
        revision = session.get_one(Employer, employer.id).revision

    def verify(session, actor):
        checks.verify_employer(
            session, actor, employer_id=employer.id, revision=revision, papers=PAPERS
        )

    assert at_once(app, db, (acting(staff), verify), (acting(other), verify)) == ["409", "done"]
    with db.reader() as session:
        assert len(session.exec(select(EmployerCheck)).all()) == 1


def test_the_earliest_end_of_the_papers_counts():
    employer = Employer(
        name="x", state=EmployerState.VERIFIED, verified_at=clock.now(), created_at=clock.now()
    )
    today = clock.today()
    assert policy.checked_until(employer, days=183) == today + timedelta(days=183)
    employer.licence_until = today + timedelta(days=9)
    assert policy.checked_until(employer, days=183) == employer.licence_until
    employer.authorised_until = today + timedelta(days=5)
    assert policy.checked_until(employer, days=183) == employer.authorised_until
    assert policy.is_checked(employer, on=today + timedelta(days=5), days=183)
    assert not policy.is_checked(employer, on=today + timedelta(days=6), days=183)
    employer.state = EmployerState.LAPSED
    assert policy.checked_until(employer, days=183) is None
