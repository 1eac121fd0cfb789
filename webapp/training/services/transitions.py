"""How a run and an enrolment change their state; locks, the trail, and what learners are told.

Everything that changes who sits where locks in one order: the resident, the course's opening,
its matches. The lock of the opening makes all changes to a course wait for each other.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import Conflict, NotFound
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training.lifecycle import (
    RUN_TRANSITIONS,
    TRANSITIONS,
    EnrolmentAction,
    EnrolmentState,
    NewsKind,
    RunAction,
)
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment, EnrolmentEvent, TrainingNews

# Columns that a state does not have are emptied when it is left.
_EMPTY: dict[str, Any] = {
    "run_id": None,
    "seat": None,
    "line": None,
    "offered_until": None,
    "subsidy_year": None,
    "subsidy_nth": None,
}
# What people say about a course stands in the audit trail as an answer, whichever it was: no list
# of it shows who chose something else, dropped out or did not come (the refusal firewall).
_ANSWERS = frozenset(
    {
        EnrolmentAction.ACCEPT,
        EnrolmentAction.APPLY,
        EnrolmentAction.DROP,
        EnrolmentAction.JOIN_LINE,
        EnrolmentAction.LAPSE,
        EnrolmentAction.MISS,
        EnrolmentAction.TAKE_SEAT,
        EnrolmentAction.WITHDRAW,
    }
)


def lock_course(session: Session, course_id: int) -> tuple[Course, Opening]:
    """Return a course and its opening, kept from other writers until the transaction ends."""
    query = (
        select(Course, Opening)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(Course.id == course_id)
        .with_for_update(of=Opening, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound
    return found


def locked_run(session: Session, run_id: int) -> CourseRun:
    """Return a run as it stands now, its course locked."""
    course_id = session.exec(select(CourseRun.course_id).where(CourseRun.id == run_id)).first()
    if course_id is None:
        raise NotFound
    lock_course(session, course_id)
    query = select(CourseRun).where(CourseRun.id == run_id)
    return session.exec(query.execution_options(populate_existing=True)).one()


def move_run(
    session: Session, actor: Actor, run: CourseRun, action: RunAction, **changes: Any
) -> CourseRun:
    """Change the state of a run by ``action``; ``Conflict`` when it does not allow it."""
    before = run.state
    target = RUN_TRANSITIONS.get((before, action))
    if target is None:
        raise Conflict(_("这个班现在是「%(state)s」，不能再做这一步。", state=before.label))
    step = (
        update(CourseRun)
        .where(col(CourseRun.id) == run.id, col(CourseRun.state) == before)
        .values(state=target, **changes)
        .execution_options(synchronize_session=False)
    )
    if session.exec(step).rowcount != 1:
        raise Conflict(_("刚才已经有人改了这个班，请看看最新情况。"))
    session.refresh(run)
    audit.record(session, f"course_run.{action.value}", run)
    return run


def move_enrolment(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    action: EnrolmentAction,
    *,
    audited: bool = True,
    **changes: Any,
) -> Enrolment:
    """Change the state of an enrolment by ``action`` and note the step.

    ``changes`` are the columns the new state has; those of the old one are emptied. ``audited``
    is false for steps that one audit entry of the caller covers together.
    """
    before = enrolment.state
    target = TRANSITIONS.get((before, action))
    if target is None:
        raise Conflict(
            _("这个报名现在是「%(state)s」，不能再做这一步。请看看最新情况。", state=before.label)
        )
    step = (
        update(Enrolment)
        .where(col(Enrolment.id) == enrolment.id, col(Enrolment.state) == before)
        .values(state=target, since=clock.now(), **{**_EMPTY, **changes})
        .execution_options(synchronize_session=False)
    )
    run_id = changes.get("run_id") or enrolment.run_id
    if session.exec(step).rowcount != 1:
        raise Conflict(_("刚才已经有人处理了这个报名，请看看最新情况。"))
    session.refresh(enrolment)
    note_step(session, actor, enrolment, action, before=before, run_id=run_id, audited=audited)
    return enrolment


def note_step(
    session: Session,
    actor: Actor,
    enrolment: Enrolment,
    action: EnrolmentAction,
    *,
    before: EnrolmentState | None,
    run_id: int | None,
    audited: bool = True,
) -> None:
    """Write a step just taken into the enrolment's history and the audit trail."""
    session.add(
        EnrolmentEvent(
            enrolment_id=enrolment.id,
            at=clock.now(),
            account_id=actor.account_id,
            action=action.value,
            from_state=before.value if before else "",
            to_state=enrolment.state.value,
            run_id=run_id,
        )
    )
    session.flush()
    if audited:
        name = "answer" if action in _ANSWERS else action.value
        on_behalf = {"on_behalf": True} if actor.is_staff else {}
        audit.record(session, f"enrolment.{name}", enrolment, **on_behalf)


def tell(session: Session, enrolment: Enrolment, kind: NewsKind, text: str, *, key: str) -> bool:
    """Tell a learner something, once for each ``key``; return whether it was new.

    Who cannot sign in is on staff's list until told; who can is told outside as well.
    """
    known = select(
        exists().where(col(TrainingNews.enrolment_id) == enrolment.id, col(TrainingNews.key) == key)
    )
    if session.execute(known).scalar_one():
        return False
    session.add(
        TrainingNews(enrolment_id=enrolment.id, kind=kind, key=key, text=text[:300], at=clock.now())
    )
    session.flush()
    account_id = session.exec(
        select(Resident.account_id).where(Resident.id == enrolment.resident_id)
    ).one()
    if account_id is not None:
        told = events.AccountsConcerned((account_id,), f"training:{enrolment.id}:{key}")
        events.announce(session, SYSTEM, told)
    return True
