"""The week on one page: what is open, what is put on, what was promised, whom to call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.branches.lifecycle import ActivityState, PromiseState
from webapp.branches.models import Branch
from webapp.branches.models.commitments import BranchActivity, BranchPromise
from webapp.branches.queries.members import desks
from webapp.branches.queries.office_hours import office_hours
from webapp.branches.queries.rota import on_duty
from webapp.core import clock
from webapp.core.formatting import date_words, hours_words
from webapp.core.vocabulary import Kind
from webapp.openings import presentation
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.posts import wording
from webapp.posts.lifecycle import PostKind, PostState
from webapp.posts.models import Post

WEEK = timedelta(days=7)
_LINE = 30  # Chinese characters of a line of the page
# How many lines a section has at most, so that all of it is one page.
MOST_OF = {Kind.VACANCY: 7, Kind.PIECEWORK: 3, Kind.COURSE: 3, Kind.VENTURE: 2}
MOST_EVENTS, MOST_PROMISES, MOST_NEWS = 3, 2, 2


@dataclass(frozen=True)
class Line:
    """One line of the page; ``fresh``: it came in this week."""

    words: str
    fresh: bool = False


@dataclass(frozen=True)
class Section:
    """A heading with its lines; ``total`` counts those too that did not fit."""

    title: str
    lines: list[Line]
    total: int


@dataclass(frozen=True)
class Office:
    """A branch, where it is, when somebody is there."""

    name: str
    office: str
    phone: str
    hours: str


@dataclass(frozen=True)
class Digest:
    """One week's page."""

    monday: date
    sections: list[Section]
    offices: list[Office]
    duty_phone: str


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks(today: date) -> list[date]:
    """Return the Mondays to choose from: four weeks back to two ahead, the latest first."""
    return [monday_of(today) + number * WEEK for number in range(2, -5, -1)]


def digest(session: Session, monday: date) -> Digest:
    """Return the page of the week that begins on ``monday``, in nine queries."""
    start, end = _moment(monday), _moment(monday + WEEK)
    openings = _open_in(session, monday)
    titles = {
        Kind.VACANCY: _("招工"),
        Kind.PIECEWORK: _("手工"),
        Kind.COURSE: _("学手艺"),
        Kind.VENTURE: _("摆摊"),
    }
    found = [
        _section(
            title,
            [one for one in openings if one.kind is kind],
            MOST_OF[kind],
            lambda one: Line(_opening_words(one), fresh=_in_week(one.published_at, start, end)),
        )
        for kind, title in titles.items()
    ]
    found += [
        _section(_("活动"), _activities(session, start, end), MOST_EVENTS, _activity),
        _section(_("说好的事"), _promises(session, monday), MOST_PROMISES, _promise),
        _section(_("华龙天空"), _news(session, start, end), MOST_NEWS, _said),
    ]
    duty = on_duty(session, max(start, clock.now()))
    return Digest(
        monday=monday,
        sections=[one for one in found if one.lines],
        offices=_offices(session),
        duty_phone=duty.phone if duty else "",
    )


def _moment(day: date) -> datetime:
    return clock.start_of_day(day)


def _in_week(moment: datetime | None, start: datetime, end: datetime) -> bool:
    return moment is not None and start <= moment < end


def _section(title: str, rows: list[Any], most: int, line: Callable[[Any], Line]) -> Section:
    return Section(title, [line(row) for row in rows[:most]], len(rows))


def _open_in(session: Session, monday: date) -> list[Opening]:
    """Return what was open in the week, the newest first; of this week what still is."""
    over = monday + WEEK <= clock.today()
    states = [OpeningState.PUBLISHED]
    if over:
        states += [OpeningState.EXPIRED, OpeningState.CLOSED]
    rows = session.exec(
        select(Opening)
        .where(
            col(Opening.state).in_(states),
            col(Opening.published_at) < _moment(monday + WEEK),
            col(Opening.valid_until) >= max(monday, clock.today())
            if not over
            else col(Opening.valid_until) >= monday,
        )
        .order_by(col(Opening.published_at).desc(), col(Opening.id).desc())
    )
    return [one for one in rows if over or one.places_left > 0]


