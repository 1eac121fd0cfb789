"""Use cases of a household's claim: take pieces, name who works, begin."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from webapp.accounts import service as accounts
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.core.formatting import age_on
from webapp.piecework import policy
from webapp.piecework.ledger import passbook
from webapp.piecework.lifecycle import CLAIMABLE, AssignmentAction, AssignmentState
from webapp.piecework.models.assignment import Assignment, AssignmentMaterial, AssignmentMember
from webapp.piecework.models.order import PieceworkOrder, TimedTrial
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services import opening_sync
from webapp.piecework.services.access import (
    Membership,
    lock,
    lock_assignment,
    materials_of,
    own_membership,
)
from webapp.piecework.services.transitions import note_event, state_conflict, transition
from webapp.piecework.services.validation import whole
from webapp.residents.models import Resident, ResidentState

ADULT = 18


def my_membership(session: Session, actor: Actor) -> Membership:
    """Return the household of the resident who acts; raise ``NotFound`` for others."""
    found = own_membership(session, actor)
    if found is None:
        raise NotFound
    return found


def claim(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    household_id: int,
    pieces: int,
    member_ids: list[int],
    idempotency_key: str,
) -> Assignment:
    """Claim pieces of an order for a household whose grown-ups are named.

    The last pieces go to whoever is first; nobody gets more than is left. Raises
    :class:`BadField` for ``pieces`` or ``members``, ``Conflict`` when too little is left,
    ``Unverified`` for a resident whose number is not proven.
    """
    own = own_membership(session, actor)
    own_id = own.household_id if own else None
    if not policy.can_act_for(actor, own_household_id=own_id, household_id=household_id):
        raise Forbidden
    if own is not None and not accounts.is_verified(session, actor.account_id):
        raise accounts.Unverified
    order = lock(session, order_id)
    known = session.execute(
        select(Assignment).where(col(Assignment.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()
    if known is not None and known.household_id == household_id:
        return known
    due = _deadline(order)
    whole(pieces, "pieces")
    members = _members(session, household_id, member_ids)
    _refuse_amount(session, order, household_id, pieces)
    taken = session.execute(
        update(PieceworkOrder)
        .where(
            col(PieceworkOrder.id) == order.id,
            col(PieceworkOrder.state).in_(CLAIMABLE),
            col(PieceworkOrder.hold).is_(None),
            col(PieceworkOrder.claimed) + pieces <= col(PieceworkOrder.quantity),
        )
        .values(claimed=col(PieceworkOrder.claimed) + pieces)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("刚刚被别人领走了，剩下的不够 %(n)d 件", n=pieces))
    session.refresh(order)
    assignment = Assignment(
        order_id=order.id,
        household_id=household_id,
        pieces=pieces,
        due=due,
        claimed_by_id=actor.account_id,
        claimed_at=clock.now(),
        updated_at=clock.now(),
        idempotency_key=idempotency_key,
    )
    session.add(assignment)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("这一份已经领好了，没有重复领")) from error
    for resident in members:
        session.add(AssignmentMember(assignment_id=assignment.id, resident_id=resident.id))
    for material in materials_of(session, order.id):
        session.add(
            AssignmentMaterial(
                assignment_id=assignment.id,
                material_id=material.id,
                ceiling=need(pieces, material.use_amount, material.allowance_permille),
            )
        )
    opening_sync.sync_places(session, order)
    note_event(
        session,
        actor,
        order.id,
        "claim",
        assignment_id=assignment.id,
        after=AssignmentState.CLAIMED,
        pieces=pieces,
    )
    audit.record(session, "piecework.claim", assignment, pieces=pieces, order=order.id)
    passbook.write(
        session,
        assignment,
        PassbookKind.CLAIM,
        title=opening_sync.title(session, order),
        pieces=pieces,
        unit=order.piece_unit,
        rate_fen=order.rate_fen,
        due=assignment.due.isoformat(),
        people=len(members),
    )
    _pass_those_who_tried(session, actor, order, assignment, [one.id for one in members])
    return assignment


def need(pieces: int, use_amount: int, allowance_permille: int) -> int:
    """Return the most material for ``pieces``: need × (1 + allowance), in whole units."""
    return pieces * use_amount * (1000 + allowance_permille) // 1000


def change_members(
    session: Session, actor: Actor, *, assignment_id: int, member_ids: list[int]
) -> Assignment:
    """Name again which grown-ups of the household do the work."""
    _order, assignment = lock_assignment(session, actor, assignment_id)
    if assignment.state in {AssignmentState.CLOSED, AssignmentState.WITHDRAWN}:
        raise state_conflict(assignment)
    members = _members(session, assignment.household_id, member_ids)
    session.execute(
        delete(AssignmentMember).where(col(AssignmentMember.assignment_id) == assignment.id)
    )
    for resident in members:
        session.add(AssignmentMember(assignment_id=assignment.id, resident_id=resident.id))
    session.flush()
    audit.record(session, "piecework.name_members", assignment, members=len(members))
    return assignment


def start(session: Session, actor: Actor, *, assignment_id: int) -> Assignment:
    """The household says that it has begun."""
    _order, assignment = lock_assignment(session, actor, assignment_id)
    return transition(session, actor, assignment, AssignmentAction.START)


def _deadline(order: PieceworkOrder) -> date:
    """Return when pieces claimed now are due; raise ``Conflict`` when none may be claimed."""
    if order.state not in CLAIMABLE:
        raise Conflict(_("这张订单现在不能领，看看别的吧"))
    if order.hold is not None:
        raise Conflict(_("这张订单暂停了：%(why)s。等社区处理好再来。", why=order.hold_reason))
    if order.deadline is None or order.deadline < clock.today():
        raise Conflict(_("交货的日子已经过了，不能再领"))
    return order.deadline


def _refuse_amount(session: Session, order: PieceworkOrder, household_id: int, pieces: int) -> None:
    if pieces > order.unclaimed:
        raise Conflict(_("只剩 %(n)d 件了，请改少一点再领", n=order.unclaimed))
    if pieces < min(order.lot_pieces, order.unclaimed):
        raise BadField("pieces", _("一次至少领 %(n)d 件", n=min(order.lot_pieces, order.unclaimed)))
    if order.household_limit is None:
        return
    held = session.execute(
        select(func.coalesce(func.sum(col(Assignment.pieces)), 0)).where(
            col(Assignment.order_id) == order.id,
            col(Assignment.household_id) == household_id,
            col(Assignment.state) != AssignmentState.WITHDRAWN,
        )
    ).scalar_one()
    if held + pieces > order.household_limit:
        left = max(0, order.household_limit - held)
        raise BadField("pieces", _("一家最多领 %(most)d 件，您家还能领 %(left)d 件",
                                   most=order.household_limit, left=left))  # fmt: skip


def _members(session: Session, household_id: int, member_ids: list[int]) -> list[Resident]:
    wanted = set(member_ids)
    if not wanted:
        raise BadField("members", _("写明家里谁来做，至少一个大人"))
    found = list(
        session.execute(
            select(Resident)
            .where(col(Resident.household_id) == household_id, col(Resident.id).in_(wanted))
            .order_by(col(Resident.id))
        ).scalars()
    )
    if len(found) != len(wanted):
        raise BadField("members", _("只能写自己家里的人"))
    for resident in found:
        age = age_on(resident.birth_date, clock.today())
        if resident.state is ResidentState.LEFT or (age is not None and age < ADULT):
            raise BadField("members", _("只能写满 %(n)d 岁、还住在家里的人", n=ADULT))
    return found


def _pass_those_who_tried(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    assignment: Assignment,
    member_ids: list[int],
) -> None:
    """A household whose member made good pieces of this order at the centre needs no trial."""
    tried = session.execute(
        select(col(TimedTrial.id))
        .where(
            col(TimedTrial.order_id) == order.id,
            col(TimedTrial.resident_id).in_(member_ids),
            col(TimedTrial.passed) > 0,
        )
        .limit(1)
    ).first()
    if tried is not None:
        transition(session, actor, assignment, AssignmentAction.PASS_TRIAL)
