"""What a hire and its end write into a person's working life by themselves."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import clock
from webapp.core.access import Actor
from webapp.employment.lifecycle import EXCLUSIVE, WORK, Evidence, Origin, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.employment.services import spells


def begin(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    match_id: int,
    kind: SpellKind,
    starts_on: date,
    words: str,
) -> EmploymentSpell:
    """Write the spell of a hire; whoever recorded the hire has seen what shows it.

    Without ``words`` on what shows it, it rests on word of mouth.
    """
    now = clock.now() if words else None
    spell = EmploymentSpell(
        resident_id=resident_id,
        kind=kind,
        starts_on=starts_on,
        evidence=Evidence.CONTRACT if words else Evidence.OWN_WORD,
        words=words,
        origin=Origin.HIRE,
        match_id=match_id,
        recorded_at=clock.now(),
        recorded_by_id=actor.account_id,
        verified_at=now,
        verified_by_id=actor.account_id if now else None,
    )
    spells.add(session, spell)
    return spell


def finish(session: Session, actor: Actor, *, match_id: int) -> None:
    """End the spell of a hire today; nothing is noted of why. One that never began is withdrawn."""
    spell = _of(session, match_id)
    if spell is None or spell.ends_on is not None:
        return
    if spell.starts_on > clock.today():
        take_back(session, actor, match_id=match_id)
        return
    spell.ends_on = clock.today()
    session.add(spell)


def take_back(session: Session, actor: Actor, *, match_id: int) -> None:
    """Withdraw the spell of a hire that was recorded by mistake, or never came about.

    Whoever was looking for work until then is looking again.
    """
    spell = _of(session, match_id)
    if spell is None:
        return
    spell.withdrawn_at, spell.withdrawn_by_id = clock.now(), actor.account_id
    spell.withdrawn_reason = _("录用记错了，或者没有上岗")
    session.add(spell)
    session.flush()
    open_one = select(EmploymentSpell.id).where(
        EmploymentSpell.resident_id == spell.resident_id,
        col(EmploymentSpell.kind).in_(EXCLUSIVE | WORK),
        col(EmploymentSpell.ends_on).is_(None),
        col(EmploymentSpell.withdrawn_at).is_(None),
    )
    if session.exec(open_one).first() is None:
        session.exec(
            update(EmploymentSpell)
            .where(
                col(EmploymentSpell.resident_id) == spell.resident_id,
                col(EmploymentSpell.kind) == SpellKind.LOOKING,
                col(EmploymentSpell.ends_on) == spell.starts_on - timedelta(days=1),
                col(EmploymentSpell.withdrawn_at).is_(None),
            )
            .values(ends_on=None)
        )


def _of(session: Session, match_id: int) -> EmploymentSpell | None:
    """Return the stretch of a match's last hire, unless it was withdrawn."""
    standing = select(EmploymentSpell).where(
        EmploymentSpell.match_id == match_id, col(EmploymentSpell.withdrawn_at).is_(None)
    )
    return session.exec(standing.order_by(col(EmploymentSpell.id).desc())).first()
