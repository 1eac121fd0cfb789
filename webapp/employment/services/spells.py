"""Record, verify, end and withdraw a spell, by staff, by the person or by an import."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select, update

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.employment import policy, queries
from webapp.employment.lifecycle import EXCLUSIVE, WORK, Evidence, Origin, SpellKind, shown_by
from webapp.employment.models import EmploymentSpell
from webapp.residents.models import Resident

EARLIEST = date(1950, 1, 1)
MOST_SAID = 10  # what waits to be verified, of one person


def record(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    kind: SpellKind,
    starts_on: date,
    evidence: Evidence,
    ends_on: date | None = None,
    words: str = "",
    corrects_id: int | None = None,
    imported: bool = False,
    looking: bool = False,
) -> EmploymentSpell:
    """Put on record what a resident does, or did until ``ends_on``.

    What staff record on evidence is verified by them; what a person says of themself rests on
    their word until staff have verified it. Of the kinds that exclude each other the open one ends
    on the day before. ``corrects_id`` is withdrawn in the same step. Whoever works looks for
    nothing else, unless they are still ``looking``. Raises :class:`BadField` for days or evidence
    that cannot be.
    """
    resident = _locked(session, resident_id)
    if not policy.can_record(actor, resident):
        raise Forbidden
    by_staff = policy.can_verify(actor, resident)
    shown = evidence if by_staff else Evidence.OWN_WORD
    _check(resident, kind, starts_on, ends_on, shown)
    if not by_staff and _waiting(session, resident_id) >= MOST_SAID:
        raise Conflict(_("您说的几样社区还没核实，等社区找您问过再说"))
    before = None
    if corrects_id is not None:
        before = _withdraw(session, actor, resident, corrects_id, _("写错了，改成新的一条"))
    seen = shown is not Evidence.OWN_WORD
    spell = EmploymentSpell(
        resident_id=resident_id,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        evidence=shown,
        words=words,
        origin=Origin.IMPORT if imported else Origin.STAFF if by_staff else Origin.SELF,
        corrects_id=corrects_id,
        recorded_at=clock.now(),
        recorded_by_id=actor.account_id,
        verified_at=clock.now() if seen else None,
        verified_by_id=actor.account_id if seen else None,
    )
    add(session, spell)
    audit.record(session, "employment.record", resident, kind=kind, evidence=shown, spell=spell.id)
    if kind in WORK and ends_on is None and not looking:
        events.announce(session, actor, events.WorkFound(resident.id))
    elif ends_on is None and (kind is SpellKind.LOOKING or (kind in WORK and looking)):
        events.announce(session, actor, events.WorkSought(resident.id))
    elif before is not None:
        _may_be_over(session, actor, before)
    return spell


def verify(
    session: Session, actor: Actor, *, spell_id: int, evidence: Evidence, words: str = ""
) -> EmploymentSpell:
    """Note that the evidence of what somebody said was seen."""
    spell, resident = _standing(session, spell_id)
    if not policy.can_verify(actor, resident):
        raise Forbidden
    if evidence is Evidence.OWN_WORD or evidence not in shown_by(spell.kind):
        raise BadField("evidence", _("选一样看到的凭据；只是本人说的不算核实"))
    if spell.verified_at is None:
        _make_room(session, spell, verified=True)
        spell.evidence, spell.words = evidence, words or spell.words
        spell.verified_at, spell.verified_by_id = clock.now(), actor.account_id
        session.add(spell)
        session.flush()
        audit.record(session, "employment.verify", resident, evidence=evidence, spell=spell.id)
    return spell


def end(session: Session, actor: Actor, *, spell_id: int, ends_on: date) -> EmploymentSpell:
    """Note the last day of what is still going on."""
    spell, resident = _standing(session, spell_id)
    if not policy.can_verify(actor, resident):
        raise Forbidden
    if spell.ends_on is not None:
        raise Conflict(_("这一段已经记了到哪天为止"))
    _check_end(spell.starts_on, ends_on)
    spell.ends_on = ends_on
    session.add(spell)
    audit.record(session, "employment.end", resident, spell=spell.id)
    _may_be_over(session, actor, spell)
    return spell


def withdraw(session: Session, actor: Actor, *, spell_id: int, reason: str) -> EmploymentSpell:
    """Take back what was recorded by mistake; the row stays with its reason, and counts nowhere."""
    spell, resident = _standing(session, spell_id)
    _withdraw(session, actor, resident, spell.id, reason)
    _may_be_over(session, actor, spell)
    return spell


def add(session: Session, spell: EmploymentSpell) -> None:
    """Write a new spell; an open one that it excludes ends on the day before."""
    if spell.ends_on is None:
        _make_room(session, spell, verified=spell.verified_at is not None)
    try:
        with session.begin_nested():
            session.add(spell)
    except IntegrityError as error:
        raise Conflict(_("同一段已经记过了，请看看最新情况")) from error


def _withdraw(
    session: Session, actor: Actor, resident: Resident, spell_id: int, reason: str
) -> EmploymentSpell:
    spell = session.get(EmploymentSpell, spell_id)
    if spell is None or spell.resident_id != resident.id:
        raise NotFound
    if not policy.can_withdraw(actor, resident, spell):
        raise Forbidden
    taken = session.exec(
        update(EmploymentSpell)
        .where(col(EmploymentSpell.id) == spell_id, col(EmploymentSpell.withdrawn_at).is_(None))
        .values(withdrawn_at=clock.now(), withdrawn_by_id=actor.account_id, withdrawn_reason=reason)
    )
    if taken.rowcount != 1:
        raise Conflict(_("这一条已经撤掉了"))
    audit.record(session, "employment.withdraw", resident, spell=spell_id)
    session.refresh(spell)
    return spell


def _may_be_over(session: Session, actor: Actor, spell: EmploymentSpell) -> None:
    """Have somebody look again whose last work this was."""
    session.flush()
    if spell.kind in WORK and not queries.works(session, spell.resident_id):
        events.announce(session, actor, events.WorkSought(spell.resident_id, ended=True))


def _make_room(session: Session, spell: EmploymentSpell, *, verified: bool) -> None:
    """End what the new spell excludes: somebody's own word never ends what was verified."""
    ended = EXCLUSIVE if spell.kind in EXCLUSIVE else {SpellKind.LOOKING}
    if spell.kind not in EXCLUSIVE | WORK or spell.ends_on is not None:
        return
    others = select(EmploymentSpell).where(
        EmploymentSpell.resident_id == spell.resident_id,
        col(EmploymentSpell.kind).in_(ended),
        col(EmploymentSpell.ends_on).is_(None),
        col(EmploymentSpell.withdrawn_at).is_(None),
        col(EmploymentSpell.id).is_distinct_from(spell.id),
    )
    if not verified:
        others = others.where(col(EmploymentSpell.verified_at).is_(None))
    found = session.exec(others).all()
    before = spell.starts_on - timedelta(days=1)
    for other in found:
        if other.starts_on > before and spell.kind in EXCLUSIVE:
            raise BadField(
                "starts_on",
                _(
                    "%(day)s起已经记着「%(kind)s」，日子要在那之后，或者先撤掉那一条",
                    day=other.starts_on,
                    kind=other.kind.label,
                ),
            )
        other.ends_on = max(other.starts_on, before)
        session.add(other)
    session.flush()


