"""What employers of the demo asked for: one question answered, one that waits."""

from datetime import timedelta

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.demo.act_as import act_as
from webapp.employers.models import EmployerMember
from webapp.needs import service

_EARLIER, _ANSWERED, _TODAY = (
    timedelta(days=6, hours=2),
    timedelta(days=5, hours=21),
    timedelta(hours=3),
)
_STAFF = "13800000003"


def write(session: Session) -> None:
    """Have two employers ask, and staff answer the first."""
    earlier = _ask(session, "13800000002", _EARLIER, "会做家常菜，中午能来", 2)
    staff = session.exec(select(Account).where(Account.phone == _STAFF)).one()
    actor = Actor(account_id=staff.id, role=Role.STAFF, branch_id=staff.branch_id)
    with act_as(session, actor, clock.now() - _ANSWERED):
        service.answer(
            session,
            actor,
            need_id=earlier,
            words="有人愿意做中午这一顿。请发一条招聘，写清楚几点到几点、一顿多少钱，审好就邀请他们。",
        )
    _ask(session, "13800000006", _TODAY, "会踩缝纫机，上午能来", 3)


def _ask(session: Session, phone: str, ago: timedelta, words: str, people: int) -> int:
    account_id, name, employer_id = session.exec(
        select(Account.id, Account.name, EmployerMember.employer_id)
        .join(EmployerMember, col(EmployerMember.account_id) == Account.id)
        .where(Account.phone == phone)
    ).one()
    actor = Actor(account_id=account_id, role=Role.EMPLOYER, name=name, employer_id=employer_id)
    with act_as(session, actor, clock.now() - ago):
        return service.tell(session, actor, words=words, people=people).id
