"""The figures of months as they are stored, edition by edition, and the table they make."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.oversight.figures import YEAR, Cover, Part, Period, Values
from webapp.oversight.models import FrozenMonth, MonthFigure
from webapp.oversight.protection import Cell, Key, Table
from webapp.oversight.topics import TOPICS, counted


@dataclass
class Edition:
    """One edition of a month: figure → where its value was written, value, whether it is shown.

    ``earlier`` is the edition of the month before that its year's sums go on from.
    """

    month: date
    number: int
    values: dict[str, "Value"]
    earlier: "Edition | None" = None


@dataclass(frozen=True)
class Value:
    """A figure as an edition found it; ``number`` is that edition's."""

    month: date
    number: int
    value: int | None
    shown: bool


def editions(session: Session) -> list[Edition]:
    """Return every edition of every month in the order they were made; two queries."""
    rows: dict[int, list[MonthFigure]] = defaultdict(list)
    for row in session.scalars(select(MonthFigure)):
        rows[row.month_id].append(row)
    found: list[Edition] = []
    latest: dict[date, Edition] = {}
    for head in session.scalars(select(FrozenMonth).order_by(col(FrozenMonth.id))):
        before = latest.get(head.month)
        own = {
            row.figure: Value(head.month, head.edition, row.value, row.shown)
            for row in rows[head.id]
        }
        edition = Edition(
            head.month,
            head.edition,
            {**(before.values if before else {}), **own},
            latest.get(Period.of(head.month).before.first),
        )
        latest[head.month] = edition
        found.append(edition)
    return found


def with_years(values: Values, month: date, earlier: Edition | None) -> dict[str, int | None]:
    """Return a month's values with the year's sums, from January or from the first month kept."""
    found = dict(values)
    for id_, figure in counted().items():
        if figure.flow and id_.endswith(YEAR):
            own = values.get(figure.id)
            past = None if earlier is None or month.month == 1 else earlier.values.get(id_)
            carried = past.value if past is not None else None
            found[id_] = None if own is None else own + (carried or 0)
    return found


def table_of(every: Iterable[Edition], new: Edition | None = None) -> Table:
    """Return all counts of all editions with the equations between them; ``new`` is undecided."""
    table = Table()
    for edition in every:
        _add(table, edition, fixed=True)
    if new is not None:
        _add(table, new, fixed=False)
    return table


def _add(table: Table, edition: Edition, *, fixed: bool) -> None:
    known: dict[str, Key] = {}
    for id_, value in edition.values.items():
        figure = counted().get(id_)
        if figure is None or not figure.is_count or value.value is None:
            continue
        key = known[id_] = (value.month.isoformat(), value.number, id_)
        if key not in table.cells:
            table.cells[key] = Cell(
                value.value,
                keep=2 * figure.keep - id_.endswith(YEAR),
                fixed=fixed,
                hidden=not value.shown,
            )
    for topic in TOPICS:
        for relation in topic.relations:
            for year in ("", YEAR):
                _relate(table, edition, relation, known, year)
    _add_years(table, edition, known)


def _relate(
    table: Table, edition: Edition, relation: object, known: Mapping[str, Key], year: str
) -> None:
    names = [relation.part] if isinstance(relation, Part) else list(relation.parts)  # type: ignore[attr-defined]
    whole = known.get(relation.whole + year)  # type: ignore[attr-defined]
    parts = [known.get(name + year) for name in names]
    if whole is None or any(part is None for part in parts):
        return
    keys = [part for part in parts if part is not None]
    rest = table.cells[whole].value - sum(table.cells[one].value for one in keys)
    key = (edition.month.isoformat(), edition.number, f"{relation.whole}-{'-'.join(names)}{year}")  # type: ignore[attr-defined]
    if isinstance(relation, Cover):
        # Whoever stands in several parts is counted too often by their sum.
        table.cells[key] = Cell(-rest, published=False, guarded=False, fixed=True, hidden=True)
        whole_and_more = {whole: 1, key: 1} | dict.fromkeys(keys, -1)
        table.equations.append(whole_and_more)
        return
    if isinstance(relation, Part):
        table.cells[key] = Cell(rest, published=False, fixed=True, hidden=True)
        keys.append(key)
    table.equate(whole, keys)


def _add_years(table: Table, edition: Edition, known: Mapping[str, Key]) -> None:
    for id_, figure in counted().items():
        if not (figure.flow and id_.endswith(YEAR)) or id_ not in known or figure.id not in known:
            continue
        parts = [known[figure.id]]
        past = edition.earlier.values.get(id_) if edition.earlier else None
        if edition.month.month > 1 and past is not None and past.value is not None:
            parts.append((past.month.isoformat(), past.number, id_))
        if table.cells[known[id_]].value == sum(table.cells[one].value for one in parts):
            table.equate(known[id_], parts)
