"""Freeze a month's figures once, with what is hidden of them decided for good."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import Refused
from webapp.core.suppression import FEW
from webapp.oversight.figures import YEAR, Period
from webapp.oversight.models import FrozenMonth, MonthFigure
from webapp.oversight.protection import hidden_cells
from webapp.oversight.stored import Edition, Value, editions, table_of, with_years
from webapp.oversight.topics import TOPICS, counted

#: Days after a month's end in which what happened in it is still written down.
DAYS_TO_WRITE_DOWN = 2


def due(session: Session) -> list[Period]:
    """Return the months that are over and not frozen, the oldest first."""
    last = Period.of(clock.today() - timedelta(days=DAYS_TO_WRITE_DOWN)).before
    newest = session.execute(select(func.max(col(FrozenMonth.month)))).scalar_one()
    if newest is None:
        return [last]
    found, period = [], last
    while period.first > newest:
        found.append(period)
        period = period.before
    return found[::-1]


def freeze(session: Session, period: Period) -> FrozenMonth:
    """Freeze a month; raises ``Refused`` for one that is frozen or not over."""
    every = editions(session)
    if any(one.month == period.first for one in every) or period.last >= clock.today():
        raise Refused(_("这个月已经定下来了，或者还没过完"))
    late = Period.of(clock.today()).before != period
    measured: dict[str, int | None] = {}
    for topic in TOPICS:
        count = topic.recount if late else topic.measure
        measured |= count(session, period) if count else {}
    values = with_years(measured, period.first, latest(every).get(period.before.first))
    return write_edition(session, SYSTEM, every, period.first, values, "")


def latest(every: list[Edition]) -> dict[date, Edition]:
    """Return month → its newest edition."""
    return {one.month: one for one in every}


def write_edition(
    session: Session,
    actor: Actor,
    every: list[Edition],
    month: date,
    values: Mapping[str, int | None],
    reason: str,
) -> FrozenMonth:
    """Write an edition with what is hidden of it decided."""
    before = latest(every).get(month)
    number = before.number + 1 if before else 0
    own = {
        id_: Value(month, number, value, shown=False)
        for id_, value in values.items()
        if id_ in counted()
    }
    edition = Edition(
        month,
        number,
        {**(before.values if before else {}), **own},
        latest(every).get(Period.of(month).before.first),
    )
    try:
        # Figures of one year say nothing of another's: sums begin anew in January.
        of_year = [one for one in every if one.month.year == month.year]
        hidden = {key[2] for key in hidden_cells(table_of(of_year, edition))}
    except ValueError as error:
        raise Refused(_("这样改，别人就能算出不满 5 的数，先不改")) from error
    head = FrozenMonth(
        month=month, edition=number, at=clock.now(), reason=reason, account_id=actor.account_id
    )
    session.add(head)
    session.flush()
    shown = {
        id_
        for id_, one in own.items()
        if one.value is not None and id_ not in hidden and counted()[id_].is_count
    }
    for id_ in (one for one in own if not counted()[one].is_count):
        if _may_be_shown(edition, id_, shown):
            shown.add(id_)
    session.add_all(
        MonthFigure(month_id=head.id, figure=id_, value=one.value, shown=id_ in shown)
        for id_, one in own.items()
    )
    session.flush()
    return head


def _may_be_shown(edition: Edition, id_: str, shown: set[str]) -> bool:
    """Whether an amount or a score may be shown: not if it is of few people.

    The year's sum of an amount is shown while every month in it is: else it would give back the
    month that is not.
    """
    figure, one = counted()[id_], edition.values[id_]
    if one.value is None:
        return False
    if not figure.rests_on:
        return True
    if id_.endswith(YEAR):
        past = edition.earlier.values.get(id_) if edition.earlier else None
        goes_on = edition.month.month > 1 and past is not None
        return figure.id in shown and (not goes_on or (past is not None and past.shown))
    people = edition.values[figure.rests_on]
    return (people.value or 0) >= FEW and (figure.rests_on in shown or people.shown)
