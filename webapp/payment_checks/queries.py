"""What is shown of the checks: figures of a month, the sample, one settlement, what is overdue."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.memo import built_once
from webapp.draws import order
from webapp.openings.models import Opening
from webapp.payment_checks import sampling
from webapp.payment_checks.lifecycle import ARRIVED, UNKNOWN, Answer, CheckState
from webapp.payment_checks.models import PaymentCheck, PaymentCheckLine
from webapp.payment_checks.services.making import all_text, settled_lines
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.money import Payment, SettlementLine
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries.assignments import may_work
from webapp.piecework.services.claims import ADULT
from webapp.residents.models import Household, Resident


@dataclass(frozen=True)
class Figures:
    """What came of a month's check; nobody who was not reached counts as paid.

    ``reached`` is how many of ``sample`` said anything, ``arrived`` how many of those have the
    whole sum, late or not; ``low`` and ``high`` are between which shares that of all settlements
    lies, judged by those reached (``None`` while nobody was).
    """

    check: PaymentCheck
    reached: int
    arrived: int
    counts: dict[Answer, int]
    not_called: int
    low: float | None
    high: float | None

    @property
    def share_of_sample(self) -> float:
        """The share that surely has the money: of all in the sample, reached or not."""
        return self.arrived / self.check.sample


def figures(session: Session) -> list[Figures]:
    """Return the figures of every month whose sample is drawn, the newest first; two queries."""
    checks = session.execute(
        select(PaymentCheck)
        .where(col(PaymentCheck.state) != CheckState.AWAITING)
        .order_by(col(PaymentCheck.month).desc())
    ).scalars()
    said: dict[int, Counter[Answer | None]] = {}
    for check_id, answer in session.execute(
        select(col(PaymentCheckLine.check_id), col(PaymentCheckLine.answer)).where(
            col(PaymentCheckLine.selected)
        )
    ):
        said.setdefault(check_id, Counter())[answer] += 1
    return [_figures(check, said.get(check.id, Counter())) for check in checks]


def _figures(check: PaymentCheck, said: Counter[Answer | None]) -> Figures:
    counts = {answer: said[answer] for answer in Answer}
    reached = sum(n for answer, n in counts.items() if answer not in UNKNOWN)
    arrived = sum(counts[answer] for answer in ARRIVED)
    low = high = None
    if reached:
        low, high = sampling.interval(
            arrived, reached, check.settled, confidence=check.confidence_permille
        )
    return Figures(check, reached, arrived, counts, said[None], low, high)


def awaiting(session: Session) -> list[PaymentCheck]:
    """Return the checks whose sample is not drawn yet."""
    query = select(PaymentCheck).where(col(PaymentCheck.state) == CheckState.AWAITING)
    return list(session.execute(query.order_by(col(PaymentCheck.month).desc())).scalars())


def _lines() -> Any:
    return (
        select(
            col(PaymentCheckLine.id),
            col(PaymentCheckLine.code),
            col(PaymentCheckLine.answer),
            col(PaymentCheckLine.amount_fen),
            col(PaymentCheckLine.due_on),
            col(PaymentCheckLine.resolution),
            col(PaymentCheckLine.resolution_words),
            col(PaymentCheck.month),
            col(PaymentCheck.state),
            col(PaymentCheck.id).label("check_id"),
            col(SettlementLine.net_fen),
            col(SettlementLine.household_id),
            col(Household.unit_address),
            col(Opening.title),
            col(Payment.method),
            col(Payment.paid_at),
        )
        .join(PaymentCheck, col(PaymentCheck.id) == PaymentCheckLine.check_id)
        .join(SettlementLine, col(SettlementLine.id) == PaymentCheckLine.settlement_line_id)
        .join(Household, col(Household.id) == SettlementLine.household_id)
        .join(Assignment, col(Assignment.id) == SettlementLine.assignment_id)
        .join(PieceworkOrder, col(PieceworkOrder.id) == Assignment.order_id)
        .join(Opening, col(Opening.id) == PieceworkOrder.opening_id)
        .outerjoin(Payment, col(Payment.line_id) == SettlementLine.id)
        .where(col(PaymentCheckLine.selected))
    )


def sample_of(check_id: int) -> Any:
    """Return the statement of a month's sample: those to ask first, then by address."""
    return (
        _lines()
        .where(col(PaymentCheckLine.check_id) == check_id)
        .order_by(
            case((col(PaymentCheckLine.answer).is_(None), 0), else_=1),
            col(Household.unit_address),
            col(PaymentCheckLine.id),
        )
    )


def one_line(session: Session, line_id: int) -> Any:
    """Return one settlement of a sample as :func:`sample_of` has it, ``None`` for none."""
    return session.execute(_lines().where(col(PaymentCheckLine.id) == line_id)).one_or_none()


@built_once
def to_call() -> Any:
    """Return the statement of settlements nobody has asked about yet, or in vain."""
    return (
        _lines()
        .where(
            col(PaymentCheck.state) == CheckState.CALLING,
            col(PaymentCheckLine.answer).is_(None)
            | col(PaymentCheckLine.answer).in_(sorted(UNKNOWN)),
        )
        .order_by(col(PaymentCheckLine.answered_at), col(PaymentCheckLine.id))
    )


@built_once
def doubts() -> Any:
    """Return the statement of pay that did not come, or not whole, and is not looked into yet."""
    return (
        _lines()
        .where(
            col(PaymentCheckLine.due_on).is_not(None), col(PaymentCheckLine.resolution).is_(None)
        )
        .order_by(col(PaymentCheckLine.due_on), col(PaymentCheckLine.id))
    )


def people_to_ask(session: Session, household_id: int) -> list[Resident]:
    """Return the grown-ups of a household, those with a number first."""
    people = may_work(session, household_id, least=ADULT)
    return sorted(people, key=lambda one: (not one.phone, one.id))


def of_household(session: Session, household_id: int, *, since: datetime | None) -> list[Any]:
    """Return what was answered for a household, for a member who belongs to it ``since`` then."""
    query = _lines().where(
        col(SettlementLine.household_id) == household_id, col(PaymentCheckLine.answer).is_not(None)
    )
    if since is not None:
        query = query.where(col(Assignment.claimed_at) >= since)
    return list(session.execute(query.order_by(col(PaymentCheckLine.id).desc())))


def is_overdue(row: Any) -> bool:
    """Whether a doubt should have been looked into by now."""
    return row.due_on is not None and row.resolution is None and row.due_on < clock.today()


def faults(session: Session) -> list[str]:
    """Return what does not hold of the checks, a line each (``fumin verify``)."""
    found = []
    for check in session.execute(select(PaymentCheck).order_by(col(PaymentCheck.id))).scalars():
        lines = list(
            session.execute(
                select(PaymentCheckLine)
                .where(col(PaymentCheckLine.check_id) == check.id)
                .order_by(col(PaymentCheckLine.settlement_line_id))
            ).scalars()
        )
        first = date.fromisoformat(f"{check.month}-01")
        following = (first + timedelta(days=32)).replace(day=1)
        listed = [line.settlement_line_id for line in lines]
        if listed != settled_lines(session, first, following):
            found.append(f"payment check {check.month}: not all that was settled is in its list")
        text = all_text(check.month, [line.code for line in lines])
        if check.draw_id is None and order.digest(text) != check.list_hash:
            found.append(f"payment check {check.month}: the list is not the one of the hash")
        drawn = sum(line.selected for line in lines)
        if check.state is not CheckState.AWAITING and drawn != check.sample:
            found.append(f"payment check {check.month}: {drawn} of {check.sample} in the sample")
    return found
