"""The monthly report: the published figures of a year's months, in the columns the admin chose."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core.errors import NotFound
from webapp.core.formatting import month_words
from webapp.core.spreadsheets.writing import table_workbook
from webapp.oversight.figures import YEAR, Derived, Figure, Unit
from webapp.oversight.models import ReportColumn
from webapp.oversight.queries.published import Shown, frozen, month_values, shown_of
from webapp.oversight.topics import TOPICS, by_id


@dataclass(frozen=True)
class Column:
    """One column: its figure, whether the year's sum of it, and its heading."""

    figure: Figure | Derived
    year: bool
    heading: str


@dataclass(frozen=True)
class Report:
    """A month's report: ``months`` of its year up to it, a row each, the newest last."""

    month: date
    columns: list[Column]
    months: list[date]
    rows: list[list[Shown]]


def columns(session: Session) -> list[ReportColumn]:
    """Return the columns the admin chose, in order."""
    return list(session.scalars(select(ReportColumn).order_by(col(ReportColumn.position))))


def report(session: Session, month: date) -> Report:
    """Return the report of a frozen month; raises ``NotFound`` for another."""
    known = frozen(session)
    if month not in known:
        raise NotFound
    shown = [_column(row.figure, row.heading) for row in columns(session)] or _all()
    months = sorted(one for one in known if one.year == month.year and one <= month)
    known_of = month_values(session, months)
    rows = [
        [shown_of(column.figure, one, known_of[one], year=column.year) for column in shown]
        for one in months
    ]
    return Report(month, shown, months, rows)


def workbook(made: Report) -> bytes:
    """Return the report as .xlsx, a row a month; numbers are numbers, hidden ones words."""
    heads = [_("月份"), *(one.heading for one in made.columns)]
    rows = [
        [month_words(month), *(_cell(c.figure, v) for c, v in zip(made.columns, row, strict=True))]
        for month, row in zip(made.months, made.rows, strict=True)
    ]
    note = _("写“不公布”的，是不满 5 的，或者写出来别人能算出不满 5 的。和监督公开页上的数一样。")
    return table_workbook(_("月报"), heads, rows, ["", note])


def as_json(made: Report) -> dict[str, Any]:
    """Return the month's row by figure, ``None`` for what is not published."""
    return {
        "month": f"{made.month:%Y-%m}",
        "figures": [
            {
                "id": one.figure.id + (YEAR if one.year else ""),
                "name": one.heading,
                "value": shown.value or None,
            }
            for one, shown in zip(made.columns, made.rows[-1], strict=True)
        ],
    }


def heading_of(figure: str) -> str:
    """Return what a figure is called that no heading was written for."""
    one = by_id()[figure.removesuffix(YEAR)]
    return _("%(name)s（今年到这个月）", name=one.name) if figure.endswith(YEAR) else one.name


def _all() -> list[Column]:
    return [
        _column(one.id, one.name) for topic in TOPICS for one in (*topic.derived, *topic.figures)
    ]


def _column(figure: str, heading: str) -> Column:
    return Column(by_id()[figure.removesuffix(YEAR)], figure.endswith(YEAR), heading)


def _cell(one: Figure | Derived, shown: Shown) -> Any:
    if not shown.value:
        return shown.words
    if not isinstance(one, Figure):
        return float(shown.value)
    scale = {Unit.FEN: 100, Unit.MINUTES: 60, Unit.PERMILLE: 10}.get(one.unit, 1)
    return int(shown.value) if scale == 1 else int(shown.value) / scale
