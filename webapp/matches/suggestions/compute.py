"""Compute suggestions: read in one go, rank outside any transaction, write in short ones.

Only rows in state ``suggested`` are written or deleted; whatever a person has decided stands.
Runs may overlap: each chunk locks its rows in one order, a pair is unique in the database,
and the later run's answer stays.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.engine import ranking, serving
from webapp.engine.models import SuggestionRequest
from webapp.matches.lifecycle import MatchOrigin, MatchState
from webapp.matches.models import Match
from webapp.matches.suggestions.picks import TOP, fill, read_rooms
from webapp.matches.suggestions.snapshot import IDS_AT_ONCE, in_blocks, read_snapshot

# Share of residents whose first suggestion may change places with another, so that what staff
# decide tells of the suggestions and not only of their order. Others' turn each week.
SWAP_RATE = 0.05
RANKED_AT_ONCE = 256
WRITTEN_AT_ONCE = 64

Progress = Callable[[int, int], None]


def compute_suggestions(
    db: Database,
    *,
    resident_ids: Collection[int] | None = None,
    progress: Progress | None = None,
) -> int:
    """Bring the suggestions of some residents, or of all, up to date; return how many stand.

    Every seeking resident keeps at most the ten best openings they may do and have not met
    before; who is not seeking, or says nothing to go by, keeps none. ``progress`` is called with
    (done, total).
    """
    with db.reader() as session:
        read = read_snapshot(session, resident_ids)
        rooms = read_rooms(session)
    total = len(read.seekers)
    _drop_all(db, read.without)
    written = done = 0
    model = serving.model_in_use(db) if total else ranking.prior_model()
    period = clock.local(clock.now()).strftime("%G-W%V")
    for some in in_blocks(read.seekers, RANKED_AT_ONCE):
        answers = list(
            ranking.best_openings(
                some,
                read.openings,
                top=TOP,
                leave_out=lambda who: read.met.get(who, set()),
                model=model,
                period=period,
                swap_rate=SWAP_RATE,
            )
        )
        for chunk in in_blocks(answers, WRITTEN_AT_ONCE):
            written += _write(db, chunk, model.version, rooms)
            done += len(chunk)
            if progress:
                progress(done, total)
    if resident_ids is None:
        db.refresh_statistics()
    return written


def process_requests(db: Database) -> int:
    """Compute what was asked for since the last run; what is asked meanwhile waits for the next."""
    with db.reader() as session:
        requests = session.execute(
            select(
                col(SuggestionRequest.id),
                col(SuggestionRequest.resident_id),
                col(SuggestionRequest.requested_at),
            )
        ).all()
    if not requests:
        return 0
    everybody = any(request.resident_id is None for request in requests)
    wanted = {request.resident_id for request in requests if request.resident_id is not None}
    done = compute_suggestions(db, resident_ids=None if everybody else wanted)
    with db.transaction(SYSTEM) as session:
        for request in requests:
            session.exec(
                delete(SuggestionRequest).where(
                    col(SuggestionRequest.id) == request.id,
                    col(SuggestionRequest.requested_at) == request.requested_at,
                )
            )
    return done


def nightly(db: Database) -> int:
    """Compute everybody's suggestions anew: days pass, openings end, people turn 18."""
    return compute_suggestions(db)


def _write(
    db: Database,
    chunk: Sequence[tuple[int, list[ranking.Suggestion]]],
    version: str,
    rooms: dict[int, int],
) -> int:
    """Write the suggestions of some residents; return how many stand.

    ``rooms`` are the places that nobody is asked for and nobody stands in the queue for.
    """
    now = clock.now()
    answer = {
        (who, one.opening_id): {
            "score": one.score,
            "position": one.position,
            "rank": one.rank,
            "propensity": one.propensity,
            "reasons": one.reasons,
            "gaps": one.gaps,
            "model_version": version,
            "computed_at": now,
        }
        for who, suggestions in chunk
        for one in suggestions
    }
    with db.transaction(SYSTEM) as session:
        people = [who for who, _ in chunk]
        standing = _lock(session, people)
        renewed = [
            {"row": row, **answer.pop(pair)} for pair, row in standing.items() if pair in answer
        ]
        again = {one["row"] for one in renewed}
        if renewed:
            _renew(session, renewed)
        gone = {pair: row for pair, row in standing.items() if row not in again}
        _drop(session, gone, still_open=rooms)
        new = [
            {
                "resident_id": who,
                "opening_id": opening_id,
                "state": MatchState.SUGGESTED,
                "origin": MatchOrigin.MODEL,
                "since": now,
                **values,
            }
            for (who, opening_id), values in sorted(answer.items())
        ]
        if new:
            _insert(session, new)
        fill(session, people, rooms)
    return len(renewed) + len(new)


def _lock(session: Session, resident_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Lock the residents' computed suggestions by id; return (resident, opening) → row."""
    rows = session.execute(
        select(col(Match.id), col(Match.resident_id), col(Match.opening_id))
        .where(
            col(Match.resident_id).in_(resident_ids),
            col(Match.state) == MatchState.SUGGESTED,
            # what an employer asked for is not a computation's to drop
            col(Match.origin) != MatchOrigin.EMPLOYER,
        )
        .order_by(col(Match.id))
        .with_for_update()
    )
    return {(row.resident_id, row.opening_id): row.id for row in rows}


def _renew(session: Session, rows: list[dict[str, Any]]) -> None:
    statement = (
        update(Match.__table__)  # type: ignore[attr-defined]
        .where(Match.__table__.c.id == bindparam("row"))  # type: ignore[attr-defined]
        .values({name: bindparam(name) for name in rows[0] if name != "row"})
    )
    session.connection().execute(statement, rows)


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    """Insert suggestions; a pair that came into being meanwhile is left as it is."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Match).on_conflict_do_nothing(), _with_defaults(rows))


def _with_defaults(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    empty = {"channel": "", "note": "", "interview_place": "", "evidence": ""}
    return [{**empty, **row} for row in rows]


def _drop(
    session: Session, gone: dict[tuple[int, int], int], *, still_open: Collection[int]
) -> None:
    """Delete suggestions that no longer stand; a postponed one loses its place instead.

    Whoever postponed it gave a day and perhaps a reason, which stays on record. What the
    community's plan picks of openings ``still_open`` stands behind the others until the next
    plan, which knows of openings that are among nobody's ten best.
    """
    if not gone:
        return
    rows, postponed = col(Match.id).in_(gone.values()), col(Match.postponed_until).is_not(None)
    kept = col(Match.id).in_([row for pair, row in gone.items() if pair[1] in still_open])
    picked = and_(kept, col(Match.pick).is_not(None))
    session.execute(
        update(Match)
        .where(rows, or_(postponed, picked))
        .values(position=case((picked, TOP + 1)))
        .execution_options(synchronize_session=False)
    )
    session.exec(delete(Match).where(rows, ~postponed, ~picked))


def _drop_all(db: Database, resident_ids: Sequence[int]) -> None:
    """Drop every suggestion of people who get none now."""
    for some in in_blocks(resident_ids, IDS_AT_ONCE):
        with db.transaction(SYSTEM) as session:
            _drop(session, _lock(session, some), still_open=())
