"""Lines of the passbook in words and money: the page and the print both use these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words, yuan
from webapp.core.labels import label
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.models.order import MaterialUnit
from webapp.piecework.models.passbook import PassbookKind, PassbookLine
from webapp.piecework.queries.book import Entry

Facts = dict[str, Any]
#: How much of a line's digest is shown, in hexadecimal digits.
SHORT = 8


@dataclass(frozen=True)
class BookRow:
    """A line of the book in words; what does not apply is empty."""

    number: int
    day: str
    order: str
    words: str
    plus: str
    minus: str
    balance: str
    code: str
    digest: str


def line_words(line: PassbookLine) -> str:
    """Return what a line of the passbook says, in plain Chinese."""
    return _WORDS[PassbookKind(line.kind)](line.facts)


def day_words(at: datetime) -> str:
    """Return the day of a line, short enough for a narrow column: 「11月24日」."""
    day = clock.local(at).date()
    year = "" if day.year == clock.today().year else _("%(year)d年", year=day.year)
    return _("%(year)s%(month)d月%(day)d日", year=year, month=day.month, day=day.day)


def fen_words(fen: int) -> str:
    """Return an amount of a column of money, always with two places, so that they line up."""
    return f"{fen / 100:,.2f}"


def book_rows(found: Sequence[tuple[PassbookLine, Entry]], titles: dict[int, str]) -> list[BookRow]:
    """Return lines of the book as page and print show them."""
    return [
        BookRow(
            number=line.number,
            day=day_words(line.at),
            order=titles[one.order_id],
            words=line_words(line),
            plus=fen_words(one.change_fen) if one.change_fen > 0 else "",
            minus=fen_words(-one.change_fen) if one.change_fen < 0 else "",
            balance=fen_words(one.balance_fen),
            code=line.digest[:SHORT],
            digest=line.digest,
        )
        for line, one in found
    ]


def amount_words(amount: int, unit: str) -> str:
    """Return an amount of material with its unit: 「924 个」."""
    return f"{amount:,} {label(MaterialUnit(unit))}"


def _claim(f: Facts) -> str:
    return _(
        "领“%(title)s” %(n)d %(unit)s，每%(unit)s %(rate)s 元，%(due)s前交齐",
        title=f["title"], n=f["pieces"], unit=f["unit"], rate=yuan(f["rate_fen"]),
        due=date_words(date.fromisoformat(f["due"])),
    )  # fmt: skip


def _change(f: Facts) -> str:
    return _("这一份改成 %(n)d %(unit)s", n=f["pieces"], unit=f["unit"])


def _trial(f: Facts) -> str:
    return _(
        "试做 %(n)d 件，用了 %(minutes)d 分钟，合格 %(passed)d 件",
        n=f["pieces"], minutes=max(1, round(f["seconds"] / 60)), passed=f["passed"],
    )  # fmt: skip


def _issue(f: Facts) -> str:
    if "material" not in f:
        return _("开工，自己备料，每件 %(rate)s 元", rate=yuan(f["rate_fen"]))
    text = _material(f)
    return (
        _("补返工的料：%(text)s", text=text)
        if f.get("replacement")
        else _("领料：%(text)s", text=text)
    )


def _material(f: Facts) -> str:
    return f"{f['material']} {amount_words(f['amount'], f['material_unit'])}"


def _submit(f: Facts) -> str:
    what = _("交返工的货") if f.get("rework") else _("交货")
    text = _(
        "第 %(t)d 批%(what)s %(n)d %(unit)s",
        t=f["tranche"],
        what=what,
        n=f["pieces"],
        unit=f["unit"],
    )
    for name, (amount, unit) in (f.get("wastage") or {}).items():
        text += _("，损耗%(name)s %(amount)s", name=name, amount=amount_words(amount, unit))
    return text


def _inspect(f: Facts) -> str:
    parts = [
        text
        for count, text in (
            (f["accepted"], _("合格 %(n)d %(unit)s", n=f["accepted"], unit=f["unit"])),
            (f["rework"], _("返工 %(n)d %(unit)s", n=f["rework"], unit=f["unit"])),
            (f["rejected"], _("不合格 %(n)d %(unit)s", n=f["rejected"], unit=f["unit"])),
        )
        if count
    ]
    text = _("验收：%(parts)s", parts="，".join(parts))
    if f.get("pay_fen"):
        text += _("，工钱 %(yuan)s 元", yuan=yuan(f["pay_fen"]))
    return text + (f"（{f['why']}）" if f.get("why") else "")


def _finding(f: Facts) -> str:
    return _(
        "损耗认定：%(text)s 超出允许的损耗，赔 %(yuan)s 元（%(why)s）",
        text=_material(f), yuan=yuan(f["charge_fen"]), why=f["why"],
    )  # fmt: skip


def _waive(f: Facts) -> str:
    if f.get("repaid"):
        return _("还清预支 %(yuan)s 元", yuan=yuan(f["charge_fen"]))
    return _("免掉 %(yuan)s 元（%(why)s）", yuan=yuan(f["charge_fen"]), why=f["why"])


def _settle(f: Facts) -> str:
    text = _("结算“%(title)s”工钱 %(gross)s 元", title=f["title"], gross=yuan(f["gross_fen"]))
    if f["deduction_fen"]:
        text += _("，扣预支和赔料 %(less)s 元", less=yuan(f["deduction_fen"]))
    return text + _("，该付 %(net)s 元", net=yuan(f["pay_fen"]))


def _pay_out(f: Facts) -> str:
    return _(
        "付了 %(yuan)s 元（%(how)s）",
        yuan=yuan(f["pay_fen"]),
        how=label(PaymentMethod(f["method"])),
    )


_WORDS: dict[PassbookKind, Callable[[Facts], str]] = {
    PassbookKind.CLAIM: _claim,
    PassbookKind.CHANGE: _change,
    PassbookKind.TRIAL: _trial,
    PassbookKind.ISSUE: _issue,
    PassbookKind.RETURN: lambda f: _("退料：%(text)s", text=_material(f)),
    PassbookKind.SPOIL: lambda f: _(
        "%(what)s：%(text)s", what=_("丢失") if f.get("lost") else _("损坏"), text=_material(f)
    ),
    PassbookKind.SUBMIT: _submit,
    PassbookKind.INSPECT: _inspect,
    PassbookKind.FINDING: _finding,
    PassbookKind.WAIVE: _waive,
    PassbookKind.ADVANCE: lambda f: _("预支 %(yuan)s 元", yuan=yuan(f["pay_fen"])),
    PassbookKind.COMPENSATE: lambda f: _(
        "单位补偿 %(yuan)s 元（%(why)s）", yuan=yuan(f["pay_fen"]), why=f["why"]
    ),
    PassbookKind.SETTLE: _settle,
    PassbookKind.PAY_OUT: _pay_out,
    PassbookKind.WITHDRAW: lambda f: _("退回这一份"),
    PassbookKind.CORRECT: lambda f: _(
        "更正：第 %(t)d 批重新验收（%(why)s）", t=f["tranche"], why=f["why"]
    ),
}
