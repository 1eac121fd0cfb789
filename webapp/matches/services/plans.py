"""Use cases of the community's plan: have it made, take lines out of it, take it over.

Taking it over says which suggestions stand in the queue and nothing more: each is decided on by
somebody, as before.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select, update

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.jobs import service as jobs
from webapp.jobs.lifecycle import BROKEN_OFF, UNDER_WAY, JobState
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.worker import Work
from webapp.matches import policy
from webapp.matches.lifecycle import PLAN_TRANSITIONS, MatchState, Pick, PlanAction, PlanState
from webapp.matches.models import Match
from webapp.matches.models.community_plan import CommunityPlan, PlanLine
from webapp.matches.suggestions import community_plan, picks

PAGE = "/staff/matches/plan"
QUEUE = "/staff/matches/"
#: Taking a plan over takes seconds; after this nobody is at it any more.
LEFT_ALONE = timedelta(minutes=5)


def start_making(session: Session, actor: Actor) -> BackgroundJob:
    """Have a plan made; while one is being made, that job is returned."""
    _refuse_others(actor)
    return jobs.start(session, actor, kind=JobKind.COMMUNITY_PLAN, arguments={}, result_url=PAGE)


def do_make(work: Work) -> dict[str, Any]:
    """Make a plan as a background job."""
    plan = community_plan.make(work.db, work.actor, progress=work.progress)
    return {"plan_id": plan.id, "placed": plan.placed}


def take_over(session: Session, actor: Actor, *, plan_id: int) -> BackgroundJob:
    """Put a plan in force; return the job that has the queue show what it picks.

    The one in force ends. Raises :class:`Conflict` when the plan is no longer the latest, or in
    force already, unless that was cut off half-way: then it is started again.
    """
    _refuse_others(actor)
    plan = session.get(CommunityPlan, plan_id)
    if plan is None:
        raise NotFound
    if plan.state is PlanState.IN_FORCE:
        if not is_cut_off(session, plan):
            raise Conflict(_("已经照这份计划在办了。"))
    else:
        put_in_force(session, actor, plan_id=plan_id)
    return jobs.start(session, actor, **_job(plan_id), result_url=QUEUE)


def marking(session: Session, plan_id: int) -> JobState | None:
    """Return how far the job is that has the queue show what a plan picks, ``None`` for none."""
    job = jobs.latest(session, **_job(plan_id))
    return job.state if job else None


def is_cut_off(session: Session, plan: CommunityPlan) -> bool:
    """Whether a plan is in force, the queue does not show all of it and nobody is about to."""
    if plan.state is not PlanState.IN_FORCE or plan.marked_at is not None:
        return False
    job = marking(session, plan.id)
    if job in BROKEN_OFF:
        return True
    since = plan.taken_over_at or plan.made_at
    return job not in UNDER_WAY and clock.now() - since > LEFT_ALONE


def finish_taking_over(db: Database) -> int:
    """Finish what was cut off before its end, as by a power cut; return the suggestions picked."""
    with db.reader() as session:
        plan = session.exec(
            select(CommunityPlan).where(
                CommunityPlan.state == PlanState.IN_FORCE,
                col(CommunityPlan.marked_at).is_(None),
                col(CommunityPlan.taken_over_at) < clock.now() - LEFT_ALONE,
            )
        ).first()
        if plan is None or not is_cut_off(session, plan):
            return 0
    return picks.mark(db, plan.id)


def _job(plan_id: int) -> dict[str, Any]:
    return {"kind": JobKind.PLAN_TAKE_OVER, "arguments": {"plan_id": plan_id}}


def do_take_over(work: Work) -> dict[str, Any]:
    """Have the queue show what a plan picks, as a background job."""
    plan_id = work.arguments["plan_id"]
    with work.db.reader() as session:
        plan = session.get(CommunityPlan, plan_id)
        if plan is None or plan.state is not PlanState.IN_FORCE:
            raise Conflict(_("这份计划已经过去了。"))
    return {"count": picks.mark(work.db, plan_id, progress=work.progress)}


def put_in_force(session: Session, actor: Actor, *, plan_id: int) -> None:
    """End the plan in force and put this one in its place; ``Conflict`` unless it waits."""
    now = clock.now()
    session.exec(
        update(CommunityPlan)
        .where(col(CommunityPlan.state) == PlanState.IN_FORCE)
        .values(state=PLAN_TRANSITIONS[PlanState.IN_FORCE, PlanAction.REPLACE], ended_at=now)
        .execution_options(synchronize_session=False)
    )
    step = (
        update(CommunityPlan)
        .where(col(CommunityPlan.id) == plan_id, col(CommunityPlan.state) == PlanState.MADE)
        .values(
            state=PLAN_TRANSITIONS[PlanState.MADE, PlanAction.TAKE_OVER],
            taken_over_at=now,
            taken_over_by_id=actor.account_id,
        )
        .execution_options(synchronize_session=False)
    )
    if session.exec(step).rowcount != 1:
        raise Conflict(_("有了更新的计划，请看看最新的那份。"))
    audit.record(session, "plan.take_over", f"community_plan:{plan_id}")


def nightly(db: Database) -> int:
    """Make a plan and take it over, so that the morning's queue is ordered; return its picks."""
    plan = community_plan.make(db)
    with db.transaction(SYSTEM) as session:
        put_in_force(session, SYSTEM, plan_id=plan.id)
    return picks.mark(db, plan.id)


