"""The households a member of staff answers for: counted, and handed over when they leave."""

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select, update

from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.residents.models import Household


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add how many households a member answers for."""
    own = Household.responsible_id == event.account_id
    event.add(_("负责的户"), session.exec(select(func.count()).where(own)).one())


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Have the successor answer for them; return how many."""
    return session.exec(
        update(Household)
        .where(col(Household.responsible_id) == event.account_id)
        .values(responsible_id=event.successor_id)
    ).rowcount
