"""What pages show of standing services: the round of today, lists, one service, figures."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.branches.models.rota import MemberAbsence
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.formatting import days_words
from webapp.core.memo import built_once
from webapp.core.suppression import few
from webapp.residents.models import Household, Resident
from webapp.rulebook.figures import rule
from webapp.standing_services.lifecycle import (
    QUESTIONS,
    SETTLED,
    ServiceState,
    VisitOutcome,
)
from webapp.standing_services.models import StandingService, StandingVisit

S, V = StandingService, StandingVisit
VISITS_SHOWN = 20


@dataclass(frozen=True)
class Line:
    """One service as lists and rounds show it; ``phone`` is empty where there is none."""

    service: StandingService
    name: str
    address: str
    phone: str
    owner: str
    backup: str

    @property
    def questions(self) -> list[str]:
        """What to ask at the door."""
        own = [line.strip() for line in self.service.to_ask.splitlines() if line.strip()]
        return [*QUESTIONS[self.service.kind], *own]

    @property
    def days_late(self) -> int:
        """How many days ago somebody was meant to go; 0 when it is not late."""
        since = self.service.missed_since or self.service.next_on
        return max((clock.today() - since).days, 0) if since else 0

    @property
    def how_often(self) -> str:
        """The beat in words."""
        return rhythm_words(self.service)


def rhythm_words(service: StandingService) -> str:
    """Return how often somebody goes, in words."""
    if service.every_days is None:
        return days_words(service.weekdays)
    return _("每天") if service.every_days == 1 else _("每 %(n)d 天", n=service.every_days)


def statement() -> Any:
    """Return the statement of services with who is visited and who goes, to be narrowed."""
    owner, backup = aliased(Account), aliased(Account)
    return (
        select(
            S,
            col(Resident.name).label("resident_name"),
            col(Household.unit_address),
            col(Resident.phone).label("resident_phone"),
            col(owner.name).label("owner"),
            col(backup.name).label("backup"),
        )
        .join(owner, col(owner.id) == S.owner_id)
        .join(backup, col(backup.id) == S.backup_id)
        .outerjoin(Resident, col(Resident.id) == S.resident_id)
        .outerjoin(Household, col(Household.id) == Resident.household_id)
    )


def line_of(row: Any) -> Line:
    """Return a row of :func:`statement` as pages show it."""
    service: StandingService = row.StandingService
    return Line(
        service=service,
        name=row.resident_name or service.outside_name or "",
        address=row.unit_address or service.outside_address or "",
        phone=row.resident_phone or service.outside_phone or "",
        owner=row.owner,
        backup=row.backup,
    )


@built_once
def to_go(actor: Actor) -> Any:
    """Return the statement of visits that wait for the actor today, the longest waiting first.

    One's own; as the backup those nobody came to, or whose visitor is on leave; as the branch's
    secretary those that backups did not get to either.
    """
    today = clock.today()
    on_leave = exists().where(
        col(MemberAbsence.account_id) == S.owner_id,
        col(MemberAbsence.from_on) <= today,
        col(MemberAbsence.until_on) >= today,
        col(MemberAbsence.cancelled_at).is_(None),
    )
    secretary = exists().where(
        col(Account.id) == actor.account_id,
        col(Account.branch_id) == S.branch_id,
        col(Account.is_secretary),
    )
    mine = col(S.owner_id) == actor.account_id
    standing_in = and_(
        col(S.backup_id) == actor.account_id, or_(col(S.backup_told_at).is_not(None), on_leave)
    )
    unseen = and_(col(S.secretary_told_at).is_not(None), secretary)
    return (
        statement()
        .where(
            col(S.state) == ServiceState.ACTIVE,
            col(S.branch_id) == actor.branch_id,
            or_(
                and_(col(S.next_on) <= today, or_(mine, standing_in)),
                and_(col(S.missed_since).is_not(None), or_(mine, standing_in, unseen)),
            ),
        )
        .order_by(col(S.missed_since).is_(None), col(S.missed_since), col(S.next_on), col(S.id))
    )


def of_branch(branch_id: int | None, state: ServiceState) -> Any:
    """Return the statement of a branch's services in one state, the next to be made first."""
    order = case((col(S.state) == ServiceState.PAUSED, col(S.paused_until)), else_=col(S.next_on))
    return (
        statement()
        .where(col(S.branch_id) == branch_id, col(S.state) == state)
        .order_by(order, col(S.ended_at).desc(), col(S.id))
    )


def one(session: Session, service_id: int) -> Line:
    """Return one service that the caller has made sure may be seen."""
    return line_of(session.execute(statement().where(col(S.id) == service_id)).one())


