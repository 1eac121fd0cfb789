"""Turns of the beat that are over: settled as missed, so that figures count what nobody did."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select, update

from webapp.core import audit, clock
from webapp.core.errors import Conflict
from webapp.standing_services import schedule
from webapp.standing_services.lifecycle import (
    SETTLED,
    TRANSITIONS,
    ServiceAction,
    VisitOutcome,
)
from webapp.standing_services.models import StandingService, StandingVisit
from webapp.standing_services.schedule import Rhythm

#: What is forgotten once somebody was there, or nobody is meant to go.
CALM: dict[str, Any] = {
    "missed_since": None,
    "backup_told_at": None,
    "secretary_told_at": None,
}


def settle(session: Session, service: StandingService, today: date) -> int:
    """Settle as missed each day due whose following day has come; return how many.

    The service is locked. Nobody having come is remembered from the first such day on.
    """
    settled = 0
    while (then := schedule.following(service.rhythm, service.due_on)) <= today:
        _miss(session, service)
        service.missed_since = service.missed_since or service.due_on
        service.due_on = then
        settled += 1
    if settled:
        service.next_on = max(service.next_on or service.due_on, service.due_on)
        session.add(service)
        session.flush()
    return settled


def leave_off(session: Session, service: StandingService, today: date) -> None:
    """Settle what was due before ``today``, as the beat ends or pauses here."""
    settle(session, service, today)
    if service.due_on < today:
        _miss(session, service)
        service.due_on = schedule.following(service.rhythm, service.due_on)
        service.next_on = max(service.next_on or service.due_on, service.due_on)
        session.add(service)
        session.flush()


def begin_again(
    session: Session, service: StandingService, begin: date, *, rhythm: Rhythm, anchor: date
) -> date:
    """Return the first day of the beat of ``anchor``, from ``begin`` on, that is not settled."""
    last = session.exec(
        select(func.max(StandingVisit.due_on)).where(
            StandingVisit.service_id == service.id, col(StandingVisit.outcome).in_(sorted(SETTLED))
        )
    ).one()
    least = begin if last is None else max(begin, last + timedelta(days=1))
    return schedule.at_least(rhythm, anchor, least)


def move(
    session: Session, service: StandingService, action: ServiceAction, **changes: Any
) -> StandingService:
    """Change the state of a locked service; what the old state had alone is emptied."""
    session.flush()
    target = TRANSITIONS.get((service.state, action))
    if target is None:
        raise Conflict(_("现在是「%(state)s」，不能再做这一步。", state=service.state.label))
    emptied = {**CALM, "next_on": None, "paused_until": None, "pause_reason": None}
    done = session.exec(
        update(StandingService)
        .where(col(StandingService.id) == service.id, col(StandingService.state) == service.state)
        .values(state=target, **{**emptied, **changes})
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经有人动过，请看看最新情况。"))
    session.refresh(service)
    audit.record(session, f"standing_service.{action}", service)
    return service


def _miss(session: Session, service: StandingService) -> None:
    session.add(
        StandingVisit(
            service_id=service.id,
            due_on=service.due_on,
            planned_on=max(service.next_on or service.due_on, service.due_on),
            outcome=VisitOutcome.MISSED,
            day=clock.today(),
            next_on=schedule.following(service.rhythm, service.due_on),
            at=clock.now(),
        )
    )
