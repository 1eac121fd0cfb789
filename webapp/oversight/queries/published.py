"""What the pages show: frozen months, the month under way, one figure's history, corrections."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from webapp.core.errors import NotFound
from webapp.core.formatting import yuan
from webapp.oversight.figures import YEAR, Derived, Figure, Share, Topic, Unit, Values
from webapp.oversight.models import FrozenMonth, MonthFigure, PublishedFile, RunningMonth
from webapp.oversight.services.publishing import at_least
from webapp.oversight.topics import TOPICS, by_id, topic_of
from webapp.oversight.working_out import worked_out

TREND = 12  # months in charts and tables of months
GOAL = "share_working"
#: What the first page of the community shows of each of its four promises.
HEADLINES = ("hired", "openings", "share_tickets_on_time", "share_pay")


@dataclass(frozen=True)
class Shown:
    """One figure of one month: ``value`` as in the files, empty where it is not published."""

    figure: str
    month: date
    value: str
    words: str


@dataclass(frozen=True)
class Line:
    """One figure in the months of the page; ``running`` is ``None`` where it waits for the end.

    ``parts`` is what it is worked out from, in words, of the month frozen last.
    """

    id: str
    name: str
    parts: str
    months: list[Shown]
    year: Shown | None
    running: Shown | None


@dataclass(frozen=True)
class Section:
    """A topic with its lines, and with the shares worked out from them."""

    topic: Topic
    shares: list[Line]
    lines: list[Line]


@dataclass(frozen=True)
class Overview:
    """The page: ``months`` newest first, none before the first is frozen."""

    months: list[date]
    sections: list[Section]
    trend: list[Shown]
    running: date | None
    counted_at: datetime | None
    corrections: list[FrozenMonth]


@dataclass(frozen=True)
class HistoryRow:
    """One edition of a month of a figure, corrected ones with the reason and what was before."""

    head: FrozenMonth
    shown: Shown
    year: Shown | None
    parts: list[Shown]
    corrected: bool


def overview(session: Session) -> Overview:
    """Return the two months frozen last with the month under way, in four queries."""
    heads = _heads(session, months=TREND)
    months = sorted({one.month for one in heads}, reverse=True)
    goal = by_id()[GOAL]
    values = _values(session, heads, whole=months[:2], parts=_needs(goal))
    running = session.get(RunningMonth, 1)
    if running is not None and running.month in months:
        running = None  # it is over and frozen since
    return Overview(
        months=months[:2],
        sections=[_section(topic, months[:2], values, running) for topic in TOPICS],
        trend=[shown_of(goal, month, values.get(month, {})) for month in reversed(months)],
        running=running.month if running else None,
        counted_at=running.at if running else None,
        corrections=[one for one in heads if one.edition],
    )


def headline(session: Session, figures: Iterable[str] = HEADLINES) -> list[Shown]:
    """Return some figures of the month frozen last, for other pages; one query of stored rows."""
    wanted = [by_id()[one] for one in figures]
    rows = session.execute(
        select(
            col(FrozenMonth.month),
            col(MonthFigure.figure),
            col(MonthFigure.value),
            col(MonthFigure.shown),
        )
        .join(MonthFigure, col(MonthFigure.month_id) == FrozenMonth.id)
        .where(
            col(FrozenMonth.month) == select(func.max(col(FrozenMonth.month))).scalar_subquery(),
            col(MonthFigure.figure).in_({id_ for one in wanted for id_ in _needs(one)}),
        )
        .order_by(col(FrozenMonth.edition))
    ).all()
    shown = _published(rows)
    return [shown_of(one, rows[0].month, shown) for one in wanted] if rows else []


def history(session: Session, id_: str) -> tuple[Figure | Derived, Topic, list[HistoryRow]]:
    """Return a figure with every edition of every month, newest first; raises ``NotFound``."""
    one = by_id().get(id_)
    if one is None:
        raise NotFound
    needs = _needs(one) + ([id_ + YEAR] if isinstance(one, Figure) and one.flow else [])
    heads = _heads(session)
    rows = {
        (row.month_id, row.figure): row
        for row in session.scalars(select(MonthFigure).where(col(MonthFigure.figure).in_(needs)))
    }
    known: dict[date, dict[str, int | None]] = {}
    found = []
    for head in sorted(heads, key=lambda each: (each.month, each.edition)):
        own = {name: rows[head.id, name] for name in needs if (head.id, name) in rows}
        values = _published(own.values())
        if head.edition and not own:
            continue
        now = known[head.month] = {**known.get(head.month, {}), **values}
        parts = [by_id()[name] for name in needs] if not isinstance(one, Figure) else []
        year = None
        if isinstance(one, Figure) and one.flow:
            year = shown_of(one, head.month, now, year=True)
        found.append(
            HistoryRow(
                head=head,
                shown=shown_of(one, head.month, now),
                year=year,
                parts=[shown_of(each, head.month, now) for each in parts],
                corrected=bool(head.edition),
            )
        )
    return one, topic_of(id_), found[::-1]


def month_values(session: Session, months: Collection[date]) -> dict[date, dict[str, int | None]]:
    """Return frozen month → what is published of it, as corrected last; two queries."""
    heads = [one for one in _heads(session) if one.month in months]
    return _values(session, heads, whole=months, parts=())


def frozen(session: Session) -> list[date]:
    """Return the months that are frozen, the newest first."""
    query = select(col(FrozenMonth.month)).where(col(FrozenMonth.edition) == 0)
    return list(session.scalars(query.order_by(col(FrozenMonth.month).desc())))


def file(session: Session, name: str) -> PublishedFile:
    """Return a signed file; raises ``NotFound``."""
    found = session.scalars(select(PublishedFile).where(col(PublishedFile.name) == name)).first()
    if found is None:
        raise NotFound
    return found


def words_of(one: Figure | Derived, value: str, *, hidden: bool = True) -> str:
    """Return a published value with its unit in words; empty is ``hidden``, or there is none."""
    if not value:
        return _("不公布") if hidden else _("还没有")
    if not isinstance(one, Figure):
        return _("%(n)s%%", n=value) if isinstance(one, Share) else _("%(n)s 分", n=value)
    number = int(value)
    if one.unit is Unit.FEN:
        return _("%(n)s 元", n=yuan(number))
    if one.unit is Unit.MINUTES:
        return _("%(n)s 小时", n=f"{number / 60:.1f}")
    if one.unit is Unit.PERMILLE:
        return _("%(n)s%%", n=f"{number / 10:.1f}")
    if one.unit is Unit.NUMBER:
        return _("第 %(n)d 次学习", n=number) if number else _("出厂排序")
    return _("%(n)d %(unit)s", n=number, unit=one.unit.label)


def rendered(one: Figure | Derived, values: Values, *, year: bool = False) -> str:
    """Return a figure's value as the files have it, empty where it is not published."""
    if not isinstance(one, Figure):
        return worked_out(one, values)
    value = values.get(one.id + YEAR if year else one.id)
    return "" if value is None else str(value)


