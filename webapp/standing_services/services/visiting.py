"""Write down what came of a visit, take a wrong tap back, pass on that somebody wants work."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound, Refused
from webapp.rulebook.figures import rule
from webapp.standing_services import schedule
from webapp.standing_services.lifecycle import SAID, ServiceState, VisitOutcome
from webapp.standing_services.models import StandingService, StandingVisit
from webapp.standing_services.services import access, turns


def note_visit(
    session: Session,
    actor: Actor,
    *,
    service_id: int,
    outcome: VisitOutcome,
    note: str,
    next_on: date | None,
    idempotency_key: str,
) -> StandingVisit:
    """Write down what came of going there today; ``next_on`` is when instead, for another day.

    The day is today: nobody says afterwards that they had been there in time. The same
    ``idempotency_key`` again returns what it made the first time.
    """
    known = session.exec(
        select(StandingVisit).where(StandingVisit.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        return known
    service = access.to_visit(session, actor, service_id)
    if service.state is not ServiceState.ACTIVE or service.next_on is None:
        raise Conflict(_("现在是「%(state)s」，不用去。", state=service.state.label))
    if outcome not in SAID:
        raise BadField("outcome", _("请选一样"))
    if note and not service.notes_agreed:
        raise BadField("note", _("本人没同意记，只点去没去就行"))
    today = clock.today()
    turns.settle(session, service, today)
    if outcome is VisitOutcome.VISITED and today < service.due_on - _early(service):
        raise Refused(_("还没到日子，快到了再记；今天顺路去的不算那一次"))
    visit = StandingVisit(
        service_id=service.id,
        due_on=service.due_on,
        planned_on=service.next_on,
        outcome=outcome,
        day=today,
        by_id=actor.account_id,
        note=note or None,
        next_on=_next(session, service, outcome, next_on, today),
        idempotency_key=idempotency_key,
        at=clock.now(),
    )
    session.add(visit)
    service.next_on = visit.next_on
    if outcome is VisitOutcome.VISITED:
        service.due_on = visit.next_on
        for name, value in turns.CALM.items():
            setattr(service, name, value)
    session.add(service)
    session.flush()
    audit.record(session, "standing_service.visit", service, outcome=outcome.value)
    return visit


def take_back(session: Session, actor: Actor, *, visit_id: int) -> StandingService:
    """Take back what one has just tapped by mistake: on the same day, the newest alone."""
    visit = session.get(StandingVisit, visit_id)
    if visit is None:
        raise NotFound
    service = access.to_visit(session, actor, visit.service_id)
    newest = select(func.max(StandingVisit.id)).where(StandingVisit.service_id == service.id)
    own = visit.by_id is not None and visit.by_id == actor.account_id
    if not own or visit.day != clock.today() or session.exec(newest).one() != visit.id:
        raise Conflict(_("只有自己今天刚记的能撤回"))
    if service.state is not ServiceState.ACTIVE:
        raise Conflict(_("现在是「%(state)s」，撤不回了。", state=service.state.label))
    service.due_on, service.next_on = visit.due_on, visit.planned_on
    session.add(service)
    session.delete(visit)
    session.flush()
    audit.record(session, "standing_service.take_back", service, outcome=visit.outcome.value)
    return service


def pass_on_need(
    session: Session, actor: Actor, *, service_id: int, agreed: bool, words: str
) -> events.NeedForWork:
    """Tell the branch for work that the person wants some, with the person's yes to it."""
    service = access.to_visit(session, actor, service_id)
    if service.state is ServiceState.ENDED:
        raise Conflict(_("这项服务结束了，请本人直接找富民支部。"))
    if not agreed:
        raise BadField("agreed", _("先问本人愿不愿意让富民支部打电话，点了头再转"))
    need = events.NeedForWork(
        resident_id=service.resident_id,
        name=service.outside_name or "",
        address=service.outside_address or "",
        phone=service.outside_phone or "",
        words=words,
    )
    audit.record(session, "standing_service.need_for_work", service)
    events.announce(session, actor, need)
    return need


def _early(service: StandingService) -> timedelta:
    """Return how long before its day a visit may be made: half the usual time."""
    return timedelta(days=max((service.every_days or 1) // 2, 1))


def _next(
    session: Session,
    service: StandingService,
    outcome: VisitOutcome,
    chosen: date | None,
    today: date,
) -> date:
    if outcome is VisitOutcome.VISITED:
        return schedule.after_visit(service.rhythm, service.due_on, today)
    if outcome is VisitOutcome.NOT_HOME:
        days = rule("service_retry_days", on=today)
        return max(service.due_on, today + timedelta(days=days))
    furthest = max(today, service.due_on) + timedelta(days=rule("service_postpone_days", on=today))
    if chosen is None:
        raise BadField("next_on", _("改到哪天去"))
    if chosen <= today or chosen < service.due_on:
        raise BadField("next_on", _("要在今天以后，也别比本来的日子早"))
    if chosen > furthest:
        raise BadField("next_on", _("太晚了，请在 %(n)d 天以内", n=(furthest - today).days))
    put_off = session.exec(
        select(func.count())
        .select_from(StandingVisit)
        .where(
            StandingVisit.service_id == service.id,
            col(StandingVisit.due_on) == service.due_on,
            StandingVisit.outcome == VisitOutcome.POSTPONED,
        )
    ).one()
    if put_off >= rule("service_postpone_times", on=today):
        raise BadField("next_on", _("这一次已经改过 %(n)d 回了，请替补去", n=put_off))
    return chosen
