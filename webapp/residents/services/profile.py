"""Use cases of a resident's file: change a section, keep sensitive facts, past jobs."""

import hashlib
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func
from sqlmodel import Session, select

from webapp import events
from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound, Refused
from webapp.core.place_names import read_place
from webapp.residents import policy
from webapp.residents.models import (
    ConsentChannel,
    ConsentPurpose,
    Experience,
    Household,
    Resident,
    SensitiveRecord,
)
from webapp.residents.services import consents, households
from webapp.residents.services.registration import editable, get_resident

# Columns of each section; nothing else is ever set through it.
COLUMNS: dict[str, tuple[str, ...]] = {
    "basics": ("name", "birth_date", "sex", "education"),
    "contact": ("phone", "contact_note"),
    "wanted": ("wanted",),
    "skills": ("skills",),
    "certificates": ("certificates",),
    "limits": ("limits",),
    "hours": ("available", "situation"),
    "reach": ("reach", "min_pay_fen", "kinds"),
}
# What suggestions are computed from; after a change of these the old ones no longer hold.
RANKED = frozenset(
    {
        "available",
        "birth_date",
        "certificates",
        "education",
        "household_id",
        "kinds",
        "limits",
        "min_pay_fen",
        "reach",
        "skills",
        "wanted",
    }
)
SENSITIVE = ("id_number", "disability", "allowance")
MOST_EXPERIENCE = 20


class ChangedMeanwhile(Conflict):
    """Somebody else has saved this section since it was read."""


def version(resident: Resident, section: str, unit_address: str) -> str:
    """Return a mark of what a section holds; another mark means that it was changed."""
    held = repr(
        [
            *(getattr(resident, name) for name in COLUMNS[section]),
            *([resident.household_id, unit_address] if section == "contact" else []),
        ]
    )
    return hashlib.sha256(held.encode()).hexdigest()[:16]


def update_section(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    section: str,
    values: dict[str, Any],
    seen: str | None = None,
) -> Resident:
    """Set the columns of one section; ask for new suggestions if anything changed.

    ``values`` holds columns of the section, and ``unit_address`` where the person lives.
    ``seen`` is the :func:`version` the values were typed over: if the section holds something
    else by now, :class:`ChangedMeanwhile` is raised and nothing set.
    """
    resident = editable(session, actor, resident_id)
    session.refresh(resident, with_for_update=True)  # of two at once, the second sees the first
    household = session.get_one(Household, resident.household_id)
    if seen is not None and seen != version(resident, section, household.unit_address):
        raise ChangedMeanwhile
    values = dict(values)
    unit_address = values.pop("unit_address", None) if section == "contact" else None
    if not set(values) <= set(COLUMNS[section]):
        raise ValueError(f"not of section {section}: {sorted(set(values))}")
    changed = [name for name, value in values.items() if getattr(resident, name) != value]
    for name in changed:
        setattr(resident, name, values[name])
    if unit_address is not None:
        # Staff know who lives where; what a person types of it is their word alone.
        move = households.move_out if policy.is_self(actor, resident) else households.place
        if move(session, resident, unit_address):
            changed.append("household_id")
    if "name" in changed and resident.account_id:
        session.get_one(Account, resident.account_id).name = resident.name
    if changed:
        _touch(session, actor, resident, section=section, fields=sorted(changed))
    return resident


def tell_birth_date(session: Session, actor: Actor, resident: Resident, day: date) -> None:
    """Fill in a birth date that is not known; one that is known is changed by its owner alone."""
    session.refresh(resident, with_for_update=True)
    if resident.birth_date is None:
        resident.birth_date = day
        _touch(session, actor, resident, section="basics", fields=["birth_date"])
        session.flush()


def add_experience(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    title: str,
    employer: str,
    months: int | None,
    place: str = "",
) -> Experience:
    """Add a past job; the same one sent twice stays one. ``place`` is as the person says it."""
    resident = editable(session, actor, resident_id)
    path = read_place(place).path
    # Holds back a second click until the first has written.
    session.refresh(resident, with_for_update=True)
    same = session.exec(
        select(Experience).where(
            Experience.resident_id == resident_id,
            Experience.title == title,
            Experience.employer == employer,
            Experience.place == path,
        )
    ).first()
    if same is not None and same.months == months:
        return same
    count = session.exec(
        select(func.count()).select_from(Experience).where(Experience.resident_id == resident_id)
    ).one()
    if count >= MOST_EXPERIENCE:
        raise Refused(_("最多写 %(n)d 条，先删掉旧的再加", n=MOST_EXPERIENCE))
    job = Experience(
        resident_id=resident_id, title=title, employer=employer, place=path, months=months
    )
    session.add(job)
    session.flush()
    _touch(session, actor, resident, section="experience", fields=["add"])
    return job


def remove_experience(
    session: Session, actor: Actor, *, resident_id: int, experience_id: int
) -> None:
    """Take away a past job of this very resident."""
    resident = editable(session, actor, resident_id)
    job = session.get(Experience, experience_id)
    if job is None or job.resident_id != resident.id:
        raise NotFound
    session.delete(job)
    _touch(session, actor, resident, section="experience", fields=["remove"])


def record_sensitive(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    facts: dict[str, str],
    erase: list[str],
    consented: bool,
    channel: ConsentChannel,
) -> None:
    """Keep or erase sensitive facts; only with the separate consent, given now or standing.

    An empty fact leaves what is recorded; one to erase is erased, whatever came with it.
    """
    resident = editable(session, actor, resident_id)
    session.refresh(resident, with_for_update=True)  # a second click waits for the first
    purpose = ConsentPurpose.SENSITIVE
    if consents.standing(session, resident_id=resident_id, purpose=purpose) is None:
        if not consented:
            raise Refused(_("要本人同意了，才能记这些"))
        consents.give(session, actor, resident_id=resident_id, purpose=purpose, channel=channel)
    kept = session.exec(
        select(SensitiveRecord).where(SensitiveRecord.resident_id == resident_id)
    ).first() or SensitiveRecord(resident_id=resident_id)
    new: dict[str, str | None] = {name: None for name in SENSITIVE if name in erase}
    new |= {name: facts[name] for name in SENSITIVE if facts.get(name) and name not in erase}
    for name, value in new.items():
        setattr(kept, name, value)
    session.add(kept)
    session.flush()
    audit.record(session, "resident.record_sensitive", resident, fields=sorted(new))


def reveal(session: Session, actor: Actor, *, resident_id: int, field: str, reason: str) -> str:
    """Return one sensitive fact; that it was read, by whom and why, is written down."""
    resident = get_resident(session, actor, resident_id)
    if not policy.can_reveal(actor, resident):
        raise Forbidden
    kept = session.exec(
        select(SensitiveRecord).where(SensitiveRecord.resident_id == resident_id)
    ).first()
    if field not in SENSITIVE or kept is None or not getattr(kept, field):
        raise NotFound
    audit.record(session, "resident.reveal", resident, field=field, reason=reason)
    value: str = getattr(kept, field)
    return value


def _touch(session: Session, actor: Actor, resident: Resident, **details: Any) -> None:
    resident.updated_at = clock.now()
    session.add(resident)
    session.flush()
    by_staff = not policy.is_self(actor, resident)
    audit.record(session, "resident.update", resident, assisted=by_staff, **details)
    if RANKED & set(details["fields"]) or details["section"] == "experience":
        events.announce(session, actor, events.ResidentChanged(resident.id))
