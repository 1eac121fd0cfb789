"""Make a month's check: freeze its list of settlements, draw the sample, close it in the end."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock, receipt_codes
from webapp.core.access import SYSTEM
from webapp.core.errors import Conflict
from webapp.draws import order
from webapp.draws import service as draws
from webapp.draws.lifecycle import SeedSource
from webapp.draws.models import Draw, DrawEntry
from webapp.payment_checks.lifecycle import TRANSITIONS, Answer, CheckAction, CheckState
from webapp.payment_checks.models import PaymentCheck, PaymentCheckLine
from webapp.payment_checks.sampling import sample_size
from webapp.piecework.models.money import SettlementLine, SettlementRun
from webapp.rulebook.figures import rule

SUBJECT = "payment_check"


def make(session: Session) -> PaymentCheck | None:
    """Make last month's check (a job); ``None`` when there is one, or nothing was settled."""
    first = clock.today().replace(day=1)
    last_month = first - timedelta(days=1)
    month = last_month.strftime("%Y-%m")
    if session.exec(select(PaymentCheck.id).where(PaymentCheck.month == month)).first():
        return None
    settled = settled_lines(session, last_month.replace(day=1), first)
    if not settled:
        return None
    on = clock.today()
    confidence = rule("payment_check_confidence_permille", on=on)
    margin = rule("payment_check_margin_permille", on=on)
    size = sample_size(
        len(settled),
        confidence=confidence,
        margin=margin,
        all_below=rule("payment_check_all_below", on=on),
    )
    lines = [
        PaymentCheckLine(settlement_line_id=line_id, code=receipt_codes.fresh(), check_id=0)
        for line_id in settled
    ]
    check = PaymentCheck(
        month=month,
        state=CheckState.AWAITING,
        settled=len(settled),
        sample=size,
        confidence_permille=confidence,
        margin_permille=margin,
        list_hash="",
        made_at=clock.now(),
    )
    if size < len(settled):
        draw, entries = _draw(session, check, len(settled))
        check.draw_id, check.list_hash = draw.id, draw.list_hash
        for line, entry in zip(lines, entries, strict=True):
            line.code, line.draw_entry_id = entry.code, entry.id
    else:
        check.list_hash = order.digest(all_text(month, [line.code for line in lines]))
    session.add(check)
    session.flush()
    for line in lines:
        line.check_id = check.id
    session.add_all(lines)
    session.flush()
    audit.record(session, "payment_check.make", check, count=size, digest=check.list_hash)
    if size == len(settled):
        _select(session, check, [line.id for line in lines])
    return check


def settled_lines(session: Session, first: date, end: date) -> list[int]:
    """Return the settlement lines made from ``first`` to before ``end``, by id."""
    query = (
        select(SettlementLine.id)
        .join(SettlementRun, col(SettlementRun.id) == SettlementLine.run_id)
        .where(
            SettlementRun.made_at >= clock.end_of_day(first - timedelta(days=1)),
            SettlementRun.made_at < clock.end_of_day(end - timedelta(days=1)),
        )
        .order_by(col(SettlementLine.id))
    )
    return list(session.exec(query))


def all_text(month: str, codes: list[str]) -> str:
    """Return the numbered list of a month of which all are called, as it is hashed."""
    lines = [f"month {month}", f"settled {len(codes)}"]
    lines += [f"{number} {code}" for number, code in enumerate(sorted(codes), 1)]
    return "".join(f"{line}\n" for line in lines)


def select_drawn(session: Session, *, draw_id: int) -> None:
    """Take the sample that a draw named: the first of its order."""
    check = session.exec(select(PaymentCheck).where(PaymentCheck.draw_id == draw_id)).one()
    drawn = session.exec(
        select(PaymentCheckLine.id)
        .join(DrawEntry, col(DrawEntry.id) == PaymentCheckLine.draw_entry_id)
        .where(PaymentCheckLine.check_id == check.id, col(DrawEntry.rank) <= check.sample)
    )
    _select(session, check, list(drawn))


def draw_again(session: Session, *, draw_id: int) -> None:
    """Have the same settlements drawn from anew, since their draw was called off in time."""
    check = session.exec(select(PaymentCheck).where(PaymentCheck.draw_id == draw_id)).one()
    draw, entries = _draw(session, check, check.settled)
    lines = session.exec(
        select(PaymentCheckLine)
        .where(PaymentCheckLine.check_id == check.id)
        .order_by(col(PaymentCheckLine.id))
    )
    check.draw_id, check.list_hash = draw.id, draw.list_hash
    session.add(check)
    for line, entry in zip(lines, entries, strict=True):
        line.code, line.draw_entry_id = entry.code, entry.id
        session.add(line)
    session.flush()


def close_due(session: Session) -> int:
    """Close checks whose time for calls is over, or with all answers in (a job); return how many.

    Who was not reached by then is not counted as paid.
    """
    days = timedelta(days=rule("payment_check_call_days", on=clock.today()))
    calling = session.exec(
        select(PaymentCheck)
        .where(PaymentCheck.state == CheckState.CALLING)
        .order_by(col(PaymentCheck.id))
        .with_for_update()
    ).all()
    closed = 0
    for check in calling:
        waits = session.exec(
            select(PaymentCheckLine.id).where(
                PaymentCheckLine.check_id == check.id,
                col(PaymentCheckLine.selected),
                col(PaymentCheckLine.answer).is_(None)
                | (col(PaymentCheckLine.answer) == Answer.NOT_REACHED),
            )
        ).first()
        if waits is None or (check.selected_at or check.made_at) + days <= clock.now():
            _move(session, check, CheckAction.CLOSE, closed_at=clock.now())
            closed += 1
    return closed


def _draw(session: Session, check: PaymentCheck, count: int) -> tuple[Draw, list[DrawEntry]]:
    year, month = check.month.split("-")
    draw = draws.begin(
        session,
        SYSTEM,
        subject=f"{SUBJECT}:{check.month}",
        title=_("%(year)s年%(month)d月手工钱到没到，抽查哪些", year=year, month=int(month)),
        places=check.sample,
    )
    entries = [draws.enter(session, draw.id) for _one in range(count)]
    source = SeedSource.SSQ
    draw = draws.freeze(
        session, SYSTEM, draw_id=draw.id, source=source, day=source.next_day(clock.today())
    )
    return draw, entries


def _select(session: Session, check: PaymentCheck, line_ids: list[int]) -> None:
    session.exec(
        update(PaymentCheckLine)
        .where(col(PaymentCheckLine.id).in_(line_ids))
        .values(selected=True)
        .execution_options(synchronize_session=False)
    )
    _move(session, check, CheckAction.SELECT, selected_at=clock.now())


def _move(session: Session, check: PaymentCheck, action: CheckAction, **changes: Any) -> None:
    target = TRANSITIONS.get((check.state, action))
    if target is None:
        raise Conflict(_("这个月的回访现在是「%(state)s」。", state=check.state.label))
    done = session.exec(
        update(PaymentCheck)
        .where(col(PaymentCheck.id) == check.id, col(PaymentCheck.state) == check.state)
        .values(state=target, **changes)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经有人动过，请看看最新情况。"))
    session.refresh(check)
    audit.record(session, f"payment_check.{action}", check)
