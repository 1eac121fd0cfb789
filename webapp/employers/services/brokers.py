"""Labour brokers: who looks after which employer, one at a time; handed over with the rest."""

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select

from webapp.accounts.models import Account
from webapp.branches.models import MemberProfile
from webapp.branches.services.members import mark_broker
from webapp.core import audit, clock
from webapp.core.access import Actor, Permission, Role
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.employers.models import Employer, EmployerBroker
from webapp.events import MemberDutiesAsked, MemberLeaves


def broker_of(session: Session, employer_id: int) -> Account | None:
    """Return the broker who looks after an employer now, if any."""
    return session.exec(
        select(Account)
        .join(EmployerBroker, col(EmployerBroker.account_id) == Account.id)
        .where(EmployerBroker.employer_id == employer_id, col(EmployerBroker.until).is_(None))
    ).first()


def brokers(session: Session) -> list[Account]:
    """Return the members in service who are marked as labour brokers, by name."""
    return list(
        session.exec(
            select(Account)
            .join(MemberProfile, col(MemberProfile.account_id) == Account.id)
            .where(MemberProfile.broker, Account.enabled, Account.role == Role.STAFF)
            .order_by(Account.name, col(Account.id))
        )
    )


def assign_broker(
    session: Session, actor: Actor, *, employer_id: int, account_id: int | None
) -> Employer:
    """Have a broker look after an employer from now on; ``None`` for nobody."""
    if not actor.may(Permission.EMPLOYER_VERIFY):
        raise Forbidden
    employer = session.exec(
        select(Employer).where(Employer.id == employer_id).with_for_update(key_share=True)
    ).first()
    if employer is None:
        raise NotFound
    if account_id is not None:
        session.exec(select(Account.id).where(Account.id == account_id).with_for_update(read=True))
        if account_id not in {one.id for one in brokers(session)}:
            raise BadField("broker", _("请从劳务经纪人里选"))
    current = _current(session, employer_id)
    if (current.account_id if current else None) == account_id:
        return employer
    _put(session, employer_id, current, account_id)
    audit.record(session, "employer.broker", employer, account=account_id)
    return employer


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add how many employers a member looks after as their broker."""
    own = EmployerBroker.account_id == event.account_id, col(EmployerBroker.until).is_(None)
    event.add(_("跑的单位"), session.exec(select(func.count()).where(*own)).one())


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Have the successor look after them, who is a broker from then on."""
    rows = session.exec(
        select(EmployerBroker).where(
            EmployerBroker.account_id == event.account_id, col(EmployerBroker.until).is_(None)
        )
    ).all()
    for row in rows:
        _put(session, row.employer_id, row, event.successor_id)
    if rows:
        mark_broker(session, event.successor_id, broker=True)
    return len(rows)


def _current(session: Session, employer_id: int) -> EmployerBroker | None:
    return session.exec(
        select(EmployerBroker).where(
            EmployerBroker.employer_id == employer_id, col(EmployerBroker.until).is_(None)
        )
    ).first()


def _put(
    session: Session, employer_id: int, current: EmployerBroker | None, account_id: int | None
) -> None:
    now = clock.now()
    if current is not None:
        current.until = now
        session.add(current)
        session.flush()  # an employer has one broker at any moment
    if account_id is not None:
        session.add(EmployerBroker(employer_id=employer_id, account_id=account_id, since=now))
        session.flush()
