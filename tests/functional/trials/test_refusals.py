"""What stands against a trial day: the law, other people's business, days that are taken."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import update

from tests import factories
from tests.forms import press
from tests.functional.matches_world import World
from tests.functional.training.world import fields, key, meetings, run_terms
from tests.functional.trials.world import DAY, TYPED, agreed, page_of, propose, step, the_trial
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchState
from webapp.residents.models import Resident, ResidentState
from webapp.training.models.courses import CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import enrolments, posting
from webapp.trials.lifecycle import Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services import agreement

S = TrialState


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"first_day": "2026-12-01"}, "最早从明天起"),
        ({"first_day": "2026-11-01"}, "最早从明天起"),
        ({"first_day": "2027-06-01"}, "太远"),
        ({"first_day": ""}, "请填日期"),
        ({"days": "4"}, ""),
        ({"days": "x"}, ""),
        ({"starts_at": "25:00"}, "时间不对"),
        ({"ends_at": "08:30"}, "不能一样"),
        ({"pay_yuan": "107"}, "一天最少 107.13 元"),
        ({"pay_yuan": "NaN"}, ""),
        ({"pay_yuan": "-5"}, ""),
        ({"pay_yuan": ""}, "试岗也要给工钱"),
        ({"cover": "accident"}, "工伤保险"),
        ({"cover": ""}, "请选"),
        ({"cover_note": ""}, "请写一句"),
        ({"contact": "长" * 61}, "60"),
        ({"duties": "先交押金200元再来"}, "不能这样写"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(world, db, changes, told) -> None:
    refused = propose(world, **changes)
    assert refused.status_code == 400
    assert told in refused.get_data(as_text=True)
    assert the_trial(db) is None


def test_who_is_hired_elsewhere_or_not_verified_has_no_trial_day(world: World, write: Any) -> None:
    page = f"/employer/trials/matches/{world.match_id}"
    form = world.browser("employer").get(page)
    assert form.status_code == 200
    with write() as session:
        session.get_one(Resident, world.resident_id).state = ResidentState.EMPLOYED
    assert world.browser("staff").get(page.replace("employer", "staff")).status_code == 409
    with write() as session:
        session.get_one(Resident, world.resident_id).state = ResidentState.SEEKING
        session.get_one(Employer, world.employer_id).state = EmployerState.LAPSED
    assert world.browser("staff").get(page.replace("employer", "staff")).status_code == 409
    assert world.browser("employer").get(page).status_code == 404
    with write() as session:
        session.get_one(Employer, world.employer_id).state = EmployerState.VERIFIED
    assert propose(world, "staff").status_code == 303
    with write() as session:
        session.get_one(Employer, world.employer_id).state = EmployerState.SUSPENDED
    assert step(world, "resident", "agree").status_code == 409


def test_somebody_elses_is_not_there(world: World, write: Any, db: Database) -> None:
    propose(world)
    trial = the_trial(db)
    with write() as session:
        stranger = factories.make_resident(session, with_account=True)
        rival = factories.make_account(session, role=Role.EMPLOYER)
        factories.make_employer(session, member=rival)
        own = session.get_one(Account, stranger.account_id)
    other, competitor = world.sign_in(own), world.sign_in(rival)
    assert other.get(f"/me/trials/{trial.id}").status_code == 404
    assert other.get(f"/me/trials/matches/{world.match_id}").status_code == 404
    assert competitor.get(f"/employer/trials/{trial.id}").status_code == 404
    assert competitor.get(f"/employer/trials/matches/{world.match_id}").status_code == 404
    assert world.browser("resident").get("/me/trials/999").status_code == 404
    assert "试岗" in competitor.get("/employer/trials/").get_data(as_text=True)


def test_nobody_speaks_for_the_other(app: Flask, world: World, db: Database) -> None:
    propose(world)
    trial = the_trial(db)
    act = {"trial_id": trial.id, "version": 1, "side": Party.RESIDENT}
    with app.app_context(), pytest.raises(AppError), db.transaction(SYSTEM) as session:
        agreement.agree(session, world.actor("employer"), **act)
    assert the_trial(db).resident_agreed_at is None


def test_once_per_person_and_employer(world: World, write: Any, db: Database) -> None:
    agreed(world)
    with write() as session:
        opening = factories.make_opening(session, employer_id=world.employer_id)
        again = factories.make_match(
            session,
            resident_id=world.resident_id,
            opening_id=opening.id,
            state=MatchState.APPLIED,
        )
    page = f"/staff/trials/matches/{again.id}"
    later = {**TYPED, "first_day": "2026-12-20"}
    assert press(world.browser("staff"), page, **later).status_code == 409
    assert step(world, "resident", "cancel").status_code == 303
    assert press(world.browser("staff"), page, **later).status_code == 303
    back = update(TrialDay).values(state=S.PROPOSED)
    with pytest.raises(IntegrityError), write() as session:
        session.exec(back)


def test_days_that_are_taken(world: World, write: Any, db: Database) -> None:
    agreed(world)
    with write() as session:
        opening = factories.make_opening(session)
        other = factories.make_match(
            session,
            resident_id=world.resident_id,
            opening_id=opening.id,
            state=MatchState.APPLIED,
        )
    page = f"/staff/trials/matches/{other.id}"
    second = (DAY + timedelta(days=1)).isoformat()
    taken = press(world.browser("staff"), page, **{**TYPED, "first_day": second, "days": "1"})
    assert taken.status_code == 400
    assert "已经约了别的试岗" in taken.get_data(as_text=True)
    evening = {"starts_at": "18:00", "ends_at": "22:00", "first_day": second, "days": "1"}
    assert press(world.browser("staff"), page, **{**TYPED, **evening}).status_code == 303


def post(app: Flask, world: World, starts: datetime) -> CourseRun:
    """Post a course of one meeting of two hours."""
    staff = world.actor("staff")
    with app.test_request_context(), world.db.transaction(staff) as session:
        return posting.post_course(
            session,
            staff,
            fields=fields("面点班"),
            terms=posting.CourseTerms(skills=["和面"]),
            run=run_terms(meetings=meetings(starts, 1), enrol_until=starts.date()),
            idempotency_key=key(),
        )


def enrol(app: Flask, world: World, starts: datetime) -> Enrolment:
    """Have the person take a seat in such a course."""
    person, run = world.actor("resident"), post(app, world, starts)
    with app.test_request_context(), world.db.transaction(person) as session:
        return enrolments.enrol(session, person, run_id=run.id, resident_id=world.resident_id)


IN_CLASS = datetime.combine(DAY + timedelta(days=1), time(15), clock.LOCAL)


def test_a_class_stands_against_its_hours(app: Flask, world: World, db: Database) -> None:
    enrol(app, world, IN_CLASS)
    for role, told in (("staff", "那时候要上课：12月4日"), ("employer", "别的安排")):
        refused = propose(world, role)
        assert refused.status_code == 400
        assert told in refused.get_data(as_text=True)
    assert "要上课" not in propose(world).get_data(as_text=True)  # an employer reads of no course
    assert the_trial(db) is None
    for free in ({"days": "1"}, {"ends_at": "15:00", "pay_yuan": "120"}):
        assert propose(world, **free).status_code == 303
        assert step(world, "resident", "cancel").status_code == 303


def test_a_class_taken_up_since_is_shown_before_the_yes(
    app: Flask, world: World, db: Database
) -> None:
    propose(world)
    mine = page_of(world, "resident")
    version = the_trial(db).version
    enrolment = enrol(app, world, IN_CLASS)
    for role, told in (("resident", "要上课"), ("staff", "要上课"), ("employer", "别的安排")):
        shown = world.see(role, page_of(world, role))
        assert told in shown
        assert "/agree" not in shown
    late = world.post("resident", f"{mine}/agree", mine, version=str(version))
    assert late.status_code == 409
    assert the_trial(db).resident_agreed_at is None
    person = world.actor("resident")
    with app.test_request_context(), db.transaction(person) as session:
        enrolments.withdraw(session, person, enrolment_id=enrolment.id)
    assert step(world, "resident", "agree").status_code == 303


def test_a_trial_day_is_said_before_a_course_is_taken_up(app: Flask, world: World) -> None:
    agreed(world)
    shown = [
        world.see("resident", f"/me/training/runs/{post(app, world, starts).id}")
        for starts in (IN_CLASS, IN_CLASS + timedelta(days=1))
    ]
    assert ["跟您约的试岗撞了，12月3日" in page for page in shown] == [True, False]
    assert "知道了，还是报名" in shown[0]  # to be decided by the person
