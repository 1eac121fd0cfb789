"""Enrol somebody in a run, take it back, answer when one's turn has come.

By the person themself or by staff for them. Who has no seat waits in line; who leaves a seat
gives it to the next in line in the same transaction.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound
from webapp.matches.services import begun, requirements
from webapp.matches.services.transitions import lock_resident
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.residents.services import phones
from webapp.training import policy
from webapp.training.lifecycle import (
    LIVE,
    REUSABLE,
    EnrolmentAction,
    EnrolmentOrigin,
    EnrolmentState,
    NewsKind,
    RunState,
)
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import invitations, seats, subsidy
from webapp.training.services.transitions import (
    locked_run,
    move_enrolment,
    note_step,
    tell,
)
from webapp.training.words import run_title, span_words

S, A = EnrolmentState, EnrolmentAction


def enrol(session: Session, actor: Actor, *, run_id: int, resident_id: int) -> Enrolment:
    """Give a person a seat in a run, or a place in its waiting list; again changes nothing.

    Raises :class:`Gone` for a run that takes nobody, :class:`Conflict` for somebody who is in
    another run of the course, whose number is not proven, or who has had the year's subsidised
    course, :class:`Refused` for who is too young.
    """
    resident = _person(session, actor, resident_id)
    run = locked_run(session, run_id)
    course = session.get_one(Course, run.course_id)
    opening = session.get_one(Opening, course.opening_id)
    mine = live_enrolment(session, course_id=course.id, resident_id=resident_id)
    if mine is not None and mine.run_id == run_id:
        return mine
    if mine is not None and mine.run_id is not None:
        raise Conflict(_("这门课您已经在另一期里了。要换，先把那一期撤回。"))
    _refuse_closed(run)
    requirements.refuse_barred(
        requirements.weigh(session, resident_id=resident_id, opening=opening)
    )
    if not phones.is_proven(session, resident):
        raise Conflict(_("先核对手机号，再占座位。在「我的」里点一下就能核对。"))
    enrolment = mine or _former(session, course.id, resident_id)
    seat = seats.free_seat(session, run.id)
    if seat is None:
        subsidy.refuse_used_up(session, course, run, resident_id)
        values: dict[str, Any] = {"line": seats.last_in_line(session, run.id) + 1}
        action = A.JOIN_LINE
    else:
        values = {"seat": seat, **subsidy.claim(session, course, run, resident_id)}
        action = A.TAKE_SEAT
    enrolment = _write(session, actor, enrolment, action, course, resident_id, run_id, values)
    invitations.note_enrolled(session, enrolment)
    _tell_enrolled(session, enrolment, run, opening.title)
    seats.sync_opening(session, course)
    begun.settle(session, actor, opening, resident_id)
    return enrolment


def wish(session: Session, actor: Actor, *, course_id: int, resident_id: int) -> Enrolment:
    """Note that somebody wants to learn this, without a run; doing it again changes nothing."""
    _person(session, actor, resident_id)
    course = session.get(Course, course_id)
    if course is None or not _was_public(session, course):
        raise NotFound
    mine = live_enrolment(session, course_id=course_id, resident_id=resident_id)
    if mine is not None and mine.state is not S.INVITED:
        return mine
    former = mine or _former(session, course_id, resident_id)
    return _write(session, actor, former, A.APPLY, course, resident_id, None, {})


def accept_offer(session: Session, actor: Actor, *, enrolment_id: int) -> Enrolment:
    """Take the seat that was kept; doing it again changes nothing.

    Raises :class:`Gone` once the time has run out, whether or not that was noted already.
    """
    enrolment, run, course = _own(session, actor, enrolment_id)
    if enrolment.state in {S.ACCEPTED, S.ATTENDING}:
        return enrolment
    in_time = enrolment.offered_until is not None and enrolment.offered_until > clock.now()
    if enrolment.state is not S.OFFERED or run is None or not in_time:
        raise Gone(_("回话的时间过了，座位已经问下一位。想学还可以再排。"))
    values = subsidy.claim(session, course, run, enrolment.resident_id)
    title = session.get_one(Opening, course.opening_id).title
    seat = enrolment.seat
    move_enrolment(session, actor, enrolment, A.ACCEPT, run_id=run.id, seat=seat, **values)
    invitations.note_enrolled(session, enrolment)
    _tell_enrolled(session, enrolment, run, title)
    return enrolment


def withdraw(session: Session, actor: Actor, *, enrolment_id: int) -> Enrolment:
    """Take an enrolment back before the course begins; the seat goes to the next in line at once.

    Doing it again changes nothing. Nobody outside the branch hears of it, and no list shows it.
    """
    enrolment, run, course = _own(session, actor, enrolment_id)
    if enrolment.state is S.WITHDRAWN:
        return enrolment
    if enrolment.state is S.INVITED:
        return invitations.not_this_time(session, actor, enrolment_id=enrolment_id)
    move_enrolment(session, actor, enrolment, A.WITHDRAW)
    invitations.note_withdrawn(session, enrolment)
    begun.withdraw(session, actor, course.opening_id, enrolment.resident_id)
    if run is not None:
        title = session.get_one(Opening, course.opening_id).title
        seats.offer_free_seats(session, actor, run, title)
        seats.sync_opening(session, course)
    return enrolment


def note_papers(session: Session, actor: Actor, *, enrolment_id: int, are_in: bool) -> Enrolment:
    """Note that all papers were handed in, or that this was a mistake; reminders stop with it."""
    if not policy.can_manage(actor):
        raise Forbidden
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise NotFound
    enrolment.papers_in_at = clock.now() if are_in else None
    enrolment.papers_in_by_id = actor.account_id if are_in else None
    session.add(enrolment)
    audit.record(session, "enrolment.papers" if are_in else "enrolment.papers_back", enrolment)
    return enrolment


def withdraw_all(session: Session, actor: Actor, *, resident_id: int) -> int:
    """Take back all that has not begun, of somebody who ends the service; return how many.

    A course they are in the middle of is left as dropped.
    """
    query = (
        select(Enrolment)
        .where(Enrolment.resident_id == resident_id, col(Enrolment.state).in_(LIVE))
        .order_by(col(Enrolment.course_id))
    )
    mine = session.exec(query).all()
    for enrolment in mine:
        if enrolment.state is S.ATTENDING:
            move_enrolment(session, actor, enrolment, A.DROP, run_id=enrolment.run_id)
        else:
            withdraw(session, actor, enrolment_id=enrolment.id)
    return len(mine)


def live_enrolment(session: Session, *, course_id: int, resident_id: int) -> Enrolment | None:
    """Return the person's enrolment in a course that is not over, as it stands now."""
    query = (
        select(Enrolment)
        .where(
            Enrolment.course_id == course_id,
            Enrolment.resident_id == resident_id,
            col(Enrolment.state).in_(LIVE),
        )
        .execution_options(populate_existing=True)
    )
    return session.exec(query).first()


