"""One case in full, for the person, their mentor and staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.branches.models import MemberProfile
from webapp.core import clock
from webapp.core.formatting import date_words, hours_words, moment_words, yuan
from webapp.guides.licence_steps import LicenceStep, Need, steps_for
from webapp.ventures.break_even import BreakEven, break_even
from webapp.ventures.lifecycle import CaseAction, MentorState
from webapp.ventures.models.cases import VentureCase, VentureEvent, VenturePlan
from webapp.ventures.models.records import (
    VentureCash,
    VentureLicence,
    VentureSurvival,
    VentureVisit,
)
from webapp.ventures.overdue import deadline, is_overdue, lacks_figures

MOST = 50
_CHARTED = 6  # months


@dataclass(frozen=True)
class Tick:
    """One step of the licences with what was noted of it."""

    step: LicenceStep
    done: VentureLicence | None

    @property
    def open(self) -> bool:
        """Whether it still has to be done."""
        return self.step.need is Need.YES and self.done is None


@dataclass(frozen=True)
class Visit:
    """One visit with who made it; ``doubts`` are what a reader should know of its day."""

    visit: VentureVisit
    who: str

    @property
    def doubts(self) -> list[str]:
        """What does not fit: written down late, or a picture of another day."""
        visit, found = self.visit, []
        written = clock.local(visit.at).date()
        if (written - visit.visited_on).days > 1:
            found.append(_("%(day)s才记的", day=date_words(written)))
        if visit.taken_on is not None and visit.taken_on != visit.visited_on:
            found.append(_("照片是%(day)s拍的", day=date_words(visit.taken_on)))
        return found


@dataclass(frozen=True)
class CashLine:
    """A month's three numbers; ``gap_fen`` is what does not add up with the month before."""

    row: VentureCash
    gap_fen: int | None

    @property
    def words(self) -> str:
        """The month in words."""
        return _("%(y)d年%(m)d月", y=self.row.month.year, m=self.row.month.month)


@dataclass(frozen=True)
class Mentor:
    """Who stands by somebody: name, what they know, when they are here."""

    name: str
    trades: list[str]
    hours: str
    phone: str
    state: MentorState


@dataclass(frozen=True)
class CaseView:
    """One case in full."""

    case: VentureCase
    plan: VenturePlan | None
    ticks: list[Tick]
    visits: list[Visit]
    cash: list[CashLine]
    survival: list[VentureSurvival]
    mentor: Mentor | None
    events: list[dict[str, str]]

    @property
    def result(self) -> BreakEven | None:
        """What the plan needs a day."""
        plan = self.plan
        if plan is None:
            return None
        return break_even(
            cost_fen=plan.cost_fen,
            price_fen=plan.price_fen,
            fixed_month_fen=plan.fixed_fen,
            days=plan.days,
            expected=plan.expected,
        )

    @property
    def missing_fen(self) -> int:
        """What the first money still lacks."""
        plan = self.plan
        if plan is None:
            return 0
        found = plan.own_fen + plan.family_fen + plan.loan_fen + plan.credit_fen + plan.other_fen
        return max(plan.start_fen - found, 0)

    @property
    def capital(self) -> list[tuple[str, str]]:
        """Where the first money comes from, what is something of it."""
        plan = self.plan
        if plan is None:
            return []
        rows = [
            (_("自己有的"), plan.own_fen),
            (_("家里、亲戚借的"), plan.family_fen),
            (_("贷款"), plan.loan_fen),
            (_("先拿货后给钱"), plan.credit_fen),
            (_("别的（补贴、社区给的工具）"), plan.other_fen),
        ]
        return [(words, _("%(n)s 元", n=yuan(fen))) for words, fen in rows if fen]

    @property
    def overdue(self) -> bool:
        """Whether something should have happened by now."""
        return is_overdue(self.case, deadline())

    @property
    def lacks_figures(self) -> bool:
        """Whether the last month's numbers are missing."""
        return lacks_figures(self.case, deadline())

    @property
    def bars(self) -> list[tuple[str, int, str, int]]:
        """The last months as bars: what came in and what went out."""
        bars = []
        for line in self.cash[:_CHARTED][::-1]:
            month, row = line.row.month.month, line.row
            bars.append((_("%(m)d月 收进", m=month), row.in_fen, yuan(row.in_fen), 1))
            bars.append((_("%(m)d月 花出", m=month), row.out_fen, yuan(row.out_fen), 2))
        return bars


