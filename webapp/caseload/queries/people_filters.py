"""What the staff's list of residents may be narrowed to by choosing, beside its views and words.

Everything is read from the address, so that a kept filter and a list taken away hold it; what
is no such choice narrows nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Text, cast, select
from sqlmodel import Session, col

from webapp.core.access import Actor
from webapp.engine import people
from webapp.official_facts.lifecycle import FactKind
from webapp.official_facts.queries import people_with
from webapp.residents import policy
from webapp.residents.allowance import AllowanceKind, codes_of
from webapp.residents.models import Resident, SensitiveRecord

LONGEST = 20
OLDEST = 130
_WORKDAYS, _WEEKEND = "12345", "67"
# When somebody is free, each with its words, on which days, and the times either of which will do.
HOURS: dict[str, tuple[Any, str, tuple[tuple[str, str], ...]]] = {
    "morning": (_("上午"), _WORKDAYS, (("09:00", "11:30"),)),
    "afternoon": (_("下午"), _WORKDAYS, (("14:00", "17:00"),)),
    "evening": (_("晚上"), _WORKDAYS, (("19:00", "21:00"),)),
    "night": (_("夜里"), _WORKDAYS, (("22:00", "06:00"),)),
    "weekend": (_("周末"), _WEEKEND, (("09:00", "11:30"), ("14:00", "17:00"))),
}
#: The names of the choices in the address, in the order of the page.
NAMES = ("certificate", "age_from", "age_to", "hours", "official", "allowance")


@dataclass(frozen=True)
class PeopleFilters:
    """What was chosen; empty texts and ``None`` narrow nothing."""

    certificate: str = ""
    age_from: int | None = None
    age_to: int | None = None
    hours: str = ""
    official: FactKind | None = None
    allowance: AllowanceKind | None = None

    @property
    def chosen(self) -> dict[str, str]:
        """The choices as they stand in an address."""
        values = {name: getattr(self, name) for name in NAMES}
        return {name: str(value) for name, value in values.items() if value not in {None, ""}}


def read_filters(args: Mapping[str, str], actor: Actor) -> PeopleFilters:
    """Return what an address chooses; an allowance only for those who may find people by it."""
    hours, official = args.get("hours", ""), args.get("official", "")
    allowance = args.get("allowance", "") if policy.can_find_by_allowance(actor) else ""
    return PeopleFilters(
        certificate=args.get("certificate", "").strip()[:LONGEST],
        age_from=_age(args.get("age_from", "")),
        age_to=_age(args.get("age_to", "")),
        hours=hours if hours in HOURS else "",
        official=FactKind(official) if official in {*FactKind} else None,
        allowance=AllowanceKind(allowance) if allowance in {*AllowanceKind} else None,
    )


def conditions(session: Session, filters: PeopleFilters, actor: Actor, *, today: date) -> list[Any]:
    """Return the conditions on residents that were chosen."""
    born = col(Resident.birth_date)
    found: list[Any] = []
    if filters.certificate:
        asked = people.squeezed(filters.certificate)
        found.append(
            _any_list(
                session,
                Resident.certificates,
                lambda held: any(asked in people.squeezed(one) for one in held),
            )
        )
    if filters.age_from is not None:
        found.append(born <= _years_before(today, filters.age_from))
    if filters.age_to is not None:
        found.append(born > _years_before(today, filters.age_to + 1))
    if filters.hours:
        _words, days, either = HOURS[filters.hours]
        found.append(_any_list(session, Resident.available, lambda free: _fits(free, days, either)))
    if filters.official is not None:
        found.append(col(Resident.id).in_(people_with(filters.official, on=today)))
    if filters.allowance is not None:
        found += _with_allowance(filters.allowance, actor)
    return found


def _with_allowance(kind: AllowanceKind, actor: Actor) -> list[Any]:
    """Return the condition of having an allowance, of those alone of whom the actor may read it."""
    coded = select(col(SensitiveRecord.resident_id)).where(
        col(SensitiveRecord.allowance_code).in_(codes_of(kind))
    )
    own = [] if actor.serves_all else [col(Resident.branch_id) == actor.branch_id]
    return [col(Resident.id).in_(coded), *own]


def _any_list(session: Session, column: Any, fits: Callable[[list[Any]], bool]) -> Any:
    """Return the condition that a kept list fits: each text, which many share, is read once."""
    text = cast(col(column), Text)
    texts = session.execute(select(text).distinct()).scalars()
    return text.in_([one for one in texts if fits(json.loads(one))])


def _fits(free: list[Any], days: str, either: tuple[tuple[str, str], ...]) -> bool:
    return bool(free) and any(people.free_days(free, days, start, end) for start, end in either)


def _years_before(day: date, years: int) -> date:
    """Return the last birth date at which somebody is so old on a day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # a 29th of February
        return day.replace(year=day.year - years, day=28)


def _age(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else OLDEST + 1
    return number if number <= OLDEST else None
