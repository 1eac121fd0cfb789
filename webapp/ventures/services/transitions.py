"""How a case changes its state; locks, the trail, and who is told.

Everything that gives out or frees a place locks in one order: the resident, the venture's
opening, its cases. The lock of the opening makes all changes to a venture wait for each other.
"""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import Conflict, NotFound
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.ventures import policy
from webapp.ventures.lifecycle import CARED_FOR, HOLDING, TRANSITIONS, CaseAction, CaseState
from webapp.ventures.models.cases import VentureCase, VentureEvent
from webapp.ventures.models.ventures import Venture

# What people answer stands in the trail as an answer, whichever it was (the refusal firewall).
_ANSWERS = frozenset(
    {CaseAction.ACCEPT, CaseAction.APPLY, CaseAction.LAPSE, CaseAction.STOP, CaseAction.WITHDRAW}
)
_MOVED_ON = "刚才已经有人处理了，请看看最新情况。"


def lock_venture(session: Session, venture_id: int) -> tuple[Venture, Opening]:
    """Return a venture and its opening, kept from other writers until the transaction ends."""
    query = (
        select(Venture, Opening)
        .join(Opening, col(Opening.id) == Venture.opening_id)
        .where(Venture.id == venture_id)
        .with_for_update(of=Opening, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound
    return found


def lock_case(session: Session, case_id: int) -> tuple[VentureCase, Resident]:
    """Return a case as it stands with its person, both and its venture locked."""
    resident_id = session.exec(
        select(VentureCase.resident_id).where(VentureCase.id == case_id)
    ).first()
    if resident_id is None:
        raise NotFound
    query = select(Resident).where(Resident.id == resident_id).with_for_update(key_share=True)
    resident = session.exec(query.execution_options(populate_existing=True)).one()
    venture_id = session.exec(select(VentureCase.venture_id).where(VentureCase.id == case_id)).one()
    if venture_id is not None:
        lock_venture(session, venture_id)
    case = session.exec(
        select(VentureCase)
        .where(VentureCase.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    return case, resident


def readable_case(session: Session, actor: Actor, case_id: int) -> tuple[VentureCase, Resident]:
    """Return a case with its person if the actor may read it; another's is not there (404)."""
    found = session.exec(
        select(VentureCase, Resident)
        .join(Resident, col(Resident.id) == VentureCase.resident_id)
        .where(VentureCase.id == case_id)
    ).first()
    if found is None or not policy.can_read(actor, *found):
        raise NotFound
    return found


def move(
    session: Session, actor: Actor, case: VentureCase, action: CaseAction, **changes: Any
) -> VentureCase:
    """Change the state of a case by ``action`` and note the step.

    ``changes`` are the columns the new state has. A place and a time to answer are given up with
    the states that have them. ``Conflict`` where the state does not allow it.
    """
    before = case.state
    target = TRANSITIONS.get((before, action))
    if target is None:
        raise state_conflict(case)
    emptied: dict[str, Any] = {"offered_until": None}
    if target not in HOLDING:
        emptied["place_no"] = None
    step = (
        update(VentureCase)
        .where(col(VentureCase.id) == case.id, col(VentureCase.state) == before)
        .values(state=target, since=clock.now(), **{**emptied, **changes})
        .execution_options(synchronize_session=False)
    )
    if session.exec(step).rowcount != 1:
        raise Conflict(_(_MOVED_ON))
    session.refresh(case)
    note_step(session, actor, case, action, before=before)
    return case


def state_conflict(case: VentureCase) -> Conflict:
    """Return the error that a case has moved on."""
    return Conflict(
        _("这件事现在是「%(state)s」，不能再做这一步。请看看最新情况。", state=case.state.label)
    )


def note_step(
    session: Session,
    actor: Actor,
    case: VentureCase,
    action: CaseAction,
    *,
    before: CaseState | None,
) -> None:
    """Write a step just taken into the case's history and the audit trail."""
    session.add(
        VentureEvent(
            case_id=case.id,
            at=clock.now(),
            account_id=actor.account_id,
            action=action.value,
            from_state=before.value if before else "",
            to_state=case.state.value,
        )
    )
    session.flush()
    name = "answer" if action in _ANSWERS else action.value
    on_behalf = {"on_behalf": True} if actor.is_staff else {}
    audit.record(session, f"venture_case.{name}", case, **on_behalf)


def tell(session: Session, case: VentureCase, key: str) -> None:
    """Tell the person outside, if they wish so, that something is new on their page."""
    account_id = session.exec(
        select(Resident.account_id).where(Resident.id == case.resident_id)
    ).one()
    if account_id is not None:
        told = events.AccountsConcerned((account_id,), f"venture:{case.id}:{key}")
        events.announce(session, SYSTEM, told)


def tell_account(session: Session, account_id: int, case: VentureCase, key: str) -> None:
    """Tell a member that a case waits for them."""
    told = events.AccountsConcerned((account_id,), f"venture:{case.id}:{key}")
    events.announce(session, SYSTEM, told)


def kept_case(session: Session, actor: Actor, case_id: int) -> tuple[VentureCase, Resident]:
    """Return a case with its person, locked, for staff who keep it; else it is not there."""
    case, resident = lock_case(session, case_id)
    if not policy.can_keep(actor, case, resident):
        raise NotFound
    return case, resident


def refuse_over(case: VentureCase) -> None:
    """Raise ``Conflict`` for a case that is neither prepared nor open."""
    if case.state not in CARED_FOR:
        raise state_conflict(case)
