"""Use cases of a household's claim: take pieces, name who works, begin."""

from collections.abc import Mapping
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
from webapp.openings.models import Opening
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
from webapp.residents.models import Household, Resident, ResidentState
from webapp.residents.services.profile import tell_birth_date

#: Nobody under this age may be named (劳动法第十五条), and in hazardous work nobody under ADULT.
YOUNGEST = 16
ADULT = 18
OLDEST = 110


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
    birth_dates: Mapping[int, date] | None = None,
) -> Assignment:
    """Claim pieces of an order for a household whose workers are named.

    The last pieces go to whoever is first; nobody gets more than is left. ``birth_dates`` are
    those that were not known, by resident id. Raises :class:`BadField` for ``pieces``,
    ``members`` and ``birth_<id>``, ``Conflict`` when too little is left, ``Unverified`` for a
    resident whose number is not proven.
    """
    own = own_membership(session, actor)
    own_id = own.household_id if own else None
    if not policy.can_act_for(actor, own_household_id=own_id, household_id=household_id):
        raise Forbidden
    if own is not None and not accounts.is_verified(session, actor.account_id):
        raise accounts.Unverified
    if not session.get_one(Household, household_id).unit_address:
        raise Conflict(_("先到「我的情况」里填住哪一户，再来领。"))
    order = lock(session, order_id)
    known = session.execute(
        select(Assignment).where(col(Assignment.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()
    if known is not None and known.household_id == household_id:
        return known
    due = _deadline(order)
    whole(pieces, "pieces")
    members = _members(session, actor, order, household_id, member_ids, birth_dates or {})
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
    _name(session, assignment, members)
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
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    member_ids: list[int],
    birth_dates: Mapping[int, date] | None = None,
) -> Assignment:
    """Name again who of the household does the work; raises as :func:`claim` does."""
    order, assignment = lock_assignment(session, actor, assignment_id)
    if assignment.state in {AssignmentState.CLOSED, AssignmentState.WITHDRAWN}:
        raise state_conflict(assignment)
    members = _members(
        session, actor, order, assignment.household_id, member_ids, birth_dates or {}
    )
    session.execute(
        delete(AssignmentMember).where(col(AssignmentMember.assignment_id) == assignment.id)
    )
    _name(session, assignment, members)
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


def youngest_for(session: Session, order: PieceworkOrder) -> int:
    """Return the age from which one may work on an order."""
    return ADULT if session.get_one(Opening, order.opening_id).hazardous else YOUNGEST


def birth_field(resident_id: int) -> str:
    """Return the form's field for the birth date of a member of whom it is not known."""
    return f"birth_{resident_id}"


def _members(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    household_id: int,
    member_ids: list[int],
    birth_dates: Mapping[int, date],
) -> list[Resident]:
    """Return those named, each known to be old enough, as must be the resident who claims."""
    wanted = set(member_ids)
    if not wanted:
        raise BadField("members", _("写明家里谁来做，至少一个人"))
    asked = wanted | ({actor.resident_id} if actor.resident_id is not None else set())
    found = list(
        session.execute(
            select(Resident)
            .where(col(Resident.household_id) == household_id, col(Resident.id).in_(asked))
            .order_by(col(Resident.id))
        ).scalars()
    )
    if not wanted <= {one.id for one in found}:
        raise BadField("members", _("只能写自己家里的人"))
    least = youngest_for(session, order)
    for resident in found:
        if resident.state is ResidentState.LEFT:
            raise BadField("members", _("只能写还住在家里的人"))
        if resident.birth_date is None:
            _ask_birth_date(session, actor, resident, birth_dates.get(resident.id))
        age = age_on(resident.birth_date, clock.today())
        if age is None or age < (least if resident.id in wanted else YOUNGEST):
            raise BadField("members", _too_young(resident, least))
    return [one for one in found if one.id in wanted]


def _ask_birth_date(session: Session, actor: Actor, resident: Resident, told: date | None) -> None:
    field = birth_field(resident.id)
    if told is None:
        raise BadField(
            field, _("还不知道%(name)s的出生日期，填了才能领：不满 16 岁不能做", name=resident.name)
        )
    age = age_on(told, clock.today())
    if age is None or not YOUNGEST <= age <= OLDEST:
        too_young = age is not None and 0 <= age < YOUNGEST
        raise BadField(
            field,
            _too_young(resident, YOUNGEST) if too_young else _("出生日期不对，请再看看"),
        )
    tell_birth_date(session, actor, resident, told)


def _too_young(resident: Resident, least: int) -> str:
    if least == ADULT:
        return _("这个活有危险，不满 18 岁不能做：%(name)s", name=resident.name)
    return _("不满 16 岁，法律不许做工：%(name)s", name=resident.name)


def _name(session: Session, assignment: Assignment, members: list[Resident]) -> None:
    today = clock.today()
    for resident in members:
        age = age_on(resident.birth_date, today)
        session.add(AssignmentMember(assignment_id=assignment.id, resident_id=resident.id, age=age))
    session.flush()


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
