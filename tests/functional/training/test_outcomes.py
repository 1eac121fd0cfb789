"""What courses led to: counted from spells on the day, and never told of a few people."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.functional.training.test_pages import SignIn, see
from tests.functional.training.world import BEGINS, NOON, World, make_world
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.suppression import FEW
from webapp.employment.lifecycle import WORK, Evidence, SpellKind
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.enrolments import Enrolment
from webapp.training.queries.outcomes import Outcome, course_outcome, public_outcome, tell
from webapp.training.services import due, enrolments

K = SpellKind
PASSED_ON = BEGINS + timedelta(days=3)
DAY = PASSED_ON.date() + timedelta(days=90)


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """Eight people who passed a course on one day."""
    with clock.frozen(NOON):
        world = make_world(app, db, learners=8, seats=8)
        for one in world.learners:
            world.do(one, enrolments.enrol, run_id=world.run_id, resident_id=one.resident_id)
    with clock.frozen(BEGINS):
        world.work(due.begin_due)
    with db.transaction(SYSTEM) as session:
        for one in world.learners:
            row = session.get_one(Enrolment, world.enrolment(one).id)  # type: ignore[union-attr]
            row.state, row.since = EnrolmentState.PASSED, PASSED_ON
    return world


def spell(world: World, nth: int, kind: K = K.FOUND_HERE, **overrides: Any) -> None:
    with world.db.transaction(SYSTEM) as session:
        values = {"starts_on": DAY - timedelta(days=20), "kind": kind, **overrides}
        factories.make_spell(session, resident_id=world.learners[nth].resident_id, **values)


def outcome_on(world: World, day: date) -> Outcome:
    noon = clock.end_of_day(day) - timedelta(hours=12)
    with clock.frozen(noon), world.app.test_request_context(), world.db.reader() as session:
        return course_outcome(session, world.course_id)


def test_who_passed_is_looked_at_on_the_ninetieth_day(world: World) -> None:
    spell(world, 0)  # counts
    spell(world, 1, K.SELF_EMPLOYED, starts_on=DAY)  # on the very day
    spell(world, 2, starts_on=DAY - timedelta(days=40), ends_on=DAY - timedelta(days=1))  # over
    spell(world, 3, starts_on=DAY + timedelta(days=1))  # too late
    spell(world, 4, evidence=Evidence.OWN_WORD, verified_at=None)  # only said
    spell(world, 5, K.PIECEWORK)  # beside
    spell(world, 6, K.FOUND_ALONE, starts_on=date(2026, 1, 1))  # in work before the course
    spell(world, 6, K.SELF_EMPLOYED)  # counts once
    assert outcome_on(world, DAY - timedelta(days=1)) == Outcome(0, {}, 0, 0)
    expected = Outcome(8, {K.FOUND_HERE: 1, K.SELF_EMPLOYED: 1, K.FOUND_ALONE: 1}, 2, 1)
    assert outcome_on(world, DAY) == expected
    assert outcome_on(world, DAY + timedelta(days=400)) == expected  # whatever happened since
    # The public figure forgets who passed years ago.
    noon = clock.end_of_day(DAY + timedelta(days=700)) - timedelta(hours=12)
    with clock.frozen(noon), world.db.reader() as session:
        assert public_outcome(session).passed == 0


def test_a_second_pass_of_one_person_counts_no_second_time(world: World) -> None:
    with world.db.transaction(SYSTEM) as session:
        one = session.get_one(Enrolment, world.enrolment(world.learners[0]).id)  # type: ignore[union-attr]
        other = session.get_one(Enrolment, world.enrolment(world.learners[1]).id)  # type: ignore[union-attr]
        other.state = EnrolmentState.NOT_PASSED
        session.flush()
        assert one.state is EnrolmentState.PASSED
    assert outcome_on(world, DAY).passed == 7


def test_pages_tell_what_may_be_told(world: World, client: FlaskClient, sign_in: SignIn) -> None:
    staff_page = f"/staff/training/{world.course_id}"
    noon = clock.end_of_day(DAY) - timedelta(hours=12)
    with clock.frozen(noon - timedelta(days=1)):
        staff = sign_in(world.account(world.staff))
        assert "还不到 5 个人，先不公布" in see(staff, staff_page)
        assert "学完以后怎么样了" not in see(client, "/training/")
    for nth in range(6):
        spell(world, nth, K.FOUND_HERE if nth < 5 else K.SELF_EMPLOYED)
    with clock.frozen(noon):
        for browser, page in ((staff, staff_page), (client, "/training/")):
            words = see(browser, page)
            # Two had no work: how many exactly would name them.
            assert "8 个人里，至少 4 个人那天有活干" in words
            assert "社区介绍的工作" not in words
            assert "第 90 天那一天" in words
    for nth in (6, 7):
        spell(world, nth, K.SELF_EMPLOYED)
    with clock.frozen(noon):
        words = see(client, "/training/")
        assert "8 个人里，8 个人那天有活干" in words
        assert "社区介绍的工作" not in words  # three had a business: five and three make eight


counts = st.builds(
    lambda kinds, without, newly, piecework: Outcome(
        sum(kinds.values()) + without,
        kinds,
        min(newly, sum(kinds.values())),
        min(piecework, without),
    ),
    st.dictionaries(st.sampled_from(sorted(WORK)), st.integers(1, 12)),
    st.integers(0, 20),
    st.integers(0, 20),
    st.integers(0, 20),
)


@given(counts)
def test_no_count_of_a_few_can_be_worked_out(outcome: Outcome) -> None:
    """Whoever reads the page knows which outcomes fit it: no cell of one to four is settled."""
    told = tell(outcome)
    if told.passed is None:
        assert outcome.passed < FEW
        return
    assert told.passed == outcome.passed
    fitting = [
        (in_work, newly, piecework)
        for in_work, newly, piecework in product(range(outcome.passed + 1), repeat=3)
        if newly <= in_work and in_work + piecework <= outcome.passed
        and (told.in_work is None or told.in_work == in_work)
        and (told.at_least is None or in_work >= told.at_least)
        and (told.newly is None or told.newly == newly)
        and (told.piecework is None or told.piecework == piecework)
    ]  # fmt: skip
    assert fitting
    cells: list[Callable[[tuple[int, int, int]], int]] = [
        lambda one: one[0],
        lambda one: outcome.passed - one[0],
        lambda one: one[1],
        lambda one: one[0] - one[1],
        lambda one: one[2],
        lambda one: outcome.passed - one[0] - one[2],
    ]
    for cell in cells:
        possible = {cell(one) for one in fitting}
        assert len(possible) > 1 or possible.pop() not in range(1, FEW)
    if told.kinds:
        assert told.in_work == sum(n for _kind, n in told.kinds) + told.others
        assert all(n >= FEW for _kind, n in told.kinds)
        assert told.others == 0 or told.others >= FEW