def _check(
    resident: Resident, kind: SpellKind, starts_on: date, ends_on: date | None, shown: Evidence
) -> None:
    if starts_on > clock.today():
        raise BadField("starts_on", _("还没到这一天，到了再记"))
    if starts_on < (resident.birth_date or EARLIEST):
        raise BadField("starts_on", _("这一天太早了，请看看年份"))
    if ends_on is not None:
        _check_end(starts_on, ends_on)
    if shown not in shown_by(kind):
        raise BadField("evidence", _("这样凭据看不出「%(kind)s」，请换一样", kind=kind.label))


def _check_end(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise BadField("ends_on", _("不能比开始那天早"))
    if ends_on > clock.today():
        raise BadField("ends_on", _("还没到这一天，到了再记"))


def _waiting(session: Session, resident_id: int) -> int:
    said = select(func.count()).where(
        EmploymentSpell.resident_id == resident_id,
        col(EmploymentSpell.verified_at).is_(None),
        col(EmploymentSpell.withdrawn_at).is_(None),
    )
    return session.exec(said).one()


def _standing(session: Session, spell_id: int) -> tuple[EmploymentSpell, Resident]:
    spell = session.get(EmploymentSpell, spell_id)
    if spell is None:
        raise NotFound
    resident = _locked(session, spell.resident_id)
    session.refresh(spell)
    if spell.withdrawn_at is not None:
        raise Conflict(_("这一条已经撤掉了"))
    return spell, resident


def _locked(session: Session, resident_id: int) -> Resident:
    """Return the resident, kept from other writers: of two at once the second sees the first."""
    query = select(Resident).where(Resident.id == resident_id).with_for_update(key_share=True)
    resident = session.exec(query.execution_options(populate_existing=True)).first()
    if resident is None:
        raise NotFound
    return resident
