"""What the community itself has written into the rule book, beside what the law says."""

from sqlmodel import Session, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.demo.act_as import act_as
from webapp.rulebook import service
from webapp.rulebook.models import DangerCode


def write(session: Session) -> None:
    """Have the admin look for what families had asked about; called once."""
    admin = session.exec(select(Account).where(Account.role == Role.ADMIN)).one()
    actor = Actor(account_id=admin.id, role=Role.ADMIN, name=admin.name)
    with act_as(session, actor, clock.now()):
        service.add_danger(
            session,
            actor,
            word="指甲油",
            code=DangerCode.FLAMMABLE,
            source="社区议事会第6次会议纪要：一点就着，娃娃在旁边，拿回家的活里不要有",
        )
