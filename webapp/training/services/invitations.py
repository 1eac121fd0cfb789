"""Invite people to a run, and what they answer.

An invitation keeps no seat. Somebody who wants to come and finds none is blocked, and waits in
line; who does not come this time has refused nothing: it stands on no list.
"""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import or_
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound
from webapp.matches.services.transitions import lock_resident
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training import policy
from webapp.training.lifecycle import (
    SEATED,
    EnrolmentAction,
    EnrolmentOrigin,
    EnrolmentState,
    InvitationOutcome,
    NewsKind,
    RunState,
)
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.invitations import CourseInvitation, InvitationStop
from webapp.training.queries.candidates import invitable
from webapp.training.services import seats
from webapp.training.services.transitions import locked_run, move_enrolment, note_step, tell
from webapp.training.words import fee_words, run_title, span_words, times_words

S, A = EnrolmentState, EnrolmentAction
Outcome = InvitationOutcome


def invite(
    session: Session, actor: Actor, *, run_id: int, resident_ids: Collection[int]
) -> list[int]:
    """Invite people to a run and tell them; return who was invited.

    Who cannot be invited (any more) is passed over: see
    :func:`~webapp.training.queries.candidates.invitable`. Raises :class:`Gone` for a run that
    takes nobody.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    for resident_id in sorted(resident_ids):
        lock_resident(session, resident_id)
    run = locked_run(session, run_id)
    if not policy.takes_people(run, now=clock.now()) or run.enrol_until < clock.today():
        raise Gone(_("这个班现在不报名，邀请不了。"))
    course = session.get_one(Course, run.course_id)
    opening = session.get_one(Opening, course.opening_id)
    words = _words(session, run, course, opening.title)
    invited = sorted(invitable(session, course, run, resident_ids))
    for resident_id in invited:
        enrolment = _invited(session, actor, course, resident_id)
        session.add(
            CourseInvitation(
                run_id=run.id,
                enrolment_id=enrolment.id,
                invited_at=clock.now(),
                invited_by_id=actor.account_id,
            )
        )
        tell(session, enrolment, NewsKind.INVITED, words, key=f"invited:{run.id}")
    audit.record(session, "course_run.invite", run, people=len(invited))
    return invited


def not_this_time(session: Session, actor: Actor, *, enrolment_id: int) -> Enrolment:
    """Note that somebody does not come this time; doing it again changes nothing.

    Who had said before that they want to learn this stays noted for another run.
    """
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or not policy.can_enrol(actor, resident_id=enrolment.resident_id):
        raise NotFound
    lock_resident(session, enrolment.resident_id)
    session.refresh(enrolment)
    if enrolment.state in SEATED | {S.WAITING}:
        raise Conflict(_("已经报了名。不学了，在下面点「不学这个了」。"))
    if not _is_asked(session, enrolment) and enrolment.state is not S.INVITED:
        return enrolment
    _settle(session, enrolment, Outcome.NOT_THIS_TIME)
    if enrolment.state is S.INVITED:
        move_enrolment(session, actor, enrolment, A.WITHDRAW)
    else:
        audit.record(session, "enrolment.answer", enrolment)
    return enrolment


def note_enrolled(session: Session, enrolment: Enrolment) -> None:
    """Note in their invitations that somebody got a seat, or found none and waits."""
    outcome = Outcome.BLOCKED if enrolment.state is S.WAITING else Outcome.ACCEPTED
    _settle(session, enrolment, outcome)


def note_withdrawn(session: Session, enrolment: Enrolment) -> None:
    """Note that somebody who took their name back need not be asked any more."""
    _settle(session, enrolment, Outcome.NOT_THIS_TIME)


def end_invitations(session: Session, run: CourseRun, *, called_off: bool = False) -> int:
    """End the invitations to a run that nobody answered; return how many.

    Where no seat was free they could not have come: they are counted as blocked.
    """
    full = seats.free_seat(session, run.id) is None
    outcome = Outcome.CALLED_OFF if called_off else Outcome.BLOCKED if full else Outcome.LAPSED
    waiting = open_invitations(session, run.id)
    for enrolment in waiting:
        session.exec(
            update(CourseInvitation)
            .where(
                col(CourseInvitation.run_id) == run.id,
                col(CourseInvitation.enrolment_id) == enrolment.id,
                col(CourseInvitation.outcome).is_(None),
            )
            .values(outcome=outcome, outcome_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        if enrolment.state is S.INVITED and not _is_asked(session, enrolment):
            move_enrolment(session, SYSTEM, enrolment, A.LAPSE, audited=False)
    return len(waiting)


def end_due(session: Session) -> int:
    """End invitations to runs that take nobody any more (a job); return how many."""
    runs = session.exec(
        select(CourseRun.id)
        .join(CourseInvitation, col(CourseInvitation.run_id) == CourseRun.id)
        .where(
            col(CourseInvitation.outcome).is_(None),
            (col(CourseRun.state) != RunState.ENROLLING)
            | (col(CourseRun.starts_at) <= clock.now())
            | (col(CourseRun.enrol_until) < clock.today()),
        )
        .distinct()
        .order_by(col(CourseRun.id))
    ).all()
    return sum(end_invitations(session, locked_run(session, run_id)) for run_id in runs)


def open_invitations(session: Session, run_id: int) -> Sequence[Enrolment]:
    """Return the enrolments of who was invited to a run and has not answered."""
    query = (
        select(Enrolment)
        .join(CourseInvitation, col(CourseInvitation.enrolment_id) == Enrolment.id)
        .where(CourseInvitation.run_id == run_id, col(CourseInvitation.outcome).is_(None))
        .order_by(col(Enrolment.id))
        .execution_options(populate_existing=True)
    )
    return session.exec(query).all()


def set_stop(session: Session, actor: Actor, *, resident_id: int, stop: bool) -> Resident:
    """Note that somebody wants no invitations to courses, or wants them again."""
    if not policy.can_enrol(actor, resident_id=resident_id):
        raise Forbidden
    resident = lock_resident(session, resident_id)
    known = session.exec(
        select(InvitationStop).where(InvitationStop.resident_id == resident_id)
    ).first()
    if stop and known is None:
        session.add(
            InvitationStop(resident_id=resident_id, since=clock.now(), noted_by_id=actor.account_id)
        )
    elif not stop and known is not None:
        session.delete(known)
    session.flush()
    audit.record(session, "enrolment.no_invitations" if stop else "enrolment.invitations", resident)
    return resident


def _invited(session: Session, actor: Actor, course: Course, resident_id: int) -> Enrolment:
    """Return the person's enrolment, invited; who wants to learn this already stays so."""
    query = (
        select(Enrolment)
        .where(
            Enrolment.course_id == course.id,
            Enrolment.resident_id == resident_id,
            col(Enrolment.state).in_([S.APPLIED, S.INVITED, S.WITHDRAWN]),
        )
        .order_by((col(Enrolment.state) == S.WITHDRAWN), col(Enrolment.id).desc())
        .execution_options(populate_existing=True)
    )
    known = session.exec(query).first()
    if known is not None:
        if known.state is S.WITHDRAWN:
            move_enrolment(session, actor, known, A.INVITE, audited=False)
        return known
    enrolment = Enrolment(
        course_id=course.id,
        resident_id=resident_id,
        state=S.INVITED,
        origin=EnrolmentOrigin.MATCH,
        since=clock.now(),
        created_at=clock.now(),
    )
    session.add(enrolment)
    session.flush()
    note_step(session, actor, enrolment, A.INVITE, before=None, run_id=None, audited=False)
    return enrolment


