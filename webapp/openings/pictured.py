"""An opening as pictures: the drawings of its work and of its hours."""

from collections.abc import Sequence

from webapp.core import drawings
from webapp.core.drawings import Drawing
from webapp.core.vocabulary import Kind

HANDS = frozenset({"sewing", "beads"})  # turns of work that can be carried home
_HALF_DAY = 5 * 60  # minutes, the longest that is called half a day


def drawing_of(kind: Kind, title: str, category: str) -> Drawing:
    """Return what stands for an opening; a course is learning, piecework is work of the hands."""
    if kind is Kind.COURSE:
        return drawings.named("learn")
    found = drawings.of_work(title, category)
    if kind is Kind.VENTURE and not found.name:
        return drawings.named("stall")
    if kind is Kind.PIECEWORK and found.turn not in HANDS:
        return drawings.named("handwork")
    return found


def hours_drawing(hours: Sequence[dict[str, str]], flexible: bool) -> str:
    """Return the name of the drawing for hours: one's own time, half a day, the night or the day.

    The night is any time between 22:00 and 06:00.
    """
    if flexible or not hours:
        return "own-time"
    days: dict[str, int] = {}
    for window in hours:
        begin, end = _minutes(window["start"]), _minutes(window["end"])
        if begin < 6 * 60 or end > 22 * 60 or end <= begin:
            return "moon"
        for day in window.get("days", "1234567"):
            days[day] = days.get(day, 0) + end - begin
    return "half" if max(days.values(), default=0) <= _HALF_DAY else "sun"


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
