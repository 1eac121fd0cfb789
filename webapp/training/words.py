"""Sentences about runs: when they are held, what a learner is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words, days_words, yuan


def run_title(title: str, number: int) -> str:
    """Return what a run is called: 「焊工取证班 第2期」."""
    return _("%(title)s 第%(n)d期", title=title, n=number)


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """Return from which day to which: 「12月1日（周二）到12月20日（周日）」, or one day."""
    first, last = clock.local(starts_at).date(), clock.local(ends_at).date()
    if first == last:
        return date_words(first)
    return _("%(first)s到%(last)s", first=date_words(first), last=date_words(last))


def times_words(meetings: Sequence[Any]) -> str:
    """Return the usual hours of meetings: 「周一、周三 19:00–21:00，共8次」; empty for none.

    Meetings at several hours are named by each; ``meetings`` are rows with starts_at and ends_at.
    """
    windows = windows_of(meetings)
    if not windows:
        return ""
    times = "；".join(
        f"{days_words(window['days'])} {window['start']}–{window['end']}" for window in windows
    )
    return _("%(times)s，共%(n)d次", times=times, n=len(meetings))


def windows_of(meetings: Sequence[Any]) -> list[dict[str, str]]:
    """Return meetings as weekly windows, as openings and free times have them."""
    days: dict[tuple[str, str], set[str]] = {}
    for meeting in meetings:
        start, end = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
        days.setdefault((f"{start:%H:%M}", f"{end:%H:%M}"), set()).add(str(start.isoweekday()))
    return [
        {"days": "".join(sorted(on)), "start": start, "end": end}
        for (start, end), on in sorted(days.items())
    ]


def meeting_words(meeting: Any) -> str:
    """Return one meeting as 「12月1日（周二）19:00–21:00」."""
    start, end = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    return f"{date_words(start.date())}{start:%H:%M}–{end:%H:%M}"


def fee_words(fee_fen: int) -> str:
    """Return what a course costs the learner."""
    return _("学费 %(n)s 元", n=yuan(fee_fen)) if fee_fen else _("不收费")