def _opening_words(opening: Opening) -> str:
    """Return title, pay and place in one line; what does not fit whole is left out, title last."""
    pay = presentation.pay_of(opening)
    return _fitting(opening.title, pay, opening.place.rpartition("/")[2])


def _fitting(title: str, *rest: str) -> str:
    words = [part for part in map(wording.readable, rest) if part]
    while words and len(words[0]) > _LINE // 2:
        words = words[1:]
    while words and _width("，".join(words)) > 2 * _LINE - 16:
        words.pop()
    room = _LINE - (_width("，".join(words)) + 1) // 2 - bool(words)
    return "，".join([wording.shorten(wording.readable(title), room), *words])


def _width(text: str) -> int:
    """Return the width in halves of a Chinese character."""
    return sum(1 if one < "\u2000" else 2 for one in text)


def _activities(session: Session, start: datetime, end: datetime) -> list[BranchActivity]:
    return list(
        session.exec(
            select(BranchActivity)
            .where(
                BranchActivity.state == ActivityState.PLANNED,
                col(BranchActivity.ends_at) > start,
                col(BranchActivity.starts_at) < end + WEEK,
            )
            .order_by(col(BranchActivity.starts_at), col(BranchActivity.id))
        )
    )


def _activity(one: BranchActivity) -> Line:
    start = clock.local(one.starts_at)
    when = f"{start.month}月{start.day}日（周{'一二三四五六日'[start.weekday()]}）{start:%H:%M}"
    return Line(_fitting(one.title, when, one.place))


def _promises(session: Session, monday: date) -> list[tuple[BranchPromise, str]]:
    rows = session.exec(
        select(BranchPromise, Branch.name)
        .join(Branch, col(Branch.id) == BranchPromise.branch_id)
        .where(
            BranchPromise.state == PromiseState.OPEN,
            col(BranchPromise.due_on).between(monday, monday + 2 * WEEK),
        )
        .order_by(col(BranchPromise.due_on), col(BranchPromise.id))
    )
    return [(promise, name) for promise, name in rows]


def _promise(row: tuple[BranchPromise, str]) -> Line:
    promise, branch = row
    day = _("%(m)d月%(d)d日前", m=promise.due_on.month, d=promise.due_on.day)
    return Line(_fitting(promise.words, day, branch))


def _news(session: Session, start: datetime, end: datetime) -> list[Post]:
    """Return the week's posts about anything but openings, which have sections of their own."""
    kinds = [PostKind.NOTICE, PostKind.ACTIVITY, PostKind.THANKS]
    return list(
        session.exec(
            select(Post)
            .where(
                Post.state == PostState.PUBLISHED,
                col(Post.kind).in_(kinds),
                col(Post.published_at) >= start,
                col(Post.published_at) < end,
            )
            .order_by(col(Post.published_at).desc(), col(Post.id).desc())
        )
    )


def _said(post: Post) -> Line:
    return Line(wording.shorten(wording.readable(post.text), _LINE))


def _offices(session: Session) -> list[Office]:
    return [
        Office(
            desk.branch.name,
            desk.branch.office,
            desk.branch.phone,
            hours_words(office_hours(desk.members)),
        )
        for desk in desks(session)
    ]


def week_words(monday: date) -> str:
    """Return a week as 「11月30日（周一）–12月6日（周日）」."""
    return f"{date_words(monday)}–{date_words(monday + timedelta(days=6))}"


def named(week: str, offered: Iterable[date]) -> date | None:
    """Return the Monday that an address names as 2026-11-30, if it is one of those offered."""
    return next((monday for monday in offered if monday.isoformat() == week), None)