def _is_asked(session: Session, enrolment: Enrolment) -> bool:
    """Whether another run of the course waits for the person's answer."""
    query = select(CourseInvitation.id).where(
        CourseInvitation.enrolment_id == enrolment.id, col(CourseInvitation.outcome).is_(None)
    )
    return session.exec(query).first() is not None


def _settle(session: Session, enrolment: Enrolment, outcome: InvitationOutcome) -> None:
    """Write what came of a person's invitations to a course; who was blocked may get a seat yet."""
    known = col(CourseInvitation.outcome)
    open_still = known.is_(None)
    may_change = (
        or_(open_still, known == Outcome.BLOCKED) if outcome is Outcome.ACCEPTED else open_still
    )
    session.exec(
        update(CourseInvitation)
        .where(col(CourseInvitation.enrolment_id) == enrolment.id, may_change)
        .values(outcome=outcome, outcome_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _words(session: Session, run: CourseRun, course: Course, title: str) -> str:
    meetings = session.exec(select(ClassMeeting).where(ClassMeeting.run_id == run.id)).all()
    return _(
        "社区请您来学「%(what)s」：%(when)s，%(times)s，在%(where)s，%(fee)s。来不来都行，请说一声。",
        what=run_title(title, run.number),
        when=span_words(run.starts_at, run.ends_at),
        times=times_words(meetings),
        where=run.room or _("社区"),
        fee=fee_words(course.fee_fen),
    )
