"""Openings are prepared once for residents who change one after the other, and never used stale."""

from typing import Any

import pytest
from sqlmodel import col, select

from matching.ranking import batch
from tests import factories
from webapp.core.db import Database
from webapp.engine import kept_catalogue
from webapp.matches.models import Match
from webapp.matches.suggestions import compute
from webapp.openings.models import Opening
from webapp.residents.models import Resident

TITLES = ("保洁员", "保安", "厨师", "收银员", "司机", "缝纫工")


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the catalogues that are prepared from now on."""
    monkeypatch.setattr(kept_catalogue, "_kept", None)
    monkeypatch.setattr(compute, "SWAP_RATE", 0.0)
    sizes: list[int] = []

    class Counted(batch.Suggester):
        def __init__(self, openings: Any, ranker: Any = None) -> None:
            sizes.append(len(openings))
            super().__init__(openings, ranker)

    monkeypatch.setattr(batch, "Suggester", Counted)
    return sizes


@pytest.fixture
def residents(write: Any) -> list[Resident]:
    with write() as session:
        for title in TITLES:
            factories.make_opening(session, title=title)
        return [factories.make_resident(session, wanted=[wish]) for wish in ("做保洁", "当保安")]


def told(db: Database, resident: Resident) -> list[tuple[str, float | None]]:
    with db.reader() as session:
        query = (
            select(Opening.title, Match.score)
            .join(Match, col(Match.opening_id) == Opening.id)
            .where(Match.resident_id == resident.id)
            .order_by(col(Match.position))
        )
        return [(title, score) for title, score in session.exec(query).all()]


def test_openings_are_prepared_once(
    db: Database, residents: list[Resident], prepared: list[int]
) -> None:
    for one in residents * 2:
        compute.compute_suggestions(db, resident_ids={one.id})
    assert prepared == [len(TITLES)]
    kept = [told(db, one) for one in residents]
    assert kept[0][0][0] == "保洁员"
    kept_catalogue._kept = None
    compute.compute_suggestions(db)
    assert [told(db, one) for one in residents] == kept
    assert len(prepared) == 2


def test_what_has_changed_is_prepared_anew(
    db: Database, write: Any, residents: list[Resident], prepared: list[int]
) -> None:
    one = residents[0]
    compute.compute_suggestions(db, resident_ids={one.id})
    with write() as session:
        row = session.exec(select(Opening).where(Opening.title == "保洁员")).one()
        row.title = "货车司机"
        factories.make_opening(session, title="小区保洁")
    compute.compute_suggestions(db, resident_ids={one.id})
    assert told(db, one)[0][0] == "小区保洁"
    assert "保洁员" not in {title for title, _ in told(db, one)}
    assert prepared == [len(TITLES), len(TITLES) + 1]
    with write() as session:
        row = session.exec(select(Opening).where(Opening.title == "小区保洁")).one()
        row.hired_count = row.headcount
    compute.compute_suggestions(db, resident_ids={one.id})
    assert "小区保洁" not in {title for title, _ in told(db, one)}


def test_who_comes_while_it_is_used_prepares_their_own(prepared: list[int]) -> None:
    with (
        kept_catalogue.suggester_for([], None, 1) as one,
        kept_catalogue.suggester_for([], None, 1) as other,
    ):
        assert one is not other
    with kept_catalogue.suggester_for([], None, 1) as again:
        assert again is one
    assert prepared == [0, 0]


def test_it_is_made_anew_after_many_seekers(
    prepared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_catalogue, "_MAX_SERVED", 2)
    for _ in range(3):
        with kept_catalogue.suggester_for([], None, 1):
            pass
    assert prepared == [0, 0]
