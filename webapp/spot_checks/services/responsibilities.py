"""What a member has to look at: counted, and given to others when they leave."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.branches.queries import members as branches
from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.spot_checks.models import SpotCheckLine
from webapp.spot_checks.services import assigning


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add what a member has not looked at yet."""
    event.add(_("要看的抽查"), len(_open_of(session, event.account_id)))


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Give it to the successor; what that one may not look at, to whoever may. The day stands."""
    lines = _open_of(session, event.account_id)
    members = branches.members(session)
    for line in lines:
        may = assigning.who_may(session, line, members)
        line.reviewer_id = event.successor_id if event.successor_id in may else None
        session.add(line)
    session.flush()
    if any(line.reviewer_id is None for line in lines):
        assigning.assign(session, gone=(event.account_id,))
    return len(lines)


def _open_of(session: Session, account_id: int) -> list[SpotCheckLine]:
    return list(
        session.exec(
            select(SpotCheckLine)
            .where(SpotCheckLine.reviewer_id == account_id, col(SpotCheckLine.finding).is_(None))
            .order_by(col(SpotCheckLine.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
