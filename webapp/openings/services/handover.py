"""The openings a member of staff looks after: counted, and handed over when they leave."""

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select, update

from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

_NOT_OVER = col(Opening.state).not_in((OpeningState.CLOSED, OpeningState.EXPIRED))


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add how many openings that are not over a member looks after."""
    own = col(Opening.responsible_id) == event.account_id
    event.add(_("管的机会"), session.exec(select(func.count()).where(own, _NOT_OVER)).one())


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Have the successor look after them, the expired ones too, which may be renewed."""
    return session.exec(
        update(Opening)
        .where(
            col(Opening.responsible_id) == event.account_id,
            col(Opening.state) != OpeningState.CLOSED,
        )
        .values(responsible_id=event.successor_id)
    ).rowcount
