"""The figures of an order in words, for staff, employers and the lists.

Amounts of money come in fen and leave as yuan, so that templates only place what they are given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words, moment_words, yuan
from webapp.core.labels import label
from webapp.piecework import policy
from webapp.piecework.hourly_rate import Hourly
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import OrderState
from webapp.piecework.models.money import (
    CompanyPayment,
    CompanyPaymentState,
    Compensation,
    CompensationCause,
)
from webapp.piecework.models.order import OrderMaterial, PieceworkEvent, PieceworkOrder
from webapp.piecework.presentation.next_step import staff_next
from webapp.piecework.presentation.passbook_text import amount_words
from webapp.piecework.queries.detail_pages import LotRow, OrderPage
from webapp.piecework.queries.orders import OrderRow
from webapp.piecework.services.settlements import Due
from webapp.rulebook.figures import Rule

Fact = tuple[str, Any]


@dataclass(frozen=True)
class Figure:
    """One big number of a page with its label and, smaller, a note."""

    value: str
    label: str
    note: str = ""


def declared_fen(payments: Sequence[CompanyPayment]) -> int:
    """Return the money the company says it sent and staff have not yet looked for, in fen."""
    return sum(one.amount_fen for one in payments if one.state is CompanyPaymentState.DECLARED)


def employer_figures(page: OrderPage, *, households: int) -> list[Figure]:
    """Return how far an order is and what is owed, for its employer."""
    order, totals = page.order, page.totals
    declared = declared_fen(page.payments)
    note = (
        _("您说付了 %(n)s 元，社区在查", n=yuan(declared))
        if declared
        else _("验收合格的，减去已经付的")
    )
    owed = yuan(totals.get(AccountType.RECEIVABLE, 0))
    return [
        Figure(f"{order.claimed:,}", _("领走了"), _("%(n)d 家在做", n=households)),
        Figure(f"{-totals.get(AccountType.MADE, 0):,}", _("家里交来了")),
        Figure(f"{accepted_pieces(page):,}", _("社区验收合格")),
        Figure(f"{totals.get(AccountType.RELEASED, 0):,}", _("您提走了")),
        Figure(_("%(n)s 元", n=owed), _("现在要付"), note),
    ]


def staff_figures(page: OrderPage) -> list[Figure]:
    """Return where the pieces and the money of an order are, for staff."""
    order, totals = page.order, page.totals

    def at(account_type: AccountType) -> int:
        return totals.get(account_type, 0)

    claimed = _("共 %(n)s %(unit)s", n=f"{order.quantity:,}", unit=order.piece_unit)
    inspected = _("返工 %(r)d，不合格 %(x)d", r=at(AccountType.REWORK), x=at(AccountType.REJECTED))
    shipped = _("单位收下 %(a)d，提走 %(b)d", a=at(AccountType.TAKEN), b=at(AccountType.RELEASED))
    wages = yuan(-at(AccountType.PAYABLE) - at(AccountType.TO_PAY))
    return [
        Figure(f"{order.claimed:,}", _("领走了"), claimed),
        Figure(
            f"{-at(AccountType.MADE):,}", _("交来了"), _("等验 %(n)d", n=at(AccountType.PENDING))
        ),
        Figure(f"{accepted_pieces(page):,}", _("合格"), inspected),
        Figure(f"{at(AccountType.FINISHED):,}", _("成品在社区"), shipped),
        Figure(_("%(n)s 元", n=yuan(at(AccountType.RECEIVABLE))), _("单位欠")),
        Figure(_("%(n)s 元", n=wages), _("欠家里的工钱")),
    ]


def accepted_pieces(page: OrderPage) -> int:
    """Return how many pieces of an order were accepted so far."""
    return -page.totals.get(AccountType.STOCK_IN, 0)


def terms(page: OrderPage) -> list[Fact]:
    """Return what was agreed on: quantity, prices in yuan a piece, quality, acceptance."""
    order = page.order

    def pieces(n: int) -> str:
        return f"{n:,} {order.piece_unit}"

    def money(fen: int) -> str:
        return _("%(n)s 元", n=yuan(fen))

    sample = _(
        "%(code)s，试做 %(n)d 件，合格 %(m)d 件",
        code=order.sample_code,
        n=order.sample_pieces,
        m=order.sample_passed,
    )
    return [
        (_("单位"), page.employer.name),
        (_("哪一种"), label(order.mode)),
        (_("总数"), pieces(order.quantity)),
        (_("一份至少"), pieces(order.lot_pieces)),
        (_("一家最多"), pieces(order.household_limit) if order.household_limit else _("不限")),
        (_("哪天交齐"), date_words(order.deadline)),
        (_("单位一件出"), money(order.price_fen)),
        (_("家里一件得"), money(order.rate_fen)),
        (_("社区一件留"), money(order.margin_fen)),
        (_("怎样算合格"), order.quality),
        (_("怎么验收"), "，".join(filter(None, [label(order.acceptance), order.acceptance_note]))),
        (_("材料怎么给"), order.material_supply),
        (_("样品"), sample if order.sample_code else _("还没有封")),
    ]


def bill_rows(materials: Sequence[OrderMaterial]) -> list[tuple[str, ...]]:
    """Return each material: name, use for one piece, free waste, pack, yuan for a pack."""
    return [
        (
            one.name,
            amount_words(one.use_amount, one.unit),
            f"{one.allowance_permille / 10:g}%",
            amount_words(one.pack_size, one.unit),
            yuan(one.cost_fen),
        )
        for one in materials
    ]


def lot_words(row: LotRow) -> str:
    """Return a lot for staff: what of it is at the centre, what came in."""
    name = f"{row.material.name} {row.lot.label}" if row.lot.label else row.material.name
    unit = row.material.unit
    return (
        name
        + _("：")
        + _(
            "仓库 %(c)s，收进 %(r)s",
            c=amount_words(row.centre, unit),
            r=amount_words(row.received, unit),
        )
    )


def delivered_lot(row: LotRow) -> Fact:
    """Return a lot for the employer that sent it: what came in; when, and what is left of it."""
    hint = [
        date_words(row.lot.received_at),
        row.lot.label,
        _("社区还有 %(n)s", n=f"{row.centre:,}"),
    ]
    words = f"{row.material.name} {amount_words(row.received, row.material.unit)}"
    return words, " · ".join(filter(None, hint))


def board_row(row: OrderRow) -> str:
    """Return what staff read of an order in the list: what waits, how much is claimed, by when."""
    order = row.order
    claimed = _(
        "领走 %(a)s / %(b)s %(unit)s",
        a=f"{order.claimed:,}",
        b=f"{order.quantity:,}",
        unit=order.piece_unit,
    )
    parts = [
        staff_next(order),
        claimed,
        _("%(day)s交齐", day=date_words(order.deadline)) if order.deadline else "",
        _("一小时 %(n)s 元", n=yuan(row.hourly.middle_fen)) if row.hourly else "",
    ]
    return " · ".join(filter(None, parts))


def employer_row(row: OrderRow, totals: dict[AccountType, int]) -> str:
    """Return what an employer reads of an order in the list: accepted, by when, owed."""
    order = row.order
    owed = totals.get(AccountType.RECEIVABLE, 0)
    parts = [
        _("%(n)s %(unit)s", n=f"{order.quantity:,}", unit=order.piece_unit),
        _("合格 %(n)s", n=f"{-totals.get(AccountType.STOCK_IN, 0):,}"),
        _("%(day)s交齐", day=date_words(order.deadline)) if order.deadline else "",
        _("要付 %(n)s 元", n=yuan(owed)) if owed else "",
    ]
    return " · ".join(filter(None, parts))


def history(events: Sequence[PieceworkEvent], *, reasons: bool) -> list[str]:
    """Return the states an order went through; ``reasons`` are for staff alone."""
    return [
        f"{date_words(one.at)} {label(OrderState(one.to_state))}"
        + (_("：") + one.reason if reasons and one.reason else "")
        for one in events
        if one.to_state and not one.assignment_id
    ]


def waits_for_employer(order: PieceworkOrder, totals: dict[AccountType, int]) -> bool:
    """Whether the employer has something to do: the order rests, or goods wait for it."""
    return order.hold is not None or totals.get(AccountType.OFFERED, 0) > 0


def due_words(due: Due) -> str:
    """Return what is to be settled: how many yuan, by which day, and when it happens by itself."""
    total = _("共 %(n)s 元", n=yuan(due.gross_fen))
    return "，".join([total, settle_words(due)]) if due.by else total


def settle_words(due: Due) -> str:
    """Return by which day pay is to be settled and when it is by itself, or how late it is."""
    if due.by is None or due.settles_at is None:
        return ""
    alone = _("没人结的话，系统%(when)s自己结", when=moment_words(due.settles_at))
    if due.late:
        days = (clock.today() - due.by).days
        return _("已经过期 %(n)d 天，现在就该结", n=days)
    return _("最晚%(day)s结。%(alone)s", day=date_words(due.by), alone=alone)


def hour_words(found: Hourly | None, floor: Rule | None) -> str:
    """Return what an hour brings as far as it was timed, beside the minimum wage there."""
    words = _("还没有人试做，一小时能挣多少不知道")
    if found is not None:
        words = _(
            "一般一小时 %(middle)s 元，慢的 %(slow)s 元",
            middle=yuan(found.middle_fen),
            slow=yuan(found.slow_fen),
        )
    return words + (_("（本地最低工资 %(n)s 元）", n=yuan(floor.value)) if floor else "")


def closed_words(order: PieceworkOrder, *, on: date) -> str:
    """Return why nothing of an order can be claimed that day; empty where something can."""
    if policy.is_claimable(order, on=on):
        return ""
    if order.hold is not None:
        return _("这一单先停着：%(why)s。", why=order.hold_reason)
    if order.unclaimed < 1:
        return _("这一单都领完了。")
    if order.deadline is not None and order.deadline < on:
        return _("这一单交货的日子过了。")
    return _("这一单现在不放出来领。")


def claim_hint(order: PieceworkOrder) -> str:
    """Return how many pieces a household may claim at once: 「最少 10，最多 60」."""
    most = min(order.household_limit or order.unclaimed, order.unclaimed)
    return _("最少 %(least)d，最多 %(most)s", least=least_claim(order), most=f"{most:,}")


def behalf_hint(order: PieceworkOrder) -> str:
    """Return the same for staff who claim on behalf of a household: what is left, the least."""
    left = f"{order.unclaimed:,}"
    return _("还剩 %(n)s，一次至少 %(least)d", n=left, least=least_claim(order))


def least_claim(order: PieceworkOrder) -> int:
    """Return the fewest pieces one may claim: a lot, or what is left when that is less."""
    return min(order.lot_pieces, order.unclaimed)


def change_facts(record: Compensation) -> list[tuple[str, str]]:
    """Return what a change asks for by field, as (name, 「3 元 → 3.5 元」)."""
    names = {
        "quantity": _("总数"),
        "rate_fen": _("家里做一件"),
        "price_fen": _("单位一件出"),
        "deadline": _("交齐的日子"),
        "quality": _("怎样算合格"),
    }

    def words(name: str, value: Any) -> str:
        return _("%(yuan)s 元", yuan=yuan(value)) if name.endswith("_fen") else str(value)

    if record.cause is not CompensationCause.CHANGE:
        return []
    return [
        (names[name], f"{words(name, before)} → {words(name, after)}")
        for name, (before, after) in record.details.items()
    ]
