"""Ask a household whether its pay arrived, note the answer, note what came of a doubt.

Who could lie: who paid, inspected, or lives there (refused from the data), a relative (says that
they are none, on record), a caller who never called (a call is opened, its moments are kept, and a
household reads on its own page what was answered for it), and whoever would put a better answer
over a worse one (an answer stands; only 没联系上 is followed by another).
"""

from datetime import timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound, Refused
from webapp.core.formatting import yuan
from webapp.notices import quiet_hours
from webapp.payment_checks import policy
from webapp.payment_checks.lifecycle import DOUBTS, Answer, CheckState, Resolution
from webapp.payment_checks.models import PaymentCall, PaymentCheck, PaymentCheckLine
from webapp.piecework.models.assignment import Inspection
from webapp.piecework.models.money import Payment, SettlementLine
from webapp.piecework.services.access import is_member
from webapp.rulebook.figures import rule

# A call left without an answer ends after this, and somebody else may ask.
LONGEST_CALL = timedelta(hours=1)


def stake_of(session: Session, actor: Actor, line: PaymentCheckLine) -> str | None:
    """Return why the actor may not ask about this settlement; ``None`` without a stake.

    Looked up in this order: household (by account or number), who paid, who inspected.
    """
    settled = session.get_one(SettlementLine, line.settlement_line_id)
    paid = select(Payment.id).where(
        Payment.line_id == settled.id, Payment.paid_by_id == actor.account_id
    )
    inspected = select(Inspection.id).where(
        Inspection.assignment_id == settled.assignment_id,
        Inspection.inspector_id == actor.account_id,
    )
    return policy.stake_fault(
        is_member=is_member(session, actor.account_id, settled.household_id),
        has_paid=session.exec(paid).first() is not None,
        has_inspected=session.exec(inspected).first() is not None,
    )


def begin_call(session: Session, actor: Actor, *, line_id: int, no_relative: bool) -> PaymentCall:
    """Open a call: the household's numbers are shown to the caller until it has an answer."""
    line = _line_to_call(session, actor, line_id)
    if not no_relative:
        raise BadField("no_relative", _("跟这家是亲戚的，请换一位同事来问"))
    now = clock.now()
    if quiet_hours.next_allowed(now) > now:
        raise Refused(_("这会儿太早或太晚，别打扰人家，白天再打"))
    current = open_call(session, line.id)
    if current is not None and current.caller_id == actor.account_id:
        return current
    if current is not None and current.opened_at + LONGEST_CALL > now:
        raise Conflict(_("另一位同事正在打这家的电话"))
    if current is not None:
        current.ended_at = now
        session.add(current)
        session.flush()
    call = PaymentCall(line_id=line.id, caller_id=actor.account_id or 0, opened_at=now)
    session.add(call)
    session.flush()
    audit.record(session, "payment_check.call", call)
    return call


def answer(
    session: Session, actor: Actor, *, line_id: int, answer: Answer, amount_fen: int | None
) -> PaymentCheckLine:
    """Note what the household said; ``amount_fen`` is what came where it was less.

    A doubt is told on, with the day by which somebody has looked into it.
    """
    line = _line_to_call(session, actor, line_id)
    call = open_call(session, line.id)
    if call is None or call.caller_id != actor.account_id:
        raise Conflict(_("先点「开始打电话」，再记答复"))
    settled = session.get_one(SettlementLine, line.settlement_line_id)
    if answer is Answer.LESS and not 0 < (amount_fen or 0) < settled.net_fen:
        raise BadField("amount", _("请填实际收到多少：比 %(n)s 元少", n=yuan(settled.net_fen)))
    due_on = None
    if answer in DOUBTS:
        days = rule("payment_doubt_days", on=clock.today())
        due_on = clock.today() + timedelta(days=days)
    call.ended_at, call.answer = clock.now(), answer
    session.add(call)
    line.answer, line.answered_at, line.due_on = answer, clock.now(), due_on
    line.amount_fen = amount_fen if answer is Answer.LESS else None
    session.add(line)
    session.flush()
    audit.record(session, "payment_check.answer", line, answer=answer.value)
    if due_on is not None:
        told = events.PaymentDoubted(line.id, settled.household_id, due_on)
        events.announce(session, actor, told)
    return line


def resolve(
    session: Session, actor: Actor, *, line_id: int, resolution: Resolution, words: str
) -> PaymentCheckLine:
    """Note what came of looking into a doubt; by somebody without a stake, once."""
    line = _visible(session, actor, line_id)
    stake = stake_of(session, actor, line)
    if stake:
        raise Forbidden(stake)
    done = session.exec(
        update(PaymentCheckLine)
        .where(
            col(PaymentCheckLine.id) == line.id,
            col(PaymentCheckLine.due_on).is_not(None),
            col(PaymentCheckLine.resolution).is_(None),
        )
        .values(
            resolution=resolution,
            resolution_words=words,
            resolved_by_id=actor.account_id,
            resolved_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("这件事已经有人办完了，或者没有要办的"))
    session.refresh(line)
    audit.record(session, "payment_check.resolve", line, resolution=resolution.value)
    return line


def open_call(session: Session, line_id: int) -> PaymentCall | None:
    """Return the call about a settlement that has not ended."""
    return session.exec(
        select(PaymentCall).where(
            PaymentCall.line_id == line_id, col(PaymentCall.ended_at).is_(None)
        )
    ).first()


def _visible(session: Session, actor: Actor, line_id: int) -> PaymentCheckLine:
    if not policy.can_check(actor):
        raise Forbidden
    line = session.exec(
        select(PaymentCheckLine)
        .where(PaymentCheckLine.id == line_id, col(PaymentCheckLine.selected))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if line is None:
        raise NotFound
    return line


def _line_to_call(session: Session, actor: Actor, line_id: int) -> PaymentCheckLine:
    line = _visible(session, actor, line_id)
    stake = stake_of(session, actor, line)
    if stake:
        raise Forbidden(stake)
    check = session.get_one(PaymentCheck, line.check_id)
    if check.state is not CheckState.CALLING:
        raise Conflict(_("这个月的回访已经结束了"))
    if line.answer not in {None, Answer.NOT_REACHED}:
        raise Conflict(_("这一笔已经问过了，答复不能再改"))
    return line
