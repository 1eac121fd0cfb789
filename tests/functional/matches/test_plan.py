"""`fumin plan`: everybody at once, a group first, on paper or as suggestions to confirm."""

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from tests import factories
from tests.functional.command_line import fumin
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.matches.lifecycle import MatchOrigin, MatchState
from webapp.matches.models import Match
from webapp.matches.suggestions import compute
from webapp.residents.models import ResidentState

pytestmark = pytest.mark.usefixtures("in_the_rankings_order")


@pytest.fixture
def people(write: Any) -> dict[str, int]:
    """One place as a cleaner: who fits it best has a relative at work, the other has nobody."""
    with write() as session:
        factories.make_opening(session, title="保洁员", headcount=1)
        home = factories.make_household(session)
        factories.make_resident(session, household_id=home.id, state=ResidentState.EMPLOYED)
        best = factories.make_resident(session, household_id=home.id, name="王芳")
        needy = factories.make_resident(
            session, name="=李强", wanted=["保安"], skills=["看大门"], reach=None
        )
        return {"best": best.id, "needy": needy.id}


def plan(db: Database, folder: Path, *options: str) -> Any:
    return fumin("plan", *options, database_url=db.url, folder=folder, FUMIN_DEMO="1")


def planned(db: Database) -> list[Match]:
    with db.reader() as session:
        query = select(Match).where(Match.origin == MatchOrigin.STAFF)
        return list(session.exec(query.order_by(col(Match.id))).all())


def test_a_plan_on_paper(db: Database, people: dict[str, int], tmp_path: Path) -> None:
    result = plan(db, tmp_path)
    assert result.exit_code == 0, result.output
    assert "王芳\t保洁员" in result.output
    assert "1 of 2 placed, at most 1 can be" in result.output
    target = tmp_path / "plan.csv"
    first = ("--first", "zero_employment_household")
    result = plan(db, tmp_path, *first, "--output", str(target))
    assert "1 of at most 1 of zero_employment_household" in result.output
    with target.open(encoding="utf-8-sig") as file:
        rows = {row["居民编号"]: row for row in csv.DictReader(file)}
    assert rows[str(people["needy"])]["机会"] == "保洁员"
    assert rows[str(people["best"])]["机会"] == ""
    assert rows[str(people["needy"])]["姓名"] == "'=李强"  # no spreadsheet runs a name
    assert planned(db) == []
    assert plan(db, tmp_path, "--first", "friends").exit_code == 2


def test_a_plan_kept_as_suggestions(
    db: Database, write: Any, people: dict[str, int], tmp_path: Path
) -> None:
    with write() as session:
        factories.make_opening(session, title="保安", headcount=1)
    compute.compute_suggestions(db)
    for _ in range(2):
        result = plan(db, tmp_path, "--store")
        assert "2 suggestions stored" in result.output, result.output
        assert compute.process_requests(db)
    mine = planned(db)
    assert {match.resident_id for match in mine} == set(people.values())
    assert len({match.opening_id for match in mine}) == 2
    assert {match.position for match in mine} == {1}
    assert {match.state for match in mine} == {MatchState.SUGGESTED}
    assert all(match.reasons[0]["code"] == "plan" for match in mine)
    with db.reader() as session:
        every = session.exec(select(Match)).all()
        assert session.exec(select(AuditEvent).where(AuditEvent.action == "match.plan")).all()
    # What the ranking says stands behind, each pair once.
    assert sorted((m.resident_id, m.position) for m in every) == sorted(
        (who, place) for who in people.values() for place in (1, 2)
    )
    with write() as session:
        session.get_one(Match, mine[0].id).state = MatchState.DISMISSED
    compute.compute_suggestions(db)
    with db.reader() as session:
        left = session.exec(
            select(Match).where(
                Match.resident_id == mine[0].resident_id, Match.state == MatchState.SUGGESTED
            )
        ).all()
    assert [match.position for match in left] == [1]
