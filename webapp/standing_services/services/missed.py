"""A visit nobody made: the backup hears of it, some days later the branch's secretary.

With the visitor on leave the backup hears of it on the day itself, with both away the secretary.
Each is told once: a conditional update marks it, in the transaction that tells. In quiet hours
nobody is told; the mark waits for the morning.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.branches.queries.members import away, secretary_of
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.notices import quiet_hours
from webapp.rulebook.figures import rule
from webapp.standing_services.lifecycle import ServiceState
from webapp.standing_services.models import StandingService
from webapp.standing_services.services import access, turns

S = StandingService


def note_missed(session: Session) -> int:
    """Settle turns that are over and note what nobody went to (a job); return how many turns."""
    today = clock.today()
    late = today - timedelta(days=rule("service_missed_days", on=today))
    on_leave = away(session, clock.now())
    waiting = select(col(S.id)).where(
        S.state == ServiceState.ACTIVE,
        or_(
            col(S.due_on) <= late,
            and_(col(S.owner_id).in_(on_leave), col(S.next_on) <= today),
        ),
    )
    settled = 0
    for service_id in session.exec(waiting.order_by(col(S.id))).all():
        service = access.locked(session, service_id)
        planned = service.next_on
        if service.state is not ServiceState.ACTIVE or planned is None:
            continue
        settled += turns.settle(session, service, today)
        if planned <= (today if service.owner_id in on_leave else late):
            service.missed_since = service.missed_since or planned
            session.add(service)
        session.flush()
    return settled


def tell(session: Session) -> tuple[int, int]:
    """Tell backups and secretaries of what nobody went to (a job); return how many of each."""
    now, today = clock.now(), clock.today()
    if quiet_hours.next_allowed(now) > now:
        return 0, 0
    later = today - timedelta(days=rule("service_secretary_days", on=today))
    on_leave = away(session, now)
    backups = secretaries = 0
    for service in _missed(session, col(S.backup_told_at).is_(None)):
        told = f"missed:{service.missed_since}"
        backups += tell_once(session, service, "backup_told_at", service.backup_id, told)
    long_ago = or_(col(S.backup_told_at) < clock.end_of_day(later), col(S.backup_id).in_(on_leave))
    for service in _missed(session, and_(col(S.secretary_told_at).is_(None), long_ago)):
        secretary_id = secretary_of(session, service.branch_id)
        told = f"unseen:{service.missed_since}"
        secretaries += tell_once(session, service, "secretary_told_at", secretary_id, told)
    return backups, secretaries


def _missed(session: Session, which: Any) -> list[StandingService]:
    query = select(S).where(S.state == ServiceState.ACTIVE, col(S.missed_since).is_not(None), which)
    return list(session.exec(query.order_by(col(S.id))).all())


def tell_once(
    session: Session, service: StandingService, mark: str, account_id: int | None, key: str
) -> bool:
    """Mark in ``mark`` that somebody is told, and tell them; return whether nobody had before."""
    if account_id is None:
        return False
    column = getattr(S, mark)
    marked = session.exec(
        update(S)
        .where(
            col(S.id) == service.id, col(S.missed_since) == service.missed_since, column.is_(None)
        )
        .values({mark: clock.now()})
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:  # another scheduler told it, or somebody has been there
        return False
    told = events.AccountsConcerned((account_id,), f"service:{service.id}:{key}")
    events.announce(session, SYSTEM, told)
    return True
