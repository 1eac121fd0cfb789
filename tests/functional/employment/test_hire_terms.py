"""What a hire is signed for: optional, checked against the law, gone with an undone hire."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from tests.forms import press
from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import Database
from webapp.employment.lifecycle import ContractKind
from webapp.employment.models import HireTerms
from webapp.employment.services.terms import Signed, longest_probation
from webapp.matches.lifecycle import MatchState
from webapp.trials.lifecycle import AgreementKind, Heard, InjuryCover, Party, TrialState
from webapp.trials.models import TrialDay

START = date(2026, 12, 7)
NOON = datetime(2026, 12, 5, 4, 0, tzinfo=clock.now().tzinfo)
SIGNED = {
    "start_date": START.isoformat(),
    "evidence": "签了合同",
    "contract": "fixed",
    "months": "12",
    "pay_yuan": "3000",
    "probation_until": "2027-02-06",
    "probation_pay_yuan": "2400",
    "insurance": "full",
}


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> Any:
    with clock.frozen(NOON):
        world = make_world(db, write, sign_in)
        world.to_applied()
        yield world


def hire(world: World, **changes: Any) -> Any:
    page = f"/employer/matches/{world.match_id}"
    return press(world.browser("employer"), page, "/hire", **{**SIGNED, **changes})


def kept(db: Database) -> HireTerms | None:
    with db.reader() as session:
        return session.exec(select(HireTerms)).first()


def test_a_hire_keeps_what_was_signed_and_loses_it_when_undone(world: World, db: Database) -> None:
    assert hire(world).status_code == 303
    terms = kept(db)
    assert terms is not None
    assert (terms.contract, terms.months, terms.pay_fen) == (ContractKind.FIXED, 12, 300000)
    assert (terms.probation_until, terms.probation_pay_fen) == (date(2027, 2, 6), 240000)
    assert world.employ("undo-hire", mistake="点错了").status_code == 303
    assert kept(db) is None
    assert (
        hire(
            world,
            contract="",
            **dict.fromkeys(
                ("months", "pay_yuan", "probation_until", "probation_pay_yuan", "insurance"), ""
            ),
        ).status_code
        == 303
    )
    assert kept(db) is None  # nobody has to say


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"probation_until": "2027-02-07"}, "太长了，最晚到2027年2月6日"),
        ({"months": "11"}, "太长了，最晚到2027年1月6日"),
        ({"months": "2"}, "法律不许有试用期"),
        ({"contract": "task", "months": ""}, "法律不许有试用期"),
        ({"contract": "part_time"}, "法律不许有试用期"),
        ({"contract": "service_agreement"}, "法律不许有试用期"),
        ({"months": ""}, "请填签了几个月"),
        ({"months": "0"}, "1 到 600"),
        ({"contract": ""}, "选一下是什么合同"),
        ({"probation_until": "2026-12-06"}, "不能比上岗那天早"),
        ({"probation_until": ""}, "就要填试用期到哪天"),
        ({"pay_yuan": "2329"}, "最低工资"),
        ({"pay_yuan": "NaN"}, ""),
        ({"probation_pay_yuan": "2399"}, "试用期最少 2,400 元"),
        ({"insurance": "x"}, ""),
    ],
)
def test_what_law_forbids_is_refused_beside_its_field(world, db, changes, told) -> None:
    refused = hire(world, **changes)
    assert refused.status_code == 400
    assert told in refused.get_data(as_text=True)
    assert kept(db) is None
    assert world.state() is MatchState.APPLIED


def test_trial_days_count_into_the_probation(world: World, db: Database, write: Any) -> None:
    with write() as session:
        session.add(
            TrialDay(
                match_id=world.match_id,
                resident_id=world.resident_id,
                employer_id=world.employer_id,
                state=TrialState.AGREED,
                proposed_by=Party.STAFF,
                first_day=START - timedelta(days=5),
                days=3,
                starts_at="08:30",
                ends_at="17:00",
                address="1号楼",
                contact="周店长",
                duties="打扫",
                pay_day_fen=12000,
                cover=InjuryCover.WORK_INJURY,
                agreement=AgreementKind.LABOUR,
                employer_agreed_at=clock.now(),
                employer_agreed_how=Heard.ONLINE,
                resident_agreed_at=clock.now(),
                resident_agreed_how=Heard.ONLINE,
                since=clock.now(),
                created_at=clock.now(),
            )
        )
    long = hire(world)
    assert long.status_code == 400
    assert "最晚到2027年2月3日" in long.get_data(as_text=True)
    assert "试岗 3 天算在里面" in long.get_data(as_text=True)
    assert hire(world, probation_until="2027-02-03").status_code == 303


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_laws_limits(app: Flask) -> None:
    """The same limits, told another way: in days of the shortest and longest months."""

    @given(months=st.integers(1, 120), trial=st.integers(0, 3), kind=st.sampled_from(ContractKind))
    @settings(max_examples=60, deadline=None)
    def within(months: int, trial: int, kind: ContractKind) -> None:
        signed = Signed(contract=kind, months=months)
        last = longest_probation(signed, starts_on=START, trial_days=trial)
        may = kind in {ContractKind.FIXED, ContractKind.OPEN_ENDED} and months >= 3
        assert (last is not None) == may
        if last is not None:
            whole = kind is ContractKind.OPEN_ENDED or months >= 36
            most = 6 if whole else 2 if months >= 12 else 1
            assert 28 * most <= (last - START).days + 1 + trial <= 31 * most

    with app.app_context():
        within()
