"""The lists of a quarter: what is in them, once, frozen before the result that draws is known."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from tests.factories import make_account, make_opening
from tests.functional.pages import see
from tests.functional.piecework.world import refused_by_database
from tests.functional.spot_checks.conftest import DAY, FIRST, SUMMER, Quarter, hire
from webapp.accounts.models import Account
from webapp.branches.lifecycle import Ending
from webapp.branches.models.rota import MemberAbsence
from webapp.branches.services import leaving
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.draws import order
from webapp.draws import service as draws
from webapp.draws.models import Draw
from webapp.matches.models import Match, MatchEvent
from webapp.ops import scheduled_jobs, scheduler, verify
from webapp.residents.models import Household, Resident
from webapp.spot_checks.lifecycle import Finding, SpotKind
from webapp.spot_checks.models import SpotCheck
from webapp.spot_checks.queries import populations
from webapp.spot_checks.services import assigning

JOB = next(job for job in scheduled_jobs.JOBS if job.name == "spot_checks")
DRAWN = datetime(2026, 10, 4, 21, 30, tzinfo=clock.LOCAL)  # a Sunday


@pytest.mark.job("spot_checks")
def test_the_job_takes_all_of_a_small_quarter_once(
    quarter: Quarter, app: Flask, db: Database
) -> None:
    with clock.frozen(datetime(2026, 9, 30, 23, 59, tzinfo=clock.LOCAL)):
        assert scheduler.run_once(db, JOB)
        assert quarter.lines() == []  # the quarter is not over, and nobody was hired in the second

    def run(_number: int) -> bool:
        with app.app_context(), clock.frozen(FIRST):
            return scheduler.run_once(db, JOB)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [False, True]
    check = quarter.check()
    assert (check.quarter, check.kind, check.population, check.sample, check.draw_id) == (
        "2026-Q3", SpotKind.HIRE, 5, 5, None,
    )  # fmt: skip
    assert check.selected_at is not None
    given = Counter(quarter.reviewed_by(line) for line in quarter.lines())
    assert sum(given.values()) == 5
    assert set(given) == {"bian", "bian_one", "an"}  # nobody of the branch that confirmed them
    assert max(given.values()) == 2
    assert {line.due_on for line in quarter.lines()} == {FIRST.date() + 30 * DAY}
    with clock.frozen(FIRST + 40 * DAY):
        assert scheduler.run_once(db, JOB)
    assert len(quarter.lines()) == 5
    assert verify.faults(db) == []


def test_two_who_make_the_lists_at_once_make_one(quarter: Quarter, app: Flask) -> None:
    def run(_number: int) -> bool:
        with app.app_context(), clock.frozen(FIRST):
            try:
                return quarter.make() == 5
            except Exception:  # the other was first, and the database says so
                return False

    with ThreadPoolExecutor(2) as pool:
        assert True in list(pool.map(run, range(2)))
    assert len(quarter.lines()) == 5


def test_each_hire_is_of_one_quarter_and_what_was_taken_back_of_none(
    people: Quarter, write: Any
) -> None:
    july = datetime(2026, 7, 1, tzinfo=clock.LOCAL)
    october = datetime(2026, 10, 1, tzinfo=clock.LOCAL)
    second = timedelta(seconds=1)
    with write() as session:
        make = {
            name: hire(session, at, by=None)
            for name, at in (
                ("before", july - second), ("first", july), ("last", october - second),
                ("after", october), ("undone", july),
            )
        }  # fmt: skip
        session.add(
            MatchEvent(
                match_id=make["undone"], at=october, action="undo_hire",
                from_state="hired", to_state="interview",
            )
        )  # fmt: skip
    with people.db.reader() as session:
        found = populations.of(session, SpotKind.HIRE, "2026-Q3")
    assert found == [make["first"], make["last"]]


def test_a_large_quarter_is_drawn_by_a_result_to_come(quarter: Quarter, write: Any) -> None:
    with write() as session:
        opening = make_opening(session, headcount=99, hired_count=15)
        for _one in range(15):
            hire(session, SUMMER, by=quarter.accounts["fu_confirms"].id, opening_id=opening.id)
    quarter.make()
    check = quarter.check()
    assert (check.population, check.sample, check.selected_at) == (20, 13, None)
    assert "名单定了，等开奖" in see(quarter.browse("an"), "/staff/spot-checks/")
    with quarter.db.reader() as session:
        first = session.get_one(Draw, check.draw_id)
    assert (first.list_hash, first.source_day) == (check.list_hash, DRAWN.date())
    assert first.frozen_at is not None
    # A draw that is called off in time is begun anew, with the same hires.
    quarter.do("an", draws.cancel, draw_id=first.id, reason="打错了")
    check = quarter.check()
    assert check.draw_id != first.id
    assert not any(line.selected for line in quarter.lines())
    with clock.frozen(DRAWN):
        for name in ("fu", "an"):
            quarter.do(
                name, draws.type_seed,
                draw_id=check.draw_id, numbers="2 7 11 19 26 30 8", round_number=1,
            )  # fmt: skip
        check = quarter.check()
        page = see(quarter.browse("an"), f"/staff/spot-checks/{check.id}")
    assert check.selected_at == DRAWN
    with quarter.db.reader() as session:
        draw = session.get_one(Draw, check.draw_id)
    assert f"/draws/{draw.code}" in page
    drawn = order.drawn_order(draw.seed, order.codes_in(draw.list_text))[:13]
    chosen = [line for line in quarter.lines() if line.selected]
    assert {line.code for line in chosen} == set(drawn)
    assert sorted(Counter(quarter.reviewed_by(line) for line in chosen).values()) == [4, 4, 5]
    assert verify.faults(quarter.db) == []
    for statement in (
        "UPDATE spot_check_line SET selected = TRUE",
        "UPDATE spot_check_line SET code = code",
        "UPDATE spot_check SET list_hash = list_hash",
    ):
        assert refused_by_database(quarter, statement), statement  # type: ignore[arg-type]
    public = see(quarter.browse("an"), f"/draws/{draw.code}")
    assert "2026年第3季度录用，抽查哪些" in public
    assert "居民" not in draw.list_text


def test_who_has_a_hand_in_it_or_lives_there_never_looks(quarter: Quarter, write: Any) -> None:
    """Each is barred for a reason of their own; who is left looks at all of that hire."""
    with write() as session:
        matches = session.exec(select(Match).order_by(Match.id)).all()
        one = matches[0]
        session.add(
            MatchEvent(
                match_id=one.id, at=SUMMER, account_id=quarter.accounts["bian"].id,
                action="hear_resident", from_state="hired", to_state="hired",
            )
        )  # fmt: skip
        session.get_one(Resident, one.resident_id).phone = quarter.accounts["an"].phone
        resident = session.get_one(Resident, matches[1].resident_id)
        session.get_one(Household, resident.household_id).responsible_id = quarter.accounts[
            "bian_one"
        ].id
    quarter.make()
    first, second, *_others = quarter.lines()
    assert quarter.reviewed_by(first) == "bian_one"
    assert quarter.reviewed_by(second) in {"bian", "an"}


def test_who_is_away_gets_nothing_while_others_are_here(quarter: Quarter, write: Any) -> None:
    with write() as session:
        for name in ("bian", "an"):
            account = quarter.accounts[name]
            session.add(
                MemberAbsence(
                    account_id=account.id, from_on=FIRST.date(), until_on=FIRST.date(),
                    noted_at=FIRST, noted_by_id=account.id,
                )
            )  # fmt: skip
    quarter.make()
    assert {quarter.reviewed_by(line) for line in quarter.lines()} == {"bian_one"}


def test_what_nobody_may_look_at_waits_until_somebody_may(
    people: Quarter, write: Any, db: Database
) -> None:
    with write() as session:
        for name in ("bian", "bian_one", "an"):
            account = session.get_one(Account, people.accounts[name].id)
            account.enabled = account.is_secretary = False
        hire(session, SUMMER, by=people.accounts["fu"].id)
    with clock.frozen(FIRST):
        people.make()
        assert [line.reviewer_id for line in people.lines()] == [None]
        page = see(people.browse("fu"), "/staff/spot-checks/")
        assert "等您的" not in page
    with clock.frozen(FIRST + 3 * DAY):
        with write() as session:
            newcomer = make_account(session, role=Role.STAFF)
        assert scheduler.run_once(db, JOB)
        [line] = people.lines()
        assert (line.reviewer_id, line.due_on) == (newcomer.id, (FIRST + 33 * DAY).date())


def test_a_reviewer_who_came_to_the_branch_is_replaced(
    quarter: Quarter, write: Any, db: Database
) -> None:
    quarter.make()
    with write() as session:
        session.get_one(Account, quarter.accounts["bian_one"].id).branch_id = quarter.accounts[
            "fu"
        ].branch_id
    with quarter.app.app_context(), db.transaction(SYSTEM) as session:
        assert assigning.assign(session) >= 1
    assert {quarter.reviewed_by(line) for line in quarter.lines()} == {"bian", "an"}


@pytest.mark.parametrize("ending", Ending)
def test_who_leaves_hands_over_to_the_branch_and_what_that_one_may_not_see_to_others(
    quarter: Quarter, write: Any, ending: Ending
) -> None:
    """The successor has a hand in one of the hires."""
    with write() as session:
        boss = make_account(session, role=Role.ADMIN)
        for name in ("an",):
            session.get_one(Account, quarter.accounts[name].id).is_secretary = False
            session.get_one(Account, quarter.accounts[name].id).enabled = False
    quarter.make()
    mine = [line for line in quarter.lines() if quarter.reviewed_by(line) == "bian_one"]
    assert len(mine) == 2
    with write() as session:
        session.add(
            MatchEvent(
                match_id=mine[0].match_id, at=SUMMER, account_id=quarter.accounts["bian"].id,
                action="see", from_state="applied", to_state="seen",
            )
        )  # fmt: skip
    quarter.accounts["boss"] = boss
    to = quarter.accounts["fu"].branch_id if ending is Ending.MOVES else None
    with quarter.db.reader() as session:
        counts = leaving.duties_of(session, quarter.actor("boss"), quarter.accounts["bian_one"].id)
    assert [(one.words, one.count) for one in counts] == [("要看的抽查", 2)]
    quarter.do(
        "boss", leaving.hand_over, account_id=quarter.accounts["bian_one"].id,
        successor_id=quarter.accounts["bian"].id, ending=ending, to_branch_id=to,
    )  # fmt: skip
    after = {line.id: line.reviewer_id for line in quarter.lines()}
    assert after[mine[0].id] is None  # nobody else is left
    assert after[mine[1].id] == quarter.accounts["bian"].id


def test_a_file_that_is_deleted_leaves_the_line(quarter: Quarter, write: Any) -> None:
    quarter.make()
    line = quarter.lines()[0]
    with write() as session:
        for event in session.exec(select(MatchEvent).where(MatchEvent.match_id == line.match_id)):
            session.delete(event)
        session.delete(session.get_one(Match, line.match_id))
    assert quarter.lines()[0].match_id is None
    page = see(quarter.browse(quarter.reviewed_by(line)), f"/staff/spot-checks/lines/{line.id}")
    assert "档案已经删了" in page
    assert not [one for one in verify.faults(quarter.db) if "spot check" in one]


def test_verify_tells_of_a_list_that_is_not_the_published_one(quarter: Quarter, write: Any) -> None:
    with write() as session:
        session.add(
            SpotCheck(
                quarter="2026-Q2", kind=SpotKind.HIRE, population=2, sample=2,
                confidence_permille=900, margin_permille=150, list_hash="0" * 64,
                made_at=FIRST, selected_at=FIRST,
            )
        )  # fmt: skip
    assert verify.faults(quarter.db) == [
        "spot check 2026-Q2 hire: 0 of 2 in its list",
        "spot check 2026-Q2 hire: the list is not the one of the hash",
        "spot check 2026-Q2 hire: 0 of 2 in the sample",
    ]


def test_the_database_itself_holds_what_was_found(quarter: Quarter) -> None:
    quarter.make()
    line, other = quarter.lines()[:2]
    own = quarter.accounts["fu_other"].id
    for statement in (
        f"UPDATE spot_check_line SET reviewer_id = {own} WHERE id = {other.id}",
        f"UPDATE spot_check_line SET reply = 'x' WHERE id = {other.id}",
        f"UPDATE spot_check_line SET measures = 'x' WHERE id = {other.id}",
        f"UPDATE spot_check_line SET words = 'x' WHERE id = {other.id}",
        "UPDATE spot_check SET sample = 1",
    ):
        assert refused_by_database(quarter, statement), statement  # type: ignore[arg-type]
    quarter.find(line, Finding.NOT)
    for statement in (
        "UPDATE spot_check_line SET finding = 'as_it_should'",
        "UPDATE spot_check_line SET words = '好' WHERE finding IS NOT NULL",
        "UPDATE spot_check_line SET member_id = NULL",
        f"UPDATE spot_check_line SET match_id = {other.match_id} WHERE id = {line.id}",
        "DELETE FROM spot_check_line",
        "DELETE FROM spot_check",
        f"UPDATE spot_check_line SET reviewer_id = NULL WHERE id = {line.id}",
    ):
        assert refused_by_database(quarter, statement), statement  # type: ignore[arg-type]
