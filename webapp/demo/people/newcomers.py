"""Two who registered lately and ask to be counted to a household: one waits, one was objected to.

Written through the services, with the clock set to the moment of each step.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import ANONYMOUS, Actor, Role
from webapp.demo.act_as import act_as
from webapp.demo.people.loading import NO_LOGIN, RESIDENT_LOGINS
from webapp.residents.models import Household, PhoneChannel, Resident
from webapp.residents.services import joining, phones
from webapp.residents.services.registration import register_self

STAFF = "13800000003"
# name, whose household they ask for, what that household's member says to it
_NEWCOMERS = (
    ("陈小军", RESIDENT_LOGINS[0], ""),
    ("何秀琼", RESIDENT_LOGINS[1], "不认识这个人，我们家没有姓何的亲戚"),
)


def write(session: Session) -> None:
    """Write both; called once, in one transaction."""
    for number, (name, neighbour, objection) in enumerate(_NEWCOMERS):
        phone = f"1992077{number:04d}"
        with act_as(session, ANONYMOUS, _ago(hours=50)):
            register_self(
                session,
                ANONYMOUS,
                phone=phone,
                password_hash=NO_LOGIN,
                name=name,
                unit_address=_home_of(session, neighbour),
                sensitive=False,
            )
        newcomer, staff = _member(session, phone), _actor(_account(session, STAFF))
        with act_as(session, staff, _ago(hours=28)):
            phones.verify_by_staff(
                session,
                staff,
                resident_id=newcomer.resident_id or 0,
                channel=PhoneChannel.CALL_BACK,
            )
        with act_as(session, newcomer, _ago(hours=26)):
            address = _home_of(session, neighbour)
            request_id = joining.ask(session, newcomer, unit_address=address).id
        if objection:
            member = _member(session, neighbour)
            with act_as(session, member, _ago(hours=3)):
                joining.object_to(session, member, request_id=request_id, note=objection)


def _ago(*, hours: int) -> datetime:
    return clock.now() - timedelta(hours=hours)


def _account(session: Session, phone: str) -> Account:
    return session.exec(select(Account).where(Account.phone == phone)).one()


def _actor(account: Account, resident_id: int | None = None) -> Actor:
    return Actor(
        account_id=account.id,
        role=Role(account.role),
        name=account.name,
        resident_id=resident_id,
        branch_id=account.branch_id,
    )


def _member(session: Session, phone: str) -> Actor:
    account = _account(session, phone)
    resident = session.exec(select(Resident).where(Resident.account_id == account.id)).one()
    return _actor(account, resident.id)


def _home_of(session: Session, phone: str) -> str:
    member = _member(session, phone)
    resident = session.get_one(Resident, member.resident_id)
    return session.get_one(Household, resident.household_id).unit_address
