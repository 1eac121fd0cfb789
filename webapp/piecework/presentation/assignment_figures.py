"""The figures of an assignment in words, for the household's page, the counter and the lists.

Amounts of money come in fen and leave as yuan, so that templates only place what they are given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from webapp.core.formatting import date_words, yuan
from webapp.core.labels import label
from webapp.piecework import policy, turns
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import Inspection, InspectionPhoto
from webapp.piecework.presentation.passbook_text import amount_words
from webapp.piecework.queries.assignments import AssignmentRow
from webapp.piecework.queries.detail_pages import AssignmentPage, MaterialRow

Fact = tuple[str, Any]
THUMBNAIL_WIDTH = 96
_DONE_WELL = frozenset({AssignmentState.ACCEPTED, AssignmentState.SETTLED, AssignmentState.CLOSED})


@dataclass(frozen=True)
class Status:
    """A short word on where something stands, and the tone of its tag."""

    words: str
    tone: str


def row_status(row: AssignmentRow) -> Status:
    """Return where an assignment of a list stands: late before held, held before its state."""
    if row.overdue:
        return Status(_("过期了"), "bad")
    if row.assignment.hold:
        return Status(label(row.assignment.hold), "warn")
    return Status(label(row.assignment.state), "neutral")


def page_statuses(page: AssignmentPage) -> list[Status]:
    """Return the state of an assignment and, where there is one, what holds it up."""
    assignment = page.assignment
    tone = "good" if assignment.state in _DONE_WELL else "wait"
    found = [Status(label(assignment.state), tone)]
    if assignment.hold:
        found.append(Status(label(assignment.hold), "warn"))
    return found


def own_row(row: AssignmentRow) -> str:
    """Return an assignment as its household reads it in a list: how much, what comes next."""
    return _(
        "%(n)s %(unit)s。下一步：%(what)s",
        n=f"{row.assignment.pieces:,}",
        unit=row.order.piece_unit,
        what=turns.next_step(row.assignment),
    )


def own_status(row: AssignmentRow) -> Status:
    """Return whose turn it is with an assignment in hand, and until when; late before all."""
    waiting = turns.waiting_of(row.assignment)
    if row.overdue or waiting is None:
        return row_status(row)
    return Status(waiting.words, waiting.tone)


def finished_row(row: AssignmentRow) -> str:
    """Return what came of an assignment that is over, as its household reads it."""
    if row.assignment.state is AssignmentState.WITHDRAWN:
        return _("%(day)s退的", day=date_words(row.assignment.updated_at))
    accepted = row.totals.get(AccountType.ACCEPTED, 0)
    return _(
        "合格 %(n)s %(unit)s，工钱 %(pay)s 元，%(day)s结清",
        n=f"{accepted:,}",
        unit=row.order.piece_unit,
        pay=yuan(accepted * (row.assignment.rate_fen or 0)),
        day=date_words(row.assignment.updated_at),
    )


def household_row(row: AssignmentRow) -> str:
    """Return who does an assignment, how far it is and by when, for the list of all orders."""
    delivered = _(
        "交了 %(a)s / %(b)s %(unit)s",
        a=f"{row.submitted:,}",
        b=f"{row.assignment.pieces:,}",
        unit=row.order.piece_unit,
    )
    due = row.assignment.rework_due or row.assignment.due
    return " · ".join(["、".join(row.members), delivered, _("%(day)s前交", day=date_words(due))])


def progress_row(row: AssignmentRow) -> str:
    """Return how far an assignment is and what pay waits, for the list of one order."""
    return _(
        "交了 %(a)s / %(b)s，合格 %(c)s，工钱 %(pay)s 元等结",
        a=f"{row.submitted:,}",
        b=f"{row.assignment.pieces:,}",
        c=f"{row.totals.get(AccountType.ACCEPTED, 0):,}",
        pay=yuan(row.payable_fen),
    )


def rate_fen(page: AssignmentPage) -> int:
    """Return the rate of a piece: the locked one, before the issue that of the order."""
    return page.assignment.rate_fen or page.order.rate_fen


def summary(page: AssignmentPage) -> str:
    """Return who does how many pieces at what rate, by when."""
    order, assignment = page.order, page.assignment
    return "、".join(one.name for one in page.members) + _(
        "，领 %(n)s %(unit)s，一%(unit)s %(rate)s 元，%(day)s前交",
        n=f"{assignment.pieces:,}",
        unit=order.piece_unit,
        rate=yuan(rate_fen(page)),
        day=date_words(policy.due_date(assignment)),
    )


def pay_facts(page: AssignmentPage) -> list[Fact]:
    """Return the household's pay: rate, earned, waiting to be settled, waiting to be paid."""
    order, totals, rate = page.order, page.totals, rate_fen(page)
    accepted = totals.get(AccountType.ACCEPTED, 0)
    earned = _(
        "%(n)d %(unit)s，%(pay)s 元",
        n=accepted,
        unit=order.piece_unit,
        pay=yuan(accepted * rate),
    )
    return [
        (_("一%(unit)s", unit=order.piece_unit), _("%(rate)s 元", rate=yuan(rate))),
        (_("验收合格"), earned),
        (_("等结算"), _("%(n)s 元", n=yuan(-totals.get(AccountType.PAYABLE, 0)))),
        (_("结好了，等付"), _("%(n)s 元", n=yuan(-totals.get(AccountType.TO_PAY, 0)))),
    ]


