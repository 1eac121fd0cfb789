"""Record an official fact, note its last day, take back a mistake, read a ground."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.official_facts import policy
from webapp.official_facts.lifecycle import (
    SENSITIVE_GROUNDS,
    FactKind,
    FactSource,
    Ground,
    Insurance,
)
from webapp.official_facts.models import OfficialFact
from webapp.residents.models import ConsentPurpose, Resident
from webapp.residents.services import consents, registration

EARLIEST = date(1990, 1, 1)


def record(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    kind: FactKind,
    starts_on: date,
    source: FactSource,
    ground: Ground | None = None,
    insurance: Insurance | None = None,
    ends_on: date | None = None,
) -> OfficialFact:
    """Put on record what an office has decided; one of its kind that stands ends the day before.

    A ground that tells of a disability or an allowance needs the consent to keep such things.
    Raises :class:`BadField` for days, a ground or an insurance that cannot be.
    """
    resident = _locked(session, actor, resident_id)
    _check_days(resident, starts_on, ends_on)
    if kind is FactKind.INSURED and insurance is None:
        raise BadField("insurance", _("请选怎么参的保"))
    if kind is FactKind.DIFFICULT and ground in SENSITIVE_GROUNDS:
        asked = ConsentPurpose.SENSITIVE
        if consents.standing(session, resident_id=resident_id, purpose=asked) is None:
            raise BadField(
                "ground", _("写残疾、低保要本人先同意记保密信息；没同意就先不选是哪一类")
            )
    fact = OfficialFact(
        resident_id=resident_id,
        kind=kind,
        ground=ground.value if ground and kind is FactKind.DIFFICULT else None,
        insurance=insurance if kind is FactKind.INSURED else None,
        starts_on=starts_on,
        ends_on=ends_on,
        source=source,
        recorded_at=clock.now(),
        recorded_by_id=actor.account_id,
    )
    if ends_on is None:
        _end_before(session, fact)
    try:
        with session.begin_nested():
            session.add(fact)
    except IntegrityError as error:
        raise Conflict(_("这一样别人刚记过，请看看最新情况")) from error
    audit.record(session, "official_fact.record", resident, kind=kind, fact=fact.id)
    return fact


def end(session: Session, actor: Actor, *, fact_id: int, ends_on: date) -> OfficialFact:
    """Note the last day of what stands."""
    fact, resident = _standing(session, actor, fact_id)
    if fact.ends_on is not None:
        raise Conflict(_("这一条已经记了到哪天为止"))
    _check_days(resident, fact.starts_on, ends_on)
    fact.ends_on = ends_on
    session.add(fact)
    session.flush()
    audit.record(session, "official_fact.end", resident, kind=fact.kind, fact=fact.id)
    return fact


def withdraw(session: Session, actor: Actor, *, fact_id: int, reason: str) -> OfficialFact:
    """Take back what was recorded by mistake; the row stays with its reason, and counts nowhere."""
    fact, resident = _standing(session, actor, fact_id)
    fact.withdrawn_at, fact.withdrawn_by_id = clock.now(), actor.account_id
    fact.withdrawn_reason = reason
    session.add(fact)
    session.flush()
    audit.record(session, "official_fact.withdraw", resident, kind=fact.kind, fact=fact.id)
    return fact


def read_ground(session: Session, actor: Actor, *, fact_id: int, reason: str) -> str:
    """Return on which ground somebody is recognised; who read it and why is written down."""
    fact = session.get(OfficialFact, fact_id)
    if fact is None or fact.ground is None:
        raise NotFound
    resident = registration.get_resident(session, actor, fact.resident_id)
    if not policy.can_read_ground(actor, resident):
        raise Forbidden
    audit.record(session, "official_fact.read_ground", resident, fact=fact.id, reason=reason)
    return str(Ground(fact.ground).label)


def forget_grounds(session: Session, *, resident_id: int) -> None:
    """Erase the grounds of somebody who took back the consent to keep such things."""
    session.exec(
        update(OfficialFact).where(col(OfficialFact.resident_id) == resident_id).values(ground=None)
    )


def _end_before(session: Session, fact: OfficialFact) -> None:
    """End the fact of the same kind that stands: the new one stands in its place."""
    before = fact.starts_on - timedelta(days=1)
    other = session.exec(
        select(OfficialFact).where(
            OfficialFact.resident_id == fact.resident_id,
            OfficialFact.kind == fact.kind,
            col(OfficialFact.ends_on).is_(None),
            col(OfficialFact.withdrawn_at).is_(None),
        )
    ).first()
    if other is None:
        return
    if other.starts_on > before:
        raise BadField(
            "starts_on",
            _("%(day)s起已经记着一条，日子要在那之后，或者先撤掉那一条", day=other.starts_on),
        )
    other.ends_on = before
    session.add(other)
    session.flush()


def _check_days(resident: Resident, starts_on: date, ends_on: date | None) -> None:
    if starts_on > clock.today():
        raise BadField("starts_on", _("还没到这一天，到了再记"))
    if starts_on < max(EARLIEST, resident.birth_date or EARLIEST):
        raise BadField("starts_on", _("这一天太早了，请看看年份"))
    if ends_on is not None and ends_on < starts_on:
        raise BadField("ends_on", _("不能比开始那天早"))
    if ends_on is not None and ends_on > clock.today():
        raise BadField("ends_on", _("还没到这一天，到了再记"))


def _locked(session: Session, actor: Actor, resident_id: int) -> Resident:
    resident = registration.get_resident(session, actor, resident_id)
    session.refresh(resident, with_for_update=True)
    if not policy.can_record(actor, resident):
        raise Forbidden
    return resident


def _standing(session: Session, actor: Actor, fact_id: int) -> tuple[OfficialFact, Resident]:
    fact = session.get(OfficialFact, fact_id)
    if fact is None:
        raise NotFound
    resident = _locked(session, actor, fact.resident_id)
    session.refresh(fact)
    if fact.withdrawn_at is not None:
        raise Conflict(_("这一条已经撤掉了"))
    return fact, resident
