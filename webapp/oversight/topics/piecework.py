"""Piecework: whether pay came on time, and what went in and out by the ledger."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.core import clock
from webapp.oversight.figures import Figure, Period, Share, Sum, Topic, Unit, Values
from webapp.piecework.models.ledger import (
    AccountType,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
)
from webapp.piecework.models.money import Payment, SettlementLine, SettlementRun
from webapp.rulebook.figures import rule

_from, _to = aliased(LedgerAccount), aliased(LedgerAccount)
_reversed = aliased(LedgerEntry)


def measure(session: Session, period: Period) -> Values:
    """Count the settlements whose last day to pay fell into a month, and sum the ledger's month."""
    return {**_on_time(session, period), **_money(session, period)}


def _on_time(session: Session, period: Period) -> Values:
    days = timedelta(days=rule("piecework_settle_days", on=period.last))
    rows = session.execute(
        select(col(SettlementRun.made_at), col(Payment.paid_at))
        .select_from(SettlementLine)
        .join(SettlementRun, col(SettlementRun.id) == SettlementLine.run_id)
        .outerjoin(
            Payment,
            and_(col(Payment.line_id) == col(SettlementLine.id), col(Payment.paid_at) < period.end),
        )
        .where(
            col(SettlementRun.made_at) >= period.start - days,
            col(SettlementRun.made_at) < clock.end_of_day(period.until) - days,
            col(SettlementLine.net_fen) > 0,
        )
    ).all()
    in_time = sum(paid is not None and paid <= made + days for made, paid in rows)
    late = sum(paid is not None and paid > made + days for made, paid in rows)
    return {
        "pay_due": len(rows),
        "pay_on_time": in_time,
        "pay_late": late,
        "pay_missing": len(rows) - in_time - late,
    }


def _money(session: Session, period: Period) -> Values:
    """Sum what came to the bank and what left it; a reversal takes back what it reverses."""
    kind = func.coalesce(col(_reversed.kind), col(LedgerEntry.kind))
    amount = case((col(LedgerEntry.kind) == EntryKind.REVERSE, -1), else_=1) * col(
        LedgerLine.amount
    )
    undone = col(LedgerEntry.kind) == EntryKind.REVERSE
    comes = case((undone, col(_from.account_type)), else_=col(_to.account_type)) == AccountType.BANK
    goes = case((undone, col(_to.account_type)), else_=col(_from.account_type)) == AccountType.BANK
    to_households = and_(goes, kind.in_((EntryKind.PAY_OUT.value, EntryKind.ADVANCE.value)))
    kept = and_(goes, kind == EntryKind.CLOSE.value)

    def summed(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)

    row = session.execute(
        select(
            summed(comes).label("money_in"),
            summed(to_households).label("money_out"),
            summed(kept).label("money_kept"),
            func.count(col(LedgerEntry.assignment_id).distinct())
            .filter(and_(to_households, ~undone))
            .label("paid_shares"),
        )
        .select_from(LedgerLine)
        .join(LedgerEntry, col(LedgerEntry.id) == LedgerLine.entry_id)
        .outerjoin(_reversed, col(_reversed.id) == LedgerEntry.reverses_id)
        .join(_from, col(_from.id) == LedgerLine.from_account_id)
        .join(_to, col(_to.id) == LedgerLine.to_account_id)
        .where(col(LedgerEntry.at) >= period.start, col(LedgerEntry.at) < period.end)
    ).one()
    return {name: int(value) for name, value in row._asdict().items()}


_SETTLED = "手工活的结算单和付款记录"
_LEDGER = "手工活的账本，只能加、不能改"


def _flow(id_: str, name: str, meaning: str, unit: Unit, source: str, **more: object) -> Figure:
    return Figure(id_, name, meaning, unit, source, flow=True, **more)  # type: ignore[arg-type]


TOPIC = Topic(
    "piecework",
    "手工工钱，进出的账",
    measure,
    (
        _flow(
            "pay_due",
            "到了该付日子的",
            "结算以后满规定天数（15 天）的那天在这个月的工钱，一户一批活算一笔。",
            Unit.PAYMENTS,
            _SETTLED,
            keep=6,
        ),
        _flow(
            "pay_on_time",
            "按时付了的",
            "到了该付日子的里面，那天以前付到手的。",
            Unit.PAYMENTS,
            _SETTLED,
            keep=6,
        ),
        _flow(
            "pay_late",
            "晚付了的",
            "到了该付日子的里面，过了那天才付、月底前付到了的。",
            Unit.PAYMENTS,
            _SETTLED,
        ),
        _flow(
            "pay_missing",
            "月底还没付的",
            "到了该付日子的里面，到月底还没有付的。",
            Unit.PAYMENTS,
            _SETTLED,
        ),
        _flow(
            "paid_shares",
            "这个月拿到钱的",
            "这个月付过工钱或者预支过的，一户一批活算一笔。",
            Unit.PAYMENTS,
            _LEDGER,
            keep=3,
        ),
        _flow(
            "money_in",
            "收进来的钱",
            "这个月账上收进来的钱：单位付的工钱，加上还回来的预支。",
            Unit.FEN,
            _LEDGER,
            left_out="单位说付了、还没查到的",
        ),
        _flow(
            "money_out",
            "付给各户的钱",
            "这个月付出去的工钱和预支。",
            Unit.FEN,
            _LEDGER,
            rests_on="paid_shares",
            left_out="拿到钱的不满 5 笔，就不写多少钱",
        ),
        _flow(
            "money_kept",
            "留给社区的钱",
            "这个月结清的订单里，讲明了留给社区的那一份。",
            Unit.FEN,
            _LEDGER,
        ),
    ),
    (
        Share(
            "share_pay", "按时付了的占", "pay_on_time", "pay_due", "按时付了的 ÷ 到了该付日子的。"
        ),
    ),
    (Sum("pay_due", ("pay_on_time", "pay_late", "pay_missing")),),
    measure,
)
