"""Trial days before they begin: terms, the yes of both, on paper too, what stands against it."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import update

from tests import factories
from tests.forms import press
from tests.functional.matches_world import World, second_applicant, visible_words
from tests.functional.training.world import fields, key, meetings, run_terms
from tests.functional.trials.world import (
    DAY,
    TYPED,
    after_it,
    agreed,
    page_of,
    propose,
    step,
    the_trial,
)
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchState
from webapp.residents.models import Resident, ResidentState
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import enrolments, posting
from webapp.trials.lifecycle import Heard, Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services import agreement

S = TrialState


def test_an_employer_offers_and_the_person_says_yes_in_one_tap(world: World, db: Database) -> None:
    assert "先试岗" in world.see("employer", f"/employer/matches/{world.match_id}")
    assert propose(world).status_code == 303
    home = world.see("resident", "/me/")
    assert "看看这些，行不行" in home
    page = world.see("resident", f"/me/trials/{the_trial(db).id}")
    words = visible_words(page)
    for fact in ("12月3日", "08:30–17:00", "华龙大道12号", "周店长", "120 元", "工伤保险"):
        assert fact in words
    assert words.index("120 元") < words.index("不行，换个时间")
    assert step(world, "resident", "agree").status_code == 303
    trial = the_trial(db)
    assert (trial.state, trial.proposed_by, trial.days) == (S.AGREED, Party.EMPLOYER, 2)
    assert "两边都说好了" in world.see("employer", "/employer/trials/")
    assert "两边说好了" in world.see("staff", "/staff/trials/")


def test_a_resident_names_a_day_and_the_employer_writes_the_terms(
    world: World, db: Database
) -> None:
    page = f"/me/trials/matches/{world.match_id}"
    sent = press(world.browser("resident"), page, first_day=DAY.isoformat(), days="1")
    assert sent.status_code == 303
    trial = the_trial(db)
    assert (trial.pay_day_fen, trial.resident_agreed_at) == (None, None)
    assert step(world, "employer", "revise", **TYPED).status_code == 303
    assert step(world, "resident", "agree").status_code == 303
    assert the_trial(db).state is S.AGREED


def test_who_agrees_names_the_terms_they_read(world: World, db: Database) -> None:
    propose(world)
    lower = {**TYPED, "pay_yuan": "108"}
    trial = the_trial(db)
    page = f"/me/trials/{trial.id}"
    assert step(world, "employer", "revise", **lower).status_code == 303
    stale = press(world.browser("resident"), page, "/agree", version=str(trial.version))
    assert stale.status_code == 409
    assert the_trial(db).state is S.PROPOSED
    assert press(world.browser("resident"), page, "/agree", version="x").status_code == 409


def test_another_day_asks_the_other_side_again(world: World, db: Database) -> None:
    agreed(world)
    other = (DAY + timedelta(days=4)).isoformat()
    assert step(world, "resident", "revise", first_day=other, days="1").status_code == 303
    trial = the_trial(db)
    assert (trial.state, trial.first_day.isoformat(), trial.days) == (S.PROPOSED, other, 1)
    assert trial.employer_agreed_at is None
    assert trial.pay_day_fen == 12000
    assert step(world, "employer", "agree").status_code == 303
    assert the_trial(db).state is S.AGREED


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


def test_a_match_that_ends_takes_its_trial_day_along(world: World, db: Database) -> None:
    agreed(world)
    assert world.answer("withdraw").status_code == 303
    assert the_trial(db).state is S.CANCELLED


def test_one_that_did_not_take_place_is_not_the_one(world: World, write: Any, db: Database) -> None:
    first = agreed(world)
    with after_it():
        for role in ("employer", "resident"):
            told = {"outcome": "not_held", "why_not_held": "employer"}
            assert step(world, role, "word", **told).status_code == 303
        assert the_trial(db).state is S.SETTLED
        again = {"first_day": (DAY + timedelta(days=7)).isoformat()}
        assert propose(world, **again).status_code == 303
        second = the_trial(db)
        assert (second.id, second.state) != (first.id, S.SETTLED)
        page = f"/staff/trials/matches/{world.match_id}"
        third = world.post("staff", page, "/account/password", **{**TYPED, **again})
        assert third.status_code == 400  # that day is taken
        later = {**TYPED, "first_day": (DAY + timedelta(days=20)).isoformat()}
        assert world.post("staff", page, "/account/password", **later).status_code == 409
    with pytest.raises(IntegrityError), write() as session:  # the database holds it too
        session.exec(
            update(TrialDay)
            .where(TrialDay.id == first.id)
            .values(state=S.AGREED, outcome=None, cause=None)
        )


def test_a_hire_elsewhere_calls_it_off(world: World, write: Any, db: Database) -> None:
    agreed(world)
    with write() as session:
        other = factories.make_match(
            session,
            resident_id=world.resident_id,
            opening_id=factories.make_opening(session).id,
            state=MatchState.APPLIED,
        ).id
    page = f"/staff/matches/{other}"
    hired = press(world.browser("staff"), page, "/hire", start_date="2026-12-02", evidence="合同")
    assert hired.status_code == 303
    assert the_trial(db).state is S.CANCELLED
    assert world.state() is MatchState.HIRED_ELSEWHERE


def enrol(app: Flask, world: World, starts: datetime) -> Enrolment:
    """Have the person take a seat in a course of one meeting of two hours."""
    staff, person = world.actor("staff"), world.actor("resident")
    with app.test_request_context():
        with world.db.transaction(staff) as session:
            run = posting.post_course(
                session,
                staff,
                fields=fields("面点班"),
                terms=posting.CourseTerms(skills=["和面"]),
                run=run_terms(meetings=meetings(starts, 1), enrol_until=starts.date()),
                idempotency_key=key(),
            )
        with world.db.transaction(person) as session:
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


def test_what_both_said_by_telephone_is_signed_on_paper(
    world: World, write: Any, db: Database
) -> None:
    other = second_applicant(world)
    page = f"/staff/trials/matches/{other.id}"
    assert press(world.browser("staff"), page, **TYPED).status_code == 303
    show = page_of(world, "staff")
    yes = {"version": "1", "side": "employer"}
    for wrong in ("", "online", "x"):  # staff did not see a click
        assert world.post("staff", f"{show}/agree", show, heard=wrong, **yes).status_code == 400
    assert world.post("staff", f"{show}/agree", show, heard="phone", **yes).status_code == 303
    on_paper = {**yes, "side": "resident", "heard": "paper"}
    assert world.post("staff", f"{show}/agree", show, **on_paper).status_code == 303
    trial = the_trial(db)
    assert (trial.state, trial.employer_agreed_how, trial.resident_agreed_how) == (
        S.AGREED, Heard.PHONE, Heard.PAPER,
    )  # fmt: skip
    assert "单位的纸还没签" in world.see("staff", "/staff/trials/")
    paper = world.see("staff", f"{show}/paper")
    for fact in ("试岗协议", "华龙大道12号", "120 元", "乙方（签字）"):
        assert fact in paper
    for _twice in range(2):
        assert world.post("staff", f"{show}/sign", show, side="employer").status_code == 303
    assert the_trial(db).employer_agreed_how is Heard.PAPER
    assert "纸还没签" not in world.see("staff", "/staff/trials/")
    with pytest.raises(IntegrityError), write() as session:
        session.exec(update(TrialDay).values(employer_agreed_how=None))


def test_what_was_said_online_needs_no_paper(world: World) -> None:
    agreed(world)
    show = page_of(world, "staff")
    assert world.post("staff", f"{show}/sign", show, side="resident").status_code == 409
    assert world.browser("employer").get(page_of(world, "employer") + "/paper").status_code == 200
    assert world.browser("employer").post(f"{page_of(world, 'employer')}/sign").status_code == 404
    step(world, "resident", "cancel")
    assert world.browser("staff").get(show + "/paper").status_code == 404
