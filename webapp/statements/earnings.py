"""What was earned in a period: accepted piecework from the passbook, wages as confirmed.

Amounts are fen, months ``"2026-11"`` as the calendar in Chongqing shows them. Piecework is what
stands accepted, before deductions for material and advances; an inspection that was reversed
counts for nothing.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.errors import Conflict
from webapp.employers.models import Employer
from webapp.piecework.ledger import passbook
from webapp.piecework.models.assignment import Assignment, AssignmentMember, Inspection
from webapp.piecework.models.passbook import PassbookKind, PassbookLine
from webapp.residents.models import Resident
from webapp.statements.models import WageConfirmation


@dataclass(frozen=True)
class Wage:
    """One month's wage of one person."""

    month: str
    employer: str
    name: str
    fen: int


@dataclass(frozen=True)
class Earnings:
    """What a person or household earned; ``joint_fen`` is work done with others, in no sum."""

    piecework: dict[str, int]
    wages: list[Wage] = field(default_factory=list)
    joint_fen: int = 0

    @property
    def piecework_fen(self) -> int:
        """All of the accepted piecework."""
        return sum(self.piecework.values())

    @property
    def wages_fen(self) -> int:
        """All of the wages."""
        return sum(one.fen for one in self.wages)

    @property
    def total_fen(self) -> int:
        """Piecework and wages together."""
        return self.piecework_fen + self.wages_fen

    def since(self, first: date) -> int:
        """Return what of it is of the month that begins on ``first`` and later, in fen."""
        from_then = f"{first:%Y-%m}"
        pieces = sum(fen for month, fen in self.piecework.items() if month >= from_then)
        return pieces + sum(one.fen for one in self.wages if one.month >= from_then)


def first_month(months: int) -> date:
    """Return the first day of the month that lies ``months`` before the current one."""
    today = clock.today()
    year, month = divmod(12 * today.year + today.month - 1 - months, 12)
    return date(year, month + 1, 1)


def of_person(session: Session, resident_id: int, *, since: date) -> Earnings:
    """Return what one person earned: piecework on which they alone were named, and wages."""
    named = select(col(AssignmentMember.assignment_id)).where(
        col(AssignmentMember.resident_id) == resident_id
    )
    alone = (
        select(col(AssignmentMember.assignment_id))
        .where(col(AssignmentMember.assignment_id).in_(named))
        .group_by(col(AssignmentMember.assignment_id))
        .having(func.count() == 1)
    )
    own = set(session.scalars(alone))
    piecework: Counter[str] = Counter()
    joint = 0
    for assignment_id, month, fen in _accepted(session, Assignment.id.in_(named), since):  # type: ignore[attr-defined]
        if assignment_id in own:
            piecework[month] += fen
        else:
            joint += fen
    return Earnings(dict(sorted(piecework.items())), _wages(session, [resident_id], since), joint)


def of_household(
    session: Session, household_id: int, adult_ids: Collection[int], *, since: date
) -> Earnings:
    """Return what a household earned: all its piecework, and the wages of these adults."""
    piecework: Counter[str] = Counter()
    of_it = col(Assignment.household_id) == household_id
    for _assignment, month, fen in _accepted(session, of_it, since):
        piecework[month] += fen
    return Earnings(dict(sorted(piecework.items())), _wages(session, adult_ids, since))


def _accepted(session: Session, which: Any, since: date) -> list[tuple[int, str, int]]:
    """Return (assignment, month, fen) of the passbook's accepted work that still stands.

    Raises ``Conflict`` for a line whose digest does not hold: nobody signs what was tampered with.
    """
    begin = clock.start_of_day(since)
    lines = session.scalars(
        select(PassbookLine)
        .join(Inspection, col(Inspection.entry_id) == PassbookLine.entry_id)
        .join(Assignment, col(Assignment.id) == PassbookLine.assignment_id)
        .where(
            which,
            col(PassbookLine.kind) == PassbookKind.INSPECT,
            col(PassbookLine.at) >= begin,
            col(Inspection.reversed_by_id).is_(None),
        )
    )
    found = []
    for line in lines:
        if passbook.digest(line) != line.digest:
            raise Conflict(_("存折上有一行对不上，先请社区查清楚，再开证明。"))
        fen = int(line.facts.get("pay_fen") or 0)
        if fen:
            found.append((line.assignment_id, f"{clock.local(line.at):%Y-%m}", fen))
    return found


def _wages(session: Session, resident_ids: Collection[int], since: date) -> list[Wage]:
    rows = session.execute(
        select(
            col(WageConfirmation.month),
            col(Employer.name),
            col(Resident.name),
            col(WageConfirmation.amount_fen),
        )
        .join(Employer, col(Employer.id) == WageConfirmation.employer_id)
        .join(Resident, col(Resident.id) == WageConfirmation.resident_id)
        .where(
            col(WageConfirmation.resident_id).in_(resident_ids),
            col(WageConfirmation.month) >= since,
            col(WageConfirmation.ended_at).is_(None),
            col(WageConfirmation.objected_at).is_(None),
        )
        .order_by(col(WageConfirmation.month), col(WageConfirmation.id))
    )
    return [Wage(f"{month:%Y-%m}", employer, name, fen) for month, employer, name, fen in rows]
