"""Visits to a business: what was seen, when to come again; and whether it is still there.

Who could lie: somebody who writes of a visit that was not made. So the day it was written down
stands beside the day of the visit, the camera's day beside both, and no picture shows two visits.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.photos import Kept
from webapp.employment.lifecycle import Evidence
from webapp.employment.models import EmploymentSpell
from webapp.employment.policy import can_verify
from webapp.employment.services import spells
from webapp.residents.models import Resident
from webapp.rulebook.figures import rule
from webapp.ventures import policy
from webapp.ventures.lifecycle import CARED_FOR, MILESTONES, CaseState, Survival
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.records import VentureSurvival, VentureVisit
from webapp.ventures.models.ventures import Venture
from webapp.ventures.services.transitions import lock_case, tell

PHOTOS = "ventures"  # folder of a venture's pictures among the uploads
_FURTHEST = timedelta(days=180)
_OLDEST = timedelta(days=60)


def note_visit(
    session: Session,
    actor: Actor,
    *,
    case_id: int,
    visited_on: date,
    note: str,
    next_step: str,
    next_on: date | None,
    idempotency_key: str,
    photo: Kept | None = None,
) -> VentureVisit:
    """Write down a visit; without ``next_on`` the next one is after the usual time.

    A picture of an open business is evidence for a stretch of self-employment that rested on the
    person's word. The same ``idempotency_key`` again returns the visit it made the first time.
    """
    known = session.exec(
        select(VentureVisit).where(VentureVisit.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        return known
    case, resident = lock_case(session, case_id)
    if not policy.can_visit(actor, case, resident):
        raise NotFound
    if case.state not in CARED_FOR:
        raise Conflict(_("准备中或者开着的，才去看"))
    today = clock.today()
    if visited_on > today:
        raise BadField("visited_on", _("还没到这一天，去过了再记"))
    if visited_on < today - _OLDEST:
        raise BadField("visited_on", _("过了两个月的走访不能再补记"))
    following = next_on or today + timedelta(days=rule("venture_visit_days", on=today))
    if following <= max(visited_on, today):
        raise BadField("next_on", _("下次要在今天以后"))
    if following > today + _FURTHEST:
        raise BadField("next_on", _("太远了，半年以内再去看一次"))
    visit = VentureVisit(
        case_id=case_id,
        visited_on=visited_on,
        by_id=actor.account_id,
        note=note,
        next_step=next_step,
        next_on=following,
        idempotency_key=idempotency_key,
        at=clock.now(),
        **_of(photo),
    )
    try:
        with session.begin_nested():
            session.add(visit)
    except IntegrityError as error:
        raise BadField("photo", _("这张照片以前用过了，请用这次拍的")) from error
    case.due_on, case.next_step = following, next_step
    session.add(case)
    session.flush()
    audit.record(session, "venture_case.visit", case, with_photo=photo is not None)
    _verify_spell(session, actor, case, resident, visit)
    _settle_survival(session, case, visited_on)
    tell(session, case, f"visit:{visit.id}")
    return visit


def check_survival(session: Session) -> int:
    """Note for each business 3, 6 and 12 months after it opened whether it is there (a job).

    Open counts only who was seen open, by a visit with or without a picture, in the days before;
    who was not seen stands as not yet visited until somebody has been there. Returns how many
    were noted.
    """
    today = clock.today()
    seen_days = timedelta(days=rule("venture_seen_days", on=today))
    noted = 0
    for months in MILESTONES:
        already = exists().where(
            col(VentureSurvival.case_id) == col(VentureCase.id),
            col(VentureSurvival.months) == months,
        )
        begun = select(VentureCase).where(
            col(VentureCase.state).in_([CaseState.ACTIVE, CaseState.CLOSED]),
            col(VentureCase.opened_on) <= months_before(today, months),
            ~already,
        )
        for case in session.exec(begun.order_by(col(VentureCase.id))).all():
            if case.opened_on is None:
                continue
            due_on = months_after(case.opened_on, months)
            session.add(
                VentureSurvival(
                    case_id=case.id,
                    months=months,
                    due_on=due_on,
                    result=_result(session, case, due_on, seen_days),
                    checked_at=clock.now(),
                )
            )
            noted += 1
    session.flush()
    return noted


def months_after(day: date, months: int) -> date:
    """Return the same day some months later; the last of the month where it has no such day.

    >>> months_after(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(today: date, months: int) -> date:
    """Return the last day from which ``months`` have passed by today."""
    day = today
    while months_after(day, months) > today:
        day -= timedelta(days=1)
    return day


def _result(session: Session, case: VentureCase, due_on: date, seen_days: timedelta) -> Survival:
    if case.closed_on is not None:
        return Survival.CLOSED if case.closed_on < due_on else Survival.OPEN
    seen = select(VentureVisit.id).where(
        VentureVisit.case_id == case.id, col(VentureVisit.visited_on) >= due_on - seen_days
    )
    return Survival.OPEN if session.exec(seen).first() is not None else Survival.UNSEEN


def _settle_survival(session: Session, case: VentureCase, visited_on: date) -> None:
    """Mark as open what was not seen when it was due, now that somebody was there after it."""
    if case.state is not CaseState.ACTIVE:
        return
    unseen = select(VentureSurvival).where(
        VentureSurvival.case_id == case.id,
        VentureSurvival.result == Survival.UNSEEN,
        col(VentureSurvival.due_on) <= visited_on,
    )
    for row in session.exec(unseen).all():
        row.result, row.checked_at = Survival.OPEN, clock.now()
        session.add(row)
    session.flush()


def _verify_spell(
    session: Session, actor: Actor, case: VentureCase, resident: Resident, visit: VentureVisit
) -> None:
    spell = session.get(EmploymentSpell, case.spell_id) if case.spell_id else None
    if spell is None or not visit.photo or visit.visited_on < spell.starts_on:
        return
    standing = spell.withdrawn_at is None and spell.verified_at is None
    if standing and case.state is CaseState.ACTIVE and can_verify(actor, resident):
        spells.verify(session, actor, spell_id=spell.id, evidence=Evidence.VISIT_NOTE)


def _of(photo: Kept | None) -> dict[str, Any]:
    if photo is None:
        return {}
    return {
        "photo": photo.stored,
        "photo_width": photo.width,
        "photo_height": photo.height,
        "photo_digest": photo.digest,
        "taken_on": photo.taken_on,
    }


def stored_photos(session: Session) -> set[str]:
    """Return the names of the pictures that are still needed, of places and of visits."""
    return {
        *session.exec(select(col(Venture.photo))).all(),
        *session.exec(select(col(VentureVisit.photo))).all(),
    }
