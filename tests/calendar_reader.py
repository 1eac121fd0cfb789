"""A reader of calendar files written from RFC 5545 alone: it shares no code with the writer."""

import re

# 3.1: contentline = name *(";" param) ":" value CRLF; SAFE names are letters, digits and "-".
LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[^:;=]+=(?:\"[^\"]*\"|[^:;\"]*))*):(?P<value>.*)"
)
DAY = re.compile(r"\d{8}")  # 3.3.4
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
            if found["params"]:
                target[f"{name} params"] = found["params"]
    assert stack == []
    assert properties["VERSION"] == "2.0"
    assert properties["PRODID"]
    for event in events:
        assert set(event) >= ONCE
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            assert UTC_TIME.fullmatch(event[name]), event[name]
        for name in ("DTSTART", "DTEND"):
            kind = DAY if event.get(f"{name} params") == ";VALUE=DATE" else UTC_TIME
            assert kind.fullmatch(event[name]), event[name]
        assert event["DTSTART"] < event["DTEND"]
        assert event["STATUS"] in {"CONFIRMED", "CANCELLED", "TENTATIVE"}
    return properties, events
