"""On which days somebody may try the work: not past, not taken by a class or another trial day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.errors import BadField
from webapp.core.formatting import date_words
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.courses import ClassMeeting
from webapp.training.models.enrolments import Enrolment
from webapp.training.words import meeting_words
from webapp.trials.lifecycle import TO_COME, Party
from webapp.trials.models import TrialDay

LONGEST = 3
_AHEAD = timedelta(days=60)
Span = tuple[datetime, datetime]


def refuse_days(
    session: Session,
    *,
    resident_id: int,
    first_day: date,
    days: int,
    to: Party,
    hours: tuple[str, str] = ("", ""),
    trial_id: int = 0,
) -> None:
    """Raise :class:`BadField` for days that are past, too many, or taken by something else.

    Without ``hours`` the whole days count. ``to`` is who reads the message.
    """
    if not 1 <= days <= LONGEST:
        raise BadField("days", _("试岗最少一天，最多三天"))
    if first_day <= clock.today():
        raise BadField("first_day", _("最早从明天起，好让两边都看到"))
    if first_day > clock.today() + _AHEAD:
        raise BadField("first_day", _("太远了，约两个月以内的日子"))
    taken = _taken_by(session, resident_id, spans(first_day, days, hours), trial_id)
    if taken:
        raise BadField("first_day", _words_to(to, taken))


def clash_of(session: Session, trial: TrialDay, to: Party) -> str:
    """Return in words to one party what has come to stand against the days; empty for nothing.

    A class the person has enrolled in since, or another trial day.
    """
    wanted = spans(trial.first_day, trial.days, (trial.starts_at, trial.ends_at))
    taken = _taken_by(session, trial.resident_id, wanted, trial.id)
    return _words_to(to, taken) if taken else ""


def spans(first_day: date, days: int, hours: tuple[str, str]) -> list[Span]:
    """Return from when to when each day lasts; past midnight belongs to the day it begins on."""
    start, end = minutes(hours[0] or "00:00"), minutes(hours[1] or "24:00")
    until = end + (24 * 60 if end <= start else 0)
    found = []
    for number in range(days):
        day = first_day + timedelta(days=number)
        midnight = clock.start_of_day(day)
        found.append((midnight + timedelta(minutes=start), midnight + timedelta(minutes=until)))
    return found


def minutes(time: str) -> int:
    """Return the minutes since midnight of a time like "08:30"."""
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def trials_within(session: Session, resident_id: int, wanted: Sequence[Span]) -> list[TrialDay]:
    """Return a person's trial days to come that fall into these hours, the next first."""
    own = session.exec(
        select(TrialDay)
        .where(TrialDay.resident_id == resident_id, col(TrialDay.state).in_(TO_COME))
        .order_by(col(TrialDay.first_day))
    ).all()
    return [
        one
        for one in own
        if _meet(wanted, spans(one.first_day, one.days, (one.starts_at, one.ends_at)))
    ]


def _taken_by(session: Session, resident_id: int, wanted: list[Span], trial_id: int) -> str:
    for other in trials_within(session, resident_id, wanted):
        if other.id != trial_id:
            return _("那天已经约了别的试岗（%(day)s起）", day=date_words(other.first_day))
    meetings = session.exec(
        select(ClassMeeting)
        .join(Enrolment, col(Enrolment.run_id) == ClassMeeting.run_id)
        .where(
            Enrolment.resident_id == resident_id,
            col(Enrolment.state).in_([EnrolmentState.ACCEPTED, EnrolmentState.ATTENDING]),
            ClassMeeting.starts_at < wanted[-1][1],
            ClassMeeting.ends_at > wanted[0][0],
        )
        .order_by(col(ClassMeeting.starts_at))
    ).all()
    for meeting in meetings:
        if _meet(wanted, [(meeting.starts_at, meeting.ends_at)]):
            return _("那时候要上课：%(when)s", when=meeting_words(meeting))
    return ""


def _words_to(party: Party, taken: str) -> str:
    """Return why the days don't do; an employer reads neither of courses nor of other employers."""
    return _("本人那时候有别的安排，请换个日子或时间") if party is Party.EMPLOYER else taken


def _meet(ours: Sequence[Span], theirs: Sequence[Span]) -> bool:
    return any(a < d and c < b for a, b in ours for c, d in theirs)
