"""What is written down of a case: its plan, its licences, its months."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.guides.licence_steps import Need, steps_for
from webapp.ventures import policy
from webapp.ventures.lifecycle import (
    CaseState,
    SaidBy,
)
from webapp.ventures.models.cases import VentureCase, VenturePlan
from webapp.ventures.models.records import VentureCash, VentureLicence
from webapp.ventures.overdue import month_of
from webapp.ventures.services.transitions import (
    lock_case,
    readable_case,
    refuse_over,
)


@dataclass(frozen=True)
class PlanTerms:
    """A one-page plan as a form says it; money in fen."""

    what: str
    sold_where: str
    buyers: str
    unit: str
    cost_fen: int
    price_fen: int
    fixed_fen: int
    days: int
    expected: int | None = None
    start_fen: int = 0
    own_fen: int = 0
    family_fen: int = 0
    loan_fen: int = 0
    credit_fen: int = 0
    other_fen: int = 0


@dataclass(frozen=True)
class Month:
    """A month's three numbers, in fen; ``month`` is its first day."""

    month: date
    in_fen: int
    out_fen: int
    left_fen: int


def write_plan(session: Session, actor: Actor, *, case_id: int, terms: PlanTerms) -> VenturePlan:
    """Write the plan of a case, or write it anew: the person, their mentor, or staff."""
    case, resident = lock_case(session, case_id)
    if not policy.can_read(actor, case, resident):
        raise NotFound
    refuse_over(case)
    plan = session.exec(select(VenturePlan).where(VenturePlan.case_id == case_id)).first()
    values = {**asdict(terms), "updated_at": clock.now(), "updated_by_id": actor.account_id}
    if plan is None:
        plan = VenturePlan(case_id=case_id, **values)
    else:
        for name, value in values.items():
            setattr(plan, name, value)
    session.add(plan)
    session.flush()
    audit.record(session, "venture_case.write_plan", case)
    return plan


def readable_plan(session: Session, actor: Actor, case_id: int) -> VenturePlan | None:
    """Return the plan of a case the actor may read, ``None`` before it is written."""
    readable_case(session, actor, case_id)
    return session.exec(select(VenturePlan).where(VenturePlan.case_id == case_id)).first()


def note_licence(
    session: Session,
    actor: Actor,
    *,
    case_id: int,
    key: str,
    done_on: date | None,
    note: str = "",
) -> VentureCase:
    """Tick a step of the licences as done on a day, or take the tick back (``None``)."""
    case, resident = lock_case(session, case_id)
    if not policy.can_read(actor, case, resident):
        raise NotFound
    refuse_over(case)
    steps = steps_for(case.trade, case.site, on=clock.today())
    if key not in {step.key for step in steps if step.need is not Need.NO}:
        raise NotFound
    if done_on is not None and done_on > clock.today():
        raise BadField("done_on", _("还没到这一天，到了再记"))
    row = session.exec(
        select(VentureLicence).where(VentureLicence.case_id == case_id, VentureLicence.key == key)
    ).first()
    if done_on is None:
        if row is not None:
            session.delete(row)
    else:
        row = row or VentureLicence(case_id=case_id, key=key, done_on=done_on)
        row.done_on, row.note, row.by_id = done_on, note, actor.account_id
        session.add(row)
    session.flush()
    audit.record(session, "venture_case.licence", case, step=key, done=done_on is not None)
    return case


def note_month(session: Session, actor: Actor, *, case_id: int, month: Month) -> VentureCash:
    """Write down a month in three numbers; written again, the last word holds.

    What the person says rests on their word; what staff or the mentor write, they have seen.
    """
    case, resident = lock_case(session, case_id)
    if not policy.can_read(actor, case, resident):
        raise NotFound
    if case.opened_on is None or case.state not in {CaseState.ACTIVE, CaseState.CLOSED}:
        raise Conflict(_("开张以后才记每个月的数"))
    first = month_of(month.month)
    if first < month_of(case.opened_on) or first > month_of(clock.today()):
        raise BadField("month", _("只能记开张那个月到这个月"))
    if case.closed_on is not None and first > month_of(case.closed_on):
        raise BadField("month", _("那个月已经收摊了"))
    row = session.exec(
        select(VentureCash).where(VentureCash.case_id == case_id, VentureCash.month == first)
    ).first()
    values: dict[str, Any] = {
        "in_fen": month.in_fen,
        "out_fen": month.out_fen,
        "left_fen": month.left_fen,
        "said_by": SaidBy.STAFF if actor.is_staff else SaidBy.RESIDENT,
        "at": clock.now(),
        "by_id": actor.account_id,
    }
    if row is None:
        row = VentureCash(case_id=case_id, month=first, **values)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.add(row)
    session.flush()
    case.cash_until = max(case.cash_until or first, first)
    session.add(case)
    audit.record(session, "venture_case.month", case, month=first.isoformat())
    return row
