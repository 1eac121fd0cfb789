"""Pause a standing service for a while, go on with it, end it: by staff, or by the person."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, NotFound
from webapp.rulebook.figures import rule
from webapp.standing_services import policy
from webapp.standing_services.lifecycle import (
    EndReason,
    PauseReason,
    ServiceAction,
    ServiceState,
)
from webapp.standing_services.models import StandingService
from webapp.standing_services.services import access, turns


def pause(
    session: Session, actor: Actor, *, service_id: int, until: date, reason: PauseReason
) -> StandingService:
    """Have nobody go there until a day; what was due before is settled as it stands."""
    service = access.arranged(session, actor, service_id)
    today = clock.today()
    if until <= today:
        raise BadField("until", _("要在今天以后"))
    if until > today + timedelta(days=rule("service_pause_days", on=today)):
        raise BadField("until", _("太远了，到时候还没回来再往后停"))
    if service.state is ServiceState.ACTIVE:
        turns.leave_off(session, service, today)
    return turns.move(
        session, service, ServiceAction.PAUSE, paused_until=until, pause_reason=reason
    )


def resume(session: Session, actor: Actor, *, service_id: int) -> StandingService:
    """Go on from today, on the days of the old beat."""
    return _resume(session, access.arranged(session, actor, service_id))


def resume_due(session: Session) -> int:
    """Go on with what was paused until today (a job); return how many."""
    waiting = select(StandingService.id).where(
        StandingService.state == ServiceState.PAUSED,
        col(StandingService.paused_until) <= clock.today(),
    )
    resumed = 0
    for service_id in session.exec(waiting.order_by(col(StandingService.id))).all():
        service = access.locked(session, service_id)
        if service.state is ServiceState.PAUSED:  # another scheduler was quicker
            _resume(session, service)
            resumed += 1
    return resumed


def end(session: Session, actor: Actor, *, service_id: int, reason: EndReason) -> StandingService:
    """End a service for good, as the branch or the person wishes; the person gives no other why."""
    service = access.locked(session, service_id)
    own = policy.is_own(actor, service)
    if not own and not policy.can_see(actor, service):
        raise NotFound
    return finish(session, service, EndReason.WISH if own else reason)


def finish(session: Session, service: StandingService, reason: EndReason) -> StandingService:
    """End a service, without asking who may; what was due before is settled as it stands."""
    if service.state is ServiceState.ACTIVE:
        turns.leave_off(session, service, clock.today())
    return turns.move(session, service, ServiceAction.END, ended_at=clock.now(), end_reason=reason)


def _resume(session: Session, service: StandingService) -> StandingService:
    due_on = turns.begin_again(
        session, service, clock.today(), rhythm=service.rhythm, anchor=service.due_on
    )
    return turns.move(session, service, ServiceAction.RESUME, due_on=due_on, next_on=due_on)
