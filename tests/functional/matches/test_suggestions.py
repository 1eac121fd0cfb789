"""Suggestions: the ten best, kept up to date, never over a person's decision."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from tests import factories
from webapp.core import clock
from webapp.core.db import Database
from webapp.employers.lifecycle import EmployerState
from webapp.engine.models import SuggestionRequest
from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.suggestions import compute
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState, SensitiveRecord

pytestmark = pytest.mark.usefixtures("in_the_rankings_order")


S = MatchState
TITLES = ("保洁员", "保安", "厨师", "服务员", "收银员", "司机", "缝纫工", "木工", "月嫂", "护工")


def matches_of(db: Database, resident_id: int) -> list[Match]:
    with db.reader() as session:
        query = select(Match).where(Match.resident_id == resident_id)
        return list(session.exec(query.order_by(col(Match.position), col(Match.id))).all())


@pytest.fixture
def resident(db: Database, write: Any) -> Resident:
    with write() as session:
        for title in TITLES + TITLES[:3]:
            factories.make_opening(session, title=title)
        return factories.make_resident(session)


def test_ten_best_with_reasons_and_model(db: Database, resident: Resident) -> None:
    assert compute.compute_suggestions(db) == 10
    found = matches_of(db, resident.id)
    assert [match.position for match in found] == list(range(1, 11))
    scores = [match.score for match in found]
    assert scores == sorted(scores, reverse=True)
    assert "保洁" in found[0].reasons[0]["text"]
    assert all(match.model_version and match.computed_at for match in found)


def test_a_second_run_changes_nothing(db: Database, resident: Resident) -> None:
    compute.compute_suggestions(db)
    before = [(match.id, match.score, match.position) for match in matches_of(db, resident.id)]
    compute.compute_suggestions(db)
    after = [(match.id, match.score, match.position) for match in matches_of(db, resident.id)]
    assert before == after


def test_decisions_stand_and_take_no_place(db: Database, write: Any, resident: Resident) -> None:
    compute.compute_suggestions(db)
    decided = matches_of(db, resident.id)[0]
    with write() as session:
        row = session.get_one(Match, decided.id)
        row.state, row.score = S.DISMISSED, 0.123
    compute.compute_suggestions(db)
    found = matches_of(db, resident.id)
    kept = next(match for match in found if match.id == decided.id)
    assert (kept.state, kept.score, kept.position) == (S.DISMISSED, 0.123, 1)
    fresh = [match for match in found if match.state is S.SUGGESTED]
    assert [match.position for match in fresh] == list(range(1, 11))
    assert decided.opening_id not in {match.opening_id for match in fresh}


def test_what_no_longer_holds_is_dropped(db: Database, write: Any, resident: Resident) -> None:
    compute.compute_suggestions(db)
    first, second, third, fourth, fifth = matches_of(db, resident.id)[:5]
    today = clock.today()
    with write() as session:
        session.get_one(Opening, first.opening_id).state = OpeningState.CLOSED
        session.get_one(Opening, second.opening_id).valid_until = today - timedelta(days=1)
        full = session.get_one(Opening, third.opening_id)
        full.hired_count = full.headcount
        suspended = factories.make_employer(
            session, state=EmployerState.SUSPENDED, verified_at=clock.now()
        )
        session.get_one(Opening, fourth.opening_id).employer_id = suspended.id
        session.get_one(Match, fifth.id).postponed_until = today + timedelta(days=3)
        session.get_one(Opening, fifth.opening_id).state = OpeningState.CLOSED
    compute.compute_suggestions(db)
    found = {match.id: match for match in matches_of(db, resident.id)}
    assert not {first.id, second.id, third.id, fourth.id} & set(found)
    assert found[fifth.id].position is None  # somebody gave it a day: it stays on record


def test_only_who_is_looking_gets_any(db: Database, write: Any, resident: Resident) -> None:
    with write() as session:
        child = factories.make_resident(session, birth_date=clock.today() - timedelta(days=5000))
        limited = factories.make_resident(session, limits=["standing"])
        asking = factories.make_opening(session, title="迎宾", demands=["standing"])
    compute.compute_suggestions(db)
    assert matches_of(db, child.id) == []
    assert asking.id not in {match.opening_id for match in matches_of(db, limited.id)}
    with write() as session:
        session.get_one(Resident, resident.id).state = ResidentState.PAUSED
    compute.compute_suggestions(db, resident_ids=[resident.id])
    assert matches_of(db, resident.id) == []


def test_requests_are_served_and_newer_ones_wait(
    db: Database, write: Any, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write() as session:
        other = factories.make_resident(session)
        request_suggestions(session, resident_id=resident.id)
        request_suggestions(session, resident_id=resident.id)
    with db.reader() as session:
        assert len(session.exec(select(SuggestionRequest)).all()) == 1

    honest = compute.compute_suggestions

    def meanwhile(*args: Any, **kwargs: Any) -> int:
        done = honest(*args, **kwargs)
        with write() as session:  # changed again while we were computing
            request_suggestions(session, resident_id=resident.id)
        return done

    monkeypatch.setattr(compute, "compute_suggestions", meanwhile)
    assert compute.process_requests(db) == 10
    assert matches_of(db, other.id) == []
    with db.reader() as session:
        assert len(session.exec(select(SuggestionRequest)).all()) == 1
    monkeypatch.setattr(compute, "compute_suggestions", honest)
    assert compute.process_requests(db) == 10
    assert compute.process_requests(db) == 0
    with write() as session:
        request_suggestions(session, resident_id=None)
    assert compute.process_requests(db) == 20
    assert len(matches_of(db, other.id)) == 10


def test_nothing_sensitive_reaches_the_ranking(
    db: Database, write: Any, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matching.ranking import batch
    from webapp.core.vocabulary import Sex

    with write() as session:
        person = session.get_one(Resident, resident.id)
        person.sex, person.situation, person.name = Sex.FEMALE, "秘密情况", "秘密名字"
        session.add(
            SensitiveRecord(
                resident_id=resident.id, id_number="500107", disability="秘密", allowance="秘密"
            )
        )
    seen: list[str] = []
    honest = batch.answers

    def spy(suggester: Any, seekers: Any, *rest: Any) -> Any:
        seen.extend(seeker.model_dump_json() for seeker in seekers)
        return honest(suggester, seekers, *rest)

    monkeypatch.setattr(batch, "answers", spy)
    compute.compute_suggestions(db)
    assert seen
    text = "".join(seen)
    for secret in ("秘密", "500107", "female", str(date(1980, 5, 1))):
        assert secret not in text
    assert '"priority":[]' in text
    assert '"household":null' in text


def test_progress_reaches_the_end(db: Database, resident: Resident) -> None:
    told: list[tuple[int, int]] = []
    compute.compute_suggestions(db, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (1, 1)
