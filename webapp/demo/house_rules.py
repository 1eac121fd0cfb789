"""What the community itself has written into the rule book, beside what the law says."""

from sqlmodel import Session, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.demo.act_as import act_as
from webapp.rights.lifecycle import CounterCode
from webapp.rights.services import policies
from webapp.rulebook import service
from webapp.rulebook.models import DangerCode

# Invented like the rest of the demo; the counter of the markets is not known, as may be elsewhere.
_COUNTERS = (
    (
        CounterCode.EMPLOYMENT,
        "社区服务大厅对面便民服务中心一楼，就业社保窗口",
        "023-65250111",
        "周一至周五 9:00–12:00，14:00–17:30",
    ),
    (
        CounterCode.CIVIL,
        "社区服务大厅对面便民服务中心二楼，民政窗口",
        "023-65250112",
        "周一至周五 9:00–12:00，14:00–17:00，周三下午不办",
    ),
)


def write(session: Session) -> None:
    """Have the admin look for what families asked about and say where counters are; once."""
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
        for code, address, phone, hours in _COUNTERS:
            policies.set_counter(
                session, actor, code=code, address=address, phone=phone, hours=hours
            )
