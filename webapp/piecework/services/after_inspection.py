"""The state an assignment goes to after an inspection."""

from datetime import date

from sqlmodel import Session

from webapp.core.access import Actor
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentAction
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.services.transitions import transition


def advance_after_inspection(
    session: Session, actor: Actor, assignment: Assignment, *, rework_due: date | None = None
) -> None:
    """Change an inspected assignment to what follows: waiting, rework, work, accepted, rejected.

    ``rework_due`` is the day pieces sent back are due; by default the assignment's own.
    """
    totals = posting.totals(session, assignment_id=assignment.id)
    if totals[AccountType.PENDING]:
        transition(session, actor, assignment, AssignmentAction.AWAIT)
    elif totals[AccountType.REWORK]:
        due = max(rework_due or assignment.due, assignment.rework_due or date.min)
        transition(session, actor, assignment, AssignmentAction.SEND_BACK, rework_due=due)
    elif -totals[AccountType.MADE] < assignment.pieces:
        transition(session, actor, assignment, AssignmentAction.CONTINUE)
    else:
        action = (
            AssignmentAction.ACCEPT if totals[AccountType.ACCEPTED] else AssignmentAction.REJECT
        )
        transition(session, actor, assignment, action)
        if not totals[AccountType.PAYABLE]:  # paid delivery by delivery, or nothing earned
            transition(session, actor, assignment, AssignmentAction.SETTLE)
