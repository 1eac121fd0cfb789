"""The 80% figure agrees with a table worked out by hand."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.functional.matches_world import visible_words
from tests.functional.piecework.world import make_world
from tests.functional.training.world import BEGINS, NOON
from tests.functional.training.world import make_world as make_school
from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.vocabulary import Sex
from webapp.employment.lifecycle import Evidence, SpellKind
from webapp.figures.queries import employment as figures
from webapp.figures.queries.employment import employment, freeze_month, frozen_months
from webapp.piecework.models.assignment import Assignment, AssignmentMember
from webapp.residents.models import ResidentState
from webapp.training.services import due, enrolments

K, M, F = SpellKind, Sex.MALE, Sex.FEMALE

# One person a row: born years ago (None: not known), sex, what is on record of them: kind, whether
# it was verified, how many days ago it began and ended (None: still going on).
Spell = tuple[SpellKind, bool, int, int | None]
PEOPLE: list[tuple[int | None, Sex | None, list[Spell]]] = [
    (30, M, [(K.FOUND_HERE, True, 40, None)]),  # in work
    (30, M, [(K.FOUND_ALONE, True, 400, None), (K.SELF_EMPLOYED, True, 40, None)]),  # once, in both
    (45, F, [(K.PUBLIC_POST, True, 40, None)]),  # in work
    (45, F, [(K.SELF_EMPLOYED, True, 40, None)]),  # in business
    (30, F, [(K.FOUND_ALONE, True, 40, 1)]),  # ended yesterday: able, not working
    (30, F, [(K.FOUND_ALONE, True, -3, None)]),  # begins in three days: able, not working
    (30, M, [(K.FOUND_ALONE, False, 40, None)]),  # said: beside
    (30, M, [(K.FOUND_ALONE, False, 40, None), (K.FOUND_HERE, True, 40, None)]),  # said and seen
    (30, F, [(K.PIECEWORK, True, 40, None)]),  # counts by accepted pieces alone
    (30, F, [(K.CARING, True, 40, None)]),  # able, not working
    (30, None, [(K.LOOKING, True, 40, None)]),  # able, not working
    (None, None, []),  # nothing known: able, not working
    (30, F, [(K.STUDYING, True, 40, None)]),  # left out
    (30, F, [(K.STUDYING, True, 40, 1)]),  # was: able
    (30, F, [(K.UNABLE, True, 40, None)]),  # left out
    (30, F, [(K.UNABLE, False, 40, None)]),  # only said so: able
    (30, F, [(K.AWAY, True, 40, None), (K.FOUND_ALONE, True, 40, None)]),  # left out, also working
    (52, F, [(K.RETIRED, True, 40, None)]),  # left out by evidence
    (52, F, []),  # not yet of the age: able
    (60, M, []),  # the age grows: able
    (64, M, [(K.FOUND_ALONE, True, 40, None)]),  # beyond it: left out
    (59, F, [(K.RETIRED, True, 40, None)]),  # beyond it: counted once, by age
    (60, None, []),  # unknown sex: the later age: able
    (15, M, []),  # left out
]
BY_HAND = {
    "registered": 24,
    "too_young": 1,
    "too_old": 2,
    "retired": 1,
    "studying": 1,
    "unable": 1,
    "away": 1,
    "able": 17,
    "working": 5,
    "by_job": 4,
    "by_business": 2,
    "by_piecework": 0,
    "said_working": 1,
    "recorded": 19,
    "in_training": 0,
}
TODAY = date(2026, 11, 30)


@pytest.fixture
def community(write: Any) -> None:
    """Everybody of the table, and one who has left."""
    noon = clock.end_of_day(TODAY) - timedelta(hours=12)
    with clock.frozen(noon), write() as session:
        branch = factories.make_branch(session).id
        for years, sex, spells in PEOPLE:
            born = None if years is None else TODAY.replace(year=TODAY.year - years, month=9)
            resident = factories.make_resident(
                session, birth_date=born, sex=sex, branch_id=branch
            ).id
            for kind, verified, began, ended in spells:
                seen = {} if verified else {"evidence": Evidence.OWN_WORD, "verified_at": None}
                factories.make_spell(
                    session,
                    resident_id=resident,
                    kind=kind,
                    starts_on=TODAY - timedelta(days=began),
                    ends_on=None if ended is None else TODAY - timedelta(days=ended),
                    **seen,
                )
        gone = factories.make_resident(session, state=ResidentState.LEFT, branch_id=branch).id
        factories.make_spell(session, resident_id=gone)
        withdrawn = {"withdrawn_at": clock.now(), "withdrawn_reason": "记错了"}
        factories.make_spell(
            session,
            resident_id=gone - 1,  # the child: what was withdrawn counts nowhere
            **withdrawn,
        )


def test_the_goal_agrees_with_the_table_worked_out_by_hand(community: None, db: Database) -> None:
    with db.reader() as session:
        figure = employment(session, on=TODAY)
    counted = {name: getattr(figure, name) for name in BY_HAND}
    assert counted == BY_HAND
    assert figure.percent == 29.4
    assert figure.percent_recorded == 79.2
    left_out = sum(
        BY_HAND[name] for name in ("too_young", "too_old", "retired", "studying", "unable", "away")
    )
    assert BY_HAND["able"] + left_out == BY_HAND["registered"]  # everybody stands in one place


def test_another_day_has_another_figure(community: None, db: Database) -> None:
    with db.reader() as session:
        before = employment(session, on=TODAY - timedelta(days=1))
        after = employment(session, on=TODAY + timedelta(days=3))
    # Yesterday one job and one study had not ended; in three days one more job has begun.
    assert (before.working, before.studying) == (BY_HAND["working"] + 1, BY_HAND["studying"] + 1)
    assert after.working == BY_HAND["working"] + 1


def test_a_month_is_frozen_as_it_ended(community: None, db: Database, write: Any) -> None:
    first = clock.end_of_day(TODAY) + timedelta(minutes=15)
    with clock.frozen(first):
        with write() as session:
            factories.make_spell(session, starts_on=TODAY + timedelta(days=1))
            assert freeze_month(session)
        with write() as session:
            factories.make_spell(session, starts_on=TODAY - timedelta(days=9))
            assert not freeze_month(session)  # what is frozen stays
    with db.reader() as session:
        (month,) = frozen_months(session)
    assert month.month == TODAY.replace(day=1)
    assert (month.working, month.able) == (BY_HAND["working"], BY_HAND["able"] + 1)
    assert (month.retired, month.piecework_bands) == (1, [0, 0, 0, 0])


def test_training_stands_beside_work(app: Any, db: Database) -> None:
    """Who attends counts; a seat in a run that has not begun does not, nor does the line."""
    with clock.frozen(NOON), app.app_context():
        school = make_school(app, db, learners=3)  # for two seats
        for one in school.learners:
            school.do(one, enrolments.enrol, run_id=school.run_id, resident_id=one.resident_id)
        with db.reader() as session:
            assert employment(session).in_training == 0
    with clock.frozen(BEGINS + timedelta(minutes=1)), app.app_context():
        school.work(due.begin_due)
        with db.reader() as session:
            figure = employment(session)
    assert (figure.in_training, figure.working) == (2, 0)


def test_piecework_counts_those_named_by_what_it_brought(app: Any, db: Database) -> None:
    """Twenty pieces of which eighteen are accepted, at 4 yuan, by two people: 36 yuan each."""
    with app.app_context():
        world = make_world(db)
        world.publish()
        assignment = world.ready()
        with db.transaction(world.staff) as session:
            rate = session.get_one(Assignment, assignment).rate_fen
            other = world.families[1].resident_id
            session.add(AssignmentMember(assignment_id=assignment, resident_id=other, age=30))
            factories.make_spell(session, resident_id=other)  # counted once, though in a job too
            audit.record(session, "test.name", f"resident:{other}")
        delivery = world.submit(assignment, 18)
        with db.reader() as session:
            assert employment(session).by_piecework == 0  # handed in is not accepted
        world.inspect(delivery, accepted=18)
        with db.reader() as session:
            figure = employment(session)
            later = employment(session, on=clock.today() + timedelta(days=61))
    assert rate is not None
    each = 18 * rate // 2
    band = sum(each >= start for start in figures.BANDS) - 1
    assert figure.by_piecework == 2
    assert figure.working == 2
    assert figure.piecework_bands == [2 if number == band else 0 for number in range(4)]
    assert later.by_piecework == 0


def test_the_page_says_who_is_left_out_and_hides_few(
    community: None, write: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
    words = visible_words(sign_in(staff).get("/staff/figures/").get_data(as_text=True))
    for reason in ("退休", "在上学", "身体原因", "长期在外地", "只是本人说的", "登记"):
        assert reason in words
    assert "少于 5" in words
