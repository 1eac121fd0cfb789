"""Who is rung: the shift, else a secretary, else the admin; who is away is not."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from tests.factories import make_account, make_branch
from tests.functional.branches.world import MONDAY, Team, add, make_absence, make_shift
from webapp.accounts.models import Account
from webapp.branches.lifecycle import DutyVia
from webapp.branches.models import MemberProfile
from webapp.branches.queries.members import is_away, secretary_of
from webapp.branches.queries.rota import Gap, gaps, on_duty, uncovered
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def rung(db: Database, moment: datetime = MONDAY, **more: Any) -> tuple[str, str, DutyVia] | None:
    with db.reader() as session:
        found = on_duty(session, moment, **more)
    return None if found is None else (found.name, found.phone, found.via)


def test_the_chain_shift_secretary_admin(db: Database, write: Any, team: Team) -> None:
    assert rung(db) == ("周正华", "023-61230001", DutyVia.SECRETARY)
    with write() as session:
        make_shift(session, team.member, MONDAY - HOUR, MONDAY + HOUR)
    assert rung(db) == ("唐敏", "023-61230009", DutyVia.SHIFT)
    assert rung(db, MONDAY - HOUR) == ("唐敏", "023-61230009", DutyVia.SHIFT)
    assert rung(db, MONDAY + HOUR) == ("周正华", "023-61230001", DutyVia.SECRETARY)  # it has ended
    with write() as session:
        make_absence(session, team.member, (MONDAY.date(), MONDAY.date()))
        make_absence(session, team.secretary, (MONDAY.date(), MONDAY.date()))
    assert rung(db) == ("赵光明", "023-61230001", DutyVia.ADMIN)
    assert rung(db, MONDAY + DAY) == ("周正华", "023-61230001", DutyVia.SECRETARY)


def test_of_two_on_duty_who_came_last_is_rung_first(db: Database, write: Any, team: Team) -> None:
    with write() as session:
        make_shift(session, team.member, MONDAY - HOUR, MONDAY + 3 * HOUR, "1")
        make_shift(session, team.third, MONDAY, MONDAY + HOUR, "2")
    assert rung(db) == ("杨兴全", "2", DutyVia.SHIFT)
    assert rung(db, MONDAY + HOUR) == ("唐敏", "1", DutyVia.SHIFT)
    with write() as session:
        make_absence(session, team.third, (MONDAY.date(), MONDAY.date()))
    assert rung(db) == ("唐敏", "1", DutyVia.SHIFT)


def test_which_secretary(db: Database, write: Any, team: Team) -> None:
    with write() as session:
        other = make_branch(session, phone="023-2")
        second = make_account(
            session, role=Role.STAFF, branch_id=other.id, name="罗春燕", is_secretary=True
        )
    assert rung(db) == ("周正华", "023-61230001", DutyVia.SECRETARY)
    assert rung(db, branch_id=other.id) == ("罗春燕", "023-2", DutyVia.SECRETARY)
    with write() as session:
        week = [{"days": "12345", "start": "09:00", "end": "17:00"}]
        row = MemberProfile(
            account_id=second.id, hours=week, duty_phone="023-3", updated_at=clock.now()
        )
        add(session, row)
    assert rung(db) == ("罗春燕", "023-3", DutyVia.SECRETARY)  # here by their hours
    assert rung(db, branch_id=team.branch.id) == ("周正华", "023-61230001", DutyVia.SECRETARY)


def test_nobody_at_all(db: Database) -> None:
    assert rung(db) is None


def test_a_branch_has_one_secretary_in_service(db: Database, write: Any, team: Team) -> None:
    with db.reader() as session:
        assert secretary_of(session, team.branch.id) == team.secretary.id
        assert secretary_of(session, 999) is None
    for account, changes in (
        (team.member, {"is_secretary": True}),  # a second one
        (team.secretary, {"enabled": False}),
        (team.boss, {"is_secretary": True}),
    ):
        with pytest.raises(DatabaseError), write() as session:
            session.exec(update(Account).where(Account.id == account.id).values(**changes))


def test_leave_counts_whole_days_of_chongqing(db: Database, write: Any, team: Team) -> None:
    with write() as session:
        gone = make_absence(session, team.member, (MONDAY.date(), MONDAY.date() + DAY))
    first = MONDAY.replace(hour=0)

    def away(moment: datetime) -> bool:
        with db.reader() as session:
            return is_away(session, team.member.id, moment)

    seconds = timedelta(seconds=1)
    assert [away(first - seconds), away(first)] == [False, True]
    assert [away(first + 2 * DAY - seconds), away(first + 2 * DAY)] == [True, False]
    with write() as session:
        session.merge(gone).cancelled_at = clock.now()
    assert not away(first)


def test_gaps_leave_out_who_is_away(db: Database, write: Any, team: Team) -> None:
    start, end = MONDAY, MONDAY + 2 * DAY
    with write() as session:
        make_shift(session, team.member, MONDAY, MONDAY + 10 * HOUR)
        make_shift(session, team.third, MONDAY + 9 * HOUR, MONDAY + 30 * HOUR)
    with db.reader() as session:
        assert gaps(session, start, end) == [Gap(MONDAY + 30 * HOUR, end)]
    with write() as session:
        make_absence(session, team.third, (MONDAY.date() + DAY, MONDAY.date() + DAY))
    midnight = MONDAY.replace(hour=0) + DAY
    with db.reader() as session:
        assert gaps(session, start, end) == [Gap(midnight, end)]


def test_nobody_is_on_duty_twice_at_once(write: Any, team: Team) -> None:
    with write() as session:
        make_shift(session, team.member, MONDAY, MONDAY + 4 * HOUR)
        make_shift(session, team.member, MONDAY + 4 * HOUR, MONDAY + 5 * HOUR)
        moved = make_shift(session, team.third, MONDAY, MONDAY + HOUR)
    for start, end in ((-1, 1), (1, 2), (3, 9), (0, 4)):
        with pytest.raises(DatabaseError), write() as session:
            make_shift(session, team.member, MONDAY + start * HOUR, MONDAY + end * HOUR)
    with pytest.raises(DatabaseError), write() as session:
        session.merge(moved).account_id = team.member.id


minutes = st.integers(0, 240)


@given(st.lists(st.tuples(minutes, minutes), max_size=12))
def test_what_is_covered_and_what_is_not_make_up_the_whole(spans: list[tuple[int, int]]) -> None:
    def at(minute: int) -> datetime:
        return MONDAY + timedelta(minutes=minute)

    covered = [(at(low), at(high)) for low, high in spans if low < high]
    found = uncovered(covered, at(60), at(180))
    for minute in range(60, 180):
        here = at(minute)
        is_covered = any(low <= here < high for low, high in covered)
        assert is_covered != any(gap.starts_at <= here < gap.ends_at for gap in found), minute
    assert all(one.ends_at < two.starts_at for one, two in pairwise(found))
