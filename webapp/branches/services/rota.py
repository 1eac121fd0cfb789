"""The rota of duty: one week at a time, a single shift, and who takes whose.

What is over stays as it was; of a shift that runs, what is left is cut off and given on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp import events
from webapp.accounts.models import Account
from webapp.branches import policy
from webapp.branches.models.rota import DutyShift
from webapp.branches.queries.members import Member, away, members, secretary_of
from webapp.branches.queries.rota import shifts_between
from webapp.branches.queries.slots import Slot, slots_of_week
from webapp.branches.services import telephones
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound

_LONGEST = timedelta(hours=24)
_FURTHEST = timedelta(days=120)


@dataclass(frozen=True)
class Changes:
    """What saving a week did."""

    added: int = 0
    given: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        """How many shifts changed."""
        return self.added + self.given + self.removed


def may_keep(session: Session, actor: Actor) -> bool:
    """Return whether the actor keeps the rota: any branch's secretary, or an admin."""
    branch_id = actor.branch_id
    secretary = secretary_of(session, branch_id) if branch_id else None
    return policy.can_keep_rota(actor, secretary_id=secretary)


def save_week(
    session: Session,
    actor: Actor,
    *,
    monday: date,
    chosen: Mapping[str, int | None],
    phone: str,
) -> Changes:
    """Put who was chosen into the slots of a week (key of a slot → account); an empty one is freed.

    Slots that are over, or not named, stay. Raises ``BadField`` named as the slot for who is on
    duty at that time already.
    """
    _refuse_others(session, actor)
    telephones.refuse_own(session, phone, field="phone")
    added = given = removed = 0
    for slot in slots_of_week(monday):
        if slot.key not in chosen or slot.ends_at <= clock.now():
            continue
        account_id, shift = chosen[slot.key], _exactly(session, slot)
        if account_id is None:
            if shift is not None:
                _cut(session, shift)
                removed += 1
        elif shift is None:
            _add(session, actor, account_id, slot.starts_at, slot.ends_at, phone, field=slot.key)
            added += 1
        elif shift.account_id != account_id:
            _give(session, actor, shift, account_id, field=slot.key)
            given += 1
    changes = Changes(added, given, removed)
    if changes.total:
        audit.record(session, "duty_shift.week", f"duty_shift:{monday}", n=changes.total)
    return changes


def add_shift(
    session: Session,
    actor: Actor,
    *,
    account_id: int,
    starts_at: datetime,
    ends_at: datetime,
    phone: str,
) -> DutyShift:
    """Add a shift at any hours; it may overlap another member's, then two are on duty."""
    _refuse_others(session, actor)
    telephones.refuse_own(session, phone, field="phone")
    if ends_at <= clock.now():
        raise BadField("day", _("这个时间已经过了"))
    if starts_at > clock.now() + _FURTHEST:
        raise BadField("day", _("太远了，排最近几个月的"))
    if not timedelta() < ends_at - starts_at <= _LONGEST:
        raise BadField("end", _("一个班最多 24 小时"))
    shift = _add(session, actor, account_id, starts_at, ends_at, phone, field="member")
    audit.record(session, "duty_shift.add", shift, account=account_id)
    return shift


def remove_shift(session: Session, actor: Actor, *, shift_id: int) -> date:
    """Take out what is left of a shift; return its day."""
    _refuse_others(session, actor)
    shift = _ahead(session, shift_id)
    day = clock.local(shift.starts_at).date()
    _cut(session, shift)
    audit.record(session, "duty_shift.remove", f"duty_shift:{shift_id}", account=shift.account_id)
    return day


def give_shift(session: Session, actor: Actor, *, shift_id: int, account_id: int) -> DutyShift:
    """Have another member take what is left of a shift; both are told."""
    get_givable(session, actor, shift_id)
    shift = _ahead(session, shift_id)
    before = shift.account_id
    if before == account_id:
        return shift
    taken = _give(session, actor, shift, account_id, field="member")
    audit.record(session, "duty_shift.swap", taken, account=account_id)
    others = tuple(one for one in (before, account_id) if one != actor.account_id)
    key = f"duty:{taken.id}:{account_id}"
    events.announce(session, SYSTEM, events.AccountsConcerned(others, key))
    return taken


