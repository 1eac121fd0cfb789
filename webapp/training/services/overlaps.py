"""Rooms and trainers that would be in two places at once: warned of, not forbidden."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import and_, or_
from sqlmodel import Session, col, func, select

from webapp.core.errors import BadField
from webapp.openings.models import Opening
from webapp.training.lifecycle import TAKING_PLACE
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.words import meeting_words, run_title

MOST_ROOMS = 6


def overlaps(
    session: Session,
    meetings: Sequence[tuple[datetime, datetime]],
    *,
    room: str,
    trainer: str,
    address: str,
    run_id: int | None = None,
) -> list[tuple[str, str]]:
    """Return (field, words) where another run has the same room or trainer at the same hours.

    One line for each run and field. A room of the same name at another ``address``
    is another one. ``run_id`` is the run itself, which does not count.
    """
    if not meetings:
        return []
    same = []
    if room:
        same.append(
            and_(
                col(CourseRun.room) == room,
                col(Opening.address) == address,
            )
        )
    if trainer:
        same.append(col(CourseRun.trainer) == trainer)
    if not same:
        return []
    others = session.exec(
        select(ClassMeeting, CourseRun, Opening)
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(
            or_(*same),
            col(CourseRun.state).in_(TAKING_PLACE),
            CourseRun.id != (run_id or 0),
            ClassMeeting.starts_at < max(end for _start, end in meetings),
            ClassMeeting.ends_at > min(start for start, _end in meetings),
        )
        .order_by(col(ClassMeeting.starts_at))
    ).all()
    found: dict[tuple[str, int], str] = {}
    for other, run, opening in others:
        if not any(start < other.ends_at and other.starts_at < end for start, end in meetings):
            continue
        words = _(
            "%(what)s那时也在用：%(when)s",
            what=run_title(opening.title, run.number),
            when=meeting_words(other),
        )
        if room and (run.room, opening.address) == (room, address):
            found.setdefault(("room", run.id), words)
        if trainer and run.trainer == trainer:
            found.setdefault(("trainer", run.id), words)
    return [(field, words) for (field, _run), words in found.items()]


def refuse_unknown(
    session: Session,
    meetings: Sequence[tuple[datetime, datetime]],
    *,
    room: str,
    trainer: str,
    address: str,
    known: bool,
    run_id: int | None = None,
) -> None:
    """Raise :class:`BadField` for the first overlap, unless it is known to who plans it."""
    if known:
        return
    found = overlaps(session, meetings, room=room, trainer=trainer, address=address, run_id=run_id)
    if found:
        field, words = found[0]
        raise BadField(field, _("%(what)s。还是这样排，就在下面勾上", what=words))


def free_room(session: Session, meetings: Sequence[tuple[datetime, datetime]], address: str) -> str:
    """Return the room used last at this address that is free at these hours; empty for none."""
    rooms = session.exec(
        select(CourseRun.room)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(CourseRun.room != "", Opening.address == address)
        .group_by(col(CourseRun.room))
        .order_by(func.max(col(CourseRun.id)).desc())
        .limit(MOST_ROOMS)
    ).all()
    return next(
        (
            room
            for room in rooms
            if not overlaps(session, meetings, room=room, trainer="", address=address)
        ),
        "",
    )
