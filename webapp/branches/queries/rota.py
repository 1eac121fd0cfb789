"""Who is on duty: now, by day, and where nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.lifecycle import DutyVia
from webapp.branches.models import Branch, MemberProfile
from webapp.branches.models.rota import DutyShift
from webapp.branches.queries.members import away, is_here
from webapp.branches.queries.slots import Slot
from webapp.core import clock
from webapp.core.access import Role

LOOKED_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class OnDuty:
    """Who is rung: their account, and the telephone that everybody may call (empty for none)."""

    account_id: int
    name: str
    phone: str
    via: DutyVia


@dataclass(frozen=True)
class Gap:
    """A stretch of time in which nobody has a shift."""

    starts_at: datetime
    ends_at: datetime


def on_duty(session: Session, moment: datetime, *, branch_id: int | None = None) -> OnDuty | None:
    """Return whom to ring at a moment; ``None`` only where there is not even an admin.

    Whoever has a shift then and is not on leave, the one who came last first. Else a branch's
    secretary: that of ``branch_id`` first, then one who is here by their hours. Else an admin, by
    the telephone of the branch that serves all.
    """
    absent = away(session, moment)
    for account_id, name, phone in session.execute(_SHIFTS, {"moment": moment}):
        if account_id not in absent:
            return OnDuty(account_id, name, phone, DutyVia.SHIFT)
    return _secretary(session, moment, absent, branch_id) or _admin(session)


_SHIFTS = (
    select(col(DutyShift.account_id), col(Account.name), col(DutyShift.phone))
    .join(Account, col(Account.id) == DutyShift.account_id)
    .where(
        col(DutyShift.starts_at) <= bindparam("moment"),
        col(DutyShift.ends_at) > bindparam("moment"),
        col(Account.enabled),
    )
    .order_by(col(DutyShift.starts_at).desc(), col(DutyShift.id).desc())
)


def _secretary(
    session: Session, moment: datetime, absent: set[int], branch_id: int | None
) -> OnDuty | None:
    rows = session.exec(
        select(Account, Branch, MemberProfile)
        .join(Branch, col(Branch.id) == Account.branch_id)
        .outerjoin(MemberProfile, col(MemberProfile.account_id) == Account.id)
        .where(col(Account.is_secretary), col(Account.id).not_in(absent))
    ).all()
    if not rows:
        return None
    account, branch, profile = min(
        rows,
        key=lambda row: (
            row[1].id != branch_id,
            row[2] is None or not is_here(row[2].hours, moment),
            row[1].id,
        ),
    )
    phone = (profile.duty_phone if profile else "") or branch.phone
    return OnDuty(account.id, account.name, phone, DutyVia.SECRETARY)


def _admin(session: Session) -> OnDuty | None:
    account = session.exec(
        select(Account).where(Account.role == Role.ADMIN, Account.enabled).order_by(col(Account.id))
    ).first()
    if account is None:
        return None
    phone = session.exec(
        select(Branch.phone).order_by(col(Branch.serves_all).desc(), col(Branch.id))
    ).first()
    return OnDuty(account.id, account.name, phone or "", DutyVia.ADMIN)


def shifts_between(
    session: Session, start: datetime, end: datetime
) -> list[tuple[DutyShift, Account]]:
    """Return the shifts that touch a stretch of time with whose they are, in order."""
    return list(
        session.exec(
            select(DutyShift, Account)
            .join(Account, col(Account.id) == DutyShift.account_id)
            .where(col(DutyShift.starts_at) < end, col(DutyShift.ends_at) > start)
            .order_by(col(DutyShift.starts_at), col(DutyShift.id))
        )
    )


@dataclass(frozen=True)
class Week:
    """The shifts of a week: those that fill a slot by its key, with their names, and the others."""

    taken: dict[str, DutyShift]
    names: dict[int, str]
    others: list[DutyShift]


def week_of(session: Session, slots: Sequence[Slot]) -> Week:
    """Return who has which of the slots; of two, the first, and the rest among the others.

    A shift fills a slot that it ends with, if it began with it or, once that had begun, within it.
    """
    now = clock.now()
    found = shifts_between(session, slots[0].starts_at, slots[-1].ends_at)
    taken: dict[str, DutyShift] = {}
    for slot in slots:
        for shift, _who in found:
            begins_with_it = slot.starts_at <= shift.starts_at <= max(slot.starts_at, now)
            if shift.ends_at == slot.ends_at and begins_with_it:
                taken.setdefault(slot.key, shift)
    filling = {shift.id for shift in taken.values()}
    return Week(
        taken=taken,
        names={account.id: account.name for _shift, account in found},
        others=[shift for shift, _who in found if shift.id not in filling],
    )


def gaps(session: Session, start: datetime, end: datetime) -> list[Gap]:
    """Return when nobody is on duty between two moments, those on leave not counted."""
    covered = []
    absences: dict[date, set[int]] = {}
    for shift, account in shifts_between(session, start, end):
        if not account.enabled:
            continue
        covered += _present(session, shift, absences)
    return uncovered(covered, start, end)


def _present(
    session: Session, shift: DutyShift, absences: dict[date, set[int]]
) -> list[tuple[datetime, datetime]]:
    """Return the parts of a shift on whose days its member is not on leave."""
    parts, start = [], shift.starts_at
    while start < shift.ends_at:
        day = clock.local(start).date()
        end = min(clock.end_of_day(day), shift.ends_at)
        if day not in absences:
            absences[day] = away(session, start)
        if shift.account_id not in absences[day]:
            parts.append((start, end))
        start = end
    return parts


def uncovered(
    covered: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime
) -> list[Gap]:
    """Return what of a stretch of time no span covers; spans may overlap, in any order."""
    found, reached = [], start
    for begins, ends in sorted(covered):
        if begins >= end:
            break
        if begins > reached:
            found.append(Gap(reached, begins))
        reached = max(reached, ends)
    if reached < end:
        found.append(Gap(reached, end))
    return found