def shown_of(one: Figure | Derived, month: date, values: Values, *, year: bool = False) -> Shown:
    """Return a figure of a month from what is published of it, as :func:`month_values` has it."""
    value = rendered(one, values, year=year)
    id_ = one.id + YEAR if year else one.id
    # What nobody counted is not among the values, what is hidden is there without its value.
    hidden = any(values.get(name, 0) is None for name in ([id_] if year else _needs(one)))
    return Shown(id_, month, value, words_of(one, value, hidden=hidden))


def _section(
    topic: Topic,
    months: Collection[date],
    values: dict[date, dict[str, int | None]],
    running: RunningMonth | None,
) -> Section:
    least = at_least(running.values) if running else {}

    def line(one: Figure | Derived) -> Line:
        newest = max(months, default=None)
        year, parts = None, []
        if newest is not None and isinstance(one, Figure) and one.flow:
            year = shown_of(one, newest, values[newest], year=True)
        if newest is not None and isinstance(one, Share):
            needs = [by_id()[name] for name in _needs(one)]
            parts = [shown_of(each, newest, values[newest]).words for each in needs]
        now = _running(one, running.month, least[one.id]) if running and one.id in least else None
        return Line(
            one.id,
            one.name,
            " ÷ ".join(parts),
            [shown_of(one, month, values[month]) for month in months],
            year,
            now,
        )

    return Section(
        topic, [line(one) for one in topic.derived], [line(one) for one in topic.figures]
    )


def _running(one: Figure | Derived, month: date, least: int) -> Shown:
    words = _("%(n)d 以上", n=least) if least else _("还不满 5")
    return Shown(one.id, month, str(least), words)


def _heads(session: Session, months: int | None = None) -> list[FrozenMonth]:
    """Return the editions of the newest months, oldest edition first."""
    query = select(FrozenMonth).order_by(col(FrozenMonth.edition))
    if months is not None:
        newest = select(col(FrozenMonth.month)).distinct().order_by(col(FrozenMonth.month).desc())
        query = query.where(col(FrozenMonth.month).in_(newest.limit(months)))
    return list(session.scalars(query))


def _values(
    session: Session,
    heads: Collection[FrozenMonth],
    *,
    whole: Collection[date],
    parts: Collection[str],
) -> dict[date, dict[str, int | None]]:
    """Return month → figure → published value, all of ``whole`` months, else those ``parts``."""
    of_head = {one.id: one for one in heads}
    all_of = [one.id for one in heads if one.month in whole]
    rows: list[Any] = list(
        session.scalars(
            select(MonthFigure).where(
                col(MonthFigure.month_id).in_(of_head),
                or_(col(MonthFigure.month_id).in_(all_of), col(MonthFigure.figure).in_(parts)),
            )
        )
    )
    found: dict[date, dict[str, int | None]] = {one.month: {} for one in heads}
    for row in sorted(rows, key=lambda each: of_head[each.month_id].edition):
        found[of_head[row.month_id].month].update(_published([row]))
    return found


def _published(rows: Iterable[Any]) -> dict[str, int | None]:
    """Return figure → value, ``None`` for what is hidden; what nobody counted is left out."""
    return {row.figure: row.value if row.shown else None for row in rows if row.value is not None}


def _needs(one: Figure | Derived) -> list[str]:
    if isinstance(one, Figure):
        return [one.id]
    return [one.top, one.bottom] if isinstance(one, Share) else [one.high, one.low]
