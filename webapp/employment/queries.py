"""What is on record of people's working lives."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.formatting import date_words, yuan
from webapp.core.memo import built_once
from webapp.employment.lifecycle import WORK, Evidence, SpellKind
from webapp.employment.models import ContractPhoto, EmploymentSpell, HireTerms
from webapp.residents.models import Resident, ResidentState


@dataclass(frozen=True)
class SpellLine:
    """One spell with who recorded and who verified it."""

    spell: EmploymentSpell
    recorded_by: str
    verified_by: str


def history(session: Session, resident_id: int) -> list[SpellLine]:
    """Return a resident's spells, the latest first, those withdrawn last; one query."""
    recorder, verifier = aliased(Account), aliased(Account)
    rows = session.execute(
        select(EmploymentSpell, col(recorder.name), col(verifier.name))
        .outerjoin(recorder, col(recorder.id) == EmploymentSpell.recorded_by_id)
        .outerjoin(verifier, col(verifier.id) == EmploymentSpell.verified_by_id)
        .where(col(EmploymentSpell.resident_id) == resident_id)
        .order_by(
            col(EmploymentSpell.withdrawn_at).is_not(None),
            col(EmploymentSpell.starts_on).desc(),
            col(EmploymentSpell.id).desc(),
        )
    )
    return [SpellLine(spell, recorded or "", verified or "") for spell, recorded, verified in rows]


@dataclass(frozen=True)
class Contract:
    """What a hire was signed for in words, as far as anybody said, and pictures of the paper."""

    facts: list[tuple[str, str]]
    photos: list[ContractPhoto]


def contract_of(session: Session, match_id: int) -> Contract:
    """Return what a hire was signed for, in two queries."""
    terms = session.scalars(select(HireTerms).where(col(HireTerms.match_id) == match_id)).first()
    photos = session.scalars(
        select(ContractPhoto)
        .where(col(ContractPhoto.match_id) == match_id)
        .order_by(col(ContractPhoto.id))
    )
    return Contract(_facts(terms) if terms else [], list(photos))


def _facts(terms: HireTerms) -> list[tuple[str, str]]:
    length = _("，%(n)d 个月", n=terms.months) if terms.months else ""
    rows = [(_("合同"), terms.contract.label + length)]
    if terms.pay_fen:
        rows.append((_("工钱"), _pay(terms.pay_fen, terms)))
    if terms.probation_until:
        pay = _("，%(pay)s", pay=_pay(terms.probation_pay_fen, terms))
        until = _("到%(day)s", day=date_words(terms.probation_until))
        rows.append((_("试用期"), until + (pay if terms.probation_pay_fen else "")))
    if terms.insurance:
        rows.append((_("社会保险"), terms.insurance.label))
    return rows


def _pay(fen: int | None, terms: HireTerms) -> str:
    return _("%(n)s 元/%(per)s", n=yuan(fen or 0), per=terms.pay_unit.label)


def now(session: Session, resident_id: int, *, on: date) -> list[EmploymentSpell]:
    """Return what a resident does on a day, verified or said."""
    rows = select(EmploymentSpell).where(
        col(EmploymentSpell.resident_id) == resident_id, standing(on)
    )
    return list(session.scalars(rows.order_by(col(EmploymentSpell.starts_on).desc())))


def standing(on: date) -> ColumnElement[bool]:
    """Return the condition that a spell lasts on a day and was not withdrawn."""
    return and_(
        col(EmploymentSpell.withdrawn_at).is_(None),
        col(EmploymentSpell.starts_on) <= on,
        or_(col(EmploymentSpell.ends_on).is_(None), col(EmploymentSpell.ends_on) >= on),
    )


def works(session: Session, resident_id: int) -> bool:
    """Whether some work of a person's goes on, verified or said."""
    going_on = select(col(EmploymentSpell.id)).where(
        col(EmploymentSpell.resident_id) == resident_id,
        col(EmploymentSpell.kind).in_(sorted(WORK)),
        col(EmploymentSpell.ends_on).is_(None),
        col(EmploymentSpell.withdrawn_at).is_(None),
    )
    return session.execute(going_on.limit(1)).first() is not None


def people_in(kinds: Any, *, on: date, verified: bool = True) -> Any:
    """Return the statement of ids of residents who are in a spell of these kinds on a day."""
    seen = col(EmploymentSpell.verified_at)
    return select(col(EmploymentSpell.resident_id)).where(
        standing(on),
        col(EmploymentSpell.kind).in_(sorted(SpellKind(one).value for one in kinds)),
        seen.is_not(None) if verified else seen.is_(None),
    )


def homes_at_work(*, on: date) -> Any:
    """Return the statement of households in which somebody is in work on a day.

    In work is who is known as employed, or in a verified spell of a job or a business.
    """
    return select(col(Resident.household_id)).where(
        or_(
            col(Resident.state) == ResidentState.EMPLOYED,
            col(Resident.id).in_(people_in(WORK, on=on)),
        )
    )


def recorded() -> Any:
    """Return the statement of ids of residents of whom anything is on record."""
    return select(col(EmploymentSpell.resident_id)).where(
        col(EmploymentSpell.withdrawn_at).is_(None)
    )


@built_once
def to_verify() -> Any:
    """Return the statement of what residents said of themselves, the longest waiting first."""
    return (
        select(
            col(EmploymentSpell.id),
            col(EmploymentSpell.kind),
            col(EmploymentSpell.recorded_at),
            col(Resident.id).label("resident_id"),
            col(Resident.name),
        )
        .join(Resident, col(Resident.id) == EmploymentSpell.resident_id)
        .where(
            col(EmploymentSpell.evidence) == Evidence.OWN_WORD,
            col(EmploymentSpell.origin) == "self",
            col(EmploymentSpell.withdrawn_at).is_(None),
            col(EmploymentSpell.ends_on).is_(None),
            col(Resident.state) != ResidentState.LEFT,
        )
        .order_by(col(EmploymentSpell.recorded_at), col(EmploymentSpell.id))
    )
