"""Appointments as a calendar file (RFC 5545), which phones add to their own calendar.

Times are written in UTC, so that no time zone has to be described. An appointment keeps its UID
when it is moved; SEQUENCE says that it has changed, STATUS that it does not take place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Response

LINE = 75  # octets, without the line break (RFC 5545, 3.1)
PRODUCT = "-//Fumin//Hualong Jiayuan//ZH"


@dataclass(frozen=True)
class CalendarEntry:
    """One appointment; ``uid`` is the same for as long as it exists.

    Two plain days instead of moments make it one for the whole of them; ``ends_at`` is then the
    day after the last.
    """

    uid: str
    starts_at: datetime | date
    ends_at: datetime | date
    summary: str
    location: str
    description: str
    changed_at: datetime
    sequence: int = 0
    cancelled: bool = False
    url: str = ""


def uid_of(name: str) -> str:
    """Return the UID of what has a name of its own among all entries, as ``interview-7``."""
    return f"{name}@fumin.hualong"


def calendar(name: str, entries: Iterable[CalendarEntry]) -> bytes:
    """Return an iCalendar file, UTF-8 with CRLF line ends."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for entry in entries for line in _event(entry)),
        "END:VCALENDAR",
    ]
    return b"".join(part + b"\r\n" for line in lines for part in _fold(line))


def _event(entry: CalendarEntry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{_moment(entry.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(entry.changed_at)}"
    yield f"DTSTART{_when(entry.starts_at)}"
    yield f"DTEND{_when(entry.ends_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield f"SUMMARY:{_text(entry.summary)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location)}"
    if entry.description:
        yield f"DESCRIPTION:{_text(entry.description)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "END:VEVENT"


def _when(when: datetime | date) -> str:
    """Return the rest of DTSTART or DTEND: a moment, or a day (3.3.4)."""
    return f":{_moment(when)}" if isinstance(when, datetime) else f";VALUE=DATE:{when:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Return a TEXT value: backslash, semicolon, comma and line breaks escaped (3.3.11)."""
    plain = "".join(" " if char < " " and char not in "\r\n" else char for char in value)
    escaped = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _fold(line: str) -> Iterator[bytes]:
    """Yield a content line in parts of at most :data:`LINE` octets, no character cut in two."""
    part = b""
    for char in line:
        octets = char.encode()
        if len(part) + len(octets) > LINE:
            yield part
            part = b" "
        part += octets
    yield part


def calendar_file(content: bytes, name: str) -> Response:
    """Return a calendar as a file to open or keep."""
    return Response(
        content,
        mimetype="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
