"""Calendar files against a reader written from RFC 5545 alone, which shares no code with them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.training.icalendar import CalendarEntry, calendar

# 3.1: contentline = name *(";" param) ":" value CRLF; SAFE names are letters, digits and "-".
LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[^:;=]+=(?:\"[^\"]*\"|[^:;\"]*))*):(?P<value>.*)"
)
UTC_TIME = re.compile(r"\d{8}T\d{6}Z")  # 3.3.5, form 2
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY"}


def unfolded(content: bytes) -> list[str]:
    """Return the content lines; hold the rules of 3.1 on the way."""
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    for line in lines:
        assert len(line) <= 75, "a line is longer than 75 octets"
        assert b"\r" not in line, "a bare carriage return"
        assert b"\n" not in line, "a bare line feed"
        line.decode()  # no character was cut in two
    return re.sub(rb"\r\n[ \t]", b"", content[:-2]).decode().split("\r\n")


def text_value(value: str) -> str:
    """Return a TEXT value unescaped (3.3.11); refuse what has to be escaped and is not."""
    out, at = "", 0
    while at < len(value):
        char = value[at]
        assert char not in ";,", f"{char} stands unescaped"
        if char == "\\":
            at += 1
            out += {"n": "\n", "N": "\n", "\\": "\\", ";": ";", ",": ","}[value[at]]
        else:
            assert char == "\t" or char >= " ", "a control character"
            out += char
        at += 1
    return out


def read(content: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the calendar's properties and its events'."""
    stack: list[str] = []
    properties: dict[str, str] = {}
    events: list[dict[str, str]] = []
    for line in unfolded(content):
        found = LINE.fullmatch(line)
        assert found, line
        name, value = found["name"].upper(), found["value"]
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                assert stack == ["VCALENDAR", "VEVENT"]
                events.append({})
        elif name == "END":
            assert stack.pop() == value
        else:
            target = events[-1] if stack == ["VCALENDAR", "VEVENT"] else properties
            assert name not in target, f"{name} stands twice"
            target[name] = value
    assert stack == []
    assert properties["VERSION"] == "2.0"
    assert properties["PRODID"]
    for event in events:
        assert set(event) >= ONCE
        for name in ("DTSTAMP", "DTSTART", "DTEND"):
            assert UTC_TIME.fullmatch(event[name]), event[name]
        assert event["DTSTART"] < event["DTEND"]
        assert event["STATUS"] in {"CONFIRMED", "CANCELLED", "TENTATIVE"}
    return properties, events


MOMENT = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


def entry(**overrides: Any) -> CalendarEntry:
    values = {
        "uid": "meeting-1@fumin", "starts_at": MOMENT, "ends_at": MOMENT.replace(hour=3),
        "summary": "焊工取证班", "location": "二楼教室", "description": "", "changed_at": MOMENT,
    }  # fmt: skip
    return CalendarEntry(**{**values, **overrides})


@given(summary=WORDS, location=WORDS, description=WORDS)
def test_any_words_come_back_as_they_were(summary: str, location: str, description: str) -> None:
    written = calendar(
        "我的课", [entry(summary=summary, location=location, description=description)]
    )
    _calendar, (event,) = read(written)

    def plain(words: str) -> str:
        lines = words.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(" " if char < " " and char != "\n" else char for char in lines)

    assert text_value(event["SUMMARY"]) == plain(summary)
    assert text_value(event.get("LOCATION", "")) == plain(location)
    assert text_value(event.get("DESCRIPTION", "")) == plain(description)


def test_a_moved_and_a_cancelled_meeting() -> None:
    moved = entry(sequence=3, cancelled=True, url="https://example.org/training/1")
    _calendar, (event,) = read(calendar("课", [moved]))
    assert (event["SEQUENCE"], event["STATUS"]) == ("3", "CANCELLED")
    assert event["DTSTART"] == "20261208T010000Z"
    assert event["URL"] == "https://example.org/training/1"


@pytest.mark.parametrize(
    "broken",
    [
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nX-A:"
        + b"x" * 90
        + b"\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
    ],
)
def test_the_reader_refuses_what_is_no_calendar(broken: bytes) -> None:
    with pytest.raises((AssertionError, KeyError)):
        read(broken)