def of_resident(session: Session, resident_id: int | None) -> list[Line]:
    """Return what is agreed with a resident, what goes on first."""
    rows = session.execute(
        statement()
        .where(col(S.resident_id) == resident_id)
        .order_by(col(S.state) == ServiceState.ENDED, col(S.id))
    )
    return [line_of(row) for row in rows]


def visits_of(session: Session, service_ids: list[int]) -> dict[int, list[Any]]:
    """Return service → its newest visits as (row, name of who wrote it), the newest first."""
    newest = (
        select(
            col(V.id),
            func.row_number()
            .over(partition_by=col(V.service_id), order_by=col(V.id).desc())
            .label("place"),
        )
        .where(col(V.service_id).in_(service_ids))
        .subquery()
    )
    rows = session.execute(
        select(V, col(Account.name).label("who"))
        .join(newest, newest.c.id == V.id)
        .outerjoin(Account, col(Account.id) == V.by_id)
        .where(newest.c.place <= VISITS_SHOWN)
        .order_by(col(V.id).desc())
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.StandingVisit.service_id, []).append(row)
    return found


def made_today(session: Session, account_id: int | None) -> list[Any]:
    """Return what somebody wrote down today, as (visit, name of who was visited), newest first."""
    rows = session.execute(
        select(V, S, col(Resident.name).label("resident_name"))
        .join(S, col(S.id) == V.service_id)
        .outerjoin(Resident, col(Resident.id) == S.resident_id)
        .where(col(V.by_id) == account_id, col(V.day) == clock.today())
        .order_by(col(V.id).desc())
    )
    return [
        (row.StandingVisit, row.resident_name or row.StandingService.outside_name or "")
        for row in rows
    ]


@dataclass(frozen=True)
class MonthOfVisits:
    """A branch's visits due in a month (``"2026-11"``): on time, late, not made.

    ``None`` stands for 1 to 4, and for what could be reckoned from the others. A visit counts as
    on time when it was written down by the day it was due and the days of grace after it.
    """

    month: str
    branch_id: int
    branch: str
    due: int | None
    on_time: int | None
    late: int | None
    missed: int | None


def months(session: Session) -> list[MonthOfVisits]:
    """Return the visits due in two years by month and branch, the newest first; three queries.

    A day due counts once its turn is settled, or once it has passed with nobody there yet.
    """
    today = clock.today()
    grace = rule("service_grace_days", on=today)
    since = today.replace(day=1) - timedelta(days=730)
    counts: dict[tuple[str, int], Counter[str]] = {}

    def count(due_on: date, branch_id: int, what: str) -> None:
        counts.setdefault((f"{due_on:%Y-%m}", branch_id), Counter())[what] += 1

    settled = select(col(S.branch_id), col(V.due_on), col(V.outcome), col(V.day)).join(
        S, col(S.id) == V.service_id
    )
    for branch_id, due_on, outcome, day in session.execute(
        settled.where(col(V.outcome).in_(sorted(SETTLED)), col(V.due_on) >= since)
    ):
        in_time = outcome is VisitOutcome.VISITED and (day - due_on).days <= grace
        made = "on_time" if in_time else "late"
        count(due_on, branch_id, made if outcome is VisitOutcome.VISITED else "missed")
    waiting = select(col(S.branch_id), col(S.due_on)).where(
        col(S.state) == ServiceState.ACTIVE, col(S.due_on) < today
    )
    for branch_id, due_on in session.execute(waiting):
        if (today - due_on).days > grace:
            count(due_on, branch_id, "missed")
    names = {row.id: row.name for row in session.exec(select_rows(Branch)).all()}
    return [
        _hidden(month, branch_id, names[branch_id], counts[month, branch_id])
        for month, branch_id in sorted(counts, key=lambda key: (key[0], -key[1]), reverse=True)
    ]


def _hidden(month: str, branch_id: int, branch: str, counted: Counter[str]) -> MonthOfVisits:
    """Hide small counts; one alone hidden could be reckoned from the sum, so its next goes too."""
    parts: dict[str, int | None] = {
        name: few(counted[name]) for name in ("on_time", "late", "missed")
    }
    if sum(value is None for value in parts.values()) == 1:
        smallest = min(
            (name for name, value in parts.items() if value), key=lambda name: counted[name],
            default=None,
        )  # fmt: skip
        if smallest is not None:
            parts[smallest] = None
    return MonthOfVisits(month, branch_id, branch, due=few(counted.total()), **parts)
