"""What happens to a run: opened, moved, cancelled, begun. All concerned are told in one step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
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
)
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import invitations, overlaps, seats
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
    opening = session.get_one(Opening, course.opening_id)
    title = opening.title
    news = _move_meetings(session, run, change, opening)
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
    title = title_of(session, run)
    people = people_of(session, run, TO_BE_TOLD)
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
    for enrolment in invitations.open_invitations(session, run.id):
        words = _("「%(what)s」不办了，不用回话了。", what=run_title(title, run.number))
        tell(session, enrolment, NewsKind.CANCELLED, words, key=f"cancelled:{run.id}")
    invitations.end_invitations(session, run, called_off=True)
    seats.sync_opening(session, session.get_one(Course, run.course_id))
    return run


def kept(enrolment: Enrolment) -> dict[str, Any]:
    """Return the columns that go on when somebody stays in their seat."""
    return {
        name: getattr(enrolment, name) for name in ("run_id", "seat", "subsidy_year", "subsidy_nth")
    }


def _move_meetings(session: Session, run: CourseRun, change: Change, opening: Opening) -> list[str]:
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
            address=opening.address,
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


def people_of(
    session: Session, run: CourseRun, states: frozenset[EnrolmentState]
) -> Sequence[Enrolment]:
    """Return the enrolments of a run in these states, as they stand now."""
    query = (
        select(Enrolment)
        .where(Enrolment.run_id == run.id, col(Enrolment.state).in_(states))
        .order_by(col(Enrolment.id))
        .execution_options(populate_existing=True)
    )
    return session.exec(query).all()


def _tell_all(session: Session, run: CourseRun, kind: NewsKind, text: str, *, key: str) -> None:
    invited = invitations.open_invitations(session, run.id)
    for enrolment in (*people_of(session, run, TO_BE_TOLD), *invited):
        tell(session, enrolment, kind, text, key=key)


def title_of(session: Session, run: CourseRun) -> str:
    """Return what the run's course is called."""
    course = session.get_one(Course, run.course_id)
    return session.get_one(Opening, course.opening_id).title


def _to_change(session: Session, actor: Actor, run_id: int) -> CourseRun:
    if not policy.can_manage(actor):
        raise Forbidden
    if session.get(CourseRun, run_id) is None:
        raise NotFound
    return locked_run(session, run_id)
