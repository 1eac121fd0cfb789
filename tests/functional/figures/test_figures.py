"""The figures agree with a count by hand, hide what speaks of few, and rank nobody."""

import statistics
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import select

from tests import factories
from tests.functional.matches_world import visible_words
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.vocabulary import Kind
from webapp.figures.queries.caseload import caseloads
from webapp.figures.queries.funnel import durations, funnel
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import MatchEvent

S = MatchState
SignIn = Callable[[Account], FlaskClient]


def history(session: Any, opening_id: int, path: list[tuple[str, MatchState, float]]) -> None:
    """Write one person's match with its steps: (action, state reached, days ago)."""
    last = path[-1][1]
    more = {"start_date": clock.today(), "evidence": "合同"} if last is S.HIRED else {}
    match = factories.make_match(session, opening_id=opening_id, state=last, **more)
    before = "suggested"
    for action, state, days in path:
        session.add(
            MatchEvent(
                match_id=match.id,
                at=clock.now() - timedelta(days=days),
                action=action,
                from_state=before,
                to_state=state.value,
            )
        )
        before = state.value


def test_funnel_and_times_agree_with_a_count_by_hand(app: Flask, db: Database, write: Any) -> None:
    offered = [3.0, 1.0, 2.5, 6.0, 4.0, 10.0, 0.5]  # days until the answer
    with write() as session:
        vacancy = factories.make_opening(session, headcount=50).id
        course = factories.make_opening(session, kind=Kind.COURSE).id
        for days in offered:
            history(
                session,
                vacancy,
                [("offer", S.OFFERED, 20), ("say_interested", S.INTERESTED, 20 - days)],
            )
        for number in range(6):
            path = [("offer", S.OFFERED, 30), ("hire", S.HIRED, 10)]
            undone = [("undo_hire", S.APPLIED, 9)] if number == 0 else []
            history(session, vacancy, [*path, *undone])
        history(session, vacancy, [("offer", S.OFFERED, 200), ("hire", S.HIRED, 100)])  # before
        history(session, course, [("offer", S.OFFERED, 3)])
    since = clock.now() - timedelta(days=90)
    with app.test_request_context(), db.reader() as session:
        reached = {one.state: one.people for one in funnel(session, since=since)}
        assert reached[S.OFFERED] == 14
        assert reached[S.INTERESTED] == 13
        assert reached[S.HIRED] == 5  # the undone one is none
        assert reached[S.DAY_30] == 0
        of_courses = funnel(session, since=since, kind=Kind.COURSE)
        assert of_courses[0].people is None  # one person: not told
        times = {one.state: one for one in durations(session, since=since)}
        lengths = sorted([*offered, *[20.0] * 6])
        assert times[S.OFFERED].ended == 13
        assert times[S.OFFERED].median == statistics.median_low(lengths)
        assert times[S.OFFERED].p90 == lengths[-(-9 * 13 // 10) - 1]
        assert times[S.SEEN].median is None
        of_courses = durations(session, since=since, kind=Kind.COURSE)
        assert all(one.median is None for one in of_courses)


@pytest.mark.slow
def test_members_stand_by_branch_and_name_and_few_is_few(
    app: Flask, db: Database, write: Any, sign_in: SignIn
) -> None:
    with write() as session:
        branches = [factories.make_branch(session, name=name) for name in ("富民甲", "便民乙")]
        staff = [
            factories.make_account(session, role=Role.STAFF, branch_id=branch.id, name=name)
            for branch, name in product(branches, ("王乙", "李甲"))
        ]
        for account, homes in zip(staff, (1, 6, 0, 9), strict=True):
            for _ in range(homes):
                home = factories.make_household(session, responsible_id=account.id)
                factories.make_resident(session, household_id=home.id, branch_id=branches[0].id)
    with db.reader() as session:
        rows = caseloads(session)
        first = session.exec(select(Account).where(Account.id == staff[0].id)).one()
    assert [(one.branch, one.name) for one in rows] == sorted(
        ((one.branch, one.name) for one in rows), key=lambda row: (row[0] != "富民甲", row[1])
    )
    assert {one.households for one in rows} == {None, 6, 9}  # who answers for nobody is not listed
    queries: list[str] = []
    engine = db.read_engine
    browser = sign_in(first)
    browser.get("/staff/figures/")

    def count(*args: Any) -> None:
        queries.append(args[2])

    event.listen(engine, "before_cursor_execute", count)
    try:
        page = browser.get("/staff/figures/?days=365&kind=vacancy")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert page.status_code == 200
    assert len(queries) < 20
    words = visible_words(page.get_data(as_text=True))
    assert "少于 5" in words
    for query in ("days=x", "days=-1", "kind=%27", "days=365&kind=venture"):
        assert browser.get(f"/staff/figures/?{query}").status_code == 200
