"""Which suggestions stand in the staff's queue: those a plan in force picks, and until then.

A person who came or changed since the plan was made has no place in it. Until the next one they
stand in the queue with their best suggestion that has a place left, so that nobody waits for a
plan and no opening is offered to more people than it takes.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.employers.models import Employer
from webapp.matches.lifecycle import BUSY, PENDING, MatchOrigin, MatchState, Pick, PlanState
from webapp.matches.models import Match
from webapp.matches.models.community_plan import CommunityPlan, PlanLine
from webapp.matches.services.transitions import goes_on_elsewhere, is_open_to_matches
from webapp.matches.suggestions.community_plan import Progress
from webapp.matches.suggestions.snapshot import in_blocks
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState

#: Suggestions kept for a person; what a plan picks beyond them stands behind them all.
TOP = 10
_PEOPLE_AT_ONCE = 200


def mark(db: Database, plan_id: int, *, progress: Progress = lambda _n, _m: None) -> int:
    """Have the queue show what a plan picks; return how many suggestions.

    Some people at a time, each block for itself, and safe to run again: cut off, it is run from
    the beginning. A pair on which somebody has decided meanwhile stays as it is, and so does all
    once another plan is in force.
    """
    with db.reader() as session:
        rows = session.scalars(
            select(PlanLine)
            .where(col(PlanLine.plan_id) == plan_id)
            .order_by(col(PlanLine.resident_id), col(PlanLine.rank), col(PlanLine.id))
        ).all()
    people = [list(lines) for _who, lines in groupby(rows, key=lambda one: one.resident_id)]
    marked = done = 0
    for some in in_blocks(people, _PEOPLE_AT_ONCE):
        with db.transaction(SYSTEM) as session:
            if not _in_force(session, plan_id):
                return marked
            marked += _mark(session, [line for lines in some for line in lines])
        done += len(some)
        progress(done, len(people))
    with db.transaction(SYSTEM) as session:
        session.execute(
            update(CommunityPlan)
            .where(col(CommunityPlan.id) == plan_id, col(CommunityPlan.state) == PlanState.IN_FORCE)
            .values(marked_at=clock.now())
        )
    return marked


def _in_force(session: Session, plan_id: int) -> bool:
    """Whether a plan is in force, kept so until the end of the transaction."""
    query = select(col(CommunityPlan.state)).where(col(CommunityPlan.id) == plan_id)
    state = session.execute(query.with_for_update(read=True)).scalar_one_or_none()
    return state is PlanState.IN_FORCE


def _mark(session: Session, lines: Sequence[PlanLine]) -> int:
    people = sorted({line.resident_id for line in lines})
    undecided = (col(Match.resident_id).in_(people), col(Match.state) == MatchState.SUGGESTED)
    session.execute(
        update(Match)
        .where(*undecided, col(Match.pick) < Pick.ASKED)
        .values(pick=None)
        .execution_options(synchronize_session=False)
    )
    # Someone may have taken a line out since the lines were read.
    out = set(
        session.scalars(
            select(col(PlanLine.id)).where(
                col(PlanLine.id).in_([line.id for line in lines]), col(PlanLine.out_at).is_not(None)
            )
        )
    )
    wanted = [line for line in lines if line.rank and line.id not in out]
    pick_lines(session, wanted)
    session.exec(
        delete(Match).where(
            *undecided,
            col(Match.pick).is_(None),
            col(Match.position) > TOP,
            col(Match.postponed_until).is_(None),
        )
    )
    return len(wanted)


def pick_lines(session: Session, lines: Sequence[PlanLine]) -> None:
    """Pick the suggestions of some lines, new ones where the ranking had not come to them."""
    if not lines:
        return
    table: Any = Match.__table__  # type: ignore[attr-defined]
    session.connection().execute(
        update(table)
        .where(
            table.c.resident_id == bindparam("who"),
            table.c.opening_id == bindparam("what"),
            table.c.state == MatchState.SUGGESTED,
            table.c.pick.is_(None),
        )
        .values(pick=bindparam("place")),
        [
            {"who": one.resident_id, "what": one.opening_id, "place": Pick.of(one.rank)}
            for one in lines
        ],
    )
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    empty = {"channel": "", "note": "", "interview_place": "", "evidence": ""}
    new = [
        {
            **empty,
            "resident_id": one.resident_id,
            "opening_id": one.opening_id,
            "state": MatchState.SUGGESTED,
            "origin": MatchOrigin.MODEL,
            "since": clock.now(),
            "position": TOP + 1,
            "pick": Pick.of(one.rank),
            "score": one.score,
            "reasons": [{"code": "plan", "text": said} for said in one.reasons],
            "gaps": [],
            "model_version": "",
        }
        for one in lines
    ]
    session.execute(dialect.insert(Match).on_conflict_do_nothing(), new)


def read_rooms(session: Session) -> dict[int, int]:
    """Return by opening how many more people it takes than are asked or stand in the queue."""
    of_opening = col(Match.opening_id) == Opening.id
    counted = select(func.count()).select_from(Match).correlate(Opening)
    pending = counted.where(of_opening, col(Match.state).in_(sorted(PENDING)))
    picked = counted.where(
        of_opening, col(Match.pick).is_not(None), col(Match.state) == MatchState.SUGGESTED
    )
    rows = session.execute(
        select(
            col(Opening.id),
            col(Opening.headcount)
            - col(Opening.hired_count)
            - pending.scalar_subquery()
            - picked.scalar_subquery(),
        )
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(is_open_to_matches())
    )
    return {row[0]: row[1] for row in rows}


def fill(session: Session, resident_ids: Sequence[int], rooms: dict[int, int]) -> int:
    """Let people whom no plan gave anything stand in the queue, as far as places are left.

    ``rooms`` is kept up to date. Households without any work come first. Returns how many.
    """
    if not any(left > 0 for left in rooms.values()):
        return 0
    has_one = select(col(Match.resident_id)).where(
        col(Match.resident_id).in_(resident_ids),
        col(Match.state) == MatchState.SUGGESTED,
        col(Match.pick) < Pick.ASKED,
    )
    busy = select(col(Match.resident_id)).where(
        col(Match.resident_id).in_(resident_ids),
        col(Match.state).in_(sorted(BUSY)),
        ~goes_on_elsewhere(),
    )
    at_work = select(col(Resident.household_id)).where(
        col(Resident.state) == ResidentState.EMPLOYED
    )
    rows = session.execute(
        select(
            col(Match.id),
            col(Match.resident_id),
            col(Match.opening_id),
            col(Resident.household_id).in_(at_work).label("has_work"),
        )
        .join(Resident, col(Resident.id) == Match.resident_id)
        .where(
            col(Match.resident_id).in_(resident_ids),
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.pick).is_(None),
            col(Match.postponed_until).is_(None),
            col(Match.resident_id).not_in(has_one),
            col(Match.resident_id).not_in(busy),
        )
        .order_by(col(Match.resident_id), col(Match.position), col(Match.id))
    ).all()
    found: list[int] = []
    given: set[int] = set()
    for row in sorted(rows, key=lambda one: bool(one.has_work)):
        if row.resident_id not in given and rooms.get(row.opening_id, 0) > 0:
            rooms[row.opening_id] -= 1
            given.add(row.resident_id)
            found.append(row.id)
    if found:
        session.execute(
            update(Match)
            .where(col(Match.id).in_(found), col(Match.state) == MatchState.SUGGESTED)
            .values(pick=Pick.FIRST)
            .execution_options(synchronize_session=False)
        )
    return len(found)
