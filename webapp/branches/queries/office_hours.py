"""When somebody is at a branch's office, from the hours its members keep."""

from collections.abc import Iterable

from webapp.branches.queries.members import Member


def office_hours(members: Iterable[Member]) -> list[dict[str, str]]:
    """Return the windows in which the office is kept: a day's first hour to its last.

    Volunteers come and go, and who is there over midnight is on duty elsewhere: neither keeps the
    office open.
    """
    spans: dict[str, tuple[str, str]] = {}
    for member in members:
        if member.profile is None or member.profile.volunteer:
            continue
        for window in member.profile.hours:
            start, end = window["start"], window["end"]
            for day in window["days"] if start < end else ():
                first, last = spans.get(day, (start, end))
                spans[day] = (min(first, start), max(last, end))
    days: dict[tuple[str, str], str] = {}
    for day in sorted(spans):
        days[spans[day]] = days.get(spans[day], "") + day
    return [{"days": on, "start": start, "end": end} for (start, end), on in days.items()]