def get_givable(session: Session, actor: Actor, shift_id: int) -> DutyShift:
    """Return a shift, not over yet, that the actor may give on: their own, or all."""
    shift = session.get(DutyShift, shift_id)
    if shift is None:
        raise NotFound
    if shift.ends_at <= clock.now():
        raise _over()
    if shift.account_id != actor.account_id:
        _refuse_others(session, actor)
    return shift


@dataclass(frozen=True)
class Taker:
    """A member who could take a shift; ``busy`` has one at that time, ``away`` is on leave."""

    member: Member
    busy: bool
    away: bool


def who_can_take(session: Session, shift: DutyShift) -> list[Taker]:
    """Return the other members: who is free first, then the busy and those on leave."""
    start = max(shift.starts_at, clock.now())
    absent = away(session, start)
    busy = {one.account_id for one, _who in shifts_between(session, start, shift.ends_at)}
    takers = [
        Taker(one, one.account_id in busy, one.account_id in absent)
        for one in members(session)
        if one.account_id != shift.account_id
    ]
    return sorted(takers, key=lambda one: one.busy or one.away)


def count_shifts(session: Session, account_id: int, from_on: date, until_on: date) -> int:
    """Return how many of somebody's shifts ahead touch days, both included."""
    start = max(clock.end_of_day(from_on - timedelta(days=1)), clock.now())
    found = shifts_between(session, start, clock.end_of_day(until_on))
    return sum(shift.account_id == account_id for shift, _who in found)


def latest_phone(session: Session) -> str:
    """Return the telephone of the shift that was written last; empty for none."""
    return session.exec(select(DutyShift.phone).order_by(col(DutyShift.id).desc())).first() or ""


def _refuse_others(session: Session, actor: Actor) -> None:
    if not may_keep(session, actor):
        raise Forbidden(_("值班表由支部书记和管理员排；自己的班可以自己换人。"))


def _ahead(session: Session, shift_id: int) -> DutyShift:
    """Return a shift that is not over, kept from other writers until the transaction ends."""
    shift = session.exec(
        select(DutyShift)
        .where(DutyShift.id == shift_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if shift is None:
        raise NotFound
    if shift.ends_at <= clock.now():
        raise _over()
    return shift


def _over() -> Conflict:
    return Conflict(_("这个班已经过了。"))


def _exactly(session: Session, slot: Slot) -> DutyShift | None:
    """Return the shift of a slot; of one that runs and was given on, what is left of it."""
    return session.exec(
        select(DutyShift)
        .where(
            DutyShift.ends_at == slot.ends_at,
            DutyShift.starts_at >= slot.starts_at,
            col(DutyShift.starts_at) <= max(slot.starts_at, clock.now()),
        )
        .order_by(col(DutyShift.starts_at).desc(), col(DutyShift.id))
        .with_for_update()
    ).first()


def _add(
    session: Session,
    actor: Actor,
    account_id: int,
    starts_at: datetime,
    ends_at: datetime,
    phone: str,
    *,
    field: str,
) -> DutyShift:
    member = session.exec(
        select(Account)
        .where(Account.id == account_id, Account.role == Role.STAFF, Account.enabled)
        .with_for_update(key_share=True)  # of two shifts at once, the second sees the first
    ).first()
    if member is None:
        raise BadField(field, _("请从各支部的人里选"))
    overlapping = session.exec(
        select(DutyShift.id).where(
            DutyShift.account_id == account_id,
            DutyShift.starts_at < ends_at,
            DutyShift.ends_at > starts_at,
        )
    ).first()
    if overlapping is not None:
        raise BadField(field, _("%(name)s那时候已经有班了", name=member.name))
    shift = DutyShift(
        account_id=account_id,
        starts_at=starts_at,
        ends_at=ends_at,
        phone=phone,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    session.add(shift)
    session.flush()
    return shift


def _give(
    session: Session, actor: Actor, shift: DutyShift, account_id: int, *, field: str
) -> DutyShift:
    start, end, phone = max(shift.starts_at, clock.now()), shift.ends_at, shift.phone
    _cut(session, shift)
    return _add(session, actor, account_id, start, end, phone, field=field)


def _cut(session: Session, shift: DutyShift) -> None:
    """Take out what is left of a shift."""
    if shift.starts_at < clock.now():
        shift.ends_at = clock.now()
        session.add(shift)
    else:
        session.delete(shift)
    session.flush()
