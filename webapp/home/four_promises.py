"""The community's four promises, each with this month's figures.

They are those of the supervision page, named in :data:`FIGURES`: of a month that is over as it was
frozen, of the month under way in steps of five, so that looking each day tells nothing of one
person. What is not there, and what everybody can count on the pages, is counted by a function in
:data:`SOURCES`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.labels import LabelledEnum
from webapp.openings import catalogue_cache
from webapp.oversight.queries import published
from webapp.posts.lifecycle import PostState
from webapp.posts.models import Post


class Promise(LabelledEnum):
    """What the service network promises."""

    MUTUAL = "mutual", "供职求职双方互动"
    CLEAR = "clear", "信息发布一目了然"
    PROMPT = "prompt", "民情反馈及时办理"
    OPEN = "open", "服务监督公开透明"


@dataclass(frozen=True)
class MonthFigure:
    """What is counted, this month so far, and in the newest whole month, which ``before`` names.

    Either may be empty.
    """

    label: str
    now: str
    before: str = ""
    href: str = ""


@dataclass(frozen=True)
class Months:
    """The month under way and the one before, as the moments between which they lie."""

    last: datetime
    this: datetime
    end: datetime


#: Figures of the supervision page by their ids there.
FIGURES: dict[Promise, tuple[str, ...]] = {
    Promise.MUTUAL: ("hired", "trials", "day_30_there"),
    Promise.CLEAR: ("openings",),
    Promise.PROMPT: ("tickets_received", "tickets_satisfied", "share_tickets_on_time"),
    Promise.OPEN: ("promises", "promises_in_time", "share_working", "share_pay"),
}
#: What some of them are called where the heading above them on that page is missing.
LABELS = {
    "tickets_received": "收到的话",
    "tickets_satisfied": "本人说解决了、满意的",
    "share_tickets_on_time": "该答复的里，按时答复的占",
    "promises": "支部说好这个月做到的",
    "promises_in_time": "其中按时做到的",
    "share_working": "能干活的人里，有活干的占",
    "share_pay": "手工活的工钱，按时付的占",
}


def of_month(session: Session) -> list[tuple[Promise, list[MonthFigure]]]:
    """Return the promises with their figures."""
    known = _published(session)
    months = _months(clock.today())
    return [
        (
            promise,
            [known[id_] for id_ in FIGURES[promise] if id_ in known]
            + [one for source in SOURCES[promise] for one in source(session, months)],
        )
        for promise in Promise
    ]


def _published(session: Session) -> dict[str, MonthFigure]:
    """Return id → figure as the supervision page shows it, in four queries."""
    page = published.overview(session)
    return {
        line.id: MonthFigure(
            _(LABELS.get(line.id, line.name)),
            line.running.words if line.running else "",
            _of(line.months[0].month, line.months[0].words) if line.months else "",
            url_for("oversight.figure", figure_id=line.id),
        )
        for section in page.sections
        for line in (*section.shares, *section.lines)
        if line.running or line.months
    }


def _months(today: date) -> Months:
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    end = (this + timedelta(days=31)).replace(day=1)
    return Months(*(clock.start_of_day(day) for day in (last, this, end)))


def _count(session: Session, *where: Any) -> int:
    statement: Any = select(func.count()).where(*where)
    return session.exec(statement).one() or 0


def _both(session: Session, months: Months, column: Any, *where: Any) -> tuple[int, int]:
    """Return how many of this month and of the one before, by a moment's column."""
    spans = ((months.this, months.end), (months.last, months.this))
    now, before = (
        _count(session, and_(col(column) >= start, col(column) < end), *where)
        for start, end in spans
    )
    return now, before


def _of(month: date, words: str) -> str:
    return _("%(m)d月 %(words)s", m=month.month, words=words)


def _posts(session: Session, months: Months) -> list[MonthFigure]:
    standing = col(Post.state) == PostState.PUBLISHED
    now, before = _both(session, months, Post.published_at, standing)
    whole = _of(months.last, str(before))
    return [MonthFigure(_("华龙天空发的"), str(now), whole, url_for("posts.index"))]


def _open_now(session: Session, _months: Months) -> list[MonthFigure]:
    entries = catalogue_cache.shown(session).entries
    return [MonthFigure(_("现在开着的机会"), str(len(entries)), href=url_for("openings.index"))]


Source = Callable[[Session, Months], list[MonthFigure]]
#: What else is told of a promise; each function asks its own part.
SOURCES: dict[Promise, tuple[Source, ...]] = {
    Promise.MUTUAL: (),
    Promise.CLEAR: (_posts, _open_now),
    Promise.PROMPT: (),
    Promise.OPEN: (),
}
