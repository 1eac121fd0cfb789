"""What is worked out from published figures, in whole numbers."""

from webapp.oversight.figures import Derived, Gap, Values, percent


def worked_out(one: Derived, shown: Values) -> str:
    """Return a share or a gap with one decimal; empty where something it needs is not published."""
    if isinstance(one, Gap):
        high, low = shown.get(one.high), shown.get(one.low)
        return "" if high is None or low is None else _tenths(high - low)
    top, bottom = shown.get(one.top), shown.get(one.bottom)
    return percent(top, bottom) if top is not None and bottom else ""


def _tenths(number: int) -> str:
    return f"{'-' if number < 0 else ''}{abs(number) // 10}.{abs(number) % 10}"
