"""Plan the whole community at once: read in one go, assign outside any transaction, keep it.

Every resident who looks for work gets at most one opening and, where places are left, a second;
no opening gets more people than it still takes: as many people as possible first, those of
households without any work before others, then the best total. What is made changes nothing
that staff see until it is taken over (:mod:`webapp.matches.services.plans`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlmodel import Session, col, delete, update

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.engine import ranking, serving
from webapp.matches.lifecycle import (
    BUSY,
    PENDING,
    PLAN_TRANSITIONS,
    PlanAction,
    PlanGap,
    PlanState,
)
from webapp.matches.models import Match
from webapp.matches.models.community_plan import CommunityPlan, PlanLine
from webapp.matches.services.transitions import goes_on_elsewhere
from webapp.matches.suggestions.snapshot import in_blocks, read_snapshot
from webapp.residents.models import Resident, ResidentState

#: A person gets one opening, and a second where places are left.
ROUNDS = 2
WRITTEN_AT_ONCE = 500
_LOCK = 7_206_016  # any fixed number; names this work to PostgreSQL's advisory locks
# How far the work is after reading, after each round, and once it is kept.
_STEPS, _READ, _ROUND = 100, 10, 40

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Situation:
    """What a plan starts from, as ids of residents; ``out`` are pairs that staff took out."""

    read: Any
    blank: list[int]
    busy: set[int]
    needy: dict[int, int]
    under_way: dict[int, int]
    out: list[PlanLine]


def make(
    db: Database, actor: Actor = SYSTEM, *, progress: Progress = lambda _n, _m: None
) -> CommunityPlan:
    """Make a plan and keep it to be looked at, instead of one that nobody took over."""
    with db.reader() as session:
        now = _read(session)
    progress(_READ, _STEPS)
    seekers = [one for one in now.read.seekers if int(one.id) not in now.busy]
    barred: dict[int, set[int]] = {who: set(ids) for who, ids in now.read.met.items()}
    for line in now.out:
        barred.setdefault(line.resident_id, set()).add(line.opening_id or 0)
    found = ranking.plan(
        seekers,
        [_with_room(one, now.under_way.get(int(one.id), 0)) for one in now.read.openings],
        first=set(now.needy),
        leave_out=barred,
        model=serving.model_in_use(db),
        rounds=ROUNDS,
        after_round=lambda number: progress(_READ + number * _ROUND, _STEPS),
    )
    lines = list(_lines(now, found))
    homes = {now.needy[one["resident_id"]] for one in lines if one["needy"]}
    reached = {now.needy[one["resident_id"]] for one in lines if one["needy"] and one["rank"] == 1}
    with db.transaction(actor) as session:
        _one_at_a_time(session)
        plan = _keep(
            session,
            actor,
            lines,
            people=len({one["resident_id"] for one in lines}),
            placed=found.placed,
            bound=found.bound,
            homes=len(homes),
            homes_reached=len(reached),
        )
        _carry_out(session, plan.id, now.out, lines)
        audit.record(session, "plan.make", plan, placed=plan.placed, count=plan.people)
    progress(_STEPS, _STEPS)
    return plan


def _read(session: Session) -> _Situation:
    read = read_snapshot(session, None)
    seeking = {int(one.id) for one in read.seekers}
    at_work = select(col(Resident.household_id)).where(
        col(Resident.state) == ResidentState.EMPLOYED
    )
    needy = select(col(Resident.id), col(Resident.household_id)).where(
        col(Resident.state) == ResidentState.SEEKING, col(Resident.household_id).not_in(at_work)
    )
    blank = select(col(Resident.id)).where(col(Resident.state) == ResidentState.SEEKING)
    busy = select(col(Match.resident_id)).where(
        col(Match.state).in_(sorted(BUSY)), ~goes_on_elsewhere()
    )
    under_way = (
        select(col(Match.opening_id), func.count())
        .where(col(Match.state).in_(sorted(PENDING)))
        .group_by(col(Match.opening_id))
    )
    return _Situation(
        read=read,
        blank=sorted(set(session.scalars(blank)) - seeking),
        busy=set(session.scalars(busy)),
        needy={row[0]: row[1] for row in session.execute(needy)},
        under_way={row[0]: row[1] for row in session.execute(under_way)},
        out=list(
            session.scalars(
                select(PlanLine)
                .join(CommunityPlan, col(CommunityPlan.id) == PlanLine.plan_id)
                .where(
                    col(PlanLine.out_at).is_not(None),
                    col(CommunityPlan.state) != PlanState.ENDED,
                )
                .order_by(col(PlanLine.id))
            )
        ),
    )


def _with_room(opening: Any, under_way: int) -> Any:
    """Return the opening with as many places as nobody is asked for."""
    return opening.model_copy(update={"capacity": max(opening.capacity - under_way, 0)})


def _lines(now: _Situation, found: ranking.FoundPlan) -> Iterator[dict[str, Any]]:
    for one in found.picks:
        yield _line(
            now,
            one.resident_id,
            rank=one.round,
            opening_id=one.opening_id,
            score=one.score,
            reasons=list(one.reasons),
        )
    for left in found.unplaced:
        yield _line(now, left.resident_id, gap=_gap(left), fits=left.fits)
    for resident_id in now.blank:
        if resident_id not in now.busy:
            yield _line(now, resident_id, gap=PlanGap.BLANK)
    seeking = {*(int(one.id) for one in now.read.seekers), *now.blank}
    for resident_id in sorted(now.busy & seeking):
        yield _line(now, resident_id, gap=PlanGap.BUSY)


def _gap(left: ranking.Unplaced) -> PlanGap:
    if not left.fits:
        return PlanGap.NONE_FITS
    return PlanGap.MET if left.met == left.fits else PlanGap.CONTESTED


def _line(now: _Situation, resident_id: int, **values: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "rank": 0,
        "opening_id": None,
        "score": None,
        "reasons": [],
        "gap": None,
        "fits": 0,
    }
    return {
        **nothing,
        **values,
        "resident_id": resident_id,
        "needy": resident_id in now.needy,
    }


def _keep(
    session: Session, actor: Actor, lines: list[dict[str, Any]], **figures: Any
) -> CommunityPlan:
    now = clock.now()
    session.exec(
        update(CommunityPlan)
        .where(col(CommunityPlan.state) == PlanState.MADE)
        .values(state=PLAN_TRANSITIONS[PlanState.MADE, PlanAction.REPLACE], ended_at=now)
    )
    before = {
        row[0]: row[1]
        for row in session.execute(
            select(col(PlanLine.resident_id), col(PlanLine.opening_id))
            .join(CommunityPlan, col(CommunityPlan.id) == PlanLine.plan_id)
            .where(
                col(CommunityPlan.state) == PlanState.IN_FORCE,
                col(PlanLine.rank) == 1,
                col(PlanLine.out_at).is_(None),
            )
        )
    }
    there = set(session.scalars(select(col(Resident.id))))
    lines = [one for one in lines if one["resident_id"] in there]
    firsts = [one for one in lines if one["rank"] == 1]
    same = sum(before.get(one["resident_id"]) == one["opening_id"] for one in firsts)
    fresh = sum(one["resident_id"] not in before for one in firsts)
    plan = CommunityPlan(
        state=PlanState.MADE,
        made_at=now,
        made_by_id=actor.account_id,
        same=same,
        fresh=fresh,
        other=len(firsts) - same - fresh,
        **figures,
    )
    session.add(plan)
    session.flush()
    for some in in_blocks(lines, WRITTEN_AT_ONCE):
        session.execute(insert(PlanLine), [{**one, "plan_id": plan.id} for one in some])
    return plan


def _carry_out(
    session: Session, plan_id: int, out: list[PlanLine], lines: list[dict[str, Any]]
) -> None:
    """Let the new plan say what staff took out before, so that it can be put back there."""
    there = {one["resident_id"] for one in lines}
    known: set[tuple[int, int | None]] = set()
    for line in out:
        if line.resident_id in there and (line.resident_id, line.opening_id) not in known:
            known.add((line.resident_id, line.opening_id))
            kept = line.model_dump(exclude={"id", "plan_id"})
            session.add(PlanLine(plan_id=plan_id, **kept))
    session.flush()
    ended = select(col(CommunityPlan.id)).where(col(CommunityPlan.state) == PlanState.ENDED)
    session.exec(delete(PlanLine).where(col(PlanLine.plan_id).in_(ended)))


def _one_at_a_time(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
