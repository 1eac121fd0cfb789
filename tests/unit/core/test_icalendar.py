"""Calendar files against the tests' own reader of RFC 5545."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calendar_reader import read, text_value
from webapp.core.icalendar import CalendarEntry, calendar

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


def test_chinese_is_folded_by_octets() -> None:
    _calendar, (event,) = read(calendar("课", [entry(summary="焊工取证班" * 40)]))
    assert text_value(event["SUMMARY"]) == "焊工取证班" * 40


def test_a_moved_and_a_cancelled_meeting() -> None:
    moved = entry(sequence=3, cancelled=True, url="https://example.org/training/1")
    _calendar, (event,) = read(calendar("课", [moved]))
    assert (event["SEQUENCE"], event["STATUS"]) == ("3", "CANCELLED")
    assert event["DTSTART"] == "20261208T010000Z"
    assert event["URL"] == "https://example.org/training/1"


def test_whole_days() -> None:
    days = entry(starts_at=date(2026, 12, 31), ends_at=date(2027, 1, 1))
    _calendar, (event,) = read(calendar("上门", [days]))
    assert (event["DTSTART"], event["DTEND"]) == ("20261231", "20270101")
    assert event["DTSTART params"] == ";VALUE=DATE"


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