def _person(session: Session, actor: Actor, resident_id: int) -> Resident:
    if not policy.can_enrol(actor, resident_id=resident_id):
        raise Forbidden
    resident = lock_resident(session, resident_id)
    if resident.state is ResidentState.LEFT:
        raise NotFound
    return resident


def _own(
    session: Session, actor: Actor, enrolment_id: int
) -> tuple[Enrolment, CourseRun | None, Course]:
    """Return an enrolment to answer for with its run and course, all locked; another's is 404."""
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or not policy.can_enrol(actor, resident_id=enrolment.resident_id):
        raise NotFound
    lock_resident(session, enrolment.resident_id)
    session.refresh(enrolment)
    run = locked_run(session, enrolment.run_id) if enrolment.run_id else None
    session.refresh(enrolment)
    if run is not None and enrolment.run_id != run.id:  # moved on while we waited
        raise Conflict(_("刚才已经有人处理了这个报名，请看看最新情况。"))
    return enrolment, run, session.get_one(Course, enrolment.course_id)


def _refuse_closed(run: CourseRun) -> None:
    if run.state is RunState.DRAFT:
        raise NotFound
    if not policy.takes_people(run, now=clock.now()) or run.enrol_until < clock.today():
        if run.state is RunState.ANNOUNCED:
            raise Conflict(_("这个班还没有开始报名。"))
        raise Gone(_("这个班的报名已经结束了，看看下一期吧。"))


def _former(session: Session, course_id: int, resident_id: int) -> Enrolment | None:
    """Return the row of an enrolment taken back earlier, to be used again."""
    query = (
        select(Enrolment)
        .where(
            Enrolment.course_id == course_id,
            Enrolment.resident_id == resident_id,
            col(Enrolment.state).in_(REUSABLE),
        )
        .order_by(col(Enrolment.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


def _write(
    session: Session,
    actor: Actor,
    enrolment: Enrolment | None,
    action: EnrolmentAction,
    course: Course,
    resident_id: int,
    run_id: int | None,
    values: dict[str, Any],
) -> Enrolment:
    if enrolment is not None:
        return move_enrolment(session, actor, enrolment, action, run_id=run_id, **values)
    targets = {A.TAKE_SEAT: S.ACCEPTED, A.JOIN_LINE: S.WAITING, A.APPLY: S.APPLIED}
    own = actor.resident_id == resident_id
    enrolment = Enrolment(
        course_id=course.id,
        run_id=run_id,
        resident_id=resident_id,
        state=targets[action],
        origin=EnrolmentOrigin.SELF if own else EnrolmentOrigin.STAFF,
        since=clock.now(),
        created_at=clock.now(),
        **values,
    )
    try:
        with session.begin_nested():
            session.add(enrolment)
    except IntegrityError as error:  # somebody was first in the same moment
        raise Conflict(_("刚才已经有人处理了这个报名，请看看最新情况。")) from error
    note_step(session, actor, enrolment, action, before=None, run_id=run_id)
    return enrolment


def _tell_enrolled(session: Session, enrolment: Enrolment, run: CourseRun, title: str) -> None:
    what = run_title(title, run.number)
    at = f"{enrolment.since.timestamp():.0f}"
    if enrolment.state is S.WAITING:
        text = _("「%(what)s」满了，您排进了候补。轮到您，马上告诉您。", what=what)
        tell(session, enrolment, NewsKind.LINE, text, key=f"line:{run.id}:{at}")
    else:
        text = _(
            "「%(what)s」报上了，座位给您留好了。%(when)s，在%(where)s。",
            what=what,
            when=span_words(run.starts_at, run.ends_at),
            where=run.room or _("社区"),
        )
        tell(session, enrolment, NewsKind.SEAT, text, key=f"seat:{run.id}:{at}")


def _was_public(session: Session, course: Course) -> bool:
    return session.get_one(Opening, course.opening_id).published_at is not None
