"""Use cases of joining a household: ask, say yes, object, withdraw, leave, and what time brings.

Asking does the same whatever is known of the address, and shows the same to whoever asked, until
somebody let them in: nobody finds out by it where people live.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.accounts import service as accounts
from webapp.accounts import throttle
from webapp.accounts.models import Account
from webapp.core import audit, clock, rate_limits
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.residents import policy
from webapp.residents.models import Household, JoinRequest, JoinState, Resident, ResidentState
from webapp.residents.services import households
from webapp.residents.services.registration import editable
from webapp.residents.unit_address import ESTATE, UnknownUnitAddress, known_unit_address

OBJECTION_TIME = timedelta(hours=72)
WAITING = frozenset({JoinState.ASKED, JoinState.OBJECTED})


def ask(session: Session, actor: Actor, *, unit_address: str) -> JoinRequest:
    """Ask to be counted among those at an address; :class:`Conflict` while one request is open."""
    resident = editable(session, actor, actor.resident_id)
    if not accounts.is_verified(session, actor.account_id):
        raise accounts.Unverified
    try:
        usual = known_unit_address(unit_address, on=clock.today())
    except UnknownUnitAddress as unknown:
        raise BadField("unit_address", unknown.message) from unknown
    own = session.get_one(Household, resident.household_id)
    if not own.provisional and own.unit_address == usual:
        raise BadField("unit_address", _("您已经在这一户了"))
    asked_before = Conflict(_("您已经问过一户了，等回话，或者先撤回"))
    if waiting_request(session, resident.id) is not None:
        raise asked_before
    households.refuse_unfinished(session, resident)
    rate_limits.take(session, [throttle.of_join_requests(resident.id)])
    request = JoinRequest(
        resident_id=resident.id,
        unit_address=usual,
        household_id=_living_at(session, usual),
        asked_at=clock.now(),
        answer_until=clock.now() + OBJECTION_TIME,
    )
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError as error:
        raise asked_before from error
    audit.record(session, "join.ask", request)
    return request


def approve(session: Session, actor: Actor, *, request_id: int, note: str = "") -> JoinRequest:
    """Say yes for the household; the person moves in at once when nobody else could object.

    By a member who may vouch, or by staff who know both (``note`` says how).
    """
    request, member = _to_answer(session, actor, request_id)
    if member is not None and not policy.can_vouch(
        member,
        verified=accounts.is_verified(session, actor.account_id),
        household_id=request.household_id,
        on=clock.today(),
    ):
        raise Forbidden(
            _("要社区登记过、核对过手机号的大人才能答应。您可以请家里别的大人，或者到窗口。")
        )
    _ask_who_came_since(session, request)
    _change(
        session,
        request,
        col(JoinRequest.approved_at).is_(None),
        col(JoinRequest.answer_until) > clock.now(),
        approved_at=clock.now(),
        approved_by_id=actor.account_id,
        note=note,
    )
    audit.record(session, "join.approve", request, by_staff=member is None)
    others = [one for one in _who_may_object(session, request) if one is not member]
    if not others:
        _move_in(session, request)
    return request


def object_to(session: Session, actor: Actor, *, request_id: int, note: str = "") -> JoinRequest:
    """Say no for the household, or record it as staff who were told so; staff decide then."""
    request, member = _to_answer(session, actor, request_id)
    if member is not None and not policy.can_object(
        member, household_id=request.household_id, on=clock.today()
    ):
        raise Forbidden
    _change(
        session,
        request,
        state=JoinState.OBJECTED,
        objected_by_id=actor.account_id,
        note=note or request.note,
    )
    audit.record(session, "join.object", request, by_staff=member is None)
    return request


def decide(
    session: Session, actor: Actor, *, request_id: int, accept: bool, note: str
) -> JoinRequest:
    """Decide, as staff, what somebody objected to."""
    request = get_request(session, actor, request_id)
    _change(
        session,
        request,
        col(JoinRequest.decided_at).is_(None),
        state=JoinState.OBJECTED,
        before=JoinState.OBJECTED,
        decided_at=clock.now(),
        decided_by_id=actor.account_id,
        note=note,
        **({"approved_at": clock.now(), "approved_by_id": actor.account_id} if accept else {}),
    )
    audit.record(session, "join.decide", request, accept=accept)
    if accept:
        _move_in(session, request)
    return request


def withdraw(session: Session, actor: Actor) -> None:
    """Take back the actor's own open request; without one nothing changes."""
    request = waiting_request(session, actor.resident_id)
    if request is not None:
        _change(session, request, before=request.state, state=JoinState.WITHDRAWN)
        audit.record(session, "join.withdraw", request)


def leave(session: Session, actor: Actor) -> Household:
    """Leave the household at once and live alone for the time being, at the same address."""
    resident = editable(session, actor, actor.resident_id)
    session.refresh(resident, with_for_update=True)
    if households.lives_alone(session, resident):
        raise Conflict(_("这一户只有您一个人，不用退出。搬家了，改「住址和联系」就行。"))
    left = session.get_one(Household, resident.household_id)
    resident.household_id = households.provisional(session, left.unit_address).id
    resident.placed = False
    resident.joined_at = None
    resident.updated_at = clock.now()
    session.add(resident)
    audit.record(session, "join.leave", left)
    return left


