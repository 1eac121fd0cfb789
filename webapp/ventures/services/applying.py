"""Apply for a venture, answer when one's turn has come, take it back, bring an own idea.

By the person themself or by staff for them. Who applies gets a receipt code; who may have a place
without waiting (no limit, or an idea of their own) begins to prepare at once.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from webapp.core import clock, receipt_codes
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, Gone, NotFound
from webapp.guides.trades import Site, Trade
from webapp.matches.services import begun, requirements
from webapp.matches.services.transitions import lock_resident
from webapp.residents.models import Resident, ResidentState
from webapp.residents.services import phones
from webapp.rulebook.figures import rule
from webapp.ventures import policy
from webapp.ventures.lifecycle import (
    LIVE,
    Allocation,
    CaseAction,
    CaseOrigin,
    CaseState,
    EndCause,
    RefuseCause,
)
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import Venture
from webapp.ventures.services import rounds
from webapp.ventures.services.transitions import lock_case, lock_venture, move, note_step, tell

MOST_IDEAS = 3  # of one person under way at once


def apply(
    session: Session,
    actor: Actor,
    *,
    venture_id: int,
    resident_id: int,
    origin: CaseOrigin | None = None,
) -> VentureCase:
    """Enter somebody for a venture's places; doing it again changes nothing.

    Raises :class:`Gone` when the entries have closed, :class:`Conflict` while the person's number
    is not proven, ``Refused`` for who is too young.
    """
    resident = _person(session, actor, resident_id)
    venture, opening = lock_venture(session, venture_id)
    mine = live_case(session, venture_id=venture_id, resident_id=resident_id)
    if mine is not None:
        return mine
    if opening.published_at is None:
        raise NotFound
    frozen = rounds.waiting_round(session, venture_id) is not None
    if not policy.takes_entries(venture, opening, frozen=frozen, on=clock.today()):
        raise Gone(_("报名已经截止了，看看别的吧。"))
    requirements.refuse_barred(
        requirements.weigh(session, resident_id=resident_id, opening=opening)
    )
    if origin is not CaseOrigin.MATCH:
        _refuse_unproven(session, resident)
    case = _begin(
        session,
        actor,
        resident_id=resident_id,
        venture_id=venture_id,
        title=opening.title,
        trade=venture.trade,
        site=venture.site,
        origin=origin or (CaseOrigin.SELF if _own(actor, resident_id) else CaseOrigin.STAFF),
        waits=venture.allocation is not Allocation.OPEN,
    )
    begun.settle(session, actor, opening, resident_id)
    return case


def begin_from_match(
    session: Session, actor: Actor, *, venture: Venture, resident_id: int
) -> VentureCase:
    """Enter somebody who said yes; with a number not proven they stand in no list until it is."""
    return apply(
        session, actor, venture_id=venture.id, resident_id=resident_id, origin=CaseOrigin.MATCH
    )


def bring_idea(
    session: Session, actor: Actor, *, resident_id: int, title: str, trade: Trade, site: Site
) -> VentureCase:
    """Begin to prepare a business of somebody's own idea; the same one again changes nothing."""
    _person(session, actor, resident_id)
    under_way = session.exec(
        select(VentureCase).where(
            VentureCase.resident_id == resident_id,
            col(VentureCase.venture_id).is_(None),
            col(VentureCase.state).in_(LIVE),
        )
    ).all()
    for one in under_way:
        if one.title == title:
            return one
    if len(under_way) >= MOST_IDEAS:
        raise BadField("title", _("手上已经有 %(n)d 样在准备，先定下一样再说", n=MOST_IDEAS))
    return _begin(
        session,
        actor,
        resident_id=resident_id,
        venture_id=None,
        title=title,
        trade=trade,
        site=site,
        origin=CaseOrigin.OWN_IDEA,
        waits=False,
    )


def accept(session: Session, actor: Actor, *, case_id: int) -> VentureCase:
    """Take the place that was kept; doing it again changes nothing.

    Raises :class:`Gone` once the time has run out, whether or not that was noted already.
    """
    case = _answering(session, actor, case_id)
    if case.state in {CaseState.PLANNING, CaseState.ACTIVE}:
        return case
    in_time = case.offered_until is not None and case.offered_until > clock.now()
    if case.state is not CaseState.OFFERED or not in_time:
        raise Gone(_("回话的时间过了，摊位已经问下一位。"))
    _refuse_unproven(session, session.get_one(Resident, case.resident_id))
    return move(session, actor, case, CaseAction.ACCEPT, due_on=_look_by())


def withdraw(session: Session, actor: Actor, *, case_id: int) -> VentureCase:
    """Take an application back; a place that was kept goes to the next in the order at once.

    Doing it again changes nothing. Nobody outside the branch hears of it, and no list shows it.
    """
    case = _answering(session, actor, case_id)
    if case.state is CaseState.WITHDRAWN:
        return case
    move(session, actor, case, CaseAction.WITHDRAW)
    _settle_venture(session, actor, case)
    return case