def piece_facts(page: AssignmentPage) -> list[Fact]:
    """Return where the household's pieces are, and who makes them."""
    totals = page.totals

    def pieces(n: int) -> str:
        return _("%(n)d %(unit)s", n=n, unit=page.order.piece_unit)

    return [
        (_("领了"), pieces(page.assignment.pieces)),
        (_("交了"), pieces(-totals.get(AccountType.MADE, 0))),
        (_("等验收"), pieces(totals.get(AccountType.PENDING, 0))),
        (_("要返工"), pieces(totals.get(AccountType.REWORK, 0))),
        (_("不合格"), pieces(totals.get(AccountType.REJECTED, 0))),
        (_("谁在做"), "、".join(one.name for one in page.members)),
    ]


def counter_facts(page: AssignmentPage) -> list[Fact]:
    """Return pieces and money of an assignment as staff read them."""
    totals = page.totals
    delivered = _(
        "%(n)d，等验 %(p)d",
        n=-totals.get(AccountType.MADE, 0),
        p=totals.get(AccountType.PENDING, 0),
    )
    return [
        (_("交来"), delivered),
        (_("合格"), totals.get(AccountType.ACCEPTED, 0)),
        (_("要返工"), totals.get(AccountType.REWORK, 0)),
        (_("不合格"), totals.get(AccountType.REJECTED, 0)),
        (_("等结算"), _("%(n)s 元", n=yuan(-totals.get(AccountType.PAYABLE, 0)))),
        (_("结好等付"), _("%(n)s 元", n=yuan(-totals.get(AccountType.TO_PAY, 0)))),
        (_("预支和赔料"), _("%(n)s 元", n=yuan(totals.get(AccountType.ADVANCE, 0)))),
    ]


def held_words(row: MaterialRow) -> str:
    """Return how much of a material the household has, replacement for rework counted in."""
    return amount_words(sum(n for _lot, n in row.held + row.replacement), row.material.unit)


def own_materials(materials: Sequence[MaterialRow]) -> list[tuple[str, str, str]]:
    """Return (material, still at home, worked into pieces) for the household."""
    return [
        (row.material.name, held_words(row), amount_words(row.consumed, row.material.unit))
        for row in materials
    ]


def counter_materials(materials: Sequence[MaterialRow]) -> list[tuple[str, ...]]:
    """Return (material, issued, at home, used, spoiled or lost, may still be issued) for staff."""
    rows: list[tuple[str, ...]] = []
    for row in materials:
        unit = row.material.unit
        rows.append(
            (
                row.material.name,
                amount_words(row.limits.issued, unit),
                held_words(row),
                amount_words(row.consumed, unit),
                amount_words(row.scrap + row.lost, unit),
                amount_words(row.may_issue, unit),
            )
        )
    return rows


def inspection_words(inspection: Inspection) -> str:
    """Return what an inspection found: 「合格 8，返工 1，不合格 1」."""
    return _(
        "合格 %(a)d，返工 %(r)d，不合格 %(x)d",
        a=inspection.accepted,
        r=inspection.rework,
        x=inspection.rejected,
    )


@dataclass(frozen=True)
class Finding:
    """What an inspection found, when and why, and the pay it brought."""

    words: str
    hint: str
    pay: str


def own_findings(page: AssignmentPage) -> list[Finding]:
    """Return the standing inspections of an assignment with the pay of each."""
    rate = rate_fen(page)
    return [
        Finding(
            inspection_words(one),
            " · ".join(filter(None, [date_words(one.at), one.note])),
            _("%(pay)s 元", pay=yuan(one.accepted * rate)),
        )
        for one in page.inspections
        if not one.reversed_by_id
    ]


def history(page: AssignmentPage) -> list[str]:
    """Return the states an assignment went through, the newest first, with day and reason."""
    return [
        f"{date_words(one.at)} {label(AssignmentState(one.to_state))}"
        + (_("：") + one.reason if one.reason else "")
        for one in page.events
        if one.to_state
    ]


def photo_height(photo: InspectionPhoto) -> int:
    """Return how high a photo is, in CSS pixels, when it is :data:`THUMBNAIL_WIDTH` wide."""
    return THUMBNAIL_WIDTH * photo.height // photo.width
