"""Plan the whole community at once, and keep the plan as suggestions of staff's own making.

Every seeking resident gets at most one opening and no opening more people than it has places:
as many people as possible first, then the best total. What ranking says of single people goes
on beside it: a planned suggestion stands before theirs until somebody decides on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col, delete

from webapp.core import audit, clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import Refused
from webapp.engine import ranking, serving
from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches.lifecycle import MatchOrigin, MatchState
from webapp.matches.models import Match
from webapp.matches.suggestions.snapshot import in_blocks, read_snapshot
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident, ResidentState

ZERO_EMPLOYMENT = "zero_employment_household"
GROUPS = (ZERO_EMPLOYMENT,)
WRITTEN_AT_ONCE = 500
REASON = {"code": "plan", "text": "全社区一起安排时，这个名额排给这位居民"}


@dataclass(frozen=True)
class Line:
    """One person of the plan in words; no opening when there is none left or allowed."""

    resident_id: int
    name: str
    unit_address: str
    opening_id: int | None
    title: str
    score: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class CommunityPlan:
    """A plan: a line a person, and how many are placed of how many who could be at most."""

    lines: list[Line]
    placed: int
    bound: int
    group_placed: int
    group_bound: int


def make_plan(db: Database, *, first: str | None = None) -> CommunityPlan:
    """Plan all seeking residents over the openings that take people today.

    ``first`` is one of :data:`GROUPS`: as many as possible of that group come before others.
    Raises :class:`Refused` for another one.
    """
    if first is not None and first not in GROUPS:
        raise Refused(f"no such group: {first}")
    with db.reader() as session:
        read = read_snapshot(session, None)
        needy = _without_work(session) if first else set()
        names = {
            row.id: row
            for row in session.execute(
                select(col(Resident.id), col(Resident.name), col(Household.unit_address)).join(
                    Household, col(Household.id) == Resident.household_id
                )
            )
        }
        titles = {
            row.id: row.title
            for row in session.execute(select(col(Opening.id), col(Opening.title)))
        }
    found = ranking.plan(
        read.seekers,
        read.openings,
        first=first,
        group={ZERO_EMPLOYMENT: needy},
        model=serving.model_in_use(db),
    )
    lines = [
        Line(
            resident_id=one.resident_id,
            name=names[one.resident_id].name,
            unit_address=names[one.resident_id].unit_address,
            opening_id=one.opening_id,
            title=titles.get(one.opening_id, "") if one.opening_id else "",
            score=one.score,
            reasons=one.reasons,
        )
        for one in found.assignments
    ]
    return CommunityPlan(lines, found.placed, found.bound, found.group_placed, found.group_bound)


def _without_work(session: Session) -> set[int]:
    """Return the residents in whose household nobody is employed."""
    at_work = select(col(Resident.household_id)).where(
        col(Resident.state) == ResidentState.EMPLOYED
    )
    rows = session.execute(
        select(col(Resident.id)).where(col(Resident.household_id).not_in(at_work))
    )
    return set(rows.scalars())


def store(db: Database, plan: CommunityPlan) -> int:
    """Keep a plan as suggestions to confirm, instead of the plan before; return how many.

    A pair that was suggested already becomes part of the plan; one that somebody has decided on
    stays as it is.
    """
    placed = [line for line in plan.lines if line.opening_id is not None]
    kept = 0
    with db.transaction(SYSTEM) as session:
        session.exec(
            delete(Match).where(
                col(Match.state) == MatchState.SUGGESTED,
                col(Match.origin) == MatchOrigin.STAFF,
                col(Match.postponed_until).is_(None),
            )
        )
        for some in in_blocks(placed, WRITTEN_AT_ONCE):
            kept += _store(session, some)
        request_suggestions(session, resident_id=None)  # they move behind what is planned
        audit.record(session, "match.plan", "community:plan", count=kept)
    return kept


def _store(session: Session, lines: Sequence[Line]) -> int:
    known = {
        (match.resident_id, match.opening_id): match
        for match in session.scalars(
            select(Match).where(col(Match.resident_id).in_([one.resident_id for one in lines]))
        )
    }
    now, kept = clock.now(), 0
    for line in lines:
        match = known.get((line.resident_id, line.opening_id or 0))
        if match is None:
            match = Match(
                resident_id=line.resident_id,
                opening_id=line.opening_id or 0,
                state=MatchState.SUGGESTED,
                origin=MatchOrigin.STAFF,
                since=now,
            )
        elif match.state is not MatchState.SUGGESTED:
            continue
        match.origin = MatchOrigin.STAFF
        match.position, match.rank, match.propensity = 1, None, None
        match.score = line.score
        match.reasons = [REASON, *({"code": "plan", "text": text} for text in line.reasons)]
        match.computed_at, match.model_version = None, ""
        session.add(match)
        kept += 1
    session.flush()
    return kept