def take_out(session: Session, actor: Actor, *, plan_id: int, line_ids: Sequence[int]) -> int:
    """Take lines out of a plan; return how many. What is out is picked by no later plan either.

    Of the plan in force the suggestion leaves the queue, and stays behind person and opening.
    """
    _refuse_others(actor)
    plan = _standing(session, plan_id)
    lines = _lock_lines(session, plan_id, line_ids, col(PlanLine.out_at).is_(None))
    for line in lines:
        line.out_at, line.out_by_id = clock.now(), actor.account_id
        session.add(line)
        if plan.state is PlanState.IN_FORCE:
            _set_pick(session, line, None)
    if lines:
        audit.record(session, "plan.take_out", plan, count=len(lines))
    return len(lines)


def put_back(session: Session, actor: Actor, *, plan_id: int, line_ids: Sequence[int]) -> int:
    """Put lines back into a plan; return how many.

    Who has another opening in their place by now keeps that: the line is only no longer kept out
    of the next plan.
    """
    _refuse_others(actor)
    plan = _standing(session, plan_id)
    lines = _lock_lines(session, plan_id, line_ids, col(PlanLine.out_at).is_not(None))
    for line in lines:
        others = select(PlanLine.id).where(
            PlanLine.plan_id == plan_id,
            PlanLine.resident_id == line.resident_id,
            PlanLine.rank == line.rank,
            col(PlanLine.out_at).is_(None),
        )
        # Carried over from an earlier plan, it stands in the other one as well.
        elsewhere = delete(PlanLine).where(
            col(PlanLine.resident_id) == line.resident_id,
            col(PlanLine.opening_id) == line.opening_id,
            col(PlanLine.plan_id) != plan_id,
            col(PlanLine.out_at).is_not(None),
        )
        session.exec(elsewhere)
        if session.exec(others).first() is not None:
            session.delete(line)
            continue
        line.out_at = line.out_by_id = None
        session.add(line)
        session.flush()
        if plan.state is PlanState.IN_FORCE:
            _set_pick(session, line, Pick.of(line.rank))
    if lines:
        audit.record(session, "plan.put_back", plan, count=len(lines))
    return len(lines)


def _set_pick(session: Session, line: PlanLine, pick: Pick | None) -> None:
    """Let the queue show a line's suggestion, or no more; what was decided stays as it is."""
    mine = (col(Match.resident_id) == line.resident_id, col(Match.state) == MatchState.SUGGESTED)
    if pick is not None:
        taken = update(Match).where(*mine, col(Match.pick) == pick).values(pick=None)
        session.exec(taken.execution_options(synchronize_session=False))
        picks.pick_lines(session, [line])
        return
    session.exec(
        update(Match)
        .where(*mine, col(Match.opening_id) == line.opening_id, col(Match.pick) < Pick.ASKED)
        .values(pick=None)
        .execution_options(synchronize_session=False)
    )


def _refuse_others(actor: Actor) -> None:
    if not policy.can_decide(actor):
        raise Forbidden


def _standing(session: Session, plan_id: int) -> CommunityPlan:
    """Return a plan that waits or is in force, kept so; ``Conflict`` once it has ended."""
    plan = session.exec(
        select(CommunityPlan).where(CommunityPlan.id == plan_id).with_for_update()
    ).first()
    if plan is None:
        raise NotFound
    if plan.state is PlanState.ENDED:
        raise Conflict(_("有了更新的计划，请看看最新的那份。"))
    return plan


def _lock_lines(
    session: Session, plan_id: int, line_ids: Sequence[int], *conditions: ColumnElement[bool]
) -> list[PlanLine]:
    query = (
        select(PlanLine)
        .where(PlanLine.plan_id == plan_id, col(PlanLine.id).in_(set(line_ids)), PlanLine.rank > 0)
        .where(*conditions)
        .order_by(col(PlanLine.id))
        .with_for_update()
    )
    return list(session.exec(query).all())
