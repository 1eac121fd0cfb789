"""What both sides say came of a trial day: a job, a dispute, nothing put down to a person."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from tests.forms import press
from tests.functional.matches_world import World, second_applicant, visible_words
from tests.functional.trials.world import TYPED, after_it, agreed, step, the_trial
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.matches.lifecycle import MatchState
from webapp.privacy.export import export
from webapp.residents.models import Resident
from webapp.trials.lifecycle import Cause, Heard, Outcome, Party, TrialState
from webapp.trials.models import TrialDay

S = TrialState


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
        assert "12月7日（周一）前定" in board
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
        data = {"version": "1", "side": side, "heard": "in_person"}
        assert world.post("staff", f"{show}/agree", show, **data).status_code == 303
    assert the_trial(db).state is S.AGREED
    assert "代办" in world.see("staff", "/staff/trials/")
    with after_it():
        word = {"outcome": "employer_no", "why_no": "filled"}
        assert step(world, "staff", "word", **word).status_code == 400  # whose word?
        assert step(world, "staff", "word", side="employer", **word).status_code == 400  # how?
        said = {"side": "employer", "heard": "phone", **word}
        assert step(world, "staff", "word", **said).status_code == 303
        assert "（电话里说的）" in world.see("staff", show)
        assert step(world, "staff", "confirm").status_code == 303  # the first button: on paper
        ended = the_trial(db)
        assert (ended.employer_told_how, ended.resident_told_how) == (Heard.PHONE, Heard.PAPER)
    assert the_trial(db).outcome is Outcome.EMPLOYER_NO