def stop(
    session: Session, actor: Actor, *, case_id: int, cause: EndCause, note: str = ""
) -> VentureCase:
    """Note that nothing came of what was prepared; the place goes to the next in the order."""
    case = _answering(session, actor, case_id)
    if case.state is CaseState.STOPPED:
        return case
    move(session, actor, case, CaseAction.STOP, end_cause=cause, end_note=note, due_on=None)
    _settle_venture(session, actor, case)
    return case


def refuse(
    session: Session, actor: Actor, *, case_id: int, cause: RefuseCause, note: str
) -> VentureCase:
    """Leave somebody out who may not have a place, before the list is frozen; they read why."""
    case, resident = lock_case(session, case_id)
    if not policy.can_keep(actor, case, resident):
        raise NotFound
    if case.round_id is not None:
        raise Conflict(_("名单已经定死，不能再拿掉谁。"))
    if not note.strip():
        raise BadField("note", _("给本人写一句为什么"))
    move(session, actor, case, CaseAction.REFUSE, refuse_cause=cause, end_note=note)
    tell(session, case, "refused")
    return case


def withdraw_all(session: Session, actor: Actor, *, resident_id: int) -> int:
    """End what is under way, of somebody who ends the service; return how many."""
    query = (
        select(VentureCase)
        .where(VentureCase.resident_id == resident_id, col(VentureCase.state).in_(LIVE))
        .order_by(col(VentureCase.venture_id), col(VentureCase.id))
    )
    mine = session.exec(query).all()
    for found in mine:
        case, _resident = lock_case(session, found.id)
        if policy.may_be_withdrawn(case):
            move(session, actor, case, CaseAction.WITHDRAW)
        elif case.state is CaseState.PLANNING:
            move(session, actor, case, CaseAction.STOP, end_cause=EndCause.OTHER)
        else:
            ends = {"closed_on": clock.today(), "end_cause": EndCause.OTHER}
            move(session, actor, case, CaseAction.CLOSE, due_on=None, **ends)
        _settle_venture(session, actor, case)
    return len(mine)


def live_case(session: Session, *, venture_id: int, resident_id: int) -> VentureCase | None:
    """Return the person's case of a venture that is not over, as it stands now."""
    query = (
        select(VentureCase)
        .where(
            VentureCase.venture_id == venture_id,
            VentureCase.resident_id == resident_id,
            col(VentureCase.state).in_(LIVE),
        )
        .execution_options(populate_existing=True)
    )
    return session.exec(query).first()


def _refuse_unproven(session: Session, resident: Resident) -> None:
    if not phones.is_proven(session, resident):
        raise Conflict(_("先核对手机号。在「我的」里点一下就能核对。"))


def _look_by() -> Any:
    today = clock.today()
    return today + timedelta(days=rule("venture_plan_days", on=today))


def _own(actor: Actor, resident_id: int) -> bool:
    return actor.resident_id == resident_id


def _person(session: Session, actor: Actor, resident_id: int) -> Resident:
    if not policy.can_answer(actor, resident_id=resident_id):
        raise Forbidden
    resident = lock_resident(session, resident_id)
    if resident.state is ResidentState.LEFT:
        raise NotFound
    return resident


def _answering(session: Session, actor: Actor, case_id: int) -> VentureCase:
    """Return a case that the actor may answer for, locked; another's is 404."""
    case = session.get(VentureCase, case_id)
    if case is None or not policy.can_answer(actor, resident_id=case.resident_id):
        raise NotFound
    locked, _resident = lock_case(session, case_id)
    return locked


def _begin(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    venture_id: int | None,
    title: str,
    trade: Trade,
    site: Site,
    origin: CaseOrigin,
    waits: bool,
) -> VentureCase:
    case = VentureCase(
        venture_id=venture_id,
        resident_id=resident_id,
        state=CaseState.APPLIED if waits else CaseState.PLANNING,
        origin=origin,
        code=receipt_codes.fresh(),
        title=title,
        trade=trade,
        site=site,
        due_on=None if waits else _look_by(),
        since=clock.now(),
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(case)
    except IntegrityError as error:  # somebody was first in the same moment
        raise Conflict(_("刚才已经有人处理了，请看看最新情况。")) from error
    step = CaseAction.APPLY if waits else CaseAction.PLAN
    note_step(session, actor, case, step, before=None)
    return case


def _settle_venture(session: Session, actor: Actor, case: VentureCase) -> None:
    """Bring suggestion, order and opening in line with a case that has ended."""
    if case.venture_id is None:
        return
    venture = session.get_one(Venture, case.venture_id)
    begun.withdraw(session, actor, venture.opening_id, case.resident_id)
    rounds.fill_places(session, actor, venture)
