"""Agree on a standing service and change it: for whom, by whom, how often, with whose yes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.branches.services.pairs import lock_pair
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import rule
from webapp.standing_services import policy, schedule
from webapp.standing_services.lifecycle import AgreedHow, ServiceKind, ServiceState
from webapp.standing_services.models import StandingService
from webapp.standing_services.schedule import Rhythm
from webapp.standing_services.services import access, turns


@dataclass(frozen=True)
class Outside:
    """Somebody outside the files."""

    name: str
    address: str
    phone: str | None


@dataclass(frozen=True)
class Plan:
    """By whom and how often; ``begin`` is the day the beat counts from, ``None``: as it is."""

    owner_id: int
    backup_id: int
    rhythm: Rhythm
    to_ask: str
    begin: date | None = None


@dataclass(frozen=True)
class Yes:
    """How the person agreed; ``notes``: to a short note of each visit too."""

    how: AgreedHow
    on: date
    note: str
    notes: bool


def arrange(
    session: Session,
    actor: Actor,
    *,
    kind: ServiceKind,
    person: int | Outside,
    plan: Plan,
    yes: Yes,
    idempotency_key: str,
) -> StandingService:
    """Begin a service of the actor's branch; ``person`` is a resident's id, or somebody outside.

    The same ``idempotency_key`` again returns what it made the first time.
    """
    if not policy.can_arrange(actor):
        raise Forbidden
    known = session.exec(
        select(StandingService).where(StandingService.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        return known
    branch_id = actor.branch_id or 0
    resident_id = _resident(session, person).id if isinstance(person, int) else None
    if resident_id is not None:
        _refuse_second(session, kind, resident_id, branch_id)
    _check_yes(yes)
    service = StandingService(
        branch_id=branch_id,
        kind=kind,
        resident_id=resident_id,
        agreed_how=yes.how,
        agreed_on=yes.on,
        agreed_note=yes.note,
        notes_agreed=yes.notes,
        idempotency_key=idempotency_key,
        created_by_id=actor.account_id or 0,
        created_at=clock.now(),
        due_on=schedule.first(plan.rhythm, plan.begin or clock.today()),
        **_planned(session, branch_id, plan),
        **_named(person),
    )
    service.next_on = service.due_on
    session.add(service)
    session.flush()
    audit.record(session, "standing_service.arrange", service, kind=kind.value)
    return service


def change(session: Session, actor: Actor, *, service_id: int, plan: Plan) -> StandingService:
    """Change by whom and how often; another beat begins anew, what was due before is settled."""
    service = access.arranged(session, actor, service_id)
    if service.state is ServiceState.ENDED:
        raise Conflict(_("已经结束了，要再做请重新约。"))
    planned = _planned(session, service.branch_id, plan)
    new_beat = plan.begin is not None or plan.rhythm != service.rhythm
    if new_beat:
        turns.leave_off(session, service, clock.today())
        due_on = schedule.first(plan.rhythm, plan.begin or clock.today())
        planned["due_on"] = turns.begin_again(
            session, service, due_on, rhythm=plan.rhythm, anchor=due_on
        )
        if service.state is ServiceState.ACTIVE:
            planned |= {"next_on": planned["due_on"], **turns.CALM}
    for name, value in planned.items():
        setattr(service, name, value)
    session.add(service)
    session.flush()
    audit.record(session, "standing_service.change", service)
    return service


def _resident(session: Session, resident_id: int) -> Resident:
    resident = session.get(Resident, resident_id)
    if resident is None or resident.state is ResidentState.LEFT:
        raise BadField("resident", _("没有这位居民的档案"))
    return resident


def _refuse_second(session: Session, kind: ServiceKind, resident_id: int, branch_id: int) -> None:
    twin = select(StandingService.id).where(
        StandingService.resident_id == resident_id,
        StandingService.kind == kind,
        StandingService.branch_id == branch_id,
        col(StandingService.state) != ServiceState.ENDED,
    )
    if session.exec(twin).first() is not None:
        raise BadField("kind", _("这位已经有一项同样的服务，不用再约一次"))


def _check_yes(yes: Yes) -> None:
    if yes.on > clock.today():
        raise BadField("agreed_on", _("还没到这一天"))
    if yes.on < clock.today() - timedelta(days=366):
        raise BadField("agreed_on", _("一年以前说的，请再问一次本人"))


def _planned(session: Session, branch_id: int, plan: Plan) -> dict[str, Any]:
    """Return the columns of a plan, checked: two members of the branch, a day to begin."""
    lock_pair(session, branch_id, owner_id=plan.owner_id, backup_id=plan.backup_id)
    today = clock.today()
    if plan.begin is not None and plan.begin < today:
        raise BadField("begin", _("从今天或以后的一天开始"))
    furthest = today + timedelta(days=rule("service_pause_days", on=today))
    if plan.begin is not None and plan.begin > furthest:
        raise BadField("begin", _("太远了，到时候再约"))
    return {
        "owner_id": plan.owner_id,
        "backup_id": plan.backup_id,
        "every_days": plan.rhythm.every_days,
        "weekdays": plan.rhythm.weekdays,
        "to_ask": plan.to_ask,
    }


def _named(person: int | Outside) -> dict[str, Any]:
    if isinstance(person, int):
        return {}
    return {
        "outside_name": person.name,
        "outside_address": person.address,
        "outside_phone": person.phone or None,
    }
