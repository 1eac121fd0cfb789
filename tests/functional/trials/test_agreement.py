"""Trial days before they begin: terms, the yes of both, on paper too, what stands against it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import update

from tests import factories
from tests.forms import press
from tests.functional.matches_world import World, second_applicant, visible_words
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
from webapp.core.db import Database
from webapp.matches.lifecycle import MatchState
from webapp.trials.lifecycle import Heard, Party, TrialState
from webapp.trials.models import TrialDay

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
