"""What happens to a run: opened, moved, cancelled, begun. All concerned are told in one step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.openings.models import Opening
from webapp.training import policy
from webapp.training.lifecycle import (
    CHANGEABLE_RUNS,
    TO_BE_TOLD,
    EnrolmentAction,
    EnrolmentState,
    NewsKind,
    RunAction,
    RunState,
)
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import overlaps, seats
from webapp.training.services.transitions import (
    locked_run,
    move_enrolment,
    move_run,
    tell,
)
from webapp.training.words import meeting_words, run_title

S, A = EnrolmentState, EnrolmentAction
MOST_NAMED = 3  # of the meetings moved; the page of the run has all


@dataclass(frozen=True)
class Change:
    """A run as it is to be: ``meetings`` maps the id of each to its new times, in order."""

    meetings: dict[int, tuple[datetime, datetime]]
    room: str
    trainer: str
    seats: int
    reason: str
    overlap_known: bool = field(default=False)


def open_run(session: Session, actor: Actor, *, run_id: int) -> CourseRun:
    """Begin to enrol people in an announced run."""
    run = _to_change(session, actor, run_id)
    move_run(session, actor, run, RunAction.OPEN)
    seats.sync_opening(session, session.get_one(Course, run.course_id))
    return run


def change_run(session: Session, actor: Actor, *, run_id: int, change: Change) -> CourseRun:
    """Move meetings, room or trainer, or change the number of seats; tell everybody concerned.

    Meetings held already stay as they were. New seats go to the waiting list at once. Raises
    :class:`BadField` for times gone by, two meetings at once, or fewer seats than people.
    """
    run = _to_change(session, actor, run_id)
    if run.state not in CHANGEABLE_RUNS:
        raise Conflict(_("这个班现在是「%(state)s」，不能再改。", state=run.state.label))
    course = session.get_one(Course, run.course_id)
    title = session.get_one(Opening, course.opening_id).title
    news = _move_meetings(session, run, change)
    if change.room != run.room:
        news.append(_("教室改到%(room)s", room=change.room or _("另外通知的地方")))
    if change.trainer != run.trainer and change.trainer:
        news.append(_("老师换成%(who)s", who=change.trainer))
    if news and not change.reason:
        raise BadField("reason", _("请写一句为什么改，报了名的人会看到"))
    run.room, run.trainer = change.room, change.trainer
    if news:
        run.sequence += 1
        run.moved_at, run.change_note = clock.now(), change.reason
    session.add(run)
    session.flush()
    seats.set_seats(session, run, change.seats)
    if news:
        text = _(
            "「%(what)s」有变动：%(news)s。原因：%(why)s。",
            what=run_title(title, run.number),
            news="；".join(news),
            why=change.reason,
        )
        _tell_all(session, run, NewsKind.MOVED, text, key=f"moved:{run.id}:{run.sequence}")
    seats.offer_free_seats(session, actor, run, title)
    seats.sync_opening(session, course)
    audit.record(session, "course_run.change", run)
    return run


def cancel_run(session: Session, actor: Actor, *, run_id: int, reason: str) -> CourseRun:
    """Call a run off: everybody is told and their seats are free, in one step.

    They stay noted for the course and hear first of its next run.
    """
    run = _to_change(session, actor, run_id)
    title = _title(session, run)
    people = _people(session, run, TO_BE_TOLD)
    move_run(
        session,
        actor,
        run,
        RunAction.CANCEL,
        cancelled_at=clock.now(),
        change_note=reason,
        sequence=run.sequence + 1,
    )
    text = _(
        "「%(what)s」不办了：%(why)s。您的名还留着，有新的一期先告诉您。",
        what=run_title(title, run.number),
        why=reason,
    )
    for enrolment in people:
        move_enrolment(session, actor, enrolment, A.RELEASE, audited=False)
        tell(session, enrolment, NewsKind.CANCELLED, text, key=f"cancelled:{run.id}")
    seats.sync_opening(session, session.get_one(Course, run.course_id))
    return run


def open_due(session: Session) -> int:
    """Open announced runs whose day has come (a job); return how many."""
    return sum(_open_if_due(session, run_id) for run_id in _ids(session, RunState.ANNOUNCED))


def begin_due(session: Session) -> int:
    """Begin runs whose first meeting has come (a job); return how many.

    Who has a seat attends; who still waited, or had not answered, stays noted for the next run.
    """
    return sum(_begin_if_due(session, run_id) for run_id in _ids(session, RunState.ENROLLING))


def lapse_offers(session: Session) -> int:
    """End offers whose time is over and make the next ones (a job); return how many ended."""
    late = session.exec(
        select(Enrolment.id, Enrolment.run_id)
        .where(Enrolment.state == S.OFFERED, col(Enrolment.offered_until) <= clock.now())
        .order_by(col(Enrolment.run_id), col(Enrolment.id))
    ).all()
    ended = 0
    for enrolment_id, run_id in late:
        run = locked_run(session, run_id or 0)
        enrolment = session.get_one(Enrolment, enrolment_id, populate_existing=True)
        over = enrolment.offered_until is not None and enrolment.offered_until <= clock.now()
        if enrolment.state is not S.OFFERED or not over:
            continue  # answered while we waited
        title = _title(session, run)
        until = enrolment.offered_until
        move_enrolment(session, SYSTEM, enrolment, A.LAPSE)
        text = _(
            "「%(what)s」的座位等到时间，没有等到您回话，问下一位了。想学还可以再排，不要紧。",
            what=run_title(title, run.number),
        )
        stamp = f"{until.timestamp():.0f}" if until else ""
        tell(session, enrolment, NewsKind.LAPSED, text, key=f"lapsed:{run.id}:{stamp}")
        seats.offer_free_seats(session, SYSTEM, run, title)
        seats.sync_opening(session, session.get_one(Course, run.course_id))
        ended += 1
    return ended


def _ids(session: Session, state: RunState) -> Sequence[int]:
    return session.exec(
        select(CourseRun.id).where(CourseRun.state == state).order_by(col(CourseRun.id))
    ).all()


def _open_if_due(session: Session, run_id: int) -> bool:
    run = locked_run(session, run_id)
    due = run.enrol_from is None or run.enrol_from <= clock.today()
    if run.state is not RunState.ANNOUNCED or not due:
        return False
    move_run(session, SYSTEM, run, RunAction.OPEN)
    seats.sync_opening(session, session.get_one(Course, run.course_id))
    return True


def _begin_if_due(session: Session, run_id: int) -> bool:
    begins = session.exec(select(CourseRun.starts_at).where(CourseRun.id == run_id)).one()
    if begins > clock.now():
        return False
    run = locked_run(session, run_id)
    if run.state is not RunState.ENROLLING or run.starts_at > clock.now():
        return False
    title = _title(session, run)
    move_run(session, SYSTEM, run, RunAction.BEGIN)
    text = _(
        "「%(what)s」开课了，这次没有轮到您。您的名还留着，有新的一期先告诉您。",
        what=run_title(title, run.number),
    )
    for enrolment in _people(session, run, TO_BE_TOLD):
        if enrolment.state is S.ACCEPTED:
            move_enrolment(session, SYSTEM, enrolment, A.BEGIN, audited=False, **kept(enrolment))
        else:
            move_enrolment(session, SYSTEM, enrolment, A.RELEASE, audited=False)
            tell(session, enrolment, NewsKind.FULL, text, key=f"full:{run.id}")
    seats.sync_opening(session, session.get_one(Course, run.course_id))
    return True


def kept(enrolment: Enrolment) -> dict[str, Any]:
    """Return the columns that go on when somebody stays in their seat."""
    return {
        name: getattr(enrolment, name) for name in ("run_id", "seat", "subsidy_year", "subsidy_nth")
    }


def _move_meetings(session: Session, run: CourseRun, change: Change) -> list[str]:
    """Give meetings their new times; return what moved, in words."""
    rows = session.exec(
        select(ClassMeeting).where(ClassMeeting.run_id == run.id).order_by(col(ClassMeeting.id))
    ).all()
    moved = [row for row in rows if change.meetings.get(row.id, _times(row)) != _times(row)]
    for row in moved:
        start, end = change.meetings[row.id]
        if row.starts_at <= clock.now():
            raise BadField("meetings", _("%(when)s那次已经上过，改不了", when=meeting_words(row)))
        if start <= clock.now():
            raise BadField("meetings", _("新的时间已经过了，请改成以后的"))
        if end <= start:
            raise BadField("meetings", _("下课要在上课之后"))
    times = sorted(change.meetings.get(row.id, _times(row)) for row in rows)
    if any(later[0] < earlier[1] for earlier, later in pairwise(times)):
        raise BadField("meetings", _("有两次课撞在一起了"))
    if moved or change.room != run.room or change.trainer != run.trainer:
        overlaps.refuse_unknown(
            session,
            [one for one in times if one[0] > clock.now()],
            room=change.room,
            trainer=change.trainer,
            known=change.overlap_known,
            run_id=run.id,
        )
    before = [meeting_words(row) for row in moved]
    _put(session, {row.id: _aside(row) for row in moved})  # two may change places
    _put(session, {row.id: change.meetings[row.id] for row in moved})
    for row in moved:
        session.refresh(row)
    run.starts_at, run.ends_at = times[0][0], max(end for _start, end in times)
    run.enrol_until = min(run.enrol_until, clock.local(run.starts_at).date())
    _shorten_offers(session, run)
    news = [
        _("%(old)s改到%(new)s", old=old, new=meeting_words(row))
        for old, row in zip(before, moved, strict=True)
    ]
    more = len(news) - MOST_NAMED
    return news if more <= 0 else [*news[:MOST_NAMED], _("还有 %(n)d 次也改了", n=more)]


def _put(session: Session, times: dict[int, tuple[datetime, datetime]]) -> None:
    for meeting_id, (start, end) in times.items():
        session.exec(
            update(ClassMeeting)
            .where(col(ClassMeeting.id) == meeting_id)
            .values(starts_at=start, ends_at=end)
            .execution_options(synchronize_session=False)
        )


def _aside(row: ClassMeeting) -> tuple[datetime, datetime]:
    """Return a time long ago that no other meeting has."""
    start = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=row.id)
    return start, start + timedelta(minutes=1)


def _shorten_offers(session: Session, run: CourseRun) -> None:
    """Have no offer last longer than until the run begins."""
    session.exec(
        update(Enrolment)
        .where(
            col(Enrolment.run_id) == run.id,
            col(Enrolment.state) == S.OFFERED,
            col(Enrolment.offered_until) > run.starts_at,
        )
        .values(offered_until=run.starts_at)
        .execution_options(synchronize_session=False)
    )


def _times(row: ClassMeeting) -> tuple[datetime, datetime]:
    return row.starts_at, row.ends_at


def _people(
    session: Session, run: CourseRun, states: frozenset[EnrolmentState]
) -> Sequence[Enrolment]:
    query = (
        select(Enrolment)
        .where(Enrolment.run_id == run.id, col(Enrolment.state).in_(states))
        .order_by(col(Enrolment.id))
        .execution_options(populate_existing=True)
    )
    return session.exec(query).all()


def _tell_all(session: Session, run: CourseRun, kind: NewsKind, text: str, *, key: str) -> None:
    for enrolment in _people(session, run, TO_BE_TOLD):
        tell(session, enrolment, kind, text, key=key)


def _title(session: Session, run: CourseRun) -> str:
    course = session.get_one(Course, run.course_id)
    return session.get_one(Opening, course.opening_id).title


def _to_change(session: Session, actor: Actor, run_id: int) -> CourseRun:
    if not policy.can_manage(actor):
        raise Forbidden
    if session.get(CourseRun, run_id) is None:
        raise NotFound
    return locked_run(session, run_id)
