"""Open a long case, write down each errand with the next one, hand it on, end it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.branches.queries.members import secretary_of
from webapp.branches.services.pairs import lock_pair
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.core.formatting import date_words
from webapp.residents.models import ConsentChannel, Resident, ResidentState
from webapp.rulebook.figures import rule
from webapp.tickets import long_case_policy as policy
from webapp.tickets.long_case_lifecycle import (
    LongCaseKind,
    LongCaseOutcome,
    LongCaseState,
    StepKind,
)
from webapp.tickets.models.long_cases import LongCase, LongCaseStep
from webapp.tickets.services import access

_OLDEST = timedelta(days=366)  # an errand made before somebody thought of writing it down


@dataclass(frozen=True)
class Outside:
    """Somebody outside the files."""

    name: str
    phone: str | None


@dataclass(frozen=True)
class Next:
    """The next errand and its day."""

    kind: StepKind
    words: str
    on: date


def seen(session: Session, actor: Actor, case_id: int) -> LongCase:
    """Return a case of the actor's branch; another's is not there (404)."""
    case = session.get(LongCase, case_id)
    if case is None or not policy.can_see(actor, case):
        raise NotFound
    return case


def worked_on(session: Session, actor: Actor, case_id: int) -> LongCase:
    """Return a case that the actor works on, locked until the transaction ends."""
    case = session.exec(
        select(LongCase)
        .where(LongCase.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if case is None:
        raise NotFound
    secretary_id = secretary_of(session, case.branch_id)
    if not policy.can_work(actor, case, secretary_id=secretary_id):
        raise NotFound
    return case


def open_case(
    session: Session,
    actor: Actor,
    *,
    kind: LongCaseKind,
    person: int | Outside,
    about: str,
    owner_id: int,
    backup_id: int,
    next_step: Next,
    agreed_how: ConsentChannel,
    idempotency_key: str,
    ticket_id: int | None = None,
) -> LongCase:
    """Open a case for a resident (by id) or somebody outside, perhaps out of a ticket.

    A ticket makes one case. The same ``idempotency_key`` again returns what it made first.
    """
    if not policy.can_open(actor):
        raise Forbidden
    known = session.exec(
        select(LongCase).where(LongCase.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        return known
    branch_id = actor.branch_id or 0
    if ticket_id is not None:
        access.locked(session, actor, ticket_id)
        twin = select(LongCase.id).where(LongCase.ticket_id == ticket_id)
        if session.exec(twin).first() is not None:
            raise Conflict(_("这件已经转成要跑很多趟的事了。"))
    _check_next(next_step)
    lock_pair(session, branch_id, owner_id=owner_id, backup_id=backup_id)
    case = LongCase(
        kind=kind,
        ticket_id=ticket_id,
        branch_id=branch_id,
        owner_id=owner_id,
        backup_id=backup_id,
        about=about,
        agreed_how=agreed_how,
        agreed_on=clock.today(),
        idempotency_key=idempotency_key,
        opened_by_id=actor.account_id or 0,
        opened_at=clock.now(),
        **_next(next_step),
        **_person(session, person),
    )
    session.add(case)
    session.flush()
    audit.record(session, "long_case.open", case, kind=kind.value)
    return case


def note_step(
    session: Session,
    actor: Actor,
    *,
    case_id: int,
    day: date,
    kind: StepKind,
    place: str,
    met: str,
    came_of: str,
    next_step: Next,
    idempotency_key: str,
) -> LongCaseStep:
    """Write down an errand and what comes next."""
    known = session.exec(
        select(LongCaseStep).where(LongCaseStep.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        return known
    case = _open(worked_on(session, actor, case_id))
    today = clock.today()
    if day > today:
        raise BadField("day", _("还没到这一天，跑过了再记"))
    if day < today - _OLDEST:
        raise BadField("day", _("一年以前的不用补记"))
    _check_next(next_step)
    step = LongCaseStep(
        case_id=case.id,
        day=day,
        kind=kind,
        place=place,
        met=met,
        came_of=came_of,
        by_id=actor.account_id or 0,
        idempotency_key=idempotency_key,
        at=clock.now(),
    )
    session.add(step)
    for name, value in _next(next_step).items():
        setattr(case, name, value)
    session.add(case)
    session.flush()
    audit.record(session, "long_case.step", case, step=kind.value)
    return step


def plan_next(session: Session, actor: Actor, *, case_id: int, next_step: Next) -> LongCase:
    """Change what comes next, without an errand made."""
    case = _open(worked_on(session, actor, case_id))
    _check_next(next_step)
    for name, value in _next(next_step).items():
        setattr(case, name, value)
    session.add(case)
    session.flush()
    audit.record(session, "long_case.plan", case, step=next_step.kind.value)
    return case


def give_to(
    session: Session, actor: Actor, *, case_id: int, owner_id: int, backup_id: int
) -> LongCase:
    """Put it into other hands of the branch."""
    case = _open(worked_on(session, actor, case_id))
    lock_pair(session, case.branch_id, owner_id=owner_id, backup_id=backup_id)
    case.owner_id, case.backup_id = owner_id, backup_id
    session.add(case)
    session.flush()
    audit.record(session, "long_case.give", case, member=owner_id)
    return case


def end(
    session: Session, actor: Actor, *, case_id: int, outcome: LongCaseOutcome, words: str
) -> LongCase:
    """Say how it ended, in words too; once."""
    case = _open(worked_on(session, actor, case_id))
    return finish(session, case, outcome, words)


def finish(session: Session, case: LongCase, outcome: LongCaseOutcome, words: str) -> LongCase:
    """End a case, without asking who may."""
    done = session.exec(
        update(LongCase)
        .where(col(LongCase.id) == case.id, col(LongCase.state) == LongCaseState.OPEN)
        .values(
            state=LongCaseState.ENDED,
            outcome=outcome,
            outcome_words=words,
            ended_at=clock.now(),
            next_kind=None,
            next_on=None,
            next_words="",
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经有人写了结果，请看看最新情况。"))
    session.refresh(case)
    audit.record(session, "long_case.end", case, outcome=outcome.value)
    return case


def _open(case: LongCase) -> LongCase:
    if case.state is not LongCaseState.OPEN:
        raise Conflict(_("这件已经有了结果，不能再改。又要跑了就重新开一件。"))
    return case


def _check_next(step: Next) -> None:
    today = clock.today()
    if step.on < today:
        raise BadField("next_on", _("下一步要在今天或以后"))
    furthest = today + timedelta(days=rule("long_case_next_days", on=today))
    if step.on > furthest:
        raise BadField(
            "next_on", _("太远了，最晚%(day)s，到时候再往后排", day=date_words(furthest))
        )


def _next(step: Next) -> dict[str, Any]:
    return {"next_kind": step.kind, "next_words": step.words, "next_on": step.on}


def _person(session: Session, person: int | Outside) -> dict[str, Any]:
    if isinstance(person, Outside):
        return {"outside_name": person.name, "outside_phone": person.phone or None}
    resident = session.get(Resident, person)
    if resident is None or resident.state is ResidentState.LEFT:
        raise NotFound
    return {"resident_id": resident.id}