def is_waiting(request: JoinRequest) -> bool:
    """Whether who asked is told to wait: after an objection too, which would tell who is there."""
    return request.state in WAITING and request.answer_until > clock.now()


def waiting_request(session: Session, resident_id: int | None) -> JoinRequest | None:
    """Return the request a person waits on."""
    return session.exec(
        select(JoinRequest).where(
            JoinRequest.resident_id == resident_id,
            col(JoinRequest.state).in_(WAITING),
            col(JoinRequest.answer_until) > clock.now(),
        )
    ).first()


def get_request(session: Session, actor: Actor, request_id: int) -> JoinRequest:
    """Return a request for staff; others raise :class:`NotFound`."""
    request = session.get(JoinRequest, request_id)
    if request is None or not policy.can_decide_joining(actor):
        raise NotFound
    return request


def tell_members(session: Session) -> int:
    """Tell the grown-ups of each household that was newly asked; return how many requests."""
    rows = session.exec(
        select(JoinRequest).where(
            JoinRequest.state == JoinState.ASKED, col(JoinRequest.told_at).is_(None)
        )
    ).all()
    for request in rows:
        ids = tuple(one.account_id for one in _who_may_object(session, request) if one.account_id)
        events.announce(session, SYSTEM, events.HouseholdAsked(request.id, ids))
        request.told_at = clock.now()
        session.add(request)
    return len(rows)


def settle(session: Session) -> int:
    """Let in or let lapse what has waited its time; return how many requests ended."""
    due = session.exec(
        select(JoinRequest)
        .where(JoinRequest.state == JoinState.ASKED, col(JoinRequest.answer_until) <= clock.now())
        .order_by(col(JoinRequest.id))
        .with_for_update()
    ).all()
    ended = 0
    for request in due:
        try:
            with session.begin_nested():
                if request.approved_at is None:
                    _change(session, request, state=JoinState.EXPIRED)
                    audit.record(session, "join.expire", request)
                else:
                    _move_in(session, request)
        except Conflict:  # answered meanwhile, or pieces still in hand: looked at again
            continue
        ended += 1
    return ended


def _living_at(session: Session, unit_address: str) -> int | None:
    """Return the household recorded at an address of the estate."""
    return session.exec(
        select(Household.id).where(
            Household.place == ESTATE,
            Household.unit_address == unit_address,
            ~col(Household.provisional),
        )
    ).first()


def _ask_who_came_since(session: Session, request: JoinRequest) -> None:
    """Give those recorded at the address since it was asked for the same time to object."""
    if request.household_id is not None:
        return
    there = _living_at(session, request.unit_address)
    if there is not None:
        until = clock.now() + OBJECTION_TIME
        _change(session, request, household_id=there, answer_until=until, told_at=None)


def _move_in(session: Session, request: JoinRequest) -> None:
    """Make the person a member, from now on; raises :class:`Conflict` with pieces in hand."""
    resident = session.exec(
        select(Resident).where(Resident.id == request.resident_id).with_for_update()
    ).one()
    if resident.state is ResidentState.LEFT:
        raise Conflict(_("这位居民已经停用服务了"))
    households.refuse_unfinished(session, resident)
    home = households.household_of(session, request.unit_address)
    _change(session, request, before=request.state, state=JoinState.ACCEPTED, household_id=home.id)
    resident.household_id = home.id
    resident.joined_at = clock.now()
    approver = session.get_one(Account, request.approved_by_id)
    resident.placed = approver.role is Role.STAFF
    resident.updated_at = clock.now()
    session.add(resident)
    session.flush()
    audit.record(session, "join.accept", request)


def _to_answer(
    session: Session, actor: Actor, request_id: int
) -> tuple[JoinRequest, Resident | None]:
    """Return a request and the member who answers, ``None`` for staff; else ``NotFound``."""
    request = session.get(JoinRequest, request_id)
    if request is None:
        raise NotFound
    if policy.can_decide_joining(actor):
        return request, None
    member = session.get(Resident, actor.resident_id) if actor.resident_id else None
    if member is None or not policy.can_object(
        member, household_id=request.household_id, on=clock.today()
    ):
        raise NotFound
    return request, member


def _who_may_object(session: Session, request: JoinRequest) -> list[Resident]:
    """Return the grown-ups of the household asked, those of unknown age with them."""
    if request.household_id is None:
        return []
    members = session.exec(
        select(Resident)
        .where(Resident.household_id == request.household_id, Resident.state != ResidentState.LEFT)
        .order_by(col(Resident.id))
    )
    return [
        one
        for one in members
        if policy.can_object(one, household_id=request.household_id, on=clock.today())
    ]


def _change(
    session: Session,
    request: JoinRequest,
    *conditions: Any,
    before: JoinState = JoinState.ASKED,
    **values: Any,
) -> None:
    """Change a request that is still in the state ``before``; else :class:`Conflict`."""
    changed = session.exec(
        update(JoinRequest)
        .where(col(JoinRequest.id) == request.id, col(JoinRequest.state) == before, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise Conflict(_("这一条刚才已经有人办了，或者过了时间，请看看最新情况"))
    session.refresh(request)
