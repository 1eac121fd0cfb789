"""Trial days through the real forms: terms, agreement, outcome, dispute, hire, who sees what."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from tests import factories
from tests.forms import press
from tests.functional.matches_world import World, make_world, second_applicant, visible_words
from tests.functional.racing import at_once
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import PayUnit, Sex
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.ops import scheduler
from webapp.privacy.service import export, leave
from webapp.residents.models import Resident, ResidentState
from webapp.trials.lifecycle import Cause, InjuryCover, Outcome, Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services import agreement, outcome
from webapp.trials.services.terms import Terms, agreement_for, least_pay, spans

S = TrialState
JOB = next(job for job in scheduler.JOBS if job.name == "trial_days")
NOON = datetime(2026, 12, 1, 4, 0, tzinfo=clock.now().tzinfo)  # 12:00 here
DAY = date(2026, 12, 3)


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> Any:
    with clock.frozen(NOON):
        world = make_world(db, write, sign_in)
        with write() as session:
            factories.give_consent(session, world.resident_id, world.employer_id)
            match = session.get_one(Match, world.match_id)
            match.state = MatchState.APPLIED
            match.asked_at = clock.now()
        yield world


TYPED = {
    "first_day": DAY.isoformat(),
    "days": "2",
    "starts_at": "08:30",
    "ends_at": "17:00",
    "address": "华龙大道12号",
    "contact": "周店长 13900000000",
    "duties": "跟着师傅打扫两栋楼",
    "pay_yuan": "120",
    "cover": "work_injury",
    "cover_note": "12月2日在社保局登记",
}
TERMS = Terms(
    starts_at="08:30",
    ends_at="17:00",
    address="华龙大道12号",
    contact="周店长",
    duties="打扫",
    pay_day_fen=12000,
    cover=InjuryCover.WORK_INJURY,
    cover_note="登记过",
)
AREA = {"resident": "me", "employer": "employer", "staff": "staff"}


def propose(world: World, role: str = "employer", **changes: Any) -> Any:
    page = f"/{AREA[role]}/trials/matches/{world.match_id}"
    return press(world.browser(role), page, **{**TYPED, **changes})


def the_trial(db: Database) -> TrialDay:
    with db.reader() as session:
        return session.exec(select(TrialDay).order_by(col(TrialDay.id).desc())).first()


def step(world: World, role: str, name: str, **data: Any) -> Any:
    page = f"/{AREA[role]}/trials/{the_trial(world.db).id}"
    return press(world.browser(role), page, f"/{name}", **data)


def agreed(world: World) -> TrialDay:
    """Take a trial day to its agreement, through the forms of both."""
    assert propose(world).status_code == 303
    assert step(world, "resident", "agree").status_code == 303
    trial = the_trial(world.db)
    assert trial.state is S.AGREED
    return trial


def after_it(days: int = 3) -> Any:
    return clock.frozen(NOON + timedelta(days=days))


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


def test_two_sides_that_agree_lead_into_the_hire_form(world: World, db: Database) -> None:
    trial = agreed(world)
    page = f"/employer/trials/{trial.id}"
    said = {"outcome": "came_to_job", "starts_on": "2026-12-07", "contract": "fixed"}
    early = world.post("employer", f"{page}/word", page, **said)
    assert early.status_code == 400
    with after_it():
        assert "试得怎么样" in world.see("employer", page)
        no_start = step(world, "employer", "word", **{**said, "starts_on": ""})
        assert no_start.status_code == 400
        assert "请填哪天上岗" in no_start.get_data(as_text=True)
        kept = step(world, "employer", "word", **said)
        assert kept.status_code == 303
        assert kept.location.endswith(f"/employer/matches/{world.match_id}?start=2026-12-07#hire")
        shown = world.see("employer", kept.location.split("#")[0])
        assert 'value="2026-12-07"' in shown
        assert "单位说：留下来上班" in world.see("resident", f"/me/trials/{trial.id}")
        assert step(world, "resident", "confirm").status_code == 303
        trial = the_trial(db)
        assert (trial.state, trial.outcome) == (S.SETTLED, Outcome.CAME_TO_JOB)
        hired = press(
            world.browser("employer"), kept.location.split("#")[0], "/hire", evidence="签了合同"
        )
        assert hired.status_code == 303
        assert world.state() is MatchState.HIRED
        assert the_trial(db).state is S.SETTLED


def test_two_sides_that_differ_go_to_the_branch(world: World, db: Database) -> None:
    trial = agreed(world)
    with after_it():
        blamed = {"outcome": "not_held", "why_not_held": "resident"}
        assert step(world, "employer", "word", **blamed).status_code == 303
        page = world.see("resident", f"/me/trials/{trial.id}")
        assert "单位说：没有去成" in page
        mine = {"outcome": "not_held", "why_not_held": "transport"}
        silent = step(world, "resident", "word", **mine)
        assert silent.status_code == 400
        assert "请写一句是怎么回事" in silent.get_data(as_text=True)
        assert the_trial(db).resident_outcome is None
        words = {**mine, "sentence": "403路停了，打电话没人接"}
        assert step(world, "resident", "word", **words).status_code == 303
        assert the_trial(db).state is S.DISPUTED
    with after_it(7):
        board = world.see("staff", "/staff/trials/")
        assert "等了 4 天" in board
        show = world.see("staff", f"/staff/trials/{trial.id}")
        assert "403路停了" in show
        assert "403路停了" not in world.see("employer", f"/employer/trials/{trial.id}")
        decide = {"outcome": "not_held", "cause": "resident", "note": "都问了"}
        hers = step(world, "staff", "decide", **decide)
        assert hers.status_code == 400
        assert "不能算到本人头上" in hers.get_data(as_text=True)
        no = step(world, "staff", "decide", outcome="resident_no", cause="", note="都问了")
        assert no.status_code == 400
        assert step(world, "staff", "decide", **{**decide, "note": ""}).status_code == 400
        fair = {**decide, "cause": "transport"}
        assert step(world, "staff", "decide", **fair).status_code == 303
        trial = the_trial(db)
        assert (trial.state, trial.outcome, trial.cause) == (
            S.SETTLED,
            Outcome.NOT_HELD,
            Cause.TRANSPORT,
        )
        assert trial.decision == "都问了"
        assert (
            world.post(
                "staff", f"/staff/trials/{trial.id}/decide", "/account/password", **fair
            ).status_code
            == 409
        )
        assert world.see("staff", "/staff/trials/").count("没有。") == 1


def test_the_database_puts_nothing_down_to_a_person_without_their_word(
    world: World, db: Database, write: Any
) -> None:
    trial = agreed(world)
    with after_it():
        step(world, "employer", "word", outcome="resident_no", sentence="")
    for values in (
        {"outcome": Outcome.RESIDENT_NO},
        {"outcome": Outcome.NOT_HELD, "cause": Cause.RESIDENT},
        {"outcome": Outcome.NOT_HELD, "cause": Cause.ILLNESS},
        {"outcome": Outcome.NOT_HELD},
        {"outcome": None},
    ):
        with pytest.raises(IntegrityError), write() as session:
            session.exec(
                update(TrialDay)
                .where(col(TrialDay.id) == trial.id)
                .values(state=S.SETTLED, **values)
            )
    assert the_trial(db).state is S.AGREED


def test_the_firewall(app: Flask, world: World, db: Database) -> None:
    """Who did not want whom, and why, is read by the branch alone, and stands on no list."""
    trial = agreed(world)
    with after_it():
        mine = {"outcome": "resident_no", "why_no": "health"}
        assert step(world, "resident", "word", **mine).status_code == 303
        assert "身体不方便" in world.see("staff", f"/staff/trials/{trial.id}")
        page = world.see("employer", f"/employer/trials/{trial.id}")
        assert "本人说：没有接着做" in page
        assert step(world, "employer", "confirm").status_code == 303
        assert the_trial(db).outcome is Outcome.RESIDENT_NO
        for path in (f"/employer/trials/{trial.id}", "/employer/trials/"):
            shown = world.see("employer", path)
            assert "没有接着做" in shown
            for word in ("身体不方便", "本人想再看看", "拒绝"):
                assert word not in visible_words(shown)
        name = world.get(Resident, world.resident_id).name
        assert name not in world.see("staff", "/staff/trials/")
        with db.reader() as session:
            rows = session.exec(
                select(AuditEvent).where(col(AuditEvent.action).startswith("trial."))
            ).all()
            assert not any("no" in str(row.details) for row in rows)
            assert verify_chain(session) == []
            with app.test_request_context():
                copy = export(session, world.actor("resident"), resident_id=world.resident_id)
        (row,) = copy["trial_days"]
        assert row["resident_why"] == "health"
        assert not {"employer_why", "employer_words"} & set(row)
        assert "试岗都不是拒绝工作" in copy["about"]


def test_staff_record_for_who_does_not_sign_in(world: World, db: Database, write: Any) -> None:
    other = second_applicant(world)
    with write() as session:
        person = session.get_one(Resident, other.resident_id)
        person.account_id, person.phone = None, "13812340000"
    page = f"/staff/trials/matches/{other.id}"
    assert press(world.browser("staff"), page, **TYPED).status_code == 303
    trial = the_trial(db)
    assert trial.proposed_by is Party.STAFF
    show = f"/staff/trials/{trial.id}"
    assert "本人说行" in world.see("staff", show)
    for side in ("resident", "employer"):
        data = {"version": "1", "side": side}
        assert world.post("staff", f"{show}/agree", show, **data).status_code == 303
    assert the_trial(db).state is S.AGREED
    assert "代办" in world.see("staff", "/staff/trials/")
    with after_it():
        word = {"outcome": "employer_no", "why_no": "filled"}
        assert step(world, "staff", "word", **word).status_code == 400  # whose word?
        assert step(world, "staff", "word", side="employer", **word).status_code == 303
        assert step(world, "staff", "confirm").status_code == 303
    assert the_trial(db).outcome is Outcome.EMPLOYER_NO


def test_a_match_that_ends_takes_its_trial_day_along(world: World, db: Database) -> None:
    agreed(world)
    assert world.answer("withdraw").status_code == 303
    assert the_trial(db).state is S.CANCELLED


@pytest.mark.job("trial_days")
def test_reminders_come_by_day_and_stop_when_both_have_told(
    app: Flask, world: World, db: Database
) -> None:
    agreed(world)

    def run(moment: datetime) -> int:
        with clock.frozen(moment), app.test_request_context():
            lapsed, reminded = re.findall(r"\d+", JOB.work(db))
        assert lapsed == "0"
        return int(reminded)

    eve = NOON + timedelta(days=1)
    assert run(NOON) == 0
    assert run(eve.replace(hour=15)) == 0  # 23:00 here
    assert [run(eve), run(eve)] == [1, 0]
    assert run(NOON + timedelta(days=3)) == 0  # the second day
    assert [run(NOON + timedelta(days=n)) for n in (4, 5, 6, 8)] == [1, 0, 1, 1]
    with after_it(8):
        step(world, "employer", "word", outcome="employer_no", why_no="filled")
        step(world, "resident", "confirm")
    assert run(NOON + timedelta(days=10)) == 0


def test_nobody_agreed_in_time(app: Flask, world: World, db: Database) -> None:
    propose(world)
    with after_it(2), app.test_request_context():
        assert step(world, "resident", "agree").status_code == 400
        assert JOB.work(db) == "1 called off, 0 reminders"
    assert the_trial(db).state is S.CANCELLED


def test_two_proposals_at_once_are_one(app: Flask, world: World, db: Database) -> None:
    def ask(session: Any, actor: Any) -> Any:
        return agreement.propose(
            session,
            actor,
            match_id=world.match_id,
            first_day=clock.today() + timedelta(days=3),
            days=1,
            terms=TERMS,
        )

    roles = ("resident", "employer", "staff", "employer")
    ended = at_once(app, db, *((world.actor(role), ask) for role in roles))
    assert ended.count("done") == 1
    assert set(ended) <= {"done", "409", "400"}


def test_leaving_takes_it_along(app: Flask, world: World, db: Database) -> None:
    agreed(world)
    actor = world.actor("resident")
    with app.test_request_context(), db.transaction(actor) as session:
        leave(session, actor, resident_id=world.resident_id)
    assert the_trial(db) is None


@pytest.mark.parametrize(
    ("pay", "hours", "least"),
    [
        ({}, ("08:30", "16:30"), 10713),  # 2330 a month over 21.75 days
        ({}, ("08:00", "20:00"), 14730),  # eleven hours and a meal
        ({"pay_month_min_fen": 600000}, ("08:30", "16:30"), 22069),  # 80% of the post
        ({"pay_unit": PayUnit.DAY, "pay_min_fen": 30000}, ("09:00", "17:00"), 24000),
        ({"pay_unit": PayUnit.HOUR, "pay_min_fen": 2500}, ("09:00", "13:00"), 9200),
        ({"pay_unit": PayUnit.HOUR, "pay_min_fen": 4000}, ("22:00", "02:00"), 12800),
        ({"place": "北京市/海淀区", "pay_month_min_fen": None}, ("09:00", "17:00"), 11771),
    ],
)
def test_the_least_pay_of_a_day(app: Flask, write: Any, pay: Any, hours: Any, least: int) -> None:
    with app.app_context(), write() as session:
        opening: Opening = factories.make_opening(session, **pay)
        assert least_pay(opening, DAY, hours) == least


@pytest.mark.parametrize(
    ("born", "sex", "kind"),
    [
        (date(1963, 1, 1), Sex.MALE, "service_agreement"),
        (date(1966, 12, 1), Sex.MALE, "labour"),
        (date(1968, 1, 1), Sex.FEMALE, "service_agreement"),
        (None, None, "labour"),
    ],
)
def test_people_past_the_age_sign_another_paper(app: Flask, born: Any, sex: Any, kind: str) -> None:
    with app.app_context():
        assert agreement_for(Resident(birth_date=born, sex=sex), DAY).value == kind


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    ((start, end),) = spans(DAY, 1, ("22:00", "06:00"))
    assert end - start == timedelta(hours=8)
    whole = spans(DAY, 2, ("", ""))
    assert whole[0][0] == datetime.combine(DAY, time(), clock.LOCAL)
    assert whole[1][1] - whole[0][0] == timedelta(days=2)
    assert outcome.WHY[Outcome.NOT_HELD] is Cause
