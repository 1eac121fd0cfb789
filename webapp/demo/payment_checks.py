"""Whether the demo's piecework pay arrived: two months asked about, most of it."""

from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.demo.act_as import act_as
from webapp.demo.handwork_cast import find_cast
from webapp.payment_checks.lifecycle import Answer, Resolution
from webapp.payment_checks.models import PaymentCheckLine
from webapp.payment_checks.services import calling, making
from webapp.piecework.models.money import SettlementLine

_MADE = time(8, 5)
_ASKED = time(10, 20)
_SAID = (Answer.FULL, Answer.LESS, Answer.FULL, Answer.NOT_REACHED, Answer.LATE, Answer.FULL)
_LOOKED_INTO = timedelta(days=5)
_LACKS_FEN = 1500


def write(session: Session) -> None:
    """Make the checks of the last two months, and the calls of the days after."""
    this = clock.today().replace(day=1)
    caller = find_cast(session).staff[0]
    for first, is_last in (((this - timedelta(days=1)).replace(day=1), False), (this, True)):
        made = min(datetime.combine(first, _MADE, clock.LOCAL), clock.now())
        with act_as(session, SYSTEM, made):
            check = making.make(session)
        if check is None:
            continue
        _ask(session, caller, check.id, made, leave_one=is_last)


def _ask(
    session: Session, caller: Actor, check_id: int, made: datetime, *, leave_one: bool
) -> None:
    lines = session.exec(
        select(PaymentCheckLine.id, SettlementLine.net_fen)
        .join(SettlementLine, col(SettlementLine.id) == PaymentCheckLine.settlement_line_id)
        .where(PaymentCheckLine.check_id == check_id, col(PaymentCheckLine.selected))
        .order_by(col(PaymentCheckLine.id))
    ).all()
    latest = clock.now()
    for number, (line_id, net_fen) in enumerate(lines[:-1] if leave_one else lines):
        said = _SAID[number % len(_SAID)]
        if said is Answer.LESS and net_fen <= _LACKS_FEN:
            said = Answer.NOT
        day = clock.local(made).date() + timedelta(days=1 + number // 4)
        asked = datetime.combine(day, _ASKED, clock.LOCAL) + timedelta(minutes=12 * number)
        if asked > latest:
            break  # the month has only begun
        with act_as(session, caller, asked):
            calling.begin_call(session, caller, line_id=line_id, no_relative=True)
            calling.answer(
                session,
                caller,
                line_id=line_id,
                answer=said,
                amount_fen=net_fen - _LACKS_FEN if said is Answer.LESS else None,
            )
        if said is Answer.LESS and asked + _LOOKED_INTO < latest:
            with act_as(session, caller, asked + _LOOKED_INTO):
                calling.resolve(
                    session,
                    caller,
                    line_id=line_id,
                    resolution=Resolution.PAID_SINCE,
                    words="数钱时少数了一张，当天补给本人，本人签了字",
                )
