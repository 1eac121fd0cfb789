"""Figures of law that somebody has to look at again, and noting that one still holds.

A figure is due once its usual cycle has passed since it came into force, or once the time between
two looks has passed since somebody last compared it with its source, whichever is later; where the
last look named a day, that day holds. A figure nobody has compared yet is due from when it came in.
One that has no row at all is unset: pages say that it is not known, until an admin has found it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.rulebook import policy
from webapp.rulebook.figures import KEY, known, units
from webapp.rulebook.models import RuleFigure, RuleReview
from webapp.rulebook.row_cache import forget

_YEAR = 365
#: Days after which a figure usually changes, and between two looks at one that did not. The
#: minimum wage: 最低工资规定 (劳社部令第21号) 第十条, at least every two years.
_WAGE, _POLICY, _STATUTE = (2 * _YEAR, 183), (_YEAR, _YEAR), (5 * _YEAR, 2 * _YEAR)
_CYCLES: tuple[tuple[tuple[str, ...], tuple[int, int]], ...] = (
    (("pay_floor_",), _WAGE),
    (
        ("allowance_", "startup_", "traineeship_", "insurance_subsidy_", "public_post_",
         "difficult_", "subsidised_courses_"),
        _POLICY,
    ),
    (
        ("retirement_", "trial_pay_percent", "probation_", "piecework_deduction_permille",
         "working_age_from", "employer_records_days", "service_record_days"),
        _STATUTE,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """When a figure was last compared with its source, by which, and when it is due again."""

    figure_id: int
    last: date | None
    source: str
    due_on: date


def cycle(name: str) -> tuple[int, int] | None:
    """Return the days of a figure's cycle and between two looks; ``None`` for the community's."""
    return next((days for begins, days in _CYCLES if name.startswith(begins)), None)


def looks(session: Session, today: date) -> dict[str, Look]:
    """Return each figure of law that holds today with when it is to be looked at again."""
    in_force = {
        name: row
        for name in units()
        if cycle(name) and (row := known(name, on=today)) is not None and row.id
    }
    ids = [row.id for row in in_force.values()]
    rows = {
        row.id: row for row in session.exec(select(RuleFigure).where(col(RuleFigure.id).in_(ids)))
    }
    last: dict[int, RuleReview] = {}
    reviews = select(RuleReview).where(col(RuleReview.figure_id).in_(ids))
    for review in session.exec(reviews.order_by(col(RuleReview.id))):
        last[review.figure_id] = review
    return {name: _look(name, rows[row.id], last.get(row.id)) for name, row in in_force.items()}


def due(session: Session, today: date) -> dict[str, date]:
    """Return the figures that are due, with since when."""
    return {
        name: look.due_on for name, look in looks(session, today).items() if look.due_on <= today
    }


def unset(today: date) -> list[str]:
    """Return the figures of law of which no row has begun yet."""
    return [name for name in sorted(units()) if cycle(name) and known(name, on=today) is None]


def _look(name: str, row: RuleFigure, review: RuleReview | None) -> Look:
    if review is not None:
        return Look(row.id, review.day, review.source, review.next_on)
    usual, again = cycle(name) or _STATUTE
    if row.confirmed_at is None:
        return Look(row.id, None, "", clock.local(row.created_at).date())
    looked = clock.local(row.confirmed_at).date()
    due_on = max(row.since + timedelta(days=usual), looked + timedelta(days=again))
    return Look(row.id, looked, row.source, due_on)


def next_look(name: str, today: date) -> date:
    """Return the day that is proposed for the next look at a figure that still holds."""
    return today + timedelta(days=(cycle(name) or _STATUTE)[1])


def note_still_holds(
    session: Session, actor: Actor, *, figure_id: int, day: date, source: str, next_on: date
) -> RuleReview:
    """Note that a figure was compared with ``source`` on ``day`` and still holds.

    One that nobody had compared before counts as confirmed from then. ``NotFound`` for a row
    that is no figure of law, or no longer in force; ``BadField`` for days that cannot be.
    """
    if not policy.can_write(actor):
        raise Forbidden
    figure = get_figure(session, figure_id)
    if day > clock.today():
        raise BadField("day", _("核对的日子不能在以后"))
    if next_on <= clock.today():
        raise BadField("next_on", _("下次要在今天以后"))
    review = RuleReview(
        figure_id=figure_id,
        day=day,
        source=source,
        next_on=next_on,
        by_id=actor.account_id or 0,
        at=clock.now(),
    )
    session.add(review)
    session.exec(
        update(RuleFigure)
        .where(col(RuleFigure.id) == figure_id, col(RuleFigure.confirmed_at).is_(None))
        .values(confirmed_at=clock.now(), confirmed_by_id=actor.account_id)
    )
    session.flush()
    audit.record(session, "rule.still_holds", figure, name=figure.name, until=next_on.isoformat())
    forget(KEY)
    return review


def get_figure(session: Session, figure_id: int) -> RuleFigure:
    """Return the row of a figure of law that holds today, or raise ``NotFound``."""
    figure = session.get(RuleFigure, figure_id)
    if figure is None or cycle(figure.name) is None:
        raise NotFound
    now = known(figure.name, on=clock.today())
    if now is None or now.id != figure_id:
        raise NotFound
    return figure
