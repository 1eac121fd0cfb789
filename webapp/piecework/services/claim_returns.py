"""Use cases of a claim given back, in part or whole: others may claim those pieces."""

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Refused
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import CLAIMABLE, AssignmentAction, AssignmentState
from webapp.piecework.models.assignment import Assignment, AssignmentMaterial
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services import opening_sync
from webapp.piecework.services.access import lock_assignment, materials_of
from webapp.piecework.services.claims import need
from webapp.piecework.services.transitions import require_postable, state_conflict, transition
from webapp.piecework.services.validation import whole

_REDUCIBLE = frozenset(
    {
        AssignmentState.CLAIMED, AssignmentState.TRIAL_PASSED, AssignmentState.ISSUED,
        AssignmentState.WORKING,
    }
)  # fmt: skip


def reduce(
    session: Session, actor: Actor, *, assignment_id: int, pieces: int, idempotency_key: str
) -> Assignment:
    """Take fewer pieces than claimed: never fewer than handed in or have material out for."""
    order, assignment = lock_assignment(session, actor, assignment_id)
    require_postable(order)
    if assignment.pieces == pieces:
        return assignment
    if assignment.state not in _REDUCIBLE:
        raise state_conflict(assignment)
    made = -posting.balance(session, order.id, _made(assignment.id))
    whole(pieces, "pieces", least=max(made, 1), most=assignment.pieces)
    give_back(session, order, assignment, pieces)
    audit.record(session, "piecework.reduce", assignment, pieces=pieces)
    passbook.write(session, assignment, PassbookKind.CHANGE, pieces=pieces, unit=order.piece_unit)
    return assignment


def withdraw(session: Session, actor: Actor, *, assignment_id: int, reason: str = "") -> Assignment:
    """Give the claim up; all material must be back and nothing handed in."""
    order, assignment = lock_assignment(session, actor, assignment_id)
    require_postable(order)
    totals = posting.totals(session, assignment_id=assignment.id)
    if totals[AccountType.HOUSEHOLD] or totals[AccountType.REPLACEMENT]:
        raise Refused(_("先把手里的材料退回社区，再退这一份"))
    if totals[AccountType.MADE] or totals[AccountType.ADVANCE]:
        raise Refused(_("已经交过货或预支过钱，请找社区工作人员办“提前结束”"))
    transition(session, actor, assignment, AssignmentAction.WITHDRAW, reason=reason[:300])
    give_back(session, order, assignment, assignment.pieces, all_of_it=True)
    passbook.write(session, assignment, PassbookKind.WITHDRAW)
    return assignment


def give_back(
    session: Session,
    order: PieceworkOrder,
    assignment: Assignment,
    pieces: int,
    *,
    all_of_it: bool = False,
) -> None:
    """Let others claim what this assignment gives up; it keeps ``pieces``, perhaps none."""
    freed = assignment.pieces if all_of_it else assignment.pieces - pieces
    session.execute(
        update(PieceworkOrder)
        .where(col(PieceworkOrder.id) == order.id)
        .values(claimed=col(PieceworkOrder.claimed) - freed)
        .execution_options(synchronize_session=False)
    )
    session.refresh(order)
    if not all_of_it:
        session.execute(
            update(Assignment)
            .where(col(Assignment.id) == assignment.id)
            .values(pieces=pieces, updated_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        session.refresh(assignment)
        _lower_ceilings(session, order, assignment)
    if order.state in CLAIMABLE and order.hold is None:
        opening_sync.sync_places(session, order)


def _made(assignment_id: int) -> posting.Slot:
    return posting.Slot(AccountType.MADE, assignment_id=assignment_id)


def _lower_ceilings(session: Session, order: PieceworkOrder, assignment: Assignment) -> None:
    """Bring what may be issued down with the pieces; what is out already stays covered."""
    uses = {one.id: one for one in materials_of(session, order.id)}
    rows = session.execute(
        select(AssignmentMaterial).where(col(AssignmentMaterial.assignment_id) == assignment.id)
    ).scalars()
    for row in rows:
        material = uses[row.material_id]
        most = need(assignment.pieces, material.use_amount, material.allowance_permille)
        row.ceiling = max(most, row.issued - row.override)
        session.add(row)
    session.flush()