def case_view(session: Session, case: VentureCase) -> CaseView:
    """Return one case in full; who may read it is asked before."""
    done = {
        row.key: row
        for row in session.scalars(
            select(VentureLicence).where(col(VentureLicence.case_id) == case.id)
        )
    }
    plan = session.scalars(select(VenturePlan).where(col(VenturePlan.case_id) == case.id)).first()
    survival = session.scalars(
        select(VentureSurvival)
        .where(col(VentureSurvival.case_id) == case.id)
        .order_by(col(VentureSurvival.months))
    )
    steps = steps_for(case.trade, case.site, on=clock.today())
    return CaseView(
        case=case,
        plan=plan,
        ticks=[Tick(step, done.get(step.key)) for step in steps],
        visits=_visits(session, case.id),
        cash=_cash(session, case.id),
        survival=list(survival),
        mentor=_mentor(session, case),
        events=_events(session, case.id),
    )


def _visits(session: Session, case_id: int) -> list[Visit]:
    rows = session.execute(
        select(VentureVisit, col(Account.name))
        .outerjoin(Account, col(Account.id) == VentureVisit.by_id)
        .where(col(VentureVisit.case_id) == case_id)
        .order_by(col(VentureVisit.visited_on).desc(), col(VentureVisit.id).desc())
        .limit(MOST)
    )
    return [Visit(visit, name or "") for visit, name in rows]


def _cash(session: Session, case_id: int) -> list[CashLine]:
    rows = session.scalars(
        select(VentureCash)
        .where(col(VentureCash.case_id) == case_id)
        .order_by(col(VentureCash.month))
        .limit(MOST)
    ).all()
    return cash_lines(rows)[::-1]


def cash_lines(rows: Sequence[VentureCash]) -> list[CashLine]:
    """Return months in order, each with what does not add up with the one right before it."""
    lines: list[CashLine] = []
    for number, row in enumerate(rows):
        before = rows[number - 1] if number else None
        follows = before is not None and _next(before.month) == row.month
        gap = None
        if before is not None and follows:
            gap = row.left_fen - (before.left_fen + row.in_fen - row.out_fen)
        lines.append(CashLine(row, gap))
    return lines


def _next(month: date) -> date:
    year, number = divmod(12 * month.year + month.month, 12)
    return date(year, number + 1, 1)


def _mentor(session: Session, case: VentureCase) -> Mentor | None:
    if case.mentor_id is None or case.mentor_state is None:
        return None
    row: Any = session.execute(
        select(col(Account.name), MemberProfile)
        .outerjoin(MemberProfile, col(MemberProfile.account_id) == Account.id)
        .where(col(Account.id) == case.mentor_id)
    ).one()
    name, profile = row
    return Mentor(
        name=name,
        trades=profile.trades if profile else [],
        hours=hours_words(profile.hours) if profile else "",
        phone=profile.duty_phone if profile else "",
        state=case.mentor_state,
    )


def _events(session: Session, case_id: int) -> list[dict[str, str]]:
    rows = session.execute(
        select(VentureEvent, col(Account.name))
        .outerjoin(Account, col(Account.id) == VentureEvent.account_id)
        .where(col(VentureEvent.case_id) == case_id)
        .order_by(col(VentureEvent.id))
        .limit(MOST)
    )
    return [
        {
            "text": CaseAction(event.action).label,
            "when": moment_words(event.at),
            "who": name or _("系统"),
        }
        for event, name in rows
    ]
