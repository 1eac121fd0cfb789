"""Funnel and stage durations of the matches begun in a period."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.core.suppression import FEW, few
from webapp.core.vocabulary import Kind
from webapp.matches.lifecycle import MatchAction, MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.openings.models import Opening

S, A = MatchState, MatchAction
# Each counts everybody who came so far or further: not every employer notes every step.
FUNNEL = (
    S.OFFERED,
    S.INTERESTED,
    S.APPLIED,
    S.SEEN,
    S.INTERVIEW,
    S.JOB_OFFER,
    S.HIRED,
    S.DAY_30,
    S.DAY_90,
    S.RETAINED,
)
_HIRED = FUNNEL.index(S.HIRED)
# Where somebody's word is waited for; the other stages pass in the same moment.
TIMED = (S.OFFERED, S.NO_REPLY, S.INTERESTED, S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER)


@dataclass(frozen=True)
class Reached:
    """How many came to a stage; ``None`` for a few."""

    state: MatchState
    people: int | None


@dataclass(frozen=True)
class Duration:
    """How long a stage lasts, in days; ``None`` when only a few have been through it."""

    state: MatchState
    ended: int | None
    median: float | None
    p90: float | None


def funnel(session: Session, *, since: datetime, kind: Kind | None = None) -> list[Reached]:
    """Return how many matches begun since a moment came to each stage, in one query.

    A hire that was undone does not count as one, nor does an offer taken back at once.
    """
    place = case(
        {state.value: number for number, state in enumerate(FUNNEL)},
        value=col(MatchEvent.to_state),
    )
    hires = func.sum(case((col(MatchEvent.action) == A.HIRE.value, 1), else_=0))
    undone = func.sum(case((col(MatchEvent.action) == A.UNDO_HIRE.value, 1), else_=0))
    furthest = case(
        (hires > undone, func.max(place)), else_=func.max(case((place < _HIRED, place)))
    )
    offers = func.sum(case((col(MatchEvent.to_state) == S.OFFERED.value, 1), else_=0))
    is_taken_back = and_(
        col(MatchEvent.action) == A.UNDO_DECISION.value,
        col(MatchEvent.from_state) == S.OFFERED.value,
    )
    taken_back = func.sum(case((is_taken_back, 1), else_=0))
    each = (
        _of(kind, select(furthest.label("furthest")))
        .where(or_(place.is_not(None), is_taken_back))
        .group_by(col(MatchEvent.match_id))
        .having(
            func.min(col(MatchEvent.at)) >= since,
            or_(offers > taken_back, func.max(place) > FUNNEL.index(S.OFFERED)),
        )
        .subquery()
    )
    rows = session.execute(select(each.c.furthest, func.count()).group_by(each.c.furthest)).all()
    counts = {furthest: number for furthest, number in rows if furthest is not None}
    return [
        Reached(state, few(sum(n for place, n in counts.items() if place >= number)))
        for number, state in enumerate(FUNNEL)
    ]


def durations(session: Session, *, since: datetime, kind: Kind | None = None) -> list[Duration]:
    """Return median and 90th percentile (nearest rank) of each stage that ended since a moment.

    One query: stages are told apart, ranked by length and picked from inside the database.
    """
    moves = (
        select(
            col(MatchEvent.match_id),
            col(MatchEvent.from_state).label("stage"),
            col(MatchEvent.at).label("ended"),
            func.lag(col(MatchEvent.at))
            .over(partition_by=col(MatchEvent.match_id), order_by=col(MatchEvent.id))
            .label("began"),
        )
        .where(
            col(MatchEvent.from_state) != col(MatchEvent.to_state),
            col(MatchEvent.action) != A.UNDO_DECISION.value,
        )
        .subquery()
    )
    length = _seconds(session, moves.c.ended, moves.c.began).label("seconds")
    wanted = (
        select(moves.c.stage, length)
        .join(Match, col(Match.id) == moves.c.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(
            moves.c.stage.in_([state.value for state in TIMED]),
            moves.c.began.is_not(None),
            moves.c.ended >= since,
        )
    )
    if kind is not None:
        wanted = wanted.where(col(Opening.kind) == kind)
    lengths = wanted.subquery()
    ranked = select(
        lengths.c.stage,
        lengths.c.seconds,
        func.row_number()
        .over(partition_by=lengths.c.stage, order_by=lengths.c.seconds)
        .label("rank"),
        func.count().over(partition_by=lengths.c.stage).label("number"),
    ).subquery()

    def at(rank: Any) -> Any:
        return func.max(case((ranked.c.rank == rank, ranked.c.seconds)))

    rows = session.execute(
        select(
            ranked.c.stage,
            ranked.c.number,
            at((ranked.c.number + 1) // 2).label("median"),
            at((9 * ranked.c.number + 9) // 10).label("p90"),
        ).group_by(ranked.c.stage, ranked.c.number)
    ).all()
    found = {row.stage: row for row in rows}
    return [_duration(state, found.get(state.value)) for state in TIMED]


def _duration(state: MatchState, row: Any) -> Duration:
    if row is None:
        return Duration(state, 0, None, None)
    if row.number < FEW:
        return Duration(state, None, None, None)
    return Duration(state, row.number, _days(row.median), _days(row.p90))


def _days(seconds: Any) -> float:
    return round(float(seconds) / 86400, 1)


def _of(kind: Kind | None, statement: Any) -> Any:
    statement = statement.select_from(MatchEvent)
    if kind is None:
        return statement
    match = aliased(Match)
    return (
        statement.join(match, col(match.id) == MatchEvent.match_id)
        .join(Opening, col(Opening.id) == match.opening_id)
        .where(col(Opening.kind) == kind)
    )


def _seconds(session: Session, later: Any, earlier: Any) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return (func.julianday(later) - func.julianday(earlier)) * 86400
    return func.extract("epoch", later - earlier)
