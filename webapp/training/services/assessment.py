"""Results: the trainer's, typed in by one member, confirmed by another; then the certificate."""

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, func, select, update

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training import policy
from webapp.training.lifecycle import EnrolmentAction, EnrolmentState, NewsKind, RunAction
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Assessment
from webapp.training.services import certificates, promised
from webapp.training.services.runs import kept
from webapp.training.services.transitions import locked_run, move_enrolment, move_run, tell
from webapp.training.words import run_title

S, A = EnrolmentState, EnrolmentAction


def enter(
    session: Session, actor: Actor, *, enrolment_id: int, passed: bool, trainer: str, note: str = ""
) -> Assessment:
    """Type in a trainer's result; it counts when another member confirms it.

    One not yet confirmed is replaced. Raises :class:`Conflict` before the last class meeting.
    """
    enrolment, run = _attending(session, actor, enrolment_id)
    last = session.exec(
        select(func.max(ClassMeeting.starts_at)).where(ClassMeeting.run_id == run.id)
    ).one()
    if last is None or last > clock.now():
        raise Conflict(_("课还没有上完，最后一次课开始以后才能记结果。"))
    session.exec(
        delete(Assessment).where(
            col(Assessment.enrolment_id) == enrolment.id,
            col(Assessment.confirmed_at).is_(None),
        )
    )
    row = Assessment(
        enrolment_id=enrolment.id,
        passed=passed,
        trainer=trainer,
        note=note,
        entered_at=clock.now(),
        entered_by_id=actor.account_id or 0,
    )
    session.add(row)
    session.flush()
    audit.record(session, "assessment.enter", row)
    return row


def confirm(session: Session, actor: Actor, *, assessment_id: int) -> Assessment:
    """Confirm a result typed in by somebody else; a pass brings certificate and skills at once."""
    if not policy.can_manage(actor):
        raise Forbidden
    row = session.get(Assessment, assessment_id)
    if row is None:
        raise NotFound
    if row.entered_by_id == actor.account_id:
        raise Conflict(_("自己记的，要另一位同事核对。"))
    enrolment, run = _attending(session, actor, row.enrolment_id)
    done = session.exec(
        update(Assessment)
        .where(col(Assessment.id) == assessment_id, col(Assessment.confirmed_at).is_(None))
        .values(confirmed_at=clock.now(), confirmed_by_id=actor.account_id)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经核对过了。"))
    session.refresh(row)
    audit.record(session, "assessment.confirm", row)
    course = session.get_one(Course, run.course_id)
    title = run_title(session.get_one(Opening, course.opening_id).title, run.number)
    action = A.PASS if row.passed else A.FAIL
    move_enrolment(session, actor, enrolment, action, audited=False, **kept(enrolment))
    if row.passed:
        certificates.issue(session, actor, enrolment)
        _teach(session, actor, enrolment.resident_id, course)
        promised.put_first(session, actor, course=course, resident_id=enrolment.resident_id)
        words = _(
            "「%(what)s」结业了，祝贺您！结业证在「我的课」里，会的本事记进了您的资料。", what=title
        )
        tell(session, enrolment, NewsKind.PASSED, words, key=f"passed:{run.id}")
    else:
        words = _("「%(what)s」这次没过，可以再学一次。这件事只有社区知道。", what=title)
        tell(session, enrolment, NewsKind.NOT_PASSED, words, key=f"failed:{run.id}")
    _end_when_all_done(session, run)
    return row


def note_gone(session: Session, actor: Actor, *, enrolment_id: int, came: bool) -> Enrolment:
    """Note that somebody left a course half-way, or never came; kept inside the branch."""
    enrolment, run = _attending(session, actor, enrolment_id)
    action = A.DROP if came else A.MISS
    move_enrolment(session, actor, enrolment, action, run_id=run.id)
    _end_when_all_done(session, run)
    return enrolment


def close_run(session: Session, actor: Actor, *, run_id: int) -> CourseRun:
    """Close a run whose results are all in."""
    if not policy.can_manage(actor):
        raise Forbidden
    return move_run(session, actor, locked_run(session, run_id), RunAction.CLOSE)


def _attending(session: Session, actor: Actor, enrolment_id: int) -> tuple[Enrolment, CourseRun]:
    if not policy.can_manage(actor):
        raise Forbidden
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.run_id is None:
        raise NotFound
    run = locked_run(session, enrolment.run_id)
    session.refresh(enrolment)
    if enrolment.state is not S.ATTENDING:
        state = enrolment.state.label
        raise Conflict(_("这个报名现在是「%(state)s」，不能再做这一步。", state=state))
    return enrolment, run


def _teach(session: Session, actor: Actor, resident_id: int, course: Course) -> None:
    """Write what was learnt into the person's file; suggestions are computed anew."""
    resident = session.get_one(Resident, resident_id)
    resident.skills = [*resident.skills, *(s for s in course.skills if s not in resident.skills)]
    new = (one for one in course.certificates if one not in resident.certificates)
    resident.certificates = [*resident.certificates, *new]
    resident.updated_at = clock.now()
    session.add(resident)
    session.flush()
    events.announce(session, actor, events.ResidentChanged(resident_id))


def _end_when_all_done(session: Session, run: CourseRun) -> None:
    left = session.exec(
        select(Enrolment.id).where(Enrolment.run_id == run.id, Enrolment.state == S.ATTENDING)
    ).first()
    if left is None:
        move_run(session, SYSTEM, run, RunAction.ASSESS)
