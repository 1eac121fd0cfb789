"""Where the demo's families are paid: one card looked at, two accounts that wait for it."""

from datetime import timedelta

from sqlmodel import Session

from webapp.core import clock
from webapp.core.access import Actor
from webapp.demo.act_as import act_as
from webapp.demo.handwork_cast import find_cast
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.services import payees
from webapp.residents.models import ConsentChannel, Resident

_WRITTEN_DOWN, _LOOKED_AT = timedelta(days=12, hours=3), timedelta(days=11, hours=2)
_CARD = "6227000000123456017"  # nobody's: it only adds up
_OTHER_CARD = "6217000000345678027"


def write(session: Session) -> None:
    """Write down three people's accounts; the first was compared with her card the next day."""
    cast = find_cast(session)
    first, second, third = cast.families[:3]
    kept = _record(session, first[1], first[2][0], PaymentMethod.BANK, "重庆农村商业银行", _CARD)
    with act_as(session, cast.staff[1], clock.now() - _LOOKED_AT):
        payees.check(session, cast.staff[1], payee_id=kept, seen=_CARD[-payees.SEEN :])
    _record(session, second[1], second[2][0], PaymentMethod.WECHAT, "", "zjg-hualong16")
    _record(session, third[1], third[2][0], PaymentMethod.BANK, "中国邮政储蓄银行", _OTHER_CARD)


def _record(
    session: Session, actor: Actor, resident_id: int, method: PaymentMethod, bank: str, number: str
) -> int:
    own = actor.resident_id is not None
    if own:
        resident_id = actor.resident_id or 0
    with act_as(session, actor, clock.now() - _WRITTEN_DOWN):
        payee = payees.record(
            session,
            actor,
            resident_id=resident_id,
            method=method,
            holder=session.get_one(Resident, resident_id).name,
            bank=bank,
            number=number,
            channel=ConsentChannel.PAGE if own else ConsentChannel.IN_PERSON,
        )
        return payee.id
