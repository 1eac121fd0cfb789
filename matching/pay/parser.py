"""Read pay as people write it: 一件三毛五, 6-8千/月, 底薪2200+提成, 年薪6-8万.

The rules are those of "Pay texts" in README.md: one figure is both bounds; 以上, 起, +, 底薪 and
保底 leave the upper one open, 最高 and 不超过 the lower; a thousand or more without a unit is a
month's pay; a year is twelve months; dozens and hundreds are divided to one piece; probation
and final pay, or day and night rates, are a range; bonuses, allowances, hours and headcounts
don't count.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from matching.pay.amounts import Figure, figures
from matching.pay.cleaning import clean
from matching.pay.vocabulary import Unit
from matching.records import PayRange, PayUnit

DAYS_A_MONTH = 21.75
HOURS_A_DAY = 8

_UNITS = {
    Unit.HOUR: (PayUnit.HOUR, 1.0),
    Unit.DAY: (PayUnit.DAY, 1.0),
    # Five working days, as the contract's month of 21.75 of them.
    Unit.WEEK: (PayUnit.MONTH, DAYS_A_MONTH / 5),
    Unit.MONTH: (PayUnit.MONTH, 1.0),
    Unit.YEAR: (PayUnit.MONTH, 1 / 12),
    Unit.PIECE: (PayUnit.PIECE, 1.0),
}
_MONTHLY = {PayUnit.MONTH: 1.0, PayUnit.DAY: DAYS_A_MONTH, PayUnit.HOUR: DAYS_A_MONTH * HOURS_A_DAY}
# Figures of one text that differ by no more than this are counted by the same unit.
_ALIKE = 3
_LEAST_MONTH = 1000


@dataclass(frozen=True)
class Pay:
    """Pay in yuan per unit; a bound that is None is open, a unit that is None is not said."""

    min: float | None = None
    max: float | None = None
    unit: PayUnit | None = None

    @property
    def is_known(self) -> bool:
        """Whether the text said any figure."""
        return self.min is not None or self.max is not None


def parse_pay(text: str) -> Pay:
    """Read a pay text, also one inside a longer description; all None where it says nothing.

    Never raises; bounds are finite, not negative, and ``min <= max``.

    >>> parse_pay("两三千")
    Pay(min=2000.0, max=3000.0, unit=<PayUnit.MONTH: 'month'>)
    >>> parse_pay("一打12元").min
    1.0
    """
    found = _one_unit(figures(clean(text)))
    if not found:
        return Pay()
    if any(figure.base for figure in found) and any(figure.total for figure in found):
        found = [figure for figure in found if figure.total]
    unit, times = _UNITS[found[0].unit] if found[0].unit else (None, 1.0)
    lows = [figure.low for figure in found if figure.low is not None]
    highs = [figure.high for figure in found if figure.high is not None]
    ceilings = [figure.high for figure in found if figure.low is None]
    is_open = any(figure.high is None for figure in found) and not ceilings
    low = min(lows, default=None)
    high = None if is_open else max(highs, default=None)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Pay(_yuan(low, times), _yuan(high, times), unit)


def _yuan(value: float | None, times: float) -> float | None:
    # Tenths of a fen are kept, the noise of binary fractions is not.
    return None if value is None else round(value * times, 6)


def _one_unit(found: list[Figure]) -> list[Figure]:
    """Return the figures that share the unit of the first, each with its unit filled in."""
    with_unit = [figure for figure in found if figure.unit]
    filled = [figure if figure.unit else _with_unit(figure, with_unit) for figure in found]
    units = [_UNITS[figure.unit][0] if figure.unit else None for figure in filled]
    return [figure for figure, unit in zip(filled, units, strict=True) if unit is units[0]]


def _with_unit(figure: Figure, others: list[Figure]) -> Figure:
    for other in others:
        if figure.size > 0 and 1 / _ALIKE <= other.size / figure.size <= _ALIKE:
            return replace(figure, unit=other.unit)
    if figure.size >= _LEAST_MONTH:
        return replace(figure, unit=Unit.MONTH)
    units = {other.unit for other in others} & {Unit.HOUR, Unit.DAY, Unit.PIECE}
    return replace(figure, unit=units.pop()) if len(units) == 1 else figure


def from_range(pay: PayRange | None) -> Pay:
    """Return a record's pay; its ``text`` is read if no bound is given.

    Bounds that are no amounts (negative, not finite) are left out, swapped ones put in order,
    and a missing unit is a month's from a thousand yuan on, as in a text.
    """
    if pay is None:
        return Pay()
    low, high = _amount(pay.min), _amount(pay.max)
    if low is None and high is None:
        return parse_pay(pay.text) if pay.text else Pay()
    if low is not None and high is not None and low > high:
        low, high = high, low
    unit = pay.unit
    if unit is None and max(low or 0, high or 0) >= _LEAST_MONTH:
        unit = PayUnit.MONTH
    return Pay(low, high, unit)


def _amount(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) and value >= 0 else None


def monthly(pay: Pay) -> tuple[float | None, float | None] | None:
    """Return the bounds in yuan a month of 21.75 days of 8 hours.

    None for piece pay, which can't be compared without an estimate of pieces an hour, and
    where unit or bounds are not known.
    """
    if pay.unit is None or pay.unit not in _MONTHLY or not pay.is_known:
        return None
    times = _MONTHLY[pay.unit]
    return _yuan(pay.min, times), _yuan(pay.max, times)


def pay_lines(lines: Iterable[str]) -> Iterator[dict[str, object]]:
    """Yield ``{"text", "min", "max", "unit"}`` for each line, its line end left out."""
    for line in lines:
        text = line.rstrip("\r\n")
        pay = parse_pay(text)
        unit = pay.unit.value if pay.unit else None
        yield {"text": text, "min": pay.min, "max": pay.max, "unit": unit}
