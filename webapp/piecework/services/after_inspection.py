"""Where a share goes after its pieces were looked at."""

from datetime import date

from sqlmodel import Session

from webapp.core.access import Actor
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import Place
from webapp.piecework.lifecycle import AssignmentAction
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.services.transitions import take_step


def go_on(
    session: Session, actor: Actor, assignment: Assignment, *, rework_due: date | None = None
) -> None:
    """Move an inspected share to what is next: wait, rework, go on, accepted or rejected."""
    totals = posting.totals(session, assignment_id=assignment.id)
    if totals[Place.PENDING]:
        take_step(session, actor, assignment, AssignmentAction.AWAIT)
    elif totals[Place.REWORK]:
        due = max(rework_due or assignment.due, assignment.rework_due or date.min)
        take_step(session, actor, assignment, AssignmentAction.SEND_BACK, rework_due=due)
    elif -totals[Place.MADE] < assignment.pieces:
        take_step(session, actor, assignment, AssignmentAction.CONTINUE)
    else:
        action = AssignmentAction.ACCEPT if totals[Place.ACCEPTED] else AssignmentAction.REJECT
        take_step(session, actor, assignment, action)
        if not totals[Place.PAYABLE]:  # paid tranche by tranche, or nothing earned
            take_step(session, actor, assignment, AssignmentAction.SETTLE)
