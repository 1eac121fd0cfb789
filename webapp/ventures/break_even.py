"""How much has to be sold a day before anything is left: in whole pieces, money in fen."""

from dataclasses import dataclass

#: A month as the plan reckons it, in days open; never more than there are.
MOST_DAYS = 31


@dataclass(frozen=True)
class BreakEven:
    """What a plan needs.

    ``pieces_a_day`` is ``None`` where a piece brings nothing: then no number of them is enough.
    ``fixed_a_day_fen`` is rounded up; ``earned_fen`` is what is left a month at the day's sales
    the person expects, ``None`` without such a guess.
    """

    margin_fen: int
    fixed_a_day_fen: int
    pieces_a_day: int | None
    takings_a_day_fen: int | None
    earned_fen: int | None


def break_even(
    *,
    cost_fen: int,
    price_fen: int,
    fixed_month_fen: int,
    days: int,
    expected: int | None = None,
) -> BreakEven:
    """Return what has to be sold on each of ``days`` days open a month.

    ``cost_fen`` is what one piece costs, ``price_fen`` what it sells for, ``fixed_month_fen``
    rent, power and whatever else is paid each month, ``expected`` the pieces a day that the
    person thinks to sell. Raises ``ValueError`` for days outside 1 to 31 or negative amounts.

    >>> break_even(cost_fen=900, price_fen=1400, fixed_month_fen=90000, days=30).pieces_a_day
    6
    """
    if not 1 <= days <= MOST_DAYS or min(cost_fen, price_fen, fixed_month_fen) < 0:
        raise ValueError("days open are 1 to 31, amounts not negative")
    margin = price_fen - cost_fen
    pieces: int | None = None
    if fixed_month_fen == 0 and margin >= 0:
        pieces = 0
    elif margin > 0:
        pieces = -(-fixed_month_fen // (margin * days))
    return BreakEven(
        margin_fen=margin,
        fixed_a_day_fen=-(-fixed_month_fen // days),
        pieces_a_day=pieces,
        takings_a_day_fen=None if pieces is None else pieces * price_fen,
        earned_fen=None if expected is None else expected * days * margin - fixed_month_fen,
    )
