"""Open a business and close it: with it begins and ends a stretch of self-employment."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField
from webapp.employment.lifecycle import Evidence, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.employment.services import spells
from webapp.engine.suggestion_requests import request_suggestions
from webapp.rulebook.figures import rule
from webapp.ventures.lifecycle import (
    TRANSITIONS,
    CaseAction,
    CaseState,
    EndCause,
)
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.records import VentureVisit
from webapp.ventures.models.ventures import Venture
from webapp.ventures.services import rounds
from webapp.ventures.services.transitions import (
    kept_case,
    move,
    state_conflict,
)


def open_business(
    session: Session, actor: Actor, *, case_id: int, opened_on: date, evidence: Evidence
) -> VentureCase:
    """Note that the business is open: from that day the person is on record as self-employed.

    ``evidence`` is what staff have seen of it; a visit counts only where one with a picture, from
    the day or later, is written down. Raises :class:`BadField` where that is not so.
    """
    case, resident = kept_case(session, actor, case_id)
    if case.state is CaseState.ACTIVE:
        return case
    if (case.state, CaseAction.OPEN) not in TRANSITIONS:
        raise state_conflict(case)
    if opened_on > clock.today():
        raise BadField("opened_on", _("还没到这一天，到了再记"))
    if evidence is Evidence.VISIT_NOTE and not _seen_since(session, case_id, opened_on):
        raise BadField("evidence", _("先记一次开张以后、带照片的走访，才算上门看过"))
    spell = spells.record(
        session,
        actor,
        resident_id=resident.id,
        kind=SpellKind.SELF_EMPLOYED,
        starts_on=opened_on,
        evidence=evidence,
        words=case.title,
    )
    move(
        session,
        actor,
        case,
        CaseAction.OPEN,
        opened_on=opened_on,
        spell_id=spell.id,
        due_on=clock.today() + _days("venture_visit_days"),
        next_step="",
    )
    _after(session, actor, case)
    return case


def close_business(
    session: Session,
    actor: Actor,
    *,
    case_id: int,
    closed_on: date,
    cause: EndCause,
    note: str = "",
) -> VentureCase:
    """Note the last day of a business; with it ends the stretch of self-employment."""
    case, _resident = kept_case(session, actor, case_id)
    if case.state is CaseState.CLOSED:
        return case
    if closed_on > clock.today():
        raise BadField("closed_on", _("还没到这一天，到了再记"))
    if case.opened_on is not None and closed_on < case.opened_on:
        raise BadField("closed_on", _("不能比开张那天早"))
    move(
        session,
        actor,
        case,
        CaseAction.CLOSE,
        closed_on=closed_on,
        end_cause=cause,
        end_note=note,
        due_on=None,
    )
    end_spell(session, actor, case, closed_on)
    _after(session, actor, case)
    return case


def end_spell(session: Session, actor: Actor, case: VentureCase, ends_on: date) -> None:
    """End the stretch of self-employment that a case has written, unless staff did already."""
    spell = session.get(EmploymentSpell, case.spell_id) if case.spell_id else None
    if spell is None or spell.ends_on is not None or spell.withdrawn_at is not None:
        return
    spells.end(session, actor, spell_id=spell.id, ends_on=max(ends_on, spell.starts_on))


def _seen_since(session: Session, case_id: int, day: date) -> bool:
    query = select(VentureVisit.id).where(
        VentureVisit.case_id == case_id,
        col(VentureVisit.visited_on) >= day,
        VentureVisit.photo != "",
    )
    return session.exec(query).first() is not None


def _after(session: Session, actor: Actor, case: VentureCase) -> None:
    if case.venture_id is not None:
        rounds.fill_places(session, actor, session.get_one(Venture, case.venture_id))
    request_suggestions(session, resident_id=case.resident_id)


def _days(name: str) -> timedelta:
    return timedelta(days=rule(name, on=clock.today()))
